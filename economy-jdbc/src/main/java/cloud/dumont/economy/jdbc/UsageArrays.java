package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.UnableToCreateStatementException;
import org.jspecify.annotations.Nullable;

/** Thousands of rows in one statement, a column an array: what PostgreSQL takes in several times as fast as batches. */
record UsageArrays(Handle handle) implements UsageStatements {

    private static final String TEXT = "varchar";
    private static final String NUMBER = "bigint";

    /** A column of a fact. */
    private record Column<T>(String name, String type, Function<T, @Nullable Object> value) {}

    private record Told(UsageInterval fact, Write write) {}

    private static final List<Column<Told>> KEY = List.of(
            new Column<>(
                    "account_id", TEXT, told -> told.fact.instance().account().value()),
            new Column<>("instance_id", TEXT, told -> told.fact.instance().id().value()),
            new Column<>("started_at", NUMBER, told -> told.fact.start().getEpochSecond()),
            new Column<>("evidence", TEXT, told -> told.fact.evidence().name()));

    private static final List<Column<Told>> WITHDRAWN = List.of(
            new Column<>("withdrawn_at", NUMBER, told -> told.write.toldAt()),
            new Column<>("withdrawn_by", NUMBER, told -> told.write.number()));

    private static final List<Column<Told>> REST = List.of(
            new Column<>(
                    "ended_at",
                    NUMBER,
                    told -> told.fact.end().map(Instant::getEpochSecond).orElse(null)),
            new Column<>("state", TEXT, told -> told.fact.state().name()),
            of("gpu_name", TEXT, instance -> instance.gpuName().orElse(null)),
            of("gpu_count_numerator", NUMBER, instance -> instance.gpuCount().numerator()),
            of("gpu_count_denominator", NUMBER, instance -> instance.gpuCount().denominator()),
            of(
                    "vcpus",
                    TEXT,
                    instance -> instance.vcpus().map(BigDecimal::toPlainString).orElse(null)),
            of(
                    "memory_gib",
                    TEXT,
                    instance ->
                            instance.memoryGib().map(BigDecimal::toPlainString).orElse(null)),
            of("region", TEXT, instance -> instance.region().map(Region::id).orElse(null)),
            of(
                    "nano_usd_per_hour",
                    NUMBER,
                    instance -> instance.rate().map(HourlyRate::nanoUsdPerHour).orElse(null)),
            of(
                    "storage_nano_usd_per_hour",
                    NUMBER,
                    instance -> instance.storageRate()
                            .map(HourlyRate::nanoUsdPerHour)
                            .orElse(null)),
            new Column<>("told_at", NUMBER, told -> told.write.toldAt()));

    private static Column<Told> of(String name, String type, Function<Instance, @Nullable Object> value) {
        return new Column<>(name, type, told -> value.apply(told.fact.instance()));
    }

    private static final List<Column<TouchedTime>> TIMES = List.of(
            new Column<>("account", TEXT, time -> time.key().account().value()),
            new Column<>("instance", TEXT, time -> time.key().instance().value()),
            new Column<>("from_second", NUMBER, TouchedTime::from),
            new Column<>("to_second", NUMBER, TouchedTime::to),
            new Column<>(
                    "states",
                    TEXT,
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

    private static final String WITHDRAW =
            """
            WITH gone AS (
                DELETE FROM usage_interval USING %2$s
                WHERE (usage_interval.account_id, usage_interval.instance_id, usage_interval.started_at, usage_interval.evidence)
                    = (told.account_id, told.instance_id, told.started_at, told.evidence)
                RETURNING usage_interval.*, withdrawn_at, withdrawn_by
            )
            INSERT INTO usage_interval_withdrawn (%1$s, told_at, withdrawn_at, withdrawn_by)
            SELECT %1$s, told_at, withdrawn_at, withdrawn_by FROM gone""".formatted(UsageIntervalTable.COLUMNS, rows("told", concat(KEY, WITHDRAWN)));

    private static final String INSERT = "INSERT INTO usage_interval (%1$s) SELECT %1$s FROM %2$s"
            .formatted(names(concat(KEY, REST)), rows("told", concat(KEY, REST)));

    private static final int ROWS_A_STATEMENT = 2_000;

    private static List<Column<Told>> concat(List<Column<Told>> columns, List<Column<Told>> more) {
        List<Column<Told>> all = new ArrayList<>(columns);
        all.addAll(more);
        return List.copyOf(all);
    }

    private static String names(List<? extends Column<?>> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** A table in all but name, made of one array for each column. Row by row: after FROM, each array would become a table of its own first. */
    private static String rows(String name, List<? extends Column<?>> columns) {
        return columns.stream()
                .map(column -> "unnest(CAST(:" + column.name() + " AS " + column.type() + "[])) AS " + column.name())
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
    public void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        execute(WITHDRAW, concat(KEY, WITHDRAWN), facts, writes);
    }

    @Override
    public void insert(List<UsageInterval> facts, Map<AccountId, Write> writes) {
        execute(INSERT, concat(KEY, REST), facts, writes);
    }

    private void execute(
            String sql, List<Column<Told>> columns, List<UsageInterval> facts, Map<AccountId, Write> writes) {
        for (List<UsageInterval> part : UsageIntervalTable.partsOf(facts, ROWS_A_STATEMENT)) {
            List<Told> told = part.stream()
                    .map(fact -> new Told(
                            fact,
                            Objects.requireNonNull(writes.get(fact.instance().account()))))
                    .toList();
            bind(handle.createUpdate(sql), columns, told).execute();
        }
    }

    private <S extends SqlStatement<S>, T> S bind(S statement, List<Column<T>> columns, List<T> rows) {
        for (Column<T> column : columns) {
            Object[] values = column.type().equals(TEXT) ? new String[rows.size()] : new Long[rows.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = column.value().apply(rows.get(i));
            }
            try {
                statement.bindBySqlType(
                        column.name(), handle.getConnection().createArrayOf(column.type(), values), Types.ARRAY);
            } catch (SQLException e) {
                throw new UnableToCreateStatementException(e, statement.getContext());
            }
        }
        return statement;
    }
}
