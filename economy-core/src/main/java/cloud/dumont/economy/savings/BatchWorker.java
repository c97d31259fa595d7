package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.usage.UsageColumns;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prices instances of columns into sums by kind, and these into tallies by group. Owned by one thread.
 *
 * <p>A run comes to what {@link UsageWalk} says it does, with the moments left out: it is told here in closed form.
 */
final class BatchWorker {

    private final UsageColumns usage;
    private final BatchPrices prices;
    private final Dimension by;

    /** Groups of the present stretch of instances, by number: one, where groups follow instances, else one for each name. */
    private final int[] groupOfKind;

    private final String[] groupNames;
    private final GroupCount[] counts;
    private final GroupCount totalCount = new GroupCount();

    /** Sums of the present stretch, by kind. */
    private final KindSums[] sums;

    private final int[] touchedKinds;
    private final boolean[] isTouched;
    private int touched;

    private final Map<String, Tally> groups = new HashMap<>();
    private final Tally total = new Tally();

    /** Counts each instance once, as the rows of one follow each other. */
    private static final class GroupCount {
        int instances;
        int unpriced;
        private int lastInstance = -1;
        private int lastUnpriced = -1;

        void see(int instance, boolean isUnpriced) {
            if (lastInstance != instance) {
                lastInstance = instance;
                instances++;
            }
            if (isUnpriced && lastUnpriced != instance) {
                lastUnpriced = instance;
                unpriced++;
            }
        }

        void addTo(Tally tally) {
            tally.countInstances(instances, unpriced);
            instances = 0;
            unpriced = 0;
        }
    }

    BatchWorker(UsageColumns usage, BatchPrices prices, Dimension by) {
        this.usage = usage;
        this.prices = prices;
        this.by = by;
        int kinds = prices.kinds.size();
        groupOfKind = new int[kinds];
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (int i = 0; i < kinds; i++) {
            groupOfKind[i] = numbers.computeIfAbsent(groupOf(prices.kinds.get(i)), name -> numbers.size());
        }
        groupNames = numbers.keySet().toArray(String[]::new);
        counts = Stream.generate(GroupCount::new).limit(groupNames.length).toArray(GroupCount[]::new);
        sums = Stream.generate(KindSums::new).limit(kinds).toArray(KindSums[]::new);
        touchedKinds = new int[kinds];
        isTouched = new boolean[kinds];
    }

    private String groupOf(PricedKind kind) {
        return switch (by) {
            case ACCOUNT, INSTANCE -> "";
            case GPU -> kind.gpuName();
            case REGION -> kind.regionName();
        };
    }

    /** Prices some instances. */
    void price(int fromInstance, int toInstance) {
        for (int instance = fromInstance; instance < toInstance; instance++) {
            price(instance);
            boolean stretchEnds = switch (by) {
                case INSTANCE -> true;
                case ACCOUNT ->
                    instance + 1 == toInstance || !usage.account(instance + 1).equals(usage.account(instance));
                case GPU, REGION -> false;
            };
            if (stretchEnds) {
                endStretch(
                        by == Dimension.INSTANCE
                                ? usage.instance(instance).value()
                                : usage.account(instance).value());
            }
        }
    }

    /** Adds all that was priced to what others have. */
    void addTo(Map<String, Tally> allGroups, Tally allTotal) {
        endStretch(null);
        groups.forEach((name, tally) ->
                allGroups.computeIfAbsent(name, n -> new Tally()).add(tally));
        totalCount.addTo(total);
        allTotal.add(total);
    }

    private void endStretch(@Nullable String name) {
        if (touched == 0) {
            return;
        }
        for (int i = 0; i < touched; i++) {
            int kind = touchedKinds[i];
            tally(name, groupOfKind[kind]).add(prices.kinds.get(kind), sums[kind]);
            total.add(prices.kinds.get(kind), sums[kind]);
            sums[kind] = new KindSums();
            isTouched[kind] = false;
        }
        touched = 0;
        for (int group = 0; group < counts.length; group++) {
            if (counts[group].instances > 0) {
                counts[group].addTo(tally(name, group));
            }
        }
    }

    private Tally tally(@Nullable String name, int group) {
        return groups.computeIfAbsent(name == null ? groupNames[group] : name, n -> new Tally());
    }

