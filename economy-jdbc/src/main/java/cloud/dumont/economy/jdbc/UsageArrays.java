package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.UsageInterval;
import java.lang.reflect.Array;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToCreateStatementException;

/** Thousands of rows in one statement, a column an array: what PostgreSQL takes in several times as fast as batches. */
record UsageArrays(Handle handle) implements UsageStatements {

    private static final List<Column<InstanceKey>> INSTANCES = List.of(
            Column.text("account", key -> key.account().value()),
            Column.text("instance", key -> key.instance().value()));

    private static final List<Column<TouchedTime>> TIMES = List.of(
            INSTANCES.get(0).of(TouchedTime::key),
            INSTANCES.get(1).of(TouchedTime::key),
            Column.number("from_second", TouchedTime::from),
            Column.number("to_second", TouchedTime::to),
            Column.text(
                    "states",
                    time -> time.states().stream().map(InstanceState::name).collect(Collectors.joining(" "))));

    /**
     * For each instance one look at what lasts and one at what began last, however long its history is: what has ended never overlaps. If what
     * began last lies before the time and matters not, nothing that has ended does; else one more look finds the first that does, of all
     * that began before the time only the last.
     */
    private static final String SELECT_TOUCHING = """
            SELECT facts.* FROM %2$s
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
            ) AS facts""".formatted(UsageIntervalTable.COLUMNS, rows("touched", TIMES));

    private static final String SELECT_PUSHES =
            """
            SELECT facts.* FROM %2$s
            CROSS JOIN LATERAL (
                SELECT %1$s FROM usage_push
                WHERE account_id = account AND instance_id = instance AND pushed_at >= COALESCE(
                    (SELECT MAX(earlier.pushed_at) FROM usage_push AS earlier
                     WHERE earlier.account_id = account AND earlier.instance_id = instance
                        AND earlier.pushed_at < from_second AND NOT earlier.superseded),
                    from_second)
            ) AS facts""".formatted(KeptPush.TABLE.names(), rows("touched", TIMES.subList(0, 3)));

    private static final String SELECT_SIGHTINGS =
            "SELECT %1$s FROM %2$s JOIN usage_sighting ON account_id = account AND instance_id = instance"
                    .formatted(SightingRows.TABLE.names(), rows("touched", INSTANCES));

    private static final List<Column<ToldFact>> WITHDRAWN =
            Column.concat(UsageIntervalTable.TABLE.key(), ToldFact.WITHDRAWN);

    private static final String WITHDRAW = """
            WITH gone AS (
                DELETE FROM usage_interval USING %2$s
                WHERE (usage_interval.account_id, usage_interval.instance_id, usage_interval.started_at, usage_interval.evidence)
                    = (told.account_id, told.instance_id, told.started_at, told.evidence)
                RETURNING usage_interval.*, withdrawn_at, withdrawn_by
            )
            INSERT INTO usage_interval_withdrawn (%1$s, told_at, withdrawn_at, withdrawn_by)
            SELECT %1$s, told_at, withdrawn_at, withdrawn_by FROM gone""".formatted(UsageIntervalTable.COLUMNS, rows("told", WITHDRAWN));

    private static final int ROWS_A_STATEMENT = 2_000;

    /** A table in all but name, made of one array for each column. Row by row: after FROM, each array would become a table of its own first. */
    private static String rows(String name, List<? extends Column<?>> columns) {
        return columns.stream()
                .map(column ->
                        "unnest(CAST(:" + column.name() + " AS " + column.type().sql() + "[])) AS " + column.name())
                .collect(Collectors.joining(", ", "(SELECT ", ") AS " + name));
    }

    @Override
    public List<UsageInterval> touching(List<TouchedTime> times) {
        List<UsageInterval> facts = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, ROWS_A_STATEMENT)) {
            facts.addAll(bind(handle.createQuery(SELECT_TOUCHING), TIMES, part)
                    .map(new UsageIntervalMapper())
                    .list());
        }
        return facts;
    }

    @Override
    public List<KeptPush> pushes(List<TouchedTime> times) {
        List<KeptPush> pushes = new ArrayList<>();
        for (List<TouchedTime> part : UsageIntervalTable.partsOf(times, ROWS_A_STATEMENT)) {
            pushes.addAll(bind(handle.createQuery(SELECT_PUSHES), TIMES.subList(0, 3), part)
                    .map(KeptPush::map)
                    .list());
        }
        return pushes;
    }

    @Override
    public List<Sighting> sightings(List<InstanceKey> keys) {
        List<Sighting> sightings = new ArrayList<>();
        for (List<InstanceKey> part : UsageIntervalTable.partsOf(keys, ROWS_A_STATEMENT)) {
            sightings.addAll(bind(handle.createQuery(SELECT_SIGHTINGS), INSTANCES, part)
                    .map(SightingRows::map)
                    .list());
        }
        return sightings;
    }

    @Override
    public void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        execute(WITHDRAW, WITHDRAWN, ToldFact.of(facts, writes));
    }

    @Override
    public <T> void insert(RowTable<T> table, List<T> rows) {
        execute(inserting(table), table.columns(), rows);
    }

    private static String inserting(RowTable<?> table) {
        return "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s"
                .formatted(table.name(), table.names(), rows("told", table.columns()));
    }

    @Override
    public <T> void put(RowTable<T> table, List<T> rows) {
        execute(inserting(table) + Dialect.onConflictReplace(table), table.columns(), rows);
    }

    private <T> void execute(String sql, List<Column<T>> columns, List<T> rows) {
        for (List<T> part : UsageIntervalTable.partsOf(rows, ROWS_A_STATEMENT)) {
            bind(handle.createUpdate(sql), columns, part).execute();
        }
    }

    private <S extends SqlStatement<S>, T> S bind(S statement, List<Column<T>> columns, List<T> rows) {
        for (Column<T> column : columns) {
            Object[] values = (Object[]) Array.newInstance(column.type().java(), rows.size());
            for (int i = 0; i < values.length; i++) {
                values[i] = column.value().apply(rows.get(i));
            }
            try {
                statement.bindBySqlType(
                        column.name(),
                        handle.getConnection().createArrayOf(column.type().sql(), values),
                        Types.ARRAY);
            } catch (SQLException e) {
                throw new UnableToCreateStatementException(e, statement.getContext());
            }
        }
        return statement;
    }
}
