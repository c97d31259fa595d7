package cloud.dumont.economy.history;

import java.time.InstantSource;

class InMemoryHistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore newStore(InstantSource time) {
        return new InMemoryHistoryStore(time);
    }
}
