package cloud.dumont.economy.savings;

import cloud.dumont.economy.history.Granularity;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Adds usage to the bucket of time it falls into, cutting it where a bucket ends. */
final class Buckets implements UsageWalk.Visitor {

    private static final SavingsTotals NONE = new Tally().totals();

    private final NavigableMap<Long, Tally> tallies = new TreeMap<>();
    private final long end;

    Buckets(Instant from, Instant to, Granularity granularity, ZoneId zone) {
        Instant start = granularity.bucketStart(from, zone);
        while (start.isBefore(to)) {
            tallies.put(start.getEpochSecond(), new Tally());
            start = granularity.bucketEnd(start, zone);
        }
        end = start.getEpochSecond();
    }

    private interface Part {
        void in(Tally tally, long fromSecond, long toSecond);
    }

    private void parts(long fromSecond, long toSecond, Part part) {
        long at = Math.max(fromSecond, tallies.firstKey());
        long last = Math.min(toSecond, end);
        while (at < last) {
            Map.Entry<Long, Tally> bucket = tallies.floorEntry(at);
            Long nextStart = tallies.higherKey(at);
            long next = Math.min(last, nextStart == null ? end : nextStart);
            part.in(bucket.getValue(), at, next);
            at = next;
        }
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        parts(fromSecond, toSecond, (tally, from, to) -> tally.time(usage, from, to));
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        parts(fromSecond, toSecond, (tally, from, to) -> tally.charge(usage, nanoUsdPerHour, to - from));
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        parts(atSecond, atSecond + 1, (tally, from, to) -> tally.charge(usage, nanoUsdPerHour, seconds));
    }

    /** What the buckets hold; nothing lasting is vouched for beyond a moment. */
    List<HistoryBucket> totals(Instant observedUntil) {
        List<HistoryBucket> result = new ArrayList<>();
        tallies.forEach((start, tally) -> {
            Long next = tallies.higherKey(start);
            result.add(bucket(start, next == null ? end : next, observedUntil, tally.totals()));
        });
        return List.copyOf(result);
    }

    private static HistoryBucket bucket(long start, long end, Instant observedUntil, SavingsTotals totals) {
        Instant bucketEnd = Instant.ofEpochSecond(end);
        return new HistoryBucket(
                Instant.ofEpochSecond(start),
                bucketEnd,
                observedUntil.isBefore(bucketEnd) ? observedUntil : bucketEnd,
                totals);
    }

    /** The same of totals that somebody else has kept, by the first second of each bucket; what is missing is without usage. */
    static List<HistoryBucket> history(
            Function<Long, @Nullable SavingsTotals> kept,
            Instant from,
            Instant to,
            Granularity granularity,
            ZoneId zone,
            Instant observedUntil) {
        List<HistoryBucket> result = new ArrayList<>();
        Instant start = granularity.bucketStart(from, zone);
        while (start.isBefore(to)) {
            Instant next = granularity.bucketEnd(start, zone);
            SavingsTotals totals = kept.apply(start.getEpochSecond());
            result.add(bucket(
                    start.getEpochSecond(), next.getEpochSecond(), observedUntil, totals == null ? NONE : totals));
            start = next;
        }
        return List.copyOf(result);
    }
}
