package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreContract;
import java.time.InstantSource;

class InMemoryH2HistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore newStore(InstantSource time) {
        return JdbcHistoryStore.create(H2.migrated()).withTime(time);
    }
}
