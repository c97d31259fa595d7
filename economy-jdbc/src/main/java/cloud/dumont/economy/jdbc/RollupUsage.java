package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.savings.Rollup;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.UsageSums;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The usage of one account, read through one connection and added up hour by hour by the calculator. */
final class RollupUsage {

    /** Of everything told, whenever. */
    static final long NOW = Long.MAX_VALUE;

    /**
     * Hours of usage.
     *
     * @param catalogVersion what they rest on
     * @param hours sums that are not zero
     */
    record Hours(String catalogVersion, SortedMap<RollupBucket, UsageSums> hours) {}

    /** By account, which is what shards can answer by themselves. */
    private static final String SELECT_FIRST = """
            SELECT MIN(first_start) FROM (
                SELECT MIN(started_at) AS first_start FROM usage_interval WHERE account_id = :account GROUP BY account_id
                UNION ALL
                SELECT MIN(started_at) AS first_start FROM usage_interval_withdrawn
                WHERE account_id = :account AND withdrawn_at > :told GROUP BY account_id
            ) AS facts""";

    private final Handle handle;
    private final Dialect dialect;
    private final SavingsCalculator calculator;
    private final RollupKey key;
    private final RollupFacts facts;

    RollupUsage(Handle handle, Dialect dialect, SavingsCalculator calculator, RollupKey key) {
        this.handle = handle;
        this.dialect = dialect;
        this.calculator = calculator;
        this.key = key;
        this.facts = new RollupFacts(handle, key.account());
    }

    /** The first moment of which usage is still there. */
    static Instant from(Optional<Long> droppedUntil) {
        return droppedUntil.map(Instant::ofEpochSecond).orElse(Instant.MIN);
    }

    /** What of some sums was saved. */
    static Amount savings(SortedMap<RollupBucket, UsageSums> sums) {
        return sums.entrySet().stream()
                .filter(entry -> entry.getKey().tier() != Tier.NONE)
                .map(entry ->
                        entry.getValue().equivalentCost().minus(entry.getValue().effectiveCost()))
                .reduce(Amount.ZERO, Amount::plus);
    }

    /** The version of the prices that the account is compared with at this moment. */
    String catalogVersion() {
        return rollup(List.of(), Instant.EPOCH, Instant.EPOCH).catalogVersion();
    }

    /**
     * What has to be added to rollups: what was told since of the time that they hold, and the time behind it. However long the history is,
     * only that part of it is read which has a say: runs that are not rounded need not be known from their beginning.
     *
     * @param kept how far they are
     * @param stored which of their hours are wanted: those that begin before this second
     * @param from the first second of which usage is still there
     * @param until as of when, not before {@code stored}
     * @param told by which facts
     * @param watches who watches over what lasts, if it counts only as far as it is vouched for; none for hours that have been vouched for
     */
    Hours since(
            RollupState kept,
            long stored,
            Instant from,
            Instant until,
            long told,
            Map<InstanceId, AccountUsage.Watch> watches) {
        Rollup none = rollup(List.of(), until, until);
        BillingRule billing = none.billing();
        Instant end = Instant.ofEpochSecond(stored);
        long since = stored - billing.minimumSeconds();
        Map<String, InstanceVersions> known = facts.recent(since, until.getEpochSecond(), kept.toldUntil());
        known.values()
                .removeIf(versions -> versions.firstChange(kept.toldUntil()).isEmpty() && versions.hasEndedBy(stored));
        complete(
                known,
                billing,
                since,
                kept.toldUntil(),
                versions -> endsUnknownRun(versions, since, told, until, watches)
                        || endsUnknownRun(versions, since, kept.toldUntil(), end, Map.of()));

        List<InstanceVersions> changed = new ArrayList<>(known.values());
        changed.removeIf(versions -> versions.firstChange(kept.toldUntil()).isEmpty());
        List<InstanceVersions> lasting = new ArrayList<>(known.values());
        lasting.removeAll(changed);
        Rollup now = rollup(holding(changed, told), watches, from, until);
        Rollup then = rollup(holding(changed, kept.toldUntil()), from, end);
        Rollup live = rollup(holding(lasting, told), watches, from.isAfter(end) ? from : end, until);
        if (!Stream.of(now, then, live).map(Rollup::catalogVersion).allMatch(none.catalogVersion()::equals)) {
            return since(kept, stored, from, until, told, watches); // the catalog was exchanged in between
        }
        SortedMap<RollupBucket, UsageSums> hours = new TreeMap<>();
        now.rows().forEach(row -> hours.merge(bucket(row), row.sums(), UsageSums::plus));
        live.rows().forEach(row -> hours.merge(bucket(row), row.sums(), UsageSums::plus));
        then.rows().forEach(row -> hours.merge(bucket(row), row.sums().negated(), UsageSums::plus));
        hours.values().removeIf(UsageSums.ZERO::equals);
        return new Hours(none.catalogVersion(), hours);
    }

