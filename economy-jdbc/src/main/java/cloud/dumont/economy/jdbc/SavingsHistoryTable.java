package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.UsageSums;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** The rows of one generation in {@code savings_history}, seen through one connection. */
final class SavingsHistoryTable {

    private static final List<String> SUMS = List.of(
            "seconds",
            "inferred_seconds",
            "idle_seconds",
            "before_first_price_seconds",
            "effective_quanta_high",
            "effective_quanta_low",
            "equivalent_quanta_high",
            "equivalent_quanta_low",
            "idle_quanta_high",
            "idle_quanta_low");

    private static final String COLUMNS = String.join(", ", SUMS);

    /** Shards sum up by themselves only what is grouped by account. */
    private static final String ADDED_UP =
            SUMS.stream().map(column -> "SUM(" + column + ") AS " + column).collect(Collectors.joining(", "));

    private static final String OURS =
            " FROM savings_history WHERE " + RollupKey.CONDITION + " AND generation = :generation";

    private static final String BETWEEN =
            " AND granularity = :granularity AND bucket_start >= :from AND bucket_start < :to";

    private static final String BUCKET =
            " AND granularity = :granularity AND bucket_start = :start AND gpu_model = :gpu AND tier = :tier";

    private static final String INSERT =
            """
            INSERT INTO savings_history (account_id, provider, baseline, generation, granularity, bucket_start, gpu_model, tier,
                %s, catalog_version, policy)
            VALUES (:account, :provider, :baseline, :generation, :granularity, :start, :gpu, :tier, %s, :catalog, :policy)""".formatted(COLUMNS, SUMS.stream().map(column -> ":" + column).collect(Collectors.joining(", ")));

    /** Hours and days of a generation that stay when what they were made of is gone. */
    private static final String COPY = """
            INSERT INTO savings_history (account_id, provider, baseline, generation, granularity, bucket_start, gpu_model, tier,
                %1$s, catalog_version, policy)
            SELECT account_id, provider, baseline, :next, granularity, bucket_start, gpu_model, tier,
                %1$s, catalog_version, policy %2$s AND bucket_start < :until
                AND granularity <> 'LIFETIME'""".formatted(COLUMNS, OURS);

    /** What a query goes back to the database for at a time, where all do not fit the memory. */
    private static final int ROWS_A_FETCH = 1000;

    private static final int ROWS_A_BATCH = 1000;

    private static final int BUCKETS_A_QUERY = 500;

    private final Handle handle;
    private final RollupKey key;
    private final RollupState state;

    SavingsHistoryTable(Handle handle, RollupKey key, RollupState state) {
        this.handle = handle;
        this.key = key;
        this.state = state;
    }

    private Query query(String sql) {
        return key.bindTo(handle.createQuery(sql)).bind("generation", state.generation());
    }

    /** Rows in the order of buckets, one by one. Only as many as the driver fetches at once are in memory. */
    void forEach(RollupSpan span, long from, long to, BiConsumer<RollupBucket, UsageSums> consumer) {
        query("SELECT granularity, bucket_start, gpu_model, tier, " + COLUMNS + OURS + BETWEEN
                        + " ORDER BY bucket_start, gpu_model, tier")
                .bind("granularity", span.name())
                .bind("from", from)
                .bind("to", to)
                .setFetchSize(ROWS_A_FETCH)
                .map((row, context) -> Map.entry(bucket(row), sums(row)))
                .forEach(row -> consumer.accept(row.getKey(), row.getValue()));
    }

    private static RollupBucket bucket(ResultSet row) throws SQLException {
        return new RollupBucket(
                RollupSpan.valueOf(row.getString("granularity")),
                row.getLong("bucket_start"),
                row.getString("gpu_model"),
                Tier.valueOf(row.getString("tier")));
    }

    private static UsageSums sums(ResultSet row) throws SQLException {
        return new UsageSums(
                row.getLong("seconds"),
                row.getLong("inferred_seconds"),
                row.getLong("idle_seconds"),
                row.getLong("before_first_price_seconds"),
                amount(row, "effective_quanta"),
                amount(row, "equivalent_quanta"),
                amount(row, "idle_quanta"));
    }

