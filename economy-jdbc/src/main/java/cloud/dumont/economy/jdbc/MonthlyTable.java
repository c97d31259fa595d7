package cloud.dumont.economy.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The tables that grow with time, and how each is cut into months on PostgreSQL; see {@link MonthlyPartitions}. */
enum MonthlyTable {
    USAGE_INTERVAL("started_at"),
    USAGE_INTERVAL_WITHDRAWN("started_at"),
    SAVINGS_HISTORY("bucket_start");

    /** Nobody is kept out but who changes the table itself. */
    private static final String KEEPING = " IN ACCESS SHARE MODE";

    private final String column;

    MonthlyTable(String column) {
        this.column = column;
    }

    /** The table's name, as it is stored. */
    String table() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By which it is cut: seconds since 1970. */
    String column() {
        return column;
    }

    /** The name of the partition that holds what is of no month that has one. */
    String rest() {
        return table() + "_default";
    }

    String partition(YearMonth month) {
        return String.format(Locale.ROOT, "%s_%04d_%02d", table(), month.getYear(), month.getMonthValue());
    }

    /** Locks all of them, in the order in which those who read or write get to them. */
    static void lockAll(Handle handle) {
        Stream.of(values()).forEach(table -> table.lock(handle));
    }

    /**
     * Waits for those who read or write, and makes all others wait until the transaction ends. A weaker lock would let in those who have
     * read and are about to write: they would wait for this transaction, which waits for what they hold.
     */
    void lock(Handle handle) {
        execute(handle, "LOCK TABLE ONLY " + table() + " IN ACCESS EXCLUSIVE MODE");
    }

    /**
     * SQL with which a transaction begins whose queries all see the same. Else rows may move to another partition once it sees, and before it
     * gets to the table: it would look for them where they are now, as they were then. Only LOCK waits first and sees afterwards.
     */
    static String lockOfReaders(List<MonthlyTable> tables) {
        return tables.stream()
                .map(MonthlyTable::table)
                .collect(Collectors.joining(", ONLY ", "; LOCK TABLE ONLY ", KEEPING));
    }

    boolean isPartitioned(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM pg_partitioned_table WHERE partrelid = to_regclass(:table)")
                        .bind("table", table())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** Which months have a partition of their own. */
    SortedSet<YearMonth> months(Handle handle) {
        Pattern name = Pattern.compile(table() + "_([0-9]{4})_(0[1-9]|1[0-2])");
        return handle.createQuery("""
                        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                        WHERE inhparent = to_regclass(:table)""").bind("table", table()).mapTo(String.class).stream()
                .flatMap(partition -> name.matcher(partition).results())
                .map(MonthlyTable::month)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static YearMonth month(MatchResult name) {
        return YearMonth.of(Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2)));
    }

    /** Of these months, those without a partition; and before them those of which there are rows without one. */
    SortedSet<YearMonth> missing(Handle handle, YearMonth first, YearMonth last) {
        NavigableSet<YearMonth> missing =
                handle
                        .createQuery("""
                        SELECT DISTINCT to_char(to_timestamp(%1$s) AT TIME ZONE 'UTC', 'YYYY-MM') FROM %2$s
                        WHERE %1$s >= 0 AND %1$s < :first""".formatted(column, rest()))
                        .bind("first", start(first))
                        .mapTo(String.class)
                        .stream()
                        .map(YearMonth::parse)
                        .collect(Collectors.toCollection(TreeSet::new));
        Stream.iterate(first, month -> !month.isAfter(last), month -> month.plusMonths(1))
                .forEach(missing::add);
        missing.removeAll(months(handle));
        return missing;
    }

    /**
     * Makes the partition of a month and moves there what is of that month. The table is locked.
     *
     * @return false if somebody else was faster
     */
    boolean make(Handle handle, YearMonth month) {
        if (months(handle).contains(month)) {
            return false;
        }
        String partition = partition(month);
        // Indexes are made when it is attached: once, of all rows.
        execute(
                handle,
                "CREATE TABLE " + partition + " (LIKE " + table() + " INCLUDING ALL EXCLUDING INDEXES)",
                """
                WITH moved AS (DELETE FROM %1$s WHERE %2$s >= %3$s AND %2$s < %4$s RETURNING *)
                INSERT INTO %5$s SELECT * FROM moved""".formatted(rest(), column, start(month), start(month.plusMonths(1)), partition),
                "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)"
                        .formatted(table(), partition, start(month), start(month.plusMonths(1))));
        own(handle, table(), partition);
        return true;
    }

    /** In whole seconds; PostgreSQL takes no parameters where it changes a schema. */
    private static long start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    }

    /** Keeps others from dropping partitions until the transaction ends. */
    void keep(Handle handle) {
        execute(handle, "LOCK TABLE ONLY " + table() + KEEPING);
    }

    /** Whether a month has a partition and that no rows. The table is locked, or kept. */
    boolean isEmpty(Handle handle, YearMonth month) {
        return months(handle).contains(month)
                && handle.createQuery("SELECT NOT EXISTS (SELECT 1 FROM " + partition(month) + ")")
                        .mapTo(Boolean.class)
                        .one();
    }

    /** The table is locked. */
    boolean dropIfEmpty(Handle handle, YearMonth month) {
        if (!isEmpty(handle, month)) {
            return false;
        }
        execute(handle, "DROP TABLE " + partition(month));
        return true;
    }

    /** A new table belongs to whom another belongs, whoever makes it. */
    static void own(Handle handle, String like, String table) {
        executeAll(
                handle,
                handle.createQuery("""
                                SELECT format('ALTER TABLE %I OWNER TO %I', CAST(:table AS TEXT), pg_get_userbyid(relowner))
                                FROM pg_class WHERE oid = to_regclass(:like)""")
                        .bind("table", table)
                        .bind("like", like)
                        .mapTo(String.class)
                        .list());
    }

    static void execute(Handle handle, String... statements) {
        executeAll(handle, List.of(statements));
    }

    /** Past Jdbi, which would take the colons of definitions that PostgreSQL writes for parameters. */
    static void executeAll(Handle handle, List<String> statements) {
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException("could not change the tables", e, null);
        }
    }
}