    private void price(int instance) {
        int row = usage.firstRow(instance);
        int end = usage.firstRow(instance + 1);
        while (row < end && usage.startSecond(row) < prices.untilSecond) {
            int next = row + 1;
            while (next < end && usage.startSecond(next) == usage.endSecond(next - 1)) {
                next++;
            }
            boolean isSteady = next == row + 1 && usage.startSecond(row) >= prices.steadySince[usage.kind(row)];
            if (isSteady) {
                steadyRun(instance, row);
            } else {
                run(instance, row, next);
            }
            row = next;
        }
    }

    private KindSums sums(int kind) {
        if (!isTouched[kind]) {
            isTouched[kind] = true;
            touchedKinds[touched++] = kind;
        }
        return sums[kind];
    }

    private boolean isUnpriced(int kind) {
        return prices.rates[kind] == null;
    }

    private KindSums spend(int instance, int row, long from, long to) {
        int kind = usage.kind(row);
        counts[groupOfKind[kind]].see(instance, isUnpriced(kind));
        totalCount.see(instance, isUnpriced(kind));
        KindSums kindSums = sums(kind);
        kindSums.seconds += to - from;
        kindSums.paid.add(usage.nanoUsdPerHour(row), to - from);
        return kindSums;
    }

    /** A run of one interval at one price: by far the most. */
    private void steadyRun(int instance, int row) {
        long start = usage.startSecond(row);
        long end = usage.endSecond(row);
        boolean lasts = end > prices.untilSecond;
        long length = Math.min(end, prices.untilSecond) - start;
        KindSums kindSums = spend(instance, row, start, start + length);
        int kind = usage.kind(row);
        if (!isUnpriced(kind)) {
            kindSums.equivalent.add(prices.steadyNanoUsdPerHour[kind], charged(length, lasts));
        }
    }

    private long charged(long length, boolean lasts) {
        return lasts ? prices.billing.accruedSeconds(length) : prices.billing.chargedSeconds(length);
    }

    private void run(int instance, int firstRow, int endRow) {
        boolean lasts = usage.endSecond(endRow - 1) > prices.untilSecond;
        long start = usage.startSecond(firstRow);
        long end = start;
        int last = firstRow;
        for (int row = firstRow; row < endRow && usage.startSecond(row) < prices.untilSecond; row++) {
            long from = usage.startSecond(row);
            end = Math.min(usage.endSecond(row), prices.untilSecond);
            last = row;
            KindSums kindSums = spend(instance, row, from, end);
            RateTimeline rates = prices.rates[usage.kind(row)];
            if (rates != null) {
                kindSums.beforeFirstPriceSeconds += Math.max(0, Math.min(end, rates.firstKnownSecond()) - from);
                charge(rates, kindSums, from, end, 1);
            }
        }
        long charged = charged(end - start, lasts);
        if (charged > end - start) {
            addMinimum(usage.kind(last), end - 1, charged - (end - start));
        }
        takeOffRounding(firstRow, last, start + charged, end);
    }

    /** What the minimum adds counts at the price of the run's last second. */
    private void addMinimum(int kind, long second, long seconds) {
        RateTimeline rates = prices.rates[kind];
        if (rates != null) {
            sums[kind].equivalent.add(rates.nanoUsdPerHourAt(second), seconds);
        }
    }

    private void takeOffRounding(int firstRow, int lastRow, long from, long end) {
        for (int row = lastRow; row >= firstRow; row--) {
            RateTimeline rates = prices.rates[usage.kind(row)];
            long rowEnd = Math.min(end, usage.endSecond(row));
            if (rates != null) {
                charge(rates, sums[usage.kind(row)], Math.max(from, usage.startSecond(row)), rowEnd, -1);
            }
        }
    }

    /** Time at the prices in effect; a negative sign takes it off. */
    private static void charge(RateTimeline rates, KindSums kindSums, long from, long to, long sign) {
        long at = from;
        while (at < to) {
            long next = Math.min(to, rates.nextChangeAfter(at));
            kindSums.equivalent.add(rates.nanoUsdPerHourAt(at), sign * (next - at));
            at = next;
        }
    }
}