    private static Amount amount(ResultSet row, String column) throws SQLException {
        // Sums are wider than what they are made of; one that is too wide for a long is refused, by every driver.
        return new Quanta(row.getLong(column + "_high"), row.getLong(column + "_low")).amount();
    }

    /**
     * By GPU and tier, of all hours that begin before some second.
     *
     * @param until a full hour, not behind that up to which hours are closed
     */
    SortedMap<RollupBucket, UsageSums> totals(long until) {
        if (until != state.closedUntil()) {
            return totalsOfDays(until);
        }
        SortedMap<RollupBucket, UsageSums> totals = new TreeMap<>();
        forEach(
                RollupSpan.LIFETIME,
                RollupBucket.EVER,
                RollupBucket.EVER + 1,
                (row, sums) -> totals.put(RollupBucket.ofHour(0, row.gpu(), row.tier()), sums));
        return totals;
    }

    /** Of whole days, and of the hours of the last one. */
    SortedMap<RollupBucket, UsageSums> totalsOfDays(long until) {
        long day = RollupBucket.floor(until, RollupBucket.DAY);
        SortedMap<RollupBucket, UsageSums> totals = new TreeMap<>();
        for (Query part : List.of(totals(RollupSpan.DAY, Long.MIN_VALUE, day), totals(RollupSpan.HOUR, day, until))) {
            part.map((row, context) -> Map.entry(
                            RollupBucket.ofHour(0, row.getString("gpu_model"), Tier.valueOf(row.getString("tier"))),
                            sums(row)))
                    .forEach(row -> totals.merge(row.getKey(), row.getValue(), UsageSums::plus));
        }
        return totals;
    }

    private Query totals(RollupSpan span, long from, long to) {
        return query("SELECT gpu_model, tier, " + ADDED_UP + OURS + BETWEEN + " GROUP BY account_id, gpu_model, tier")
                .bind("granularity", span.name())
                .bind("from", from)
                .bind("to", to);
    }

    /** By hour and tier. */
    void forEachHour(long from, long to, BiConsumer<RollupBucket, UsageSums> consumer) {
        forEachStart(RollupSpan.HOUR, from, to, consumer);
    }

    /**
     * By day and tier, and by hour and tier what is of no whole day.
     *
     * @param from a day's first second
     */
    void forEachDay(long from, long to, BiConsumer<RollupBucket, UsageSums> consumer) {
        long day = Math.max(from, RollupBucket.floor(to, RollupBucket.DAY));
        forEachStart(RollupSpan.DAY, from, day, consumer);
        forEachStart(RollupSpan.HOUR, day, to, consumer);
    }

    private void forEachStart(RollupSpan span, long from, long to, BiConsumer<RollupBucket, UsageSums> consumer) {
        query("SELECT bucket_start, tier, " + ADDED_UP + OURS + BETWEEN + " GROUP BY account_id, bucket_start, tier")
                .bind("granularity", span.name())
                .bind("from", from)
                .bind("to", to)
                .setFetchSize(ROWS_A_FETCH)
                .map((row, context) -> Map.entry(
                        RollupBucket.ofHour(row.getLong("bucket_start"), "", Tier.valueOf(row.getString("tier"))),
                        sums(row)))
                .forEach(row -> consumer.accept(row.getKey(), row.getValue()));
    }

    /**
     * Adds to what is there, by hour, by day and in all. Whoever does this has {@linkplain RollupTable#update locked} the rollups.
     */
    void add(Map<RollupBucket, UsageSums> hours) {
        SortedMap<RollupBucket, UsageSums> added = new TreeMap<>(hours);
        hours.forEach((hour, sums) -> added.merge(hour.day(), sums, UsageSums::plus));
        hours.forEach((hour, sums) -> added.merge(hour.lifetime(), sums, UsageSums::plus));
        change(added);
    }

    private void change(SortedMap<RollupBucket, UsageSums> added) {
        added.values().removeIf(UsageSums.ZERO::equals);
        SortedMap<RollupBucket, UsageSums> before = stored(added);
        SortedMap<RollupBucket, UsageSums> after = new TreeMap<>(added);
        after.replaceAll((bucket, sums) -> sums.plus(before.getOrDefault(bucket, UsageSums.ZERO)));
        after.values().removeIf(UsageSums.ZERO::equals);
        delete(List.copyOf(before.keySet()));
        insert(List.copyOf(after.entrySet()));
    }

