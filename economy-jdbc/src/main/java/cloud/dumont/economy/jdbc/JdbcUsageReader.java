package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * Reads the facts that a {@link JdbcHistoryStore} holds of an account without holding all of them in memory: page by page, or as a
 * stream. They come in the order of the table's key, which is that of instances, as the database orders their ids, and then of time.
 *
 * <p>Methods throw {@link cloud.dumont.economy.history.HistoryStoreException} if the database cannot be read. This class is thread-safe.
 */
public final class JdbcUsageReader {

    private static final String SELECT =
            "SELECT " + UsageIntervalTable.COLUMNS + " FROM usage_interval WHERE account_id = :account";

    private static final String BEHIND = SELECT
            + " AND instance_id >= :instance"
            + " AND (instance_id > :instance OR started_at > :start OR started_at = :start AND evidence > :evidence)";

    private static final String IN_ORDER = " ORDER BY instance_id, started_at, evidence";

    /** What a driver fetches at a time; PostgreSQL's would fetch all. */
    private static final int ROWS_A_FETCH = 1000;

    private final Transactions transactions;

    private JdbcUsageReader(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A reader of one database. Opens no connection yet.
     *
     * @param dataSource where to connect
     * @return the reader
     */
    public static JdbcUsageReader create(DataSource dataSource) {
        return create(Jdbi.create(dataSource));
    }

    static JdbcUsageReader create(Jdbi jdbi) {
        return new JdbcUsageReader(new Transactions(jdbi, Backoff.BY_CHANCE));
    }

    /**
     * Some of an account's facts. Pages are found by the key, so the last one costs as much as the first, and what is told between two of
     * them neither repeats nor hides another fact.
     *
     * @param account whose
     * @param after the last fact of the page before; empty for the first page
     * @param size how many at most, 1 or more
     * @return the facts; fewer than asked for at the end, none behind it
     * @throws IllegalArgumentException if the size is below 1, or the fact is another account's
     */
    public List<UsageInterval> page(AccountId account, Optional<UsageInterval> after, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a page has 1 fact or more, not " + size);
        }
        after.map(fact -> fact.instance().account())
                .filter(other -> !other.equals(account))
                .ifPresent(other -> {
                    throw new IllegalArgumentException("a page of account " + account + " follows no fact of " + other);
                });
        return transactions.read("read a page of the usage of account " + account, (handle, dialect) -> {
            Query query = handle.createQuery((after.isPresent() ? BEHIND : SELECT) + IN_ORDER + " LIMIT :size")
                    .bind("account", account.value())
                    .bind("size", size);
            after.ifPresent(fact -> query.bind("instance", fact.instance().id().value())
                    .bind("start", fact.start().getEpochSecond())
                    .bind("evidence", fact.evidence().name()));
            return query.map(new UsageIntervalMapper()).list();
        });
    }

    /**
     * Hands over all facts of an account one by one, as they are at one moment. A connection is taken until the last one has been handed
     * over.
     *
     * @param account whose
     * @param consumer is called with each fact
     */
    public void forEach(AccountId account, Consumer<UsageInterval> consumer) {
        transactions.stream(
                "read the usage of account " + account,
                MonthlyTable.USAGE_INTERVAL,
                (handle, dialect) -> handle.createQuery(SELECT + IN_ORDER)
                        .bind("account", account.value())
                        .setFetchSize(ROWS_A_FETCH)
                        .map(new UsageIntervalMapper())
                        .forEach(consumer));
    }
}
