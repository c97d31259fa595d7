package cloud.dumont.economy.facts;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.testing.Law;
import org.junit.jupiter.api.Test;

/** In memory; every other store holds to the same law. */
class FactsLawTest {

    private static final int CASES = 1_000_000;

    @Test
    void theHistoryIsThatOfWhoeverKnewEverythingAtOnce() {
        Law.holds(CASES, gen -> FactsLaw.check(gen, InMemoryHistoryStore::new));
    }
}
