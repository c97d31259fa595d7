package cloud.dumont.economy.equivalence;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Race;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;

/** Many threads ask a policy that keeps its decisions, of several catalogs, for the first time. */
class CachedEquivalenceRaceTest {

    private static final int THREADS = 4;
    private static final GpuCatalog GPUS = GpuCatalog.bundled();
    private static final List<String> NAMES = List.of("T4", "Tesla T4", "Voodoo 2", "A100");

    private record Asked(int catalog, EquivalenceQuery query) {}

    private static PriceCatalog catalog(int usd) {
        return PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", Integer.toString(usd))));
    }

    @RepeatedTest(20)
    void firstAsks_fromManyThreads_getOneDecisionAndTheRightOne() {
        AtomicInteger decisions = new AtomicInteger();
        EquivalencePolicy standard = EquivalencePolicy.standard(GPUS);
        EquivalencePolicy cached = ((EquivalencePolicy) (catalog, query) -> {
                    decisions.incrementAndGet();
                    Thread.yield();
                    return standard.decide(catalog, query);
                })
                .cached();
        List<PriceCatalog> catalogs = List.of(catalog(1), catalog(2), catalog(3));
        List<Asked> questions = new ArrayList<>();
        for (int catalog = 0; catalog < catalogs.size(); catalog++) {
            for (String name : NAMES) {
                for (int count = 1; count <= 3; count++) {
                    questions.add(new Asked(
                            catalog,
                            new EquivalenceQuery(
                                    GPUS.resolve(name), GpuCount.of(count), Baseline.onDemand(Provider.AWS))));
                }
            }
        }
        Map<Asked, Set<Equivalent>> answers = new ConcurrentHashMap<>();
        questions.forEach(asked ->
                answers.put(asked, Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()))));

        Race.run(Collections.<Race.Task>nCopies(THREADS, () -> {
            for (Asked asked : questions) {
                answers.get(asked).add(cached.decide(catalogs.get(asked.catalog()), asked.query()));
            }
        }));

        answers.forEach((asked, given) -> {
            assertThat(given).as("%s", asked).hasSize(1);
            Equivalent answer = given.iterator().next();
            assertThat(answer.query()).isEqualTo(asked.query());
            boolean isT4 = asked.query().gpu().name().contains("T4");
            assertThat(answer.match().map(Equivalent.Match::latestRate).isPresent())
                    .isEqualTo(isT4);
            long count = asked.query().count().numerator();
            answer.match()
                    .ifPresent(match -> assertThat(match.latestRate())
                            .isEqualTo(HourlyRate.usd(Long.toString((asked.catalog() + 1) * count))));
        });
        assertThat(decisions).hasValue(questions.size());
    }
}
