package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsSums;
import cloud.dumont.economy.savings.UsageSums;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/** Answers about one account from its rollups, and from its usage where they do not suffice; seen through one connection. */
final class RollupReading {

    private final Handle handle;
    private final RollupUsage usage;
    private final WatchedUsage watched;
    private final SavingsCalculator calculator;
    private final String policy;
    private final RollupKey key;

    RollupReading(Handle handle, Dialect dialect, SavingsCalculator calculator, String policy, RollupKey key) {
        this.handle = handle;
        this.usage = new RollupUsage(handle, dialect, calculator, key);
        this.watched = new WatchedUsage(handle, dialect, key.account());
        this.calculator = calculator;
        this.policy = policy;
        this.key = key;
    }

    /**
     * In all and by GPU model.
     *
     * @param until as of which second
     */
    RollupTotals totals(long until) {
        View view = view(until);
        SortedMap<String, SavingsSums> byGpu = new TreeMap<>();
        rows(view).ifPresent(rows -> add(rows.totals(view.stored()), byGpu));
        add(view.live().hours(), byGpu);
        byGpu.values().removeIf(SavingsSums.ZERO::equals);
        return new RollupTotals(view.live().catalogVersion(), byGpu);
    }

    private static void add(SortedMap<RollupBucket, UsageSums> sums, SortedMap<String, SavingsSums> byGpu) {
        sums.forEach((bucket, added) -> byGpu.merge(bucket.gpu(), of(bucket, added), SavingsSums::plus));
    }

    private static SavingsSums of(RollupBucket bucket, UsageSums sums) {
        return new SavingsSums(Map.of(bucket.tier(), sums));
    }

    /**
     * Where an answer comes from.
     *
     * @param kept the rollups that it rests on; empty if on none
     * @param stored their hours that count begin before this second
     * @param live what the calculator adds
     */
    private record View(Optional<RollupState> kept, long stored, RollupUsage.Hours live) {}

    private View view(long until) {
        RollupTable.Standing standing = new RollupTable(handle).standing(key);
        Optional<RollupState> kept = standing.kept().map(RollupState.Kept::state);
        Optional<Long> dropped = standing.droppedUntil();
        long hour = RollupBucket.floor(until, RollupBucket.HOUR);
        Instant at = Instant.ofEpochSecond(until);
        if (dropped.isPresent() && hour < until && until < dropped.get()) {
            throw dropped(dropped.get(), "only full hours of it can be asked for");
        }
        if (kept.isPresent() && kept.get().policy().equals(policy)) {
            long stored = Math.min(kept.get().closedUntil(), hour);
            RollupUsage.Hours live =
                    usage.since(kept.get(), stored, RollupUsage.from(dropped), at, RollupUsage.NOW, watched.watches());
            if (live.catalogVersion().equals(kept.get().catalogVersion())) {
                return new View(kept, stored, live);
            }
        }
        if (dropped.isPresent() && kept.isEmpty()) {
            throw dropped(dropped.get(), "and there are no rollups against " + key.baseline());
        }
        return new View(
                dropped.isPresent() ? kept : Optional.empty(),
                dropped.map(first -> Math.min(first, hour)).orElse(Long.MIN_VALUE),
                usage.all(RollupUsage.from(dropped), at));
    }

    private Optional<SavingsHistoryTable> rows(View view) {
        return view.kept().map(state -> new SavingsHistoryTable(handle, key, state));
    }

    private HistoryStoreException dropped(long until, String therefore) {
        return new HistoryStoreException("the usage of account " + key.account() + " before "
                + Instant.ofEpochSecond(until) + " was dropped, " + therefore);
    }

    /**
     * What hours of UTC make up.
     *
     * @param to as of which second
     * @param buckets by their first seconds, each a full hour
     */
    void addHours(long to, NavigableMap<Long, SavingsSums> buckets) {
        View view = view(to);
        boolean ofDays = buckets.keySet().stream().allMatch(edge -> edge % RollupBucket.DAY == 0);
        BiConsumer<RollupBucket, UsageSums> adding = (hour, sums) -> addHour(buckets, hour, sums);
        rows(view).ifPresent(rows -> {
            if (ofDays) {
                rows.forEachDay(buckets.firstKey(), view.stored(), adding);
            } else {
                rows.forEachHour(buckets.firstKey(), view.stored(), adding);
            }
        });
        view.live().hours().forEach((hour, sums) -> addHour(buckets, hour, sums));
    }

    private static void addHour(NavigableMap<Long, SavingsSums> buckets, RollupBucket hour, UsageSums sums) {
        Long bucket = buckets.floorKey(hour.start());
        if (bucket != null) {
            buckets.merge(bucket, of(hour, sums), SavingsSums::plus);
        }
    }

    /**
     * The same for buckets that hours of UTC do not make up.
     *
     * @param to as of which second
     * @param buckets by their first seconds
     */
    void addUsage(long to, NavigableMap<Long, SavingsSums> buckets) {
        new RollupTable(handle)
                .droppedUntil(key.account().value())
                .filter(dropped -> buckets.firstKey() < dropped)
                .ifPresent(dropped -> {
                    throw dropped(dropped, "and what is left are hours of UTC, which do not make up these buckets");
                });
        // Every edge lies between two parts.
        long part = buckets.keySet().stream().reduce(RollupBucket.HOUR, RollupReading::greatestCommonDivisor);
        calculator
                .over(watched.now())
                .rollup(
                        key.account(),
                        key.baseline(),
                        Instant.ofEpochSecond(buckets.firstKey()),
                        Instant.ofEpochSecond(to),
                        Duration.ofSeconds(part))
                .rows()
                .forEach(row -> buckets.merge(
                        Objects.requireNonNull(buckets.floorKey(row.hour().getEpochSecond())),
                        new SavingsSums(Map.of(row.tier(), row.sums())),
                        SavingsSums::plus));
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);
    }
}
