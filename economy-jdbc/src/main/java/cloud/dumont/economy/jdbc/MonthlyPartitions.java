package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the tables that grow with time into months, where the database is PostgreSQL: {@code usage_interval} and
 * {@code usage_interval_withdrawn} by when usage began, {@code savings_history} by its hours and days; all in UTC. It is an option, for
 * histories of many millions of rows: a month whose usage was dropped ({@link JdbcRollups#drop}) goes as a whole, and vacuum and backups
 * have to do with small tables. Answers are the same with and without.
 *
 * <p>Each table gets a partition for all that belongs to no month that has one, so nothing is ever refused. A host converts once and then,
 * daily or so, makes months ahead and drops those that are empty:
 *
 * <pre>{@code
 * MonthlyPartitions partitions = MonthlyPartitions.create(ownersDataSource);
 * partitions.convert();
 * YearMonth now = YearMonth.now(ZoneOffset.UTC);
 * partitions.make(now, now.plusMonths(2));
 * partitions.dropEmpty(now.minusMonths(12));
 * }</pre>
 *
 * <p>All of it can be called by any number of hosts at once, again and again, and ended at any moment: each step is one transaction, and
 * what is done already is not done again. While a step runs, those who read or write the table wait; it waits for those who do already.
 *
 * <p>Every method throws {@link SchemaException} if the database is not PostgreSQL, and {@link HistoryStoreException} if the database
 * refuses, with its reason; the step is then as if it had never begun. This class is thread-safe.
 */
public final class MonthlyPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(MonthlyPartitions.class);

    private static final YearMonth EARLIEST = YearMonth.of(1970, 1);
    private static final YearMonth LATEST = YearMonth.of(9998, 12);

    /** Fifty years: every query of an account looks into each month. */
    private static final int MOST_MONTHS = 600;

    private final Transactions transactions;

    private MonthlyPartitions(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * The partitions of one database. Opens no connection yet.
     *
     * @param dataSource where to connect, as the owner of the tables
     * @return the partitions
     */
    public static MonthlyPartitions create(DataSource dataSource) {
        return new MonthlyPartitions(new Transactions(Jdbi.create(dataSource), Backoff.BY_CHANCE));
    }

    /**
     * Turns the tables into partitioned ones, with or without rows in them; does nothing to those that are. One short transaction, however
     * many rows there are: they stay where they are until {@link #make} moves them, month by month. Indexes, checks, rights and views are
     * kept, also those that the host has added. {@link SchemaMigrator} goes on working.
     *
     * @return the tables that were turned
     * @throws SchemaException if there is something on a table that would be lost, such as a trigger, a policy, a foreign key or a
     *     materialized view; the message names it, and nothing is changed
     */
    public List<String> convert() {
        List<String> turned = new ArrayList<>();
        transactions.write("partition the tables", (handle, dialect) -> {
            requirePostgresql(dialect);
            turned.clear();
            turned.addAll(new PartitionConversion(handle).run());
        });
        return List.copyOf(turned);
    }

    /**
     * Makes a partition for each month that has none, from one month to another, and for each month before of which there are rows that
     * lie in none. A month of one table is one transaction; it moves the rows of that month that are there already.
     *
     * @param first the first month, 1970-01 or later; usually the present one
     * @param last the last month, not before the first, at most 9998-12 and 599 months behind it
     * @return the partitions that were made, such as {@code usage_interval_2026_03}
     * @throws IllegalArgumentException if the months are none of these
     * @throws SchemaException if the tables are not partitioned
     */
    public List<String> make(YearMonth first, YearMonth last) {
        if (first.isBefore(EARLIEST) || last.isAfter(LATEST) || first.isAfter(last)) {
            throw new IllegalArgumentException("months from " + first + " to " + last
                    + ": the first must not lie before " + EARLIEST + ", nor the last before it or behind " + LATEST);
        }
        if (first.plusMonths(MOST_MONTHS).compareTo(last) <= 0) {
            throw new IllegalArgumentException(
                    "months from " + first + " to " + last + ": at most " + MOST_MONTHS + " can be made at once");
        }
        List<String> made = new ArrayList<>();
        for (MonthlyTable table : MonthlyTable.values()) {
            for (YearMonth month : months(table, handle -> table.missing(handle, first, last))) {
                change("make", table, month, handle -> table.make(handle, month), made);
            }
        }
        return List.copyOf(made);
    }

    /**
     * Drops partitions in which nothing is left, of months that are wholly over at the beginning of another. What is told of such a month
     * later is kept with what belongs to no month.
     *
     * @param before the first month that stays, empty or not
     * @return the partitions that were dropped
     * @throws SchemaException if the tables are not partitioned
     */
    public List<String> dropEmpty(YearMonth before) {
        List<String> dropped = new ArrayList<>();
        for (MonthlyTable table : MonthlyTable.values()) {
            for (YearMonth month : months(table, table::months).headSet(before)) {
                // Asked before anybody has to wait, and again when nobody can write.
                if (mayGo(table, month)) {
                    change("drop", table, month, handle -> table.dropIfEmpty(handle, month), dropped);
                }
            }
        }
        return List.copyOf(dropped);
    }

    private SortedSet<YearMonth> months(MonthlyTable table, Function<Handle, SortedSet<YearMonth>> query) {
        return transactions.read("look for the months of " + table.table(), (handle, dialect) -> {
            requirePostgresql(dialect);
            if (!table.isPartitioned(handle)) {
                throw new SchemaException(
                        "the table " + table.table() + " is not partitioned; call MonthlyPartitions.convert()");
            }
            return query.apply(handle);
        });
    }

    private boolean mayGo(MonthlyTable table, YearMonth month) {
        AtomicBoolean empty = new AtomicBoolean();
        transactions.write("look into " + table.partition(month), (handle, dialect) -> {
            table.keep(handle);
            empty.set(table.isEmpty(handle, month));
        });
        return empty.get();
    }

    private void change(
            String what, MonthlyTable table, YearMonth month, Predicate<Handle> change, List<String> changed) {
        String partition = table.partition(month);
        AtomicBoolean done = new AtomicBoolean();
        transactions.write(what + " the partition " + partition, (handle, dialect) -> {
            table.lock(handle);
            done.set(change.test(handle));
        });
        if (done.get()) {
            changed.add(partition);
            LOG.info("{} the partition {}", what, partition);
        }
    }

    private static void requirePostgresql(Dialect dialect) {
        if (dialect != Dialect.POSTGRESQL) {
            throw new SchemaException("only PostgreSQL has monthly partitions, and this database is " + dialect);
        }
    }
}
