package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * The tables {@code usage_interval}, which holds what is known now, and {@code usage_interval_withdrawn}, which holds what was known
 * before, seen through one connection.
 */
final class UsageIntervalTable {

    static final String COLUMNS = """
            account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, \
            vcpus, memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence""";

    private static final String SELECT_ACCOUNT =
            "SELECT " + COLUMNS + " FROM usage_interval WHERE account_id = :account";

    /** One statement, so that a fact that moves meanwhile is seen in one of the tables. */
    private static final String SELECT_ACCOUNT_AS_TOLD = """
            SELECT %1$s FROM usage_interval WHERE account_id = :account AND told_at <= :asTold
            UNION ALL
            SELECT %1$s FROM usage_interval_withdrawn
            WHERE account_id = :account AND told_at <= :asTold AND withdrawn_at > :asTold""".formatted(COLUMNS);

    private static final String KEY =
            "account_id = :account AND instance_id = :instance AND started_at = :start AND evidence = :evidence";

    private static final String KEEP_WITHDRAWN = """
            INTO usage_interval_withdrawn (%1$s, told_at, withdrawn_at, withdrawn_by)
            SELECT %1$s, told_at, :withdrawnAt, :withdrawnBy FROM usage_interval WHERE %2$s""".formatted(COLUMNS, KEY);

    private static final String DELETE = "DELETE FROM usage_interval WHERE " + KEY;

    private static final String INSERT = """
            INSERT INTO usage_interval (%s, told_at)
            VALUES (:account, :instance, :start, :end, :state, :gpu, :gpuNumerator, :gpuDenominator,
                :vcpus, :memory, :region, :rate, :storageRate, :evidence, :toldAt)""".formatted(COLUMNS);

    /** Two parameters an instance: far from PostgreSQL's and SQLite's limits of 32,767. */
    private static final int INSTANCES_A_QUERY = 500;

    private static final int ROWS_A_BATCH = 1000;

    private final Handle handle;
    private final Dialect dialect;

    UsageIntervalTable(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    /** All of an account, in order of instances. Ordered here: databases have their own ideas of how text is ordered. */
    SortedMap<InstanceKey, InstanceTimeline> read(AccountId account) {
        return timelines(handle.createQuery(SELECT_ACCOUNT)
                .bind("account", account.value())
                .map(new UsageIntervalMapper())
                .list());
    }

    /**
     * All that was known of an account, in order of instances.
     *
     * @param asTold when, in microseconds since 1970
     */
    SortedMap<InstanceKey, InstanceTimeline> read(AccountId account, long asTold) {
        return timelines(handle.createQuery(SELECT_ACCOUNT_AS_TOLD)
                .bind("account", account.value())
                .bind("asTold", asTold)
                .map(new UsageIntervalMapper())
                .list());
    }

    /** Some instances; those of which nothing is known are missing. */
    SortedMap<InstanceKey, InstanceTimeline> read(Collection<InstanceKey> instances) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<InstanceKey> part : partsOf(List.copyOf(instances), INSTANCES_A_QUERY)) {
            facts.addAll(read(part));
        }
        return timelines(facts);
    }

    private List<UsageInterval> read(List<InstanceKey> instances) {
        SortedMap<AccountId, List<InstanceKey>> ofAccounts = instances.stream()
                .collect(Collectors.groupingBy(InstanceKey::account, TreeMap::new, Collectors.toList()));
        Query query = handle.createQuery(dialect.usageOfInstances(
                COLUMNS, ofAccounts.values().stream().map(List::size).toList()));
        int accounts = 0;
        int bound = 0;
        for (List<InstanceKey> ofAccount : ofAccounts.values()) {
            query.bind("account" + accounts++, ofAccount.get(0).account().value());
            for (InstanceKey key : ofAccount) {
                query.bind("instance" + bound++, key.instance().value());
            }
        }
        return query.map(new UsageIntervalMapper()).list();
    }

    private static SortedMap<InstanceKey, InstanceTimeline> timelines(List<UsageInterval> facts) {
        SortedMap<InstanceKey, InstanceTimeline> timelines = new TreeMap<>();
        facts.stream()
                .collect(Collectors.groupingBy(InstanceKey::of))
                .forEach((key, stored) -> timelines.put(key, timeline(key, stored)));
        return timelines;
    }

    private static InstanceTimeline timeline(InstanceKey key, List<UsageInterval> stored) {
        try {
            return InstanceTimeline.EMPTY.plusAll(stored);
        } catch (UsageConflictException e) {
            throw new HistoryStoreException(
                    "usage_interval holds facts of " + key.account() + "/" + key.instance()
                            + " that contradict each other; the store never writes such",
                    e);
        }
    }

    /** Moves facts to where they can be asked for, but do no longer hold. */
    void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        for (List<UsageInterval> part : partsOf(facts, ROWS_A_BATCH)) {
            PreparedBatch kept = handle.prepareBatch(dialect.insertSelected() + " " + KEEP_WITHDRAWN);
            PreparedBatch deleted = handle.prepareBatch(DELETE);
            for (UsageInterval fact : part) {
                Write write = written(writes, fact);
                bindKey(kept, fact)
                        .bind("withdrawnAt", write.toldAt())
                        .bind("withdrawnBy", write.number())
                        .add();
                bindKey(deleted, fact).add();
            }
            kept.execute();
            deleted.execute();
        }
    }

    void insert(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        for (List<UsageInterval> part : partsOf(facts, ROWS_A_BATCH)) {
            PreparedBatch batch = handle.prepareBatch(INSERT);
            part.forEach(fact -> bindAll(batch, fact)
                    .bind("toldAt", written(writes, fact).toldAt())
                    .add());
            batch.execute();
        }
    }

    private static Write written(Map<AccountId, Write> writes, UsageInterval fact) {
        return Objects.requireNonNull(writes.get(fact.instance().account()));
    }

    private static PreparedBatch bindKey(PreparedBatch batch, UsageInterval fact) {
        return batch.bind("account", fact.instance().account().value())
                .bind("instance", fact.instance().id().value())
                .bind("start", fact.start().getEpochSecond())
                .bind("evidence", fact.evidence().name());
    }

    private static PreparedBatch bindAll(PreparedBatch batch, UsageInterval fact) {
        Instance instance = fact.instance();
        return bindKey(batch, fact)
                .bind("end", fact.end().map(Instant::getEpochSecond).orElse(null))
                .bind("state", fact.state().name())
                .bind("gpu", instance.gpuName().orElse(null))
                .bind("gpuNumerator", instance.gpuCount().numerator())
                .bind("gpuDenominator", instance.gpuCount().denominator())
                .bind("vcpus", instance.vcpus().map(BigDecimal::toPlainString).orElse(null))
                .bind(
                        "memory",
                        instance.memoryGib().map(BigDecimal::toPlainString).orElse(null))
                .bind("region", instance.region().map(Region::id).orElse(null))
                .bind("rate", instance.rate().map(HourlyRate::nanoUsdPerHour).orElse(null))
                .bind(
                        "storageRate",
                        instance.storageRate().map(HourlyRate::nanoUsdPerHour).orElse(null));
    }

    static <T> List<List<T>> partsOf(List<T> all, int size) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + size)
                .mapToObj(from -> all.subList(from, Math.min(from + size, all.size())))
                .toList();
    }
}
