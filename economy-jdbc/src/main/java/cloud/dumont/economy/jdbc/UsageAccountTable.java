package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table {@code usage_account}, seen through one connection. */
final class UsageAccountTable {

    private static final String ADD = """
            INSERT INTO usage_account (account_id, appends)
            SELECT :account, 0 WHERE NOT EXISTS (SELECT 1 FROM usage_account WHERE account_id = :account)""";

    /** An update locks the row everywhere, also where SELECT .. FOR UPDATE is unknown (SQLite). */
    private static final String LOCK = "UPDATE usage_account SET appends = appends + 1 WHERE account_id = :account";

    /** An account of which only intervals of no length were told has a row, and yet nothing is known of it. */
    private static final String SELECT_KNOWN = """
            SELECT account_id FROM usage_account
            WHERE EXISTS (SELECT 1 FROM usage_interval WHERE usage_interval.account_id = usage_account.account_id)""";

    private final Handle handle;

    UsageAccountTable(Handle handle) {
        this.handle = handle;
    }

    /**
     * Keeps other writers away from the accounts until the transaction ends. Every writer takes accounts in the same order, new
     * ones before those that exist: so none waits for another that waits for it.
     */
    void lock(SortedSet<AccountId> accounts) {
        executeForEach(accounts, ADD);
        executeForEach(accounts, LOCK);
    }

    private void executeForEach(SortedSet<AccountId> accounts, String sql) {
        PreparedBatch batch = handle.prepareBatch(sql);
        accounts.forEach(account -> batch.bind("account", account.value()).add());
        batch.execute();
    }

    /** Every account with at least one fact. */
    SortedSet<AccountId> known() {
        return handle.createQuery(SELECT_KNOWN)
                .map((row, context) -> AccountId.of(row.getString("account_id")))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
