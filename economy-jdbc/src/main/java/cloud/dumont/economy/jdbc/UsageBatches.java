package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Row by row, in batches: what every database understands. */
record UsageBatches(Handle handle, Dialect dialect) implements UsageStatements {

    /** Two parameters an instance: far from SQLite's limit of 32,767. */
    private static final int INSTANCES_A_QUERY = 500;

    private static final int ACCOUNTS_A_QUERY = 1000;

    private static final int ROWS_A_BATCH = 1000;

    private static final String TELL = "UPDATE usage_account SET told_at = :toldAt WHERE account_id = :account";

    private static final String TOUCHING = "(ended_at IS NULL OR ended_at >= :from AND started_at <= :to)";

    private static final String PUSHED = """
            (pushed_at >= :from OR pushed_at = (
                SELECT MAX(earlier.pushed_at) FROM usage_push AS earlier
                WHERE earlier.account_id = usage_push.account_id AND earlier.instance_id = usage_push.instance_id
                    AND earlier.pushed_at < :from AND NOT earlier.superseded))""";

    private static final String PUSHED_BEFORE = "pushed_at < :from AND NOT superseded GROUP BY account_id, instance_id";

    @Override
    public Map<AccountId, Write> lock(SortedSet<AccountId> accounts) {
        for (String sql : dialect.lockAccount()) {
            PreparedBatch batch = handle.prepareBatch(sql);
            accounts.forEach(account -> batch.bind("account", account.value()).add());
            batch.execute();
        }
        Map<AccountId, Write> writes = new HashMap<>();
        for (List<AccountId> part : UsageIntervalTable.partsOf(List.copyOf(accounts), ACCOUNTS_A_QUERY)) {
            UsageAccountTable.bindAll(handle.createQuery(selectWrites(part.size())), part)
                    .reduceResultSet(writes, (all, row, context) -> UsageAccountTable.addWrite(all, row));
        }
        return writes;
    }

    private static String selectWrites(int count) {
        return "SELECT account_id, appends, told_at FROM usage_account WHERE account_id IN ("
                + UsageAccountTable.names(count) + ")";
    }

    @Override
    public Locked lockAndRead(SortedSet<AccountId> accounts, List<TouchedTime> times) {
        Map<AccountId, Write> writes = lock(accounts);
        List<TouchedTime> known = UsageStatements.withoutNewcomers(times, writes);
        return new Locked(writes, new UsageRows(touching(known), pushes(known), sightings(keys(known))));
    }

