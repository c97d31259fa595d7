package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.source.HeldPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of reading one feed. It is the same whether anything was learned or not: a feed that could not be read says so, and the last good
 * prices stay with the day they were read.
 *
 * @param feed which feed
 * @param at when the reading began
 * @param took how long it took, with what was made of it
 * @param bytes how much came over the network
 * @param read how many entries its lists had
 * @param kept how many of these are prices that are compared here
 * @param dropped how many are not, by reason
 * @param added how many kept prices are of what had no price before
 * @param changed how many kept prices differ from the last ones, and count now
 * @param unchanged how many kept prices are the same as the last ones
 * @param held prices that are held back, those that were held before included
 * @param refused why kept prices contradict what is known, in words
 * @param vanished GPUs that were sold somewhere and are no longer listed there, in words; their last good prices stay
 * @param failures why parts of the feed could not be read, in words, by part
 * @param failure the first of these; empty if everything was read
 */
public record RefreshReport(
        String feed,
        Instant at,
        Duration took,
        long bytes,
        long read,
        long kept,
        Map<String, Long> dropped,
        long added,
        long changed,
        long unchanged,
        List<HeldPrice> held,
        List<String> refused,
        List<String> vanished,
        Map<String, String> failures,
        Optional<FeedException> failure) {

    /** Copies what it is given. */
    public RefreshReport {
        Objects.requireNonNull(feed, "feed");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(took, "took");
        dropped = Map.copyOf(dropped);
        held = List.copyOf(held);
        refused = List.copyOf(refused);
        vanished = List.copyOf(vanished);
        failures = Map.copyOf(failures);
        Objects.requireNonNull(failure, "failure");
    }

    /**
     * Whether all of it was read.
     *
     * @return false if any part failed
     */
    public boolean isComplete() {
        return failure.isEmpty();
    }

    /**
     * Whether it may be asked again soon: it could not be reached, or asked to be left alone for a while. What is wrong in another way stays
     * wrong for longer.
     *
     * @return true if trying again may help
     */
    public boolean isWorthAnotherTry() {
        return failure.filter(
                        why -> why.kind() == FeedException.Kind.UNREACHABLE || why.kind() == FeedException.Kind.BUSY)
                .isPresent();
    }

    /** In one line, for a log. */
    @Override
    public String toString() {
        String reasons = new TreeMap<>(dropped)
                .entrySet().stream()
                        .map(reason -> reason.getKey() + ": " + reason.getValue())
                        .collect(Collectors.joining("; "));
        return "prices of '" + feed + "': " + read + " entries read, " + kept + " prices kept"
                + (reasons.isEmpty() ? "" : " (left out: " + reasons + ")") + ", " + added + " new, " + changed
                + " changed, " + unchanged + " unchanged, " + held.size() + " held, " + refused.size() + " refused, "
                + failures.size() + " parts not read, " + bytes + " bytes in " + took.toMillis() + " ms";
    }
}
