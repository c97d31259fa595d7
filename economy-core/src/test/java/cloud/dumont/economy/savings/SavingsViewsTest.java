package cloud.dumont.economy.savings;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is kept gives the answers that all facts give. */
class SavingsViewsTest {

    @Test
    void everyAnswerIsTheCalculators() {
        Law.holds(300, SavingsViewsTest::check);
    }

    @Test
    @Tag("full")
    void everyAnswerIsTheCalculators_inManyMoreCases() {
        Law.holds(5_000, SavingsViewsTest::check);
    }

    private static void check(Gen gen) {
        Map<String, HistoryStore> one = new HashMap<>();
        Function<InstantSource, HistoryStore> stores =
                clock -> one.computeIfAbsent("store", name -> new InMemoryHistoryStore(clock));
        ViewsLaw.check(gen, stores, "");
    }
}
