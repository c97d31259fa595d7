package cloud.dumont.economy.savings;

import cloud.dumont.economy.usage.InstanceId;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Usage of one account added up by key. Owned by one thread at a time. */
final class KeyedSums<K extends Comparable<K>> implements UsageWalk.Visitor {

    /** What has one key. While more may come, it remembers of which instances it is; then their number will do. */
    private static final class Cell {

        private final Tally tally = new Tally();
        private @Nullable Set<InstanceId> instances = new HashSet<>();
        private @Nullable Set<InstanceId> unpriced = new HashSet<>(0);

        /** The totals of a closed cell, computed when they are first asked for. */
        private @Nullable SavingsTotals totals;

        SavingsTotals totals() {
            SavingsTotals known = totals;
            if (known == null) {
                Tally sum = new Tally();
                addTo(sum, null);
                known = sum.totals();
                totals = instances == null ? known : null;
            }
            return known;
        }

        void count(PricedUsage usage) {
            if (instances != null && unpriced != null) {
                InstanceId id = usage.instance().id();
                instances.add(id);
                if (usage.match().isEmpty()) {
                    unpriced.add(id);
                }
            }
        }

        void close() {
            if (instances != null && unpriced != null) {
                tally.countInstances(instances.size(), unpriced.size());
                instances = null;
                unpriced = null;
            }
        }

        /** Adds usage of one instance of which this holds nothing yet. */
        void add(Cell other) {
            totals = null;
            tally.add(other.tally);
            if (other.instances == null || other.unpriced == null) {
                return;
            }
            if (instances == null || unpriced == null) {
                tally.countInstances(other.instances.size(), other.unpriced.size());
            } else {
                instances.addAll(other.instances);
                unpriced.addAll(other.unpriced);
            }
        }

        void subtract(Cell other) {
            totals = null;
            tally.subtract(other.tally);
            if (other.instances == null || other.unpriced == null) {
                return;
            }
            if (instances == null || unpriced == null) {
                tally.countInstances(-other.instances.size(), -other.unpriced.size());
            } else {
                instances.removeAll(other.instances);
                unpriced.removeAll(other.unpriced);
            }
        }

        /** Adds all of it to a tally. Instances that another cell has counted are not counted again. */
        void addTo(Tally sum, @Nullable Cell counted) {
            sum.add(tally);
            if (instances != null && unpriced != null) {
                sum.countInstances(
                        without(instances, counted == null ? null : counted.instances),
                        without(unpriced, counted == null ? null : counted.unpriced));
            }
        }

        private static int without(Set<InstanceId> some, @Nullable Set<InstanceId> counted) {
            return counted == null
                    ? some.size()
                    : (int) some.stream().filter(id -> !counted.contains(id)).count();
        }
    }

    private final Placement<K> placement;
    private final NavigableMap<K, Cell> cells;

    KeyedSums(Placement<K> placement) {
        this(placement, new TreeMap<>());
    }

    private KeyedSums(Placement<K> placement, NavigableMap<K, Cell> cells) {
        this.placement = placement;
        this.cells = cells;
    }

    /** Sums of other usage by the same keys. */
    KeyedSums<K> empty() {
        return new KeyedSums<>(placement);
    }

    private Cell cell(K key) {
        return cells.computeIfAbsent(key, k -> new Cell());
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        placement.place(usage, fromSecond, toSecond, (key, from, to) -> {
            Cell cell = cell(key);
            cell.count(usage);
            cell.tally.spend(usage, from, to);
        });
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        placement.place(
                usage,
                fromSecond,
                toSecond,
                (key, from, to) -> cell(key).tally.charge(usage, nanoUsdPerHour, to - from));
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        placement.place(
                usage,
                atSecond,
                atSecond + 1,
                (key, from, to) -> cell(key).tally.charge(usage, nanoUsdPerHour, seconds));
    }

    /** Adds sums of one instance of which these hold nothing yet. */
    void add(KeyedSums<K> ofInstance) {
        ofInstance.cells.forEach((key, cell) -> cell(key).add(cell));
    }

    /** Takes off what was added of one instance. */
    void subtract(KeyedSums<K> ofInstance) {
        ofInstance.cells.forEach((key, cell) -> cell(key).subtract(cell));
    }

    /** From a second on, nothing comes that was before, but for what is {@linkplain #subtract taken off} and added. */
    void closeBefore(long second) {
        for (var open : cells.descendingMap().entrySet()) { // the last ones, as a rule
            if (placement.isOver(open.getKey(), second)) {
                if (open.getValue().instances == null) {
                    break;
                }
                open.getValue().close();
            }
        }
    }

    /** What these and those later sums come to, by key, from one on. */
    NavigableMap<K, SavingsTotals> totals(KeyedSums<K> later, K from) {
        NavigableMap<K, SavingsTotals> totals = new TreeMap<>();
        cells.tailMap(from, true).forEach((key, cell) -> {
            if (!later.cells.containsKey(key)) {
                totals.put(key, cell.totals());
            }
        });
        later.cells
                .tailMap(from, true)
                .forEach((key, cell) -> totals.put(key, tally(key, cell).totals()));
        return totals;
    }

    /** The same as copies that may be added to. */
    NavigableMap<K, Tally> tallies(KeyedSums<K> later, @Nullable K from) {
        NavigableMap<K, Tally> tallies = new TreeMap<>();
        since(from).forEach((key, cell) -> {
            if (!later.cells.containsKey(key)) {
                Tally sum = new Tally();
                cell.addTo(sum, null);
                tallies.put(key, sum);
            }
        });
        later.since(from).forEach((key, cell) -> tallies.put(key, tally(key, cell)));
        return tallies;
    }

    private Tally tally(K key, Cell later) {
        Tally sum = new Tally();
        Cell before = cells.get(key);
        if (before != null) {
            before.addTo(sum, null);
        }
        later.addTo(sum, before);
        return sum;
    }

    private NavigableMap<K, Cell> since(@Nullable K from) {
        return from == null ? cells : cells.tailMap(from, true);
    }

    /** A view of these sums as far as a key. */
    KeyedSums<K> until(K last) {
        return new KeyedSums<>(placement, cells.headMap(last, true));
    }
}
