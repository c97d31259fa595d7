package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.savings.Rollup;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.UsageSums;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

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

    /** In one statement, so that nothing that changes meanwhile falls between two. */
    private static final String SELECT_TOUCHED = """
            SELECT instance_id, 1 AS changed FROM usage_interval WHERE account_id = :account AND told_at > :told
            UNION ALL
            SELECT instance_id, 1 AS changed FROM usage_interval_withdrawn WHERE account_id = :account AND withdrawn_at > :told
            UNION ALL
            SELECT instance_id, 0 AS changed FROM usage_interval
            WHERE account_id = :account AND (ended_at IS NULL OR ended_at > :since)""";

    private static final String SELECT_BETWEEN = """
            SELECT instance_id FROM usage_interval
            WHERE account_id = :account AND started_at < :to AND (ended_at IS NULL OR ended_at > :from)
            UNION
            SELECT instance_id FROM usage_interval_withdrawn
            WHERE account_id = :account AND withdrawn_at > :told AND started_at < :to AND (ended_at IS NULL OR ended_at > :from)""";

    /** By account, which is what shards can answer by themselves. */
    private static final String SELECT_FIRST = """
            SELECT MIN(first_start) FROM (
                SELECT MIN(started_at) AS first_start FROM usage_interval WHERE account_id = :account GROUP BY account_id
                UNION ALL
                SELECT MIN(started_at) AS first_start FROM usage_interval_withdrawn
                WHERE account_id = :account AND withdrawn_at > :told GROUP BY account_id
            ) AS facts""";

    private static final String SELECT_FACTS = """
            SELECT %1$s FROM usage_interval WHERE account_id = :account AND told_at <= :told AND instance_id IN (%2$s)
            UNION ALL
            SELECT %1$s FROM usage_interval_withdrawn
            WHERE account_id = :account AND told_at <= :told AND withdrawn_at > :told AND instance_id IN (%2$s)""";

    private static final int INSTANCES_A_QUERY = 500;

    private final Handle handle;
    private final Dialect dialect;
    private final SavingsCalculator calculator;
    private final RollupKey key;

    RollupUsage(Handle handle, Dialect dialect, SavingsCalculator calculator, RollupKey key) {
        this.handle = handle;
        this.dialect = dialect;
        this.calculator = calculator;
        this.key = key;
    }

    private Query query(String sql) {
        return handle.createQuery(sql).bind("account", key.account().value());
    }

    /** The version of the prices that the account is compared with at this moment. */
    String catalogVersion() {
        return rollup(List.of(), Instant.EPOCH, Instant.EPOCH).catalogVersion();
    }

    /**
     * What has to be added to rollups: what was told since of the time that they hold, and the time behind it.
     *
     * @param kept how far they are
     * @param stored which of their hours are wanted: those that begin before this second
     * @param from the first second of which usage is still there
     * @param until as of when
     * @param told by which facts
     */
    Hours since(RollupState kept, long stored, Instant from, Instant until, long told) {
        SortedSet<String> changed = new TreeSet<>();
        SortedSet<String> lasting = new TreeSet<>();
        query(SELECT_TOUCHED)
                .bind("told", kept.toldUntil())
                .bind("since", stored)
                .map((row, context) ->
                        (row.getInt("changed") == 1 ? changed : lasting).add(row.getString("instance_id")))
                .forEach(any -> {});
        lasting.removeAll(changed);

        Instant end = Instant.ofEpochSecond(stored);
        Instant tail = from.isAfter(end) ? from : end;
        Rollup now = rollup(facts(changed, told), from, until);
        Rollup then = rollup(facts(changed, kept.toldUntil()), from, end);
        Rollup live = rollup(facts(lasting, told), tail, until);
        if (!now.catalogVersion().equals(then.catalogVersion())
                || !now.catalogVersion().equals(live.catalogVersion())) {
            return since(kept, stored, from, until, told); // the catalog was exchanged in between
        }
        SortedMap<RollupBucket, UsageSums> hours = new TreeMap<>();
        now.rows().forEach(row -> hours.merge(bucket(row), row.sums(), UsageSums::plus));
        live.rows().forEach(row -> hours.merge(bucket(row), row.sums(), UsageSums::plus));
        then.rows().forEach(row -> hours.merge(bucket(row), row.sums().negated(), UsageSums::plus));
        hours.values().removeIf(UsageSums.ZERO::equals);
        return new Hours(now.catalogVersion(), hours);
    }

    /** Everything from some moment until another, all facts read at once. */
    Hours all(Instant from, Instant until, long told) {
        return hours(rollup(all(told), from, until));
    }

    /** All facts of the account. */
    List<UsageInterval> all(long told) {
        return new UsageIntervalTable(handle, dialect)
                .read(key.account(), told).values().stream()
                        .flatMap(timeline -> timeline.facts().stream())
                        .toList();
    }

    /** The same between two full hours, read from those instances alone that have usage there. */
    Hours between(long from, long to, long told) {
        List<String> instances = query(SELECT_BETWEEN)
                .bind("from", from)
                .bind("to", to)
                .bind("told", told)
                .mapTo(String.class)
                .list();
        return hours(rollup(facts(instances, told), Instant.ofEpochSecond(from), Instant.ofEpochSecond(to)));
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
        return calculator.simulating(facts).rollup(key.account(), key.baseline(), from, until);
    }

    /** When the first interval begins, in seconds since 1970; that moment itself where there is none. */
    long firstSecond(long told, long otherwise) {
        return query(SELECT_FIRST)
                .bind("told", told)
                .map((row, context) -> {
                    long first = row.getLong(1);
                    return row.wasNull() ? otherwise : first;
                })
                .one();
    }

    private List<UsageInterval> facts(Collection<String> instances, long told) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<String> part : UsageIntervalTable.partsOf(List.copyOf(instances), INSTANCES_A_QUERY)) {
            String names = IntStream.range(0, part.size())
                    .mapToObj(i -> ":instance" + i)
                    .collect(Collectors.joining(", "));
            Query query = query(SELECT_FACTS.formatted(UsageIntervalTable.COLUMNS, names))
                    .bind("told", told);
            for (int i = 0; i < part.size(); i++) {
                query.bind("instance" + i, part.get(i));
            }
            query.map(new UsageIntervalMapper()).forEach(facts::add);
        }
        return facts;
    }
}