    @Override
    public List<UsageInterval> touching(List<TouchedTime> times) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, INSTANCES_A_QUERY)) {
            // More than is asked for: what touches the time of any.
            facts.addAll(ofInstances("usage_interval", UsageIntervalTable.COLUMNS, TOUCHING, keys(part))
                    .bind("from", from(part))
                    .bind("to", part.stream().mapToLong(TouchedTime::to).max().orElseThrow())
                    .map(new UsageIntervalMapper())
                    .list());
        }
        return facts;
    }

    private List<KeptPush> pushes(List<TouchedTime> times) {
        List<KeptPush> pushes = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, INSTANCES_A_QUERY)) {
            pushes.addAll(
                    dialect == Dialect.POSTGRESQL_SHARDS
                            ? pushesOfShards(part)
                            : ofInstances(KeptPush.TABLE.name(), KeptPush.TABLE.names(), PUSHED, keys(part))
                                    .bind("from", from(part))
                                    .map(KeptPush::map)
                                    .list());
        }
        return pushes;
    }

    /**
     * The same in two queries. In one the accounts of the inner query would be known only row by row, and a coordinator would begin a
     * transaction on every shard for it.
     */
    private List<KeptPush> pushesOfShards(List<TouchedTime> times) {
        long from = from(times);
        Map<InstanceKey, Long> last = ofInstances(
                        KeptPush.TABLE.name(),
                        "account_id, instance_id, MAX(pushed_at) AS pushed_at",
                        PUSHED_BEFORE,
                        keys(times))
                .bind("from", from)
                .map((row, context) -> Map.entry(InstanceColumns.key(row), row.getLong("pushed_at")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<Long> seconds = last.values().stream().distinct().toList();
        String pushed = IntStream.range(0, seconds.size())
                .mapToObj(i -> ":second" + i)
                .collect(Collectors.joining(", ", " OR pushed_at IN (", ")"));
        Query query = ofInstances(
                        KeptPush.TABLE.name(),
                        KeptPush.TABLE.names(),
                        "(pushed_at >= :from" + (seconds.isEmpty() ? "" : pushed) + ")",
                        keys(times))
                .bind("from", from);
        for (int i = 0; i < seconds.size(); i++) {
            query.bind("second" + i, seconds.get(i));
        }
        // At the second of another instance's last push, one may have been pushed that is not its own last.
        return query.map(KeptPush::map).stream()
                .filter(kept -> {
                    long second = kept.push().at().getEpochSecond();
                    return second >= from || last.getOrDefault(kept.push().key(), from) == second;
                })
                .toList();
    }

    private List<Sighting> sightings(List<InstanceKey> keys) {
        List<Sighting> sightings = new ArrayList<>();
        for (List<InstanceKey> part : UsageIntervalTable.partsOf(keys, INSTANCES_A_QUERY)) {
            sightings.addAll(ofInstances(SightingRows.TABLE.name(), SightingRows.TABLE.names(), "1 = 1", part)
                    .map(SightingRows::map)
                    .list());
        }
        return sightings;
    }

    private static List<InstanceKey> keys(List<TouchedTime> times) {
        return times.stream().map(TouchedTime::key).toList();
    }

    private static long from(List<TouchedTime> times) {
        return times.stream().mapToLong(TouchedTime::from).min().orElseThrow();
    }

    private Query ofInstances(String table, String columns, String condition, Collection<InstanceKey> keys) {
        SortedMap<AccountId, List<InstanceKey>> ofAccounts =
                keys.stream().collect(Collectors.groupingBy(InstanceKey::account, TreeMap::new, Collectors.toList()));
        Query query = handle.createQuery(dialect.ofInstances(
                table,
                columns,
                condition,
                ofAccounts.values().stream().map(List::size).toList()));
        int accounts = 0;
        int bound = 0;
        for (List<InstanceKey> ofAccount : ofAccounts.values()) {
            query.bind("account" + accounts++, ofAccount.get(0).account().value());
            for (InstanceKey key : ofAccount) {
                query.bind("instance" + bound++, key.instance().value());
            }
        }
        return query;
    }

    @Override
    public void write(UsageNews news) {
        if (!news.writes().isEmpty()) {
            PreparedBatch batch = handle.prepareBatch(TELL);
            news.writes()
                    .forEach((account, write) -> batch.bind("account", account.value())
                            .bind("toldAt", write.toldAt())
                            .add());
            batch.execute();
        }
        // In this order: the end of an open interval has the key of what it replaces.
        withdraw(news.withdrawn());
        insert(UsageIntervalTable.TABLE, news.inserted());
        put(KeptPush.TABLE, news.toldPushes());
        put(SightingRows.TABLE, news.sightings());
    }

    private void withdraw(List<ToldFact> told) {
        String keep =
                """
                %1$s INTO usage_interval_withdrawn (%2$s, told_at, withdrawn_at, withdrawn_by)
                SELECT %2$s, told_at, :withdrawn_at, :withdrawn_by FROM usage_interval WHERE %3$s""".formatted(dialect.insertSelected(), UsageIntervalTable.COLUMNS, isRow(UsageIntervalTable.TABLE));
        execute(keep, Column.concat(UsageIntervalTable.TABLE.key(), ToldFact.WITHDRAWN), told);
        delete(UsageIntervalTable.TABLE, told);
    }

    private <T> void insert(RowTable<T> table, List<T> rows) {
        execute(
                "INSERT INTO %s (%s) VALUES (%s)".formatted(table.name(), table.names(), values(table)),
                table.columns(),
                rows);
    }

    private <T> void put(RowTable<T> table, List<T> rows) {
        dialect.put(table, values(table)).ifPresentOrElse(sql -> execute(sql, table.columns(), rows), () -> {
            delete(table, rows);
            insert(table, rows);
        });
    }

    private <T> void delete(RowTable<T> table, List<T> rows) {
        execute("DELETE FROM " + table.name() + " WHERE " + isRow(table), table.key(), rows);
    }

    private static String isRow(RowTable<?> table) {
        return table.key().stream()
                .map(column -> column.name() + " = :" + column.name())
                .collect(Collectors.joining(" AND "));
    }

    private static String values(RowTable<?> table) {
        return table.columns().stream().map(column -> ":" + column.name()).collect(Collectors.joining(", "));
    }

    private <T> void execute(String sql, List<Column<T>> columns, List<T> rows) {
        for (List<T> part : UsageIntervalTable.partsOf(rows, ROWS_A_BATCH)) {
            PreparedBatch batch = handle.prepareBatch(sql);
            for (T row : part) {
                for (Column<T> column : columns) {
                    batch.bindBySqlType(
                            column.name(),
                            column.value().apply(row),
                            column.type().jdbc());
                }
                batch.add();
            }
            batch.execute();
        }
    }
}
