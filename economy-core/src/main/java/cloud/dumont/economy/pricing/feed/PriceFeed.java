package cloud.dumont.economy.pricing.feed;

import java.util.List;

/**
 * A seller's price list that can be read over the network. Implementations are thread-safe, and open nothing before {@link #read}.
 *
 * <p>A feed gives what its seller says and no more: whether that is to be believed is decided elsewhere. An entry that is not understood is
 * counted and left out; a part that is not read to its end gives no prices.
 */
public interface PriceFeed {

    /**
     * Which feed this is, in reports and on the command line.
     *
     * @return a short name, such as {@code aws}, always the same
     */
    String name();

    /**
     * Reads the list as it is now. A part that cannot be read does not keep the others from being read; it says why.
     *
     * @param input what the feed may use
     * @return one part for each region, or one for all
     * @throws FeedException if nothing of it can be read
     */
    List<FeedPart> read(FeedInput input);
}
