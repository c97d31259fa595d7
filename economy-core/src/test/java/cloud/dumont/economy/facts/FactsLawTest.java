package cloud.dumont.economy.facts;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.testing.Law;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In memory; every other store holds to the same law. */
class FactsLawTest {

    @Test
    void theHistoryIsThatOfWhoeverKnewEverythingAtOnce() {
        hold(2_000);
    }

    @Test
    @Tag("full")
    void theHistoryIsThatOfWhoeverKnewEverythingAtOnce_inManyMoreCases() {
        hold(60_000);
    }

    private static void hold(int cases) {
        Law.holds(cases, gen -> FactsLaw.check(gen, new InMemoryHistoryStore(), ""));
    }
}