    /** What is stored under some of these. */
    private SortedMap<RollupBucket, UsageSums> stored(SortedMap<RollupBucket, UsageSums> wanted) {
        SortedMap<RollupBucket, UsageSums> stored = new TreeMap<>();
        for (RollupSpan span : RollupSpan.values()) {
            List<Long> starts = wanted.keySet().stream()
                    .filter(bucket -> bucket.span() == span)
                    .map(RollupBucket::start)
                    .distinct()
                    .toList();
            for (List<Long> part : UsageIntervalTable.partsOf(starts, BUCKETS_A_QUERY)) {
                String names = IntStream.range(0, part.size())
                        .mapToObj(i -> ":start" + i)
                        .collect(Collectors.joining(", "));
                Query query = query("SELECT granularity, bucket_start, gpu_model, tier, " + COLUMNS + OURS
                                + " AND granularity = :granularity AND bucket_start IN (" + names + ")")
                        .bind("granularity", span.name());
                for (int i = 0; i < part.size(); i++) {
                    query.bind("start" + i, part.get(i));
                }
                query.map((row, context) -> Map.entry(bucket(row), sums(row)))
                        .forEach(row -> stored.put(row.getKey(), row.getValue()));
            }
        }
        stored.keySet().retainAll(wanted.keySet());
        return stored;
    }

    private void delete(List<RollupBucket> buckets) {
        for (List<RollupBucket> part : UsageIntervalTable.partsOf(buckets, ROWS_A_BATCH)) {
            PreparedBatch batch = handle.prepareBatch("DELETE" + OURS + BUCKET);
            part.forEach(bucket -> bind(batch, bucket).add());
            batch.execute();
        }
    }

    private void insert(List<Map.Entry<RollupBucket, UsageSums>> rows) {
        for (List<Map.Entry<RollupBucket, UsageSums>> part : UsageIntervalTable.partsOf(rows, ROWS_A_BATCH)) {
            PreparedBatch batch = handle.prepareBatch(INSERT);
            part.forEach(row -> bind(bind(batch, row.getKey()), row.getValue())
                    .bind("catalog", state.catalogVersion())
                    .bind("policy", state.policy())
                    .add());
            batch.execute();
        }
    }

    private PreparedBatch bind(PreparedBatch batch, RollupBucket bucket) {
        return key.bindTo(batch)
                .bind("generation", state.generation())
                .bind("granularity", bucket.span().name())
                .bind("start", bucket.start())
                .bind("gpu", bucket.gpu())
                .bind("tier", bucket.tier().name());
    }

    private static PreparedBatch bind(PreparedBatch batch, UsageSums sums) {
        Quanta effective = Quanta.of(sums.effectiveCost());
        Quanta equivalent = Quanta.of(sums.equivalentCost());
        Quanta idle = Quanta.of(sums.idleCost());
        return batch.bind("seconds", sums.seconds())
                .bind("inferred_seconds", sums.inferredSeconds())
                .bind("idle_seconds", sums.idleSeconds())
                .bind("before_first_price_seconds", sums.beforeFirstPriceSeconds())
                .bind("effective_quanta_high", effective.high())
                .bind("effective_quanta_low", effective.low())
                .bind("equivalent_quanta_high", equivalent.high())
                .bind("equivalent_quanta_low", equivalent.low())
                .bind("idle_quanta_high", idle.high())
                .bind("idle_quanta_low", idle.low());
    }

    /** Takes over the rows before some second into another generation, which has none yet. */
    void copyTo(RollupState other, long until) {
        key.bindTo(handle.createUpdate(COPY))
                .bind("generation", state.generation())
                .bind("next", other.generation())
                .bind("until", until)
                .execute();
        SortedMap<RollupBucket, UsageSums> copied = new TreeMap<>();
        totalsOfDays(until).forEach((hour, sums) -> copied.put(hour.lifetime(), sums));
        new SavingsHistoryTable(handle, key, other).change(copied);
    }

    /** Forgets all generations but this one. */
    void deleteOthers() {
        key.bindTo(handle.createUpdate(
                        "DELETE FROM savings_history WHERE " + RollupKey.CONDITION + " AND generation <> :generation"))
                .bind("generation", state.generation())
                .execute();
    }
}
