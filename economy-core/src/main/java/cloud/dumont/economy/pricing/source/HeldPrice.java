package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.pricing.PriceRow;
import java.time.Instant;
import java.util.Objects;

/**
 * A price that is absurd beside what is known, and does not count until it is read once more or somebody accepts it. The last good price stays
 * meanwhile.
 *
 * @param row the price
 * @param reason why it is not believed
 * @param since when it was first read
 * @param state what becomes of it
 */
public record HeldPrice(PriceRow row, String reason, Instant since, State state) {

    /** What becomes of a held price. */
    public enum State {
        /** It waits for a second reading, or for somebody's word. */
        WAITING,
        /** Somebody has rejected it: it does not count as long as its seller goes on to say the same. */
        REJECTED
    }

    /** Checks that nothing is missing. */
    public HeldPrice {
        Objects.requireNonNull(row, "row");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(state, "state");
    }

    /**
     * Whether another row says the same.
     *
     * @param other a price
     * @return true for the same rate of the same SKU
     */
    public boolean isSameAs(PriceRow other) {
        return row.sku().equals(other.sku()) && row.rate().equals(other.rate());
    }

    /**
     * The same price, rejected.
     *
     * @return the held price, which no reading confirms from now on
     */
    public HeldPrice rejected() {
        return new HeldPrice(row, reason, since, State.REJECTED);
    }
}
