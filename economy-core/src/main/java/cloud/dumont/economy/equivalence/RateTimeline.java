package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceHistory;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an equivalent costs over time: a rate for every moment. Before the first known price it is that first price.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class RateTimeline {

    /** Newest first, as long as {@link #nanoUsdPerHour}. */
    private final long[] fromSecond;

    private final long[] nanoUsdPerHour;

    private RateTimeline(long[] fromSecond, long[] nanoUsdPerHour) {
        this.fromSecond = fromSecond;
        this.nanoUsdPerHour = nanoUsdPerHour;
    }

    static RateTimeline of(PriceHistory history, UnaryOperator<HourlyRate> charged) {
        List<ListPrice> prices = history.prices();
        return new RateTimeline(
                prices.stream()
                        .mapToLong(price -> price.effectiveFrom().getEpochSecond())
                        .toArray(),
                prices.stream()
                        .mapToLong(price -> charged.apply(price.rate()).nanoUsdPerHour())
                        .toArray());
    }

    /** From JSON: as {@link #steps} gives it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static RateTimeline ofJson(List<Step> steps) {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a timeline of rates needs a rate");
        }
        long[] from =
                steps.stream().mapToLong(step -> step.from().getEpochSecond()).toArray();
        for (int i = 1; i < from.length; i++) {
            if (from[i] >= from[i - 1]) {
                throw new IllegalArgumentException("a timeline of rates has the newest first, but "
                        + steps.get(i).from() + " comes after "
                        + steps.get(i - 1).from());
            }
        }
        return new RateTimeline(
                from,
                steps.stream().mapToLong(step -> step.rate().nanoUsdPerHour()).toArray());
    }

    /** A rate, and from when on it is charged. */
    record Step(Instant from, HourlyRate rate) {}

    /** All rates, the newest first. */
    @JsonValue
    List<Step> steps() {
        return IntStream.range(0, fromSecond.length)
                .mapToObj(i -> new Step(Instant.ofEpochSecond(fromSecond[i]), HourlyRate.ofNanoUsd(nanoUsdPerHour[i])))
                .toList();
    }

    /**
     * The rate at a moment.
     *
     * @param at the moment
     * @return the rate in effect then
     */
    public HourlyRate at(Instant at) {
        return HourlyRate.ofNanoUsd(nanoUsdPerHour[index(at.getEpochSecond())]);
    }

    /**
     * The same without objects: the rate at a second.
     *
     * @param epochSecond the moment, in seconds since 1970
     * @return nano-USD per hour
     */
    public long nanoUsdPerHourAt(long epochSecond) {
        return nanoUsdPerHour[index(epochSecond)];
    }

    /**
     * When the rate changes next.
     *
     * @param epochSecond a moment, in seconds since 1970
     * @return the first second after it that has another price row; {@link Long#MAX_VALUE} if none has
     */
    public long nextChangeAfter(long epochSecond) {
        int newer = index(epochSecond) - 1;
        return newer < 0 ? Long.MAX_VALUE : fromSecond[newer];
    }

    /**
     * When the first known price took effect; before, it is used for want of an older one.
     *
     * @return seconds since 1970
     */
    public long firstKnownSecond() {
        return fromSecond[fromSecond.length - 1];
    }

    /** How many prices took effect later. */
    private int index(long epochSecond) {
        int index = 0;
        int length = fromSecond.length - 1; // the oldest price stands for all time before it
        while (length > 0) {
            int half = (length + 1) >>> 1;
            index = fromSecond[index + half - 1] > epochSecond ? index + half : index; // a move, not a branch
            length -= half;
        }
        return index;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RateTimeline timeline
                && Arrays.equals(fromSecond, timeline.fromSecond)
                && Arrays.equals(nanoUsdPerHour, timeline.nanoUsdPerHour);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(fromSecond) + Arrays.hashCode(nanoUsdPerHour);
    }
}
