package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.lang.reflect.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToCreateStatementException;
import org.jdbi.v3.core.statement.Update;

/** Thousands of rows in one statement, a column an array: what PostgreSQL takes in several times as fast as batches. */
record UsageArrays(Handle handle) implements UsageStatements {

    private static final List<Column<AccountId>> ACCOUNTS = List.of(Column.text("account", AccountId::value));

    /** In the order of the array. */
    private static final String LOCK = """
            INSERT INTO usage_account (account_id, appends) SELECT account, 1 FROM %s
            ON CONFLICT (account_id) DO UPDATE SET appends = usage_account.appends + 1
            RETURNING account_id, appends, told_at""".formatted(rows("locked", ACCOUNTS));

    private static final List<Column<TouchedTime>> TIMES = List.of(
            Column.text("account", time -> time.key().account().value()),
            Column.text("instance", time -> time.key().instance().value()),
            Column.number("from_second", TouchedTime::from),
            Column.number("to_second", TouchedTime::to),
            Column.text(
                    "states",
                    time -> time.states().stream().map(InstanceState::name).collect(Collectors.joining(" "))));

    private static final String TOUCHED = rows("touched", TIMES);

    /**
     * For each instance one look at what lasts and one at what began last, however long its history is: what has ended never overlaps. If what
     * began last lies before the time and matters not, nothing that has ended does; else one more look finds the first that does, of all
     * that began before the time only the last.
     */
    private static final String FACTS = """
            LEFT JOIN LATERAL (
                SELECT started_at, ended_at, state FROM usage_interval
                WHERE account_id = account AND instance_id = instance AND started_at <= to_second AND ended_at IS NOT NULL
                ORDER BY started_at DESC LIMIT 1
            ) AS last ON TRUE
            CROSS JOIN LATERAL (
                SELECT %1$s FROM usage_interval
                WHERE account_id = account AND instance_id = instance AND ended_at IS NULL
                UNION ALL
                SELECT %1$s FROM usage_interval
                WHERE (last.started_at >= from_second OR last.ended_at > from_second
                        OR last.ended_at = from_second AND last.state = ANY (string_to_array(states, ' ')))
                    AND account_id = account AND instance_id = instance AND ended_at >= from_second AND started_at <= to_second
                    AND started_at >= COALESCE(
                        (SELECT MAX(before.started_at) FROM usage_interval AS before
                         WHERE before.account_id = account AND before.instance_id = instance
                            AND before.started_at < from_second AND before.ended_at IS NOT NULL),
                        from_second)
                    AND (ended_at > from_second AND started_at < to_second OR state = ANY (string_to_array(states, ' ')))
            ) AS facts""".formatted(UsageIntervalTable.COLUMNS);

    private static final String PUSHES = """
            CROSS JOIN LATERAL (
                SELECT %1$s FROM usage_push
                WHERE account_id = account AND instance_id = instance AND pushed_at >= COALESCE(
                    (SELECT MAX(earlier.pushed_at) FROM usage_push AS earlier
                     WHERE earlier.account_id = account AND earlier.instance_id = instance
                        AND earlier.pushed_at < from_second AND NOT earlier.superseded),
                    from_second)
            ) AS facts""".formatted(KeptPush.TABLE.names());

    /** The limit says that there is one at most, and keeps PostgreSQL from reading all there are to join them. */
    private static final String SIGHTINGS = """
            CROSS JOIN LATERAL (
                SELECT %1$s FROM usage_sighting WHERE account_id = account AND instance_id = instance LIMIT 1
            ) AS facts""".formatted(SightingRows.TABLE.names());

    private static final String SELECT_TOUCHING = "SELECT facts.* FROM " + TOUCHED + "\n" + FACTS;

    /** In one trip to the server: rows of three tables, with the columns of all. */
    private static final String SELECT_KNOWN = """
            WITH touched AS MATERIALIZED (SELECT * FROM %s)
            SELECT %s FROM touched %s
            UNION ALL
            SELECT %s FROM touched %s
            UNION ALL
            SELECT %s FROM touched %s""".formatted(
                    TOUCHED,
                    columnsOfAll(UsageIntervalTable.TABLE),
                    FACTS,
                    columnsOfAll(KeptPush.TABLE),
                    PUSHES,
                    columnsOfAll(SightingRows.TABLE),
                    SIGHTINGS);

