package cloud.dumont.economy.pricing;

/** What a price's source deserves to be believed, best first. The rules that come with the library say which source is which. */
public enum Trust {
    /** The seller's own price list, or what a program made of it. */
    PRICE_LIST,
    /** What the host says it pays or would pay. */
    HOST,
    /** A source that the library knows nothing of, such as a file of the host's: it is taken for what it says. */
    UNRATED,
    /** List prices that somebody collected from the sellers' pages. */
    COLLECTED,
    /** What was on offer on a marketplace at one moment: no list price. */
    MARKET_OFFER,
    /** Read once by one program, and never confirmed. */
    UNCONFIRMED
}
