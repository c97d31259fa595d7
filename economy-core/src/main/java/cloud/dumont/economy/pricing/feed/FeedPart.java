package cloud.dumont.economy.pricing.feed;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came of one part of a feed that is read as a whole: a region, as a rule. A part that could not be read to its end gives no price at
 * all.
 *
 * @param name such as {@code us-east-1}
 * @param prices the prices that were kept; none if it failed
 * @param read how many entries the list had, as far as it was read
 * @param dropped how many entries are no prices that are compared here, by reason
 * @param bytes how much came over the network
 * @param unchanged whether the seller said that nothing has changed
 * @param failure why it could not be read; empty if it was
 */
public record FeedPart(
        String name,
        List<FeedPrice> prices,
        long read,
        Map<String, Long> dropped,
        long bytes,
        boolean unchanged,
        Optional<FeedException> failure) {

    /**
     * Copies what it is given.
     *
     * @throws IllegalArgumentException if it failed and has prices all the same
     */
    public FeedPart {
        Objects.requireNonNull(name, "name");
        prices = List.copyOf(prices);
        dropped = Map.copyOf(dropped);
        if (failure.isPresent() && !prices.isEmpty()) {
            throw new IllegalArgumentException(
                    name + " has " + prices.size() + " prices, but failed: a part is taken as a whole or not at all");
        }
    }

    /** A part of which the list was read to its end. */
    static FeedPart of(String name, FeedClient.Answer<Tally.Kept<FeedPrice>> answer) {
        Tally.Kept<FeedPrice> kept = answer.value();
        return new FeedPart(
                name,
                kept.entries(),
                kept.read(),
                kept.dropped(),
                answer.bytes(),
                answer.unchanged(),
                Optional.empty());
    }

    static FeedPart failed(String name, FeedException failure) {
        return new FeedPart(name, List.of(), 0, Map.of(), 0, false, Optional.of(failure));
    }

    /** The reasons of several parts, added up. */
    static Map<String, Long> droppedIn(List<FeedPart> parts) {
        Map<String, Long> dropped = new TreeMap<>();
        parts.forEach(part -> part.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum)));
        return dropped;
    }
}