    /**
     * Adds what had ended before, of instances of which that has a say. What is left out of the past of those that have changed counts alike
     * before and after the change.
     *
     * @param since what ended later is known
     * @param told what was told or withdrawn later has changed
     * @param endsUnknownRun whether a run of an instance ends that may have begun earlier
     */
    private void complete(
            Map<String, InstanceVersions> known,
            BillingRule billing,
            long since,
            long told,
            Predicate<InstanceVersions> endsUnknownRun) {
        boolean rounded = billing.incrementSeconds() > 1; // by how much, a run's first second tells
        Map<String, Long> incomplete = new HashMap<>();
        known.forEach((instance, versions) -> {
            long needed = versions.firstChange(told).orElse(Long.MAX_VALUE) - billing.minimumSeconds();
            if (needed < since || (rounded && endsUnknownRun.test(versions))) {
                incomplete.put(instance, rounded ? Long.MIN_VALUE : needed);
            }
        });
        long from = incomplete.values().stream().min(Comparator.naturalOrder()).orElse(since);
        facts.addEarlier(known, incomplete.keySet(), from, since, told);
    }

    /** What lasts ends where nobody vouches for it any more. */
    private boolean endsUnknownRun(
            InstanceVersions versions,
            long since,
            long told,
            Instant until,
            Map<InstanceId, AccountUsage.Watch> watches) {
        InstanceTimeline known = InstanceTimeline.EMPTY.plusAll(versions.holding(told));
        return new AccountUsage(List.of(known), watches)
                .at(until, calculator.gaps()).timelines().stream()
                        .anyMatch(timeline -> InstanceVersions.endsUnknownRun(since, timeline, until));
    }

    private static List<UsageInterval> holding(Collection<InstanceVersions> instances, long told) {
        return instances.stream()
                .flatMap(versions -> versions.holding(told).stream())
                .toList();
    }

    /** Everything from some moment until another, all facts read at once. */
    Hours all(Instant from, Instant until, long told) {
        return hours(rollup(all(told), from, until));
    }

    /** All that is known now of the account, as far as somebody vouches for it. */
    Hours all(Instant from, Instant until) {
        return hours(rollup(new WatchedUsage(handle, dialect, key.account()).now(), from, until));
    }

    /** All facts of the account. */
    List<UsageInterval> all(long told) {
        return new UsageIntervalTable(handle, dialect)
                .read(key.account(), told).values().stream()
                        .flatMap(timeline -> timeline.facts().stream())
                        .toList();
    }

    /** The same between two full hours, read from those facts alone that have a say there. */
    Hours between(long from, long to, long told) {
        BillingRule billing = rollup(List.of(), Instant.EPOCH, Instant.EPOCH).billing();
        Instant until = Instant.ofEpochSecond(to);
        long since = from - billing.minimumSeconds();
        Map<String, InstanceVersions> known = facts.recent(since, to, told);
        complete(known, billing, since, told, versions -> endsUnknownRun(versions, since, told, until, Map.of()));
        return hours(rollup(holding(known.values(), told), Instant.ofEpochSecond(from), until));
    }

    private static Hours hours(Rollup rollup) {
        SortedMap<RollupBucket, UsageSums> hours = new TreeMap<>();
        rollup.rows().forEach(row -> hours.merge(bucket(row), row.sums(), UsageSums::plus));
        hours.values().removeIf(UsageSums.ZERO::equals);
        return new Hours(rollup.catalogVersion(), hours);
    }

    private static RollupBucket bucket(Rollup.Row row) {
        return RollupBucket.ofHour(row.hour().getEpochSecond(), row.gpuName(), row.tier());
    }

    private Rollup rollup(List<UsageInterval> facts, Instant from, Instant until) {
        return rollup(facts, Map.of(), from, until);
    }

    private Rollup rollup(
            List<UsageInterval> facts, Map<InstanceId, AccountUsage.Watch> watches, Instant from, Instant until) {
        return rollup(
                new AccountUsage(List.copyOf(UsageIntervalTable.timelines(facts).values()), watches), from, until);
    }

    private Rollup rollup(AccountUsage usage, Instant from, Instant until) {
        return calculator.over(usage).rollup(key.account(), key.baseline(), from, until);
    }

    /** When the first interval begins, in seconds since 1970; that moment itself where there is none. */
    long firstSecond(long told, long otherwise) {
        return handle.createQuery(SELECT_FIRST)
                .bind("account", key.account().value())
                .bind("told", told)
                .map((row, context) -> {
                    long first = row.getLong(1);
                    return row.wasNull() ? otherwise : first;
                })
                .one();
    }
}
