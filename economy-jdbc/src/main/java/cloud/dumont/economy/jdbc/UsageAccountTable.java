package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** The table {@code usage_account}, seen through one connection. */
final class UsageAccountTable {

    /** An account of which only intervals of no length were told has a row, and yet nothing is known of it. */
    private static final String SELECT_KNOWN = """
            SELECT account_id FROM usage_account
            WHERE EXISTS (SELECT 1 FROM usage_interval WHERE usage_interval.account_id = usage_account.account_id)""";

    /** Far from PostgreSQL's and SQLite's limits of 32,767 parameters. */
    private static final int ACCOUNTS_A_QUERY = 1000;

    private final Handle handle;
    private final Dialect dialect;

    UsageAccountTable(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    /**
     * Keeps other writers away from the accounts until the transaction ends. Every writer takes accounts in the same order, new
     * ones before those that exist: so none waits for another that waits for it.
     *
     * @return for each account the number of this write, and when the last one that changed something was told
     */
    Map<AccountId, Write> lock(SortedSet<AccountId> accounts) {
        queue(accounts);
        return dialect.statements(handle).lock(accounts);
    }

    /** The same, and reads what is stored of instances of these accounts. */
    UsageStatements.Locked lockAndRead(SortedSet<AccountId> accounts, List<TouchedTime> times) {
        queue(accounts);
        return dialect.statements(handle).lockAndRead(accounts, times);
    }

    /** Waits for other writers where a lock on a row comes too late; a writer of rows that exist does this before it writes them. */
    void queue(SortedSet<AccountId> accounts) {
        for (List<AccountId> part : UsageIntervalTable.partsOf(List.copyOf(accounts), ACCOUNTS_A_QUERY)) {
            dialect.queueForAccounts(part.size())
                    .ifPresent(sql -> bindAll(handle.createQuery(sql), part)
                            .map((row, context) -> true)
                            .list());
        }
    }

    /**
     * Times a write: now, but not before the last one of each account.
     *
     * @param changed the accounts of which something else is known afterwards
     * @param locked what {@link #lock} has answered
     * @param now what the clock shows, in microseconds since 1970
     */
    static Map<AccountId, Write> timed(SortedSet<AccountId> changed, Map<AccountId, Write> locked, long now) {
        Map<AccountId, Write> writes = new TreeMap<>();
        for (AccountId account : changed) {
            Write last = Objects.requireNonNull(locked.get(account));
            writes.put(account, new Write(last.number(), Math.max(last.toldAt(), now)));
        }
        return writes;
    }

    static <S extends SqlStatement<S>> S bindAll(S statement, List<AccountId> accounts) {
        for (int i = 0; i < accounts.size(); i++) {
            statement.bind("account" + i, accounts.get(i).value());
        }
        return statement;
    }

    /** The parameters of so many accounts. */
    static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> ":account" + i).collect(Collectors.joining(", "));
    }

    /** Adds what a row says of the last write to an account. */
    static Map<AccountId, Write> addWrite(Map<AccountId, Write> writes, ResultSet row) throws SQLException {
        long toldAt = row.getLong("told_at");
        boolean untold = row.wasNull();
        writes.put(
                AccountId.of(row.getString("account_id")),
                new Write(row.getLong("appends"), untold ? Long.MIN_VALUE : toldAt));
        return writes;
    }

    /** When something was told last; 0 for usage from before that was noted. */
    Optional<Long> toldAt(AccountId account) {
        return handle.createQuery("SELECT told_at FROM usage_account WHERE account_id = :account")
                .bind("account", account.value())
                .map((row, context) -> row.getLong("told_at"))
                .findOne();
    }

    /** Every account with at least one fact. */
    SortedSet<AccountId> known() {
        return handle.createQuery(SELECT_KNOWN)
                .map((row, context) -> AccountId.of(row.getString("account_id")))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
