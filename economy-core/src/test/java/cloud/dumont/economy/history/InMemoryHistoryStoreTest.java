package cloud.dumont.economy.history;

class InMemoryHistoryStoreTest extends HistoryStoreContract {

    @Override
    protected HistoryStore newStore() {
        return new InMemoryHistoryStore();
    }
}
