package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
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

    private static final AccountId ACME = AccountId.of("acme");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<PriceCatalog> CATALOGS = Stream.of("0.5", "0.7", "0.9")
            .map(usd -> PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", usd))))
            .toList();

    private final HistoryStore store = new InMemoryHistoryStore(() -> NOON);
    private final Deque<Runnable> background = new ArrayDeque<>();
    private PriceCatalog catalog = CATALOGS.get(0);
    private final SavingsViews views =
            new SavingsViews(SavingsCalculator.builder(store, () -> catalog).build(), () -> NOON, background::add, 2);

    private static UsageInterval ran(String id, int hoursAgo) {
        Instance instance = Instance.builder(ACME, id)
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.1"))
                .build();
        Instant start = NOON.minus(Duration.ofHours(hoursAgo));
        return UsageInterval.between(instance, InstanceState.RUNNING, start, start.plusSeconds(3600));
    }

    private SavingsReport report() {
        return views.reports(ACME, List.of(AWS), NOON).get(0);
    }

    private static String savings(SavingsReport report) {
        return report.lifetime().savings().toUsd().stripTrailingZeros().toPlainString();
    }

    @Test
    void longHistory_isRemadeInTheBackground_whileTheOldPricesServeAsAWhole() {
        store.append(List.of(ran("a", 5), ran("b", 4), ran("c", 3)));
        assertThat(savings(report())).isEqualTo("1.2"); // 3 hours at 0.4
        catalog = CATALOGS.get(1);

        assertThat(report().catalogVersion()).isEqualTo(CATALOGS.get(0).version());
        store.append(List.of(ran("d", 2)));
        assertThat(savings(report())).isEqualTo("1.6");
        assertThat(background).as("one task, however often it is asked").hasSize(1);

        background.remove().run();
        assertThat(report().catalogVersion()).isEqualTo(CATALOGS.get(1).version());
        assertThat(savings(report())).isEqualTo("2.4");
        assertThat(background).isEmpty();
    }

    @Test
    void pricesThatChangeAgainMeanwhile_areTakenNext() {
        store.append(List.of(ran("a", 5), ran("b", 4), ran("c", 3)));
        report();
        catalog = CATALOGS.get(1);
        report();
        catalog = CATALOGS.get(2);
        report();
        background.remove().run();
        assertThat(report().catalogVersion()).isEqualTo(CATALOGS.get(1).version());
        background.remove().run();
        assertThat(savings(report())).isEqualTo("2.4"); // 3 hours at 0.8
    }

    @Test
    void shortHistory_isRemadeAtOnce() {
        store.append(List.of(ran("a", 5)));
        report();
        catalog = CATALOGS.get(1);
        assertThat(report().catalogVersion()).isEqualTo(CATALOGS.get(1).version());
        assertThat(background).isEmpty();
    }

    @Test
    void answerAboutSeveralAccounts_restsOnOneCatalog_thoughPricesChangeMeanwhile() {
        Deque<PriceCatalog> next = new ArrayDeque<>(CATALOGS);
        SavingsCalculator calculator = SavingsCalculator.builder(
                        store, () -> next.size() == 1 ? next.getFirst() : next.removeFirst())
                .build();
        SavingsViews asked = SavingsViews.create(calculator, () -> NOON, Runnable::run);
        UsageInterval ofAcme = ran("a", 5);
        Instance other = Instance.builder(AccountId.of("bolt"), "b")
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.1"))
                .build();
        store.append(List.of(
                ofAcme,
                UsageInterval.between(
                        other,
                        InstanceState.RUNNING,
                        ofAcme.start(),
                        ofAcme.end().orElseThrow())));
        List<AccountId> both = List.of(ACME, AccountId.of("bolt"));

        Breakdown breakdown = asked.breakdown(both, AWS, NOON, Dimension.ACCOUNT);
        assertThat(breakdown.groups().get(0).totals().savings())
                .isEqualTo(breakdown.groups().get(1).totals().savings());
    }

    @Test
    void firstUsageThatIsTakenBack_isNotTheFirst() {
        Instant[] now = {NOON};
        SavingsCalculator calculator =
                SavingsCalculator.builder(store, () -> catalog).build();
        SavingsViews asked = SavingsViews.create(calculator, () -> now[0], Runnable::run);
        UsageInterval brief =
                UsageInterval.openFrom(ran("a", 0).instance(), InstanceState.RUNNING, NOON.plusSeconds(5));
        store.append(List.of(brief));
        now[0] = NOON.plusSeconds(10);
        asked.trend(ACME, AWS, now[0], ZoneOffset.UTC);
        store.append(List.of(brief.endedAt(brief.start())));
        for (int day = 3; day <= 12; day++) {
            now[0] = NOON.plus(Duration.ofDays(day));
            store.append(List.of(ran("b", -24 * day)));

            assertThat(asked.trend(ACME, AWS, now[0], ZoneOffset.UTC))
                    .as("day %d", day)
                    .isEqualTo(calculator.trend(ACME, AWS, now[0], ZoneOffset.UTC));
        }
    }
}