    private static final List<Column<Map.Entry<AccountId, Write>>> TELLING = List.of(
            Column.text("account_id", write -> write.getKey().value()),
            Column.number("told_at", write -> write.getValue().toldAt()));

    private static final String TELL = """
            UPDATE usage_account SET told_at = telling.told_at FROM %s
            WHERE usage_account.account_id = telling.account_id""".formatted(rows("telling", TELLING));

    private static final List<Column<ToldFact>> WITHDRAWN =
            Column.concat(UsageIntervalTable.TABLE.key(), ToldFact.WITHDRAWN);

    private static final String WITHDRAW = """
            WITH gone AS (
                DELETE FROM usage_interval USING %2$s
                WHERE (usage_interval.account_id, usage_interval.instance_id, usage_interval.started_at, usage_interval.evidence)
                    = (ended.account_id, ended.instance_id, ended.started_at, ended.evidence)
                RETURNING usage_interval.*, withdrawn_at, withdrawn_by
            )
            INSERT INTO usage_interval_withdrawn (%1$s, told_at, withdrawn_at, withdrawn_by)
            SELECT %1$s, told_at, withdrawn_at, withdrawn_by FROM gone""".formatted(UsageIntervalTable.COLUMNS, rows("ended", WITHDRAWN));

    private static final String INSERT = inserting(UsageIntervalTable.TABLE);

    private static final String PUT_PUSHES = inserting(KeptPush.TABLE) + Dialect.onConflictReplace(KeptPush.TABLE);

    private static final String PUT_SIGHTINGS =
            inserting(SightingRows.TABLE) + Dialect.onConflictReplace(SightingRows.TABLE);

    private static final int ROWS_A_STATEMENT = 2_000;

    /** So many instances are read in one trip to the server with the lock of their accounts: they and all that is known of them are few. */
    private static final int INSTANCES_A_TRIP = 20;

    /** So many rows are written in one trip to the server, whatever their tables. */
    private static final int ROWS_A_TRIP = 100;

    /**
     * A table in all but name, made of one array for each column. Row by row: after FROM, each array would become a table of its own first.
     *
     * @param name that the names of its parameters begin with too
     */
    private static String rows(String name, List<? extends Column<?>> columns) {
        return columns.stream()
                .map(column -> "unnest(CAST(:" + parameter(name, column) + " AS "
                        + column.type().sql() + "[])) AS " + column.name())
                .collect(Collectors.joining(", ", "(SELECT ", ") AS " + name));
    }

    private static String parameter(String rows, Column<?> column) {
        return rows + "_" + column.name();
    }

    private static String columnsOfAll(RowTable<?> table) {
        Map<String, Column.Type> all = new LinkedHashMap<>();
        for (RowTable<?> other : List.of(UsageIntervalTable.TABLE, KeptPush.TABLE, SightingRows.TABLE)) {
            other.columns().forEach(column -> all.put(column.name(), column.type()));
        }
        all.remove("told_at");
        Set<String> own = table.columns().stream().map(Column::name).collect(Collectors.toSet());
        return all.entrySet().stream()
                .map(column -> own.contains(column.getKey())
                        ? "facts." + column.getKey()
                        : "CAST(NULL AS " + column.getValue().sql() + ") AS " + column.getKey())
                .collect(Collectors.joining(", ", "'" + table.name() + "' AS source_table, ", ""));
    }

    private static String inserting(RowTable<?> table) {
        return "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s"
                .formatted(table.name(), table.names(), rows("new_" + table.name(), table.columns()));
    }

    @Override
    public Map<AccountId, Write> lock(SortedSet<AccountId> accounts) {
        Map<AccountId, Write> writes = new HashMap<>();
        for (List<AccountId> part : UsageIntervalTable.partsOf(List.copyOf(accounts), ROWS_A_STATEMENT)) {
            bind(handle.createQuery(LOCK), "locked", ACCOUNTS, part)
                    .reduceResultSet(writes, (all, row, context) -> UsageAccountTable.addWrite(all, row));
        }
        return writes;
    }

