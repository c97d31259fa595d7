package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Row by row, in batches: what every database understands. */
record UsageBatches(Handle handle, Dialect dialect) implements UsageStatements {

    private static final String KEY =
            "account_id = :account AND instance_id = :instance AND started_at = :start AND evidence = :evidence";

    private static final String KEEP_WITHDRAWN = """
            INTO usage_interval_withdrawn (%1$s, told_at, withdrawn_at, withdrawn_by)
            SELECT %1$s, told_at, :withdrawnAt, :withdrawnBy FROM usage_interval WHERE %2$s""".formatted(UsageIntervalTable.COLUMNS, KEY);

    private static final String DELETE = "DELETE FROM usage_interval WHERE " + KEY;

    private static final String INSERT = """
            INSERT INTO usage_interval (%s, told_at)
            VALUES (:account, :instance, :start, :end, :state, :gpu, :gpuNumerator, :gpuDenominator,
                :vcpus, :memory, :region, :rate, :storageRate, :evidence, :toldAt)""".formatted(UsageIntervalTable.COLUMNS);

    /** Two parameters an instance: far from SQLite's limit of 32,767. */
    private static final int INSTANCES_A_QUERY = 500;

    private static final int ROWS_A_BATCH = 1000;

    @Override
    public List<UsageInterval> touching(List<TouchedTime> times) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, INSTANCES_A_QUERY)) {
            facts.addAll(touchingAny(part));
        }
        return facts;
    }

    /** More than is asked for: what touches the time of any. */
    private List<UsageInterval> touchingAny(List<TouchedTime> times) {
        SortedMap<AccountId, List<InstanceKey>> ofAccounts = times.stream()
                .map(TouchedTime::key)
                .collect(Collectors.groupingBy(InstanceKey::account, TreeMap::new, Collectors.toList()));
        Query query = handle.createQuery(dialect.usageOfInstances(
                        UsageIntervalTable.COLUMNS,
                        ofAccounts.values().stream().map(List::size).toList()))
                .bind("from", times.stream().mapToLong(TouchedTime::from).min().orElseThrow())
                .bind("to", times.stream().mapToLong(TouchedTime::to).max().orElseThrow());
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

    @Override
    public void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        for (List<UsageInterval> part : UsageIntervalTable.partsOf(facts, ROWS_A_BATCH)) {
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

    @Override
    public void insert(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        for (List<UsageInterval> part : UsageIntervalTable.partsOf(facts, ROWS_A_BATCH)) {
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
}
