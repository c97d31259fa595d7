package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.money.AmountAccumulators;
import cloud.dumont.economy.usage.UsageColumns;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

    /** The sums of the present stretch, by kind: of an instance or an account where groups follow these, else of all. */
    private final AmountAccumulators paid;

    private final AmountAccumulators equivalent;
    private final long[] seconds;

    /** What is charged at the one rate that all of it has: multiplied by it only when the stretch ends. */
    private final long[] steadySeconds;

    private final long[] beforeFirstPriceSeconds;

    /** The instances of the present stretch, and those of them with time that cannot be compared. */
    private int instances;

    private int unpricedInstances;

    /** Where groups follow kinds: the count of each name; else null. */
    private final @Nullable InstanceCount[] countOfKind;

    private final Map<String, InstanceCount> countOfGroup = new LinkedHashMap<>();

    private final Map<String, Tally> groups = new HashMap<>();
    private final Tally total = new Tally();

    /** Counts the instances of a group that follows kinds, each once, as the rows of one follow each other. */
    private static final class InstanceCount {
        private int instances;
        private int unpriced;
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
    }

    BatchWorker(UsageColumns usage, BatchPrices prices, Dimension by) {
        this.usage = usage;
        this.prices = prices;
        this.by = by;
        int kinds = prices.kinds.size();
        paid = new AmountAccumulators(kinds);
        equivalent = new AmountAccumulators(kinds);
        seconds = new long[kinds];
        steadySeconds = new long[kinds];
        beforeFirstPriceSeconds = new long[kinds];
        countOfKind = new InstanceCount[kinds];
        if (by == Dimension.GPU || by == Dimension.REGION) {
            for (int kind = 0; kind < kinds; kind++) {
                countOfKind[kind] = countOfGroup.computeIfAbsent(groupOf(kind), name -> new InstanceCount());
            }
        }
    }

    private String groupOf(int kind) {
        return by == Dimension.GPU
                ? prices.kinds.get(kind).gpuName()
                : prices.kinds.get(kind).regionName();
    }

    /** Prices some instances. */
    void price(int fromInstance, int toInstance) {
        switch (by) {
            case GPU, REGION -> priceInstances(fromInstance, toInstance);
            case INSTANCE -> {
                for (int instance = fromInstance; instance < toInstance; instance++) {
                    priceInstances(instance, instance + 1);
                    endStretch(usage.instance(instance).value());
                }
            }
            case ACCOUNT -> {
                for (int account = 0; account < usage.accountCount(); account++) {
                    int from = Math.max(fromInstance, usage.firstInstance(account));
                    int to = Math.min(toInstance, usage.firstInstance(account + 1));
                    if (from < to) {
                        priceInstances(from, to);
                        endStretch(usage.account(account).value());
                    }
                }
            }
        }
    }

    private void priceInstances(int fromInstance, int toInstance) {
        int end = usage.firstRow(toInstance);
        int instance = fromInstance;
        int row = steadyRows(usage.firstRow(fromInstance), end);
        while (row < end) {
            while (usage.firstRow(instance + 1) <= row) {
                instance++;
            }
            row = steadyRows(run(row, usage.firstRow(instance + 1)), end);
        }
        for (int counted = fromInstance; counted < toInstance; counted++) {
            count(counted);
        }
    }

    /**
     * The loop over millions: prices rows that are one interval at one price, a run by itself, up to the first that is not. It calls
     * nothing that is not small, so that all it needs stays in registers.
     *
     * @return the row where it stopped
     */
    private int steadyRows(int firstRow, int endRow) {
        long until = prices.untilSecond;
        long[] minimumSeconds = prices.minimumSeconds;
        boolean chargesByTheSecond = prices.chargesByTheSecond;
        for (int row = firstRow; row < endRow; row++) {
            long start = usage.startSecond(row);
            long stop = usage.endSecond(row);
            int kind = usage.kind(row);
            if (start >= until) {
                continue;
            }
            // A row of the next instance that begins just there only takes the longer way.
            boolean mayGoOn = row + 1 < endRow && usage.startSecond(row + 1) == stop;
            if (mayGoOn || start < prices.steadySince[kind]) {
                return row;
            }
            long length = Math.min(stop, until) - start;
            seconds[kind] += length;
            paid.add(kind, usage.nanoUsdPerHour(row), length);
            steadySeconds[kind] += chargesByTheSecond
                    ? Math.max(minimumSeconds[kind], length)
                    : prices.chargedSeconds(kind, length, stop > until);
        }
        return endRow;
    }

    /** Prices any run; gives the row after it. */
    private int run(int firstRow, int endOfInstance) {
        int endRow = firstRow + 1;
        while (endRow < endOfInstance && usage.startSecond(endRow) == usage.endSecond(endRow - 1)) {
            endRow++;
        }
        boolean lasts = usage.endSecond(endRow - 1) > prices.untilSecond;
        long start = usage.startSecond(firstRow);
        long end = start;
        int last = firstRow;
        for (int row = firstRow; row < endRow && usage.startSecond(row) < prices.untilSecond; row++) {
            long from = usage.startSecond(row);
            end = Math.min(usage.endSecond(row), prices.untilSecond);
            last = row;
            int kind = usage.kind(row);
            seconds[kind] += end - from;
            paid.add(kind, usage.nanoUsdPerHour(row), end - from);
            if (prices.isCompared[kind]) {
                long known = prices.rates(kind).firstKnownSecond();
                beforeFirstPriceSeconds[kind] += Math.max(0, Math.min(end, known) - from);
            }
            charge(kind, from, end, 1);
        }
        long charged = prices.chargedSeconds(usage.kind(firstRow), end - start, lasts);
        charge(usage.kind(last), end, start + charged, 1); // what the minimum adds is more of the last kind's time
        for (int row = last; row >= firstRow; row--) { // what rounding takes off
            long from = Math.max(start + charged, usage.startSecond(row));
            charge(usage.kind(row), from, Math.min(end, usage.endSecond(row)), -1);
        }
        return endRow;
    }

    /** Time at the prices in effect, where it is compared; a negative sign takes it off. */
    private void charge(int kind, long from, long to, long sign) {
        if (!prices.isCompared[kind]) {
            return;
        }
        RateTimeline rates = prices.rates(kind);
        long at = from;
        while (at < to) {
            long next = Math.min(to, rates.nextChangeAfter(at));
            equivalent.add(kind, rates.nanoUsdPerHourAt(at), sign * (next - at));
            at = next;
        }
    }

    private void count(int instance) {
        int first = usage.firstRow(instance);
        int end = usage.firstRow(instance + 1);
        boolean hasUnpriced = false;
        for (int row = first; row < end && usage.startSecond(row) < prices.untilSecond; row++) {
            int kind = usage.kind(row);
            boolean isUnpriced = !prices.isCompared[kind];
            hasUnpriced |= isUnpriced;
            InstanceCount count = countOfKind[kind];
            if (count != null) {
                count.see(instance, isUnpriced);
            }
        }
        if (first < end && usage.startSecond(first) < prices.untilSecond) {
            instances++;
            unpricedInstances += hasUnpriced ? 1 : 0;
        }
    }

    /** Adds all that was priced to what others have. */
    void addTo(Map<String, Tally> allGroups, Tally allTotal) {
        if (!countOfGroup.isEmpty()) {
            endKinds();
        }
        groups.forEach((name, tally) ->
                allGroups.computeIfAbsent(name, n -> new Tally()).add(tally));
        allTotal.add(total);
    }

    /** All that was priced since the last stretch belongs to one group. */
    private void endStretch(String name) {
        if (instances > 0) {
            Tally tally = groups.computeIfAbsent(name, n -> new Tally());
            for (int kind = 0; kind < seconds.length; kind++) {
                end(kind, tally);
            }
            tally.countInstances(instances, unpricedInstances);
            endCount();
        }
    }

    private void endKinds() {
        for (int kind = 0; kind < seconds.length; kind++) {
            if (seconds[kind] > 0) {
                end(kind, groups.computeIfAbsent(groupOf(kind), n -> new Tally()));
            }
        }
        groups.forEach((name, tally) -> {
            InstanceCount count = Objects.requireNonNull(countOfGroup.get(name));
            tally.countInstances(count.instances, count.unpriced);
        });
        endCount();
    }

    private void end(int kind, Tally tally) {
        if (seconds[kind] == 0) {
            return;
        }
        equivalent.add(kind, prices.steadyNanoUsdPerHour[kind], steadySeconds[kind]);
        KindSums sums = new KindSums();
        sums.paid.add(paid.take(kind));
        sums.equivalent.add(equivalent.take(kind));
        sums.seconds = seconds[kind];
        sums.beforeFirstPriceSeconds = beforeFirstPriceSeconds[kind];
        tally.add(prices.kinds.get(kind), sums);
        total.add(prices.kinds.get(kind), sums);
        seconds[kind] = 0;
        steadySeconds[kind] = 0;
        beforeFirstPriceSeconds[kind] = 0;
    }

    private void endCount() {
        total.countInstances(instances, unpricedInstances);
        instances = 0;
        unpricedInstances = 0;
    }
}