    @Override
    public List<UsageInterval> touching(List<TouchedTime> times) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, ROWS_A_STATEMENT)) {
            facts.addAll(bind(handle.createQuery(SELECT_TOUCHING), "touched", TIMES, part)
                    .map(new UsageIntervalMapper())
                    .list());
        }
        return facts;
    }

    @Override
    public Locked lockAndRead(SortedSet<AccountId> accounts, List<TouchedTime> times) {
        if (times.size() <= INSTANCES_A_TRIP) {
            return lockAndReadAtOnce(accounts, times);
        }
        Map<AccountId, Write> writes = lock(accounts);
        UsageRows known = new UsageRows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (List<TouchedTime> part :
                UsageIntervalTable.partsOf(UsageStatements.withoutNewcomers(times, writes), ROWS_A_STATEMENT)) {
            bind(handle.createQuery(SELECT_KNOWN), "touched", TIMES, part).reduceResultSet(known, UsageArrays::add);
        }
        return new Locked(writes, known);
    }

    /** In one trip to the server. Two statements all the same: the second sees what others have written before the first got the lock. */
    private Locked lockAndReadAtOnce(SortedSet<AccountId> accounts, List<TouchedTime> times) {
        Query query = handle.createQuery(LOCK + "; " + SELECT_KNOWN);
        bind(query, "locked", ACCOUNTS, List.copyOf(accounts));
        bind(query, "touched", TIMES, times);
        return query.execute((executed, context) -> {
            Locked locked =
                    new Locked(new HashMap<>(), new UsageRows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
            try (context) {
                PreparedStatement statement = executed.get();
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        UsageAccountTable.addWrite(locked.writes(), row);
                    }
                }
                statement.getMoreResults();
                try (ResultSet row = statement.getResultSet()) {
                    while (row.next()) {
                        add(locked.known(), row, context);
                    }
                }
            }
            return locked;
        });
    }

    private static UsageRows add(UsageRows known, ResultSet row, StatementContext context) throws SQLException {
        String table = row.getString("source_table");
        if (table.equals(UsageIntervalTable.TABLE.name())) {
            known.facts().add(new UsageIntervalMapper().map(row, context));
        } else if (table.equals(KeptPush.TABLE.name())) {
            known.pushes().add(KeptPush.map(row, context));
        } else {
            known.sightings().add(SightingRows.map(row, context));
        }
        return known;
    }

    /** A statement, and the rows that it takes as arrays. */
    private record Writing<T>(String sql, String name, List<Column<T>> columns, List<T> rows) {

        static <T> Writing<T> of(String sql, RowTable<T> table, List<T> rows) {
            return new Writing<>(sql, "new_" + table.name(), table.columns(), rows);
        }
    }

    @Override
    public void write(UsageNews news) {
        // In this order: the end of an open interval has the key of what it replaces.
        List<Writing<?>> all = Stream.<Writing<?>>of(
                        new Writing<>(
                                TELL,
                                "telling",
                                TELLING,
                                List.copyOf(news.writes().entrySet())),
                        new Writing<>(WITHDRAW, "ended", WITHDRAWN, news.withdrawn()),
                        Writing.of(INSERT, UsageIntervalTable.TABLE, news.inserted()),
                        Writing.of(PUT_PUSHES, KeptPush.TABLE, news.toldPushes()),
                        Writing.of(PUT_SIGHTINGS, SightingRows.TABLE, news.sightings()))
                .filter(writing -> !writing.rows().isEmpty())
                .toList();
        if (all.stream().mapToInt(writing -> writing.rows().size()).sum() > ROWS_A_TRIP) {
            all.forEach(this::inParts);
        } else if (!all.isEmpty()) {
            Update together = handle.createUpdate(all.stream().map(Writing::sql).collect(Collectors.joining("; ")));
            all.forEach(writing -> bind(together, writing));
            together.execute();
        }
    }

    private <T> void inParts(Writing<T> writing) {
        for (List<T> part : UsageIntervalTable.partsOf(writing.rows(), ROWS_A_STATEMENT)) {
            bind(handle.createUpdate(writing.sql()), writing.name(), writing.columns(), part)
                    .execute();
        }
    }

    private <T> void bind(Update statement, Writing<T> writing) {
        bind(statement, writing.name(), writing.columns(), writing.rows());
    }

    private <S extends SqlStatement<S>, T> S bind(S statement, String name, List<Column<T>> columns, List<T> rows) {
        for (Column<T> column : columns) {
            Object[] values = (Object[]) Array.newInstance(column.type().java(), rows.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = column.value().apply(rows.get(i));
            }
            try {
                statement.bindBySqlType(
                        parameter(name, column),
                        handle.getConnection().createArrayOf(column.type().sql(), values),
                        Types.ARRAY);
            } catch (SQLException e) {
                throw new UnableToCreateStatementException(e, statement.getContext());
            }
        }
        return statement;
    }
}
