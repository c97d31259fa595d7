package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Adds usage to the hour of UTC it falls into, or the part of one, from some moment on; those without usage take no room. */
final class HourlyTallies implements UsageWalk.Visitor {

    private final NavigableMap<Long, Tally> tallies = new TreeMap<>();
    private final long from;
    private final long length;

    /**
     * Leaves out what is before a moment.
     *
     * @param length of each part, in seconds
     */
    HourlyTallies(Instant from, long length) {
        this.from = from.getEpochSecond();
        this.length = length;
    }

    private Tally tally(long second) {
        return tallies.computeIfAbsent(Math.floorDiv(second, length), part -> new Tally());
    }

    private interface Part {
        void in(Tally tally, long fromSecond, long toSecond);
    }

    private void parts(long fromSecond, long toSecond, Part part) {
        long at = Math.max(fromSecond, from);
        while (at < toSecond) {
            long next = Math.min(toSecond, (Math.floorDiv(at, length) + 1) * length);
            part.in(tally(at), at, next);
            at = next;
        }
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        parts(fromSecond, toSecond, (tally, a, b) -> tally.time(usage, a, b));
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        parts(fromSecond, toSecond, (tally, a, b) -> tally.charge(usage, nanoUsdPerHour, b - a));
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        parts(atSecond, atSecond + 1, (tally, a, b) -> tally.charge(usage, nanoUsdPerHour, seconds));
    }

    List<Rollup.Row> rows() {
        List<Rollup.Row> rows = new ArrayList<>();
        tallies.forEach((number, tally) -> {
            NavigableMap<String, Map<Tier, UsageSums>> byName = new TreeMap<>();
            tally.forEachKind((kind, sums) -> byName.computeIfAbsent(kind.gpuName(), name -> new EnumMap<>(Tier.class))
                    .merge(
                            kind.isCompared() ? kind.equivalent().tier() : Tier.NONE,
                            UsageSums.of(kind, sums),
                            UsageSums::plus));
            byName.forEach((name, tiers) -> tiers.forEach((tier, sums) -> {
                if (!sums.equals(UsageSums.ZERO)) {
                    rows.add(new Rollup.Row(Instant.ofEpochSecond(number * length), name, tier, sums));
                }
            }));
        });
        return rows;
    }
}
