package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreContract;

class InMemoryH2HistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore newStore() {
        return JdbcHistoryStore.create(H2.migrated());
    }
}
