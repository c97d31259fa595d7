package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreContract;
import java.sql.Connection;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The contract again, on connections as some hosts' pools hand them out: without auto-commit, and each transaction sees one moment. */
class UnusualConnectionsHistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore newStore(InstantSource time) {
        DataSource database = TestDatabase.unpooled(TestDatabase.H2_MEMORY.newMigratedUrl(null));
        return JdbcHistoryStore.create(Jdbi.create(() -> {
                    Connection connection = database.getConnection();
                    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    connection.setAutoCommit(false);
                    return connection;
                }))
                .withTime(time);
    }
}
