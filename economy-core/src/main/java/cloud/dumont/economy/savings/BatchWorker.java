package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.usage.UsageColumns;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Prices instances of columns into sums by kind, and these into tallies by group. Owned by one thread.
 *
 * <p>A run comes to what {@link UsageWalk} says it does, with the moments left out: it is told here in closed form.
 */
final class BatchWorker {

    private final UsageColumns usage;
    private final BatchPrices prices;
    private final Dimension by;
    private final boolean groupsFollowKinds;

    /** Where groups follow kinds: which group each kind belongs to. */
    private final String[] groupNames;

    private final int[] groupOfKind;
    private final InstanceCount[] groupCounts;

    /** The sums of the present stretch: of an instance or an account where groups follow these, else of all. */
    private final KindSums[] sums;

    private final int[] touchedKinds;
    private int touched;
    private int instances;
    private int unpricedInstances;

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

        void addTo(Tally tally) {
            tally.countInstances(instances, unpriced);
        }
    }

    BatchWorker(UsageColumns usage, BatchPrices prices, Dimension by) {
        this.usage = usage;
        this.prices = prices;
        this.by = by;
        this.groupsFollowKinds = by == Dimension.GPU || by == Dimension.REGION;
        int kinds = prices.kinds.size();
        groupOfKind = new int[kinds];
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (int i = 0; i < kinds; i++) {
            PricedKind kind = prices.kinds.get(i);
            String name = by == Dimension.GPU ? kind.gpuName() : kind.regionName();
            groupOfKind[i] = numbers.computeIfAbsent(name, n -> numbers.size());
        }
        groupNames = numbers.keySet().toArray(String[]::new);
        groupCounts =
                Stream.generate(InstanceCount::new).limit(groupNames.length).toArray(InstanceCount[]::new);
        sums = Stream.generate(KindSums::new).limit(kinds).toArray(KindSums[]::new);
        touchedKinds = new int[kinds];
    }

    /** Prices some instances. */
    void price(int fromInstance, int toInstance) {
        switch (by) {
            case GPU, REGION -> priceRows(fromInstance, toInstance);
            case INSTANCE -> {
                for (int instance = fromInstance; instance < toInstance; instance++) {
                    priceRows(instance, instance + 1);
                    endStretch(usage.instance(instance).value());
                }
            }
            case ACCOUNT -> {
                for (int account = 0; account < usage.accountCount(); account++) {
                    int from = Math.max(fromInstance, usage.firstInstance(account));
                    int to = Math.min(toInstance, usage.firstInstance(account + 1));
                    if (from < to) {
                        priceRows(from, to);
                        endStretch(usage.account(account).value());
                    }
                }
            }
        }
    }

    /**
     * The loop over millions: one interval at one price, a run by itself, is priced on the spot. What stands for it is multiplied only
     * when the stretch ends, as its rate is the same for all.
     */
    private void priceRows(int fromInstance, int toInstance) {
        long until = prices.untilSecond;
        long minimum = prices.billing.minimumSeconds();
        boolean chargesByTheSecond = prices.billing.incrementSeconds() == 1;
        for (int instance = fromInstance; instance < toInstance; instance++) {
            int first = usage.firstRow(instance);
            int end = usage.firstRow(instance + 1);
            int row = first;
            while (row < end && usage.startSecond(row) < until) {
                long start = usage.startSecond(row);
                long stop = usage.endSecond(row);
                int kind = usage.kind(row);
                boolean isAlone = row + 1 == end || usage.startSecond(row + 1) != stop;
                if (isAlone && start >= prices.steadySince[kind]) {
                    long length = Math.min(stop, until) - start;
                    KindSums kindSums = spend(row, kind, length);
                    kindSums.steadySeconds += chargesByTheSecond
                            ? Math.max(minimum, length)
                            : prices.chargedSeconds(length, stop > until);
                    row++;
                } else {
                    row = run(row, end);
                }
            }
            if (row > first) {
                count(instance, first, end);
            }
        }
    }

    private void count(int instance, int firstRow, int endRow) {
        boolean hasUnpriced = false;
        for (int row = firstRow; row < endRow && usage.startSecond(row) < prices.untilSecond; row++) {
            int kind = usage.kind(row);
            hasUnpriced |= !prices.isCompared[kind];
            if (groupsFollowKinds) {
                groupCounts[groupOfKind[kind]].see(instance, !prices.isCompared[kind]);
            }
        }
        instances++;
        unpricedInstances += hasUnpriced ? 1 : 0;
    }

    private KindSums spend(int row, int kind, long seconds) {
        KindSums kindSums = sums[kind];
        if (kindSums.seconds == 0) {
            touchedKinds[touched++] = kind;
        }
        kindSums.seconds += seconds;
        kindSums.paid.add(usage.nanoUsdPerHour(row), seconds);
        return kindSums;
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
            KindSums kindSums = spend(row, kind, end - from);
            if (prices.isCompared[kind]) {
                RateTimeline rates = prices.rates(kind);
                kindSums.beforeFirstPriceSeconds += Math.max(0, Math.min(end, rates.firstKnownSecond()) - from);
                charge(rates, kindSums, from, end, 1);
            }
        }
        long charged = prices.chargedSeconds(end - start, lasts);
        int lastKind = usage.kind(last);
        if (prices.isCompared[lastKind]) { // what the minimum adds is more of the last kind's time
            charge(prices.rates(lastKind), sums[lastKind], end, start + charged, 1);
        }
        takeOffRounding(firstRow, last, start + charged, end);
        return endRow;
    }

    private void takeOffRounding(int firstRow, int lastRow, long from, long end) {
        for (int row = lastRow; row >= firstRow; row--) {
            int kind = usage.kind(row);
            if (prices.isCompared[kind]) {
                long rowEnd = Math.min(end, usage.endSecond(row));
                charge(prices.rates(kind), sums[kind], Math.max(from, usage.startSecond(row)), rowEnd, -1);
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

    /** Adds all that was priced to what others have. */
    void addTo(Map<String, Tally> allGroups, Tally allTotal) {
        if (groupsFollowKinds) {
            endKinds();
        }
        groups.forEach((name, tally) ->
                allGroups.computeIfAbsent(name, n -> new Tally()).add(tally));
        allTotal.add(total);
    }

    /** All that was priced since the last stretch belongs to one group. */
    private void endStretch(String name) {
        if (touched > 0) {
            Tally tally = groups.computeIfAbsent(name, n -> new Tally());
            for (int i = 0; i < touched; i++) {
                end(touchedKinds[i], tally);
            }
            tally.countInstances(instances, unpricedInstances);
            endCount();
        }
    }

    private void endKinds() {
        for (int i = 0; i < touched; i++) {
            end(touchedKinds[i], groups.computeIfAbsent(groupNames[groupOfKind[touchedKinds[i]]], n -> new Tally()));
        }
        groups.forEach((name, tally) -> groupCounts[groupNumber(name)].addTo(tally));
        endCount();
    }

    private int groupNumber(String name) {
        int number = 0;
        while (!groupNames[number].equals(name)) {
            number++;
        }
        return number;
    }

    private void end(int kind, Tally tally) {
        sums[kind].equivalent.add(prices.steadyNanoUsdPerHour[kind], sums[kind].steadySeconds);
        tally.add(prices.kinds.get(kind), sums[kind]);
        total.add(prices.kinds.get(kind), sums[kind]);
        sums[kind] = new KindSums();
    }

    private void endCount() {
        total.countInstances(instances, unpricedInstances);
        instances = 0;
        unpricedInstances = 0;
        touched = 0;
    }
}
