package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.UsageSums;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Recomputes the rollups of one account from the facts that they were made of; seen through one connection. */
final class RollupVerification {

    private final Handle handle;
    private final RollupUsage usage;
    private final RollupKey key;

    RollupVerification(Handle handle, Dialect dialect, SavingsCalculator calculator, RollupKey key) {
        this.handle = handle;
        this.usage = new RollupUsage(handle, dialect, calculator, key);
        this.key = key;
    }

    /** Compares every bucket. */
    RollupCheck check(RollupState.Kept kept) {
        Optional<Long> dropped =
                new RollupTable(handle).droppedUntil(key.account().value());
        RollupUsage.Hours hours = usage.all(
                RollupUsage.from(dropped),
                Instant.ofEpochSecond(kept.state().closedUntil()),
                kept.state().toldUntil());
        SortedMap<RollupBucket, UsageSums> expected = new TreeMap<>(hours.hours());
        hours.hours().forEach((hour, sums) -> expected.merge(hour.day(), sums, UsageSums::plus));
        hours.hours().forEach((hour, sums) -> expected.merge(hour.lifetime(), sums, UsageSums::plus));
        SavingsHistoryTable table = new SavingsHistoryTable(handle, key, kept.state());
        SortedMap<RollupBucket, UsageSums> past =
                dropped.map(table::totalsOfDays).orElseGet(TreeMap::new);
        past.forEach((hour, sums) -> expected.merge(hour.lifetime(), sums, UsageSums::plus));
        expected.values().removeIf(UsageSums.ZERO::equals);

        NavigableMap<RollupBucket, UsageSums> stored = new TreeMap<>();
        for (RollupSpan span : List.of(RollupSpan.HOUR, RollupSpan.DAY)) {
            table.forEach(span, dropped.orElse(Long.MIN_VALUE), Long.MAX_VALUE, stored::put);
        }
        table.forEach(RollupSpan.LIFETIME, RollupBucket.EVER, RollupBucket.EVER + 1, stored::put);
        SortedSet<RollupBucket> all = new TreeSet<>(expected.keySet());
        all.addAll(stored.keySet());
        List<RollupCheck.Difference> differences = all.stream()
                .map(bucket -> new RollupCheck.Difference(
                        bucket.span().granularity(),
                        Instant.ofEpochSecond(bucket.start()),
                        bucket.gpu(),
                        bucket.tier(),
                        stored.getOrDefault(bucket, UsageSums.ZERO),
                        expected.getOrDefault(bucket, UsageSums.ZERO)))
                .filter(difference -> !difference.stored().equals(difference.recomputed()))
                .toList();
        return new RollupCheck(
                RollupStatus.of(key, kept),
                all.size(),
                hours.catalogVersion(),
                RollupUsage.savings(past).plus(RollupUsage.savings(hours.hours())),
                differences);
    }
}
