package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceHistory;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

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
}
