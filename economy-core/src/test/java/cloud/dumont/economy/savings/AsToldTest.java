package cloud.dumont.economy.savings;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 'What we said then' and 'what we know now'. */
class AsToldTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Provider NEO = Provider.of("neo"); // billed by the second, without a minimum
    private static final Baseline BASELINE = Baseline.onDemand(NEO);
    private static final PriceCatalog CATALOG = PriceCatalog.of(List.of(row(NEO, "global", "t4", "T4", "1", "0.50")));
    private static final Instant DAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instance T4 = Instance.builder(ACME, "vm-1")
            .gpu("T4", 1)
            .rate(HourlyRate.usd("0.20"))
            .build();

    private Instant now = DAY;
    private final InMemoryHistoryStore store = new InMemoryHistoryStore(() -> now);
    private final SavingsCalculator calculator = SavingsCalculator.of(store, CATALOG);

    private static Instant hour(int hours) {
        return DAY.plusSeconds(3_600L * hours);
    }

    private static UsageInterval ran(int from, int to) {
        return UsageInterval.between(T4, InstanceState.RUNNING, hour(from), hour(to));
    }

    private static Amount usd(String amount) {
        return HourlyRate.usd(amount).forSeconds(3_600);
    }

    @Test
    void lateFact_isKnownNow_andWasNotToldThen() {
        store.append(List.of(ran(1, 3)));
        Instant said = now = hour(30);
        now = hour(40);
        store.append(List.of(ran(10, 15)));

        assertThat(calculator.report(ACME, BASELINE, hour(50)).lifetime().savings())
                .isEqualTo(usd("2.10"));
        assertThat(calculator
                        .asTold(said)
                        .report(ACME, BASELINE, hour(50))
                        .lifetime()
                        .savings())
                .isEqualTo(usd("0.60"));
    }

    @Test
    void correctedDay_isRestated_withBothFigures() {
        store.append(List.of(ran(1, 3), ran(26, 28)));
        Instant said = now = hour(60);
        now = hour(70);
        store.correct(List.of(UsageInterval.between(T4, InstanceState.STOPPED, hour(2), hour(3))));

        List<Restatement> restatements =
                calculator.restatements(List.of(ACME), BASELINE, said, Granularity.DAY, ZoneOffset.UTC);

        assertThat(restatements).hasSize(1);
        Restatement day = restatements.get(0);
        assertThat(day.start()).isEqualTo(DAY);
        assertThat(day.end()).isEqualTo(hour(24));
        assertThat(day.told().savings()).isEqualTo(usd("0.60"));
        assertThat(day.known().savings()).isEqualTo(usd("0.30"));
        assertThat(day.change()).isEqualTo(usd("-0.30"));
        assertThat(calculator.restatements(List.of(ACME), BASELINE, now, Granularity.DAY, ZoneOffset.UTC))
                .isEmpty();
    }

    @Test
    void dayThatHadNotEnded_isNoRestatement() {
        store.append(List.of(UsageInterval.openFrom(T4, InstanceState.RUNNING, hour(1))));
        Instant said = now = hour(2);
        now = hour(40);
        store.append(List.of(ran(1, 39)));

        assertThat(calculator.restatements(List.of(ACME), BASELINE, said, Granularity.DAY, ZoneOffset.UTC))
                .isEmpty();
        assertThat(calculator.restatements(List.of(ACME), BASELINE, hour(30), Granularity.DAY, ZoneOffset.UTC))
                .isEmpty();
    }

    @Test
    void ofNothing_nothingIsRestated() {
        assertThat(calculator.restatements(List.of(ACME), BASELINE, now, Granularity.DAY, ZoneOffset.UTC))
                .isEmpty();
    }

    /** Whatever is told later, and whatever is corrected: what was said of any moment can be asked again, to the quantum. */
    @Test
    void whatWasSaid_canAlwaysBeAskedAgain() {
        Law.holds(300, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, DAY, 5_000);
            Instant[] clock = {DAY};
            InMemoryHistoryStore told = new InMemoryHistoryStore(() -> clock[0]);
            SavingsCalculator asked = SavingsCalculator.of(told, fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = DAY.plusSeconds(gen.between(0L, 20_000L));
            List<Instant> moments = new ArrayList<>();
            List<SavingsTotals> said = new ArrayList<>();
            for (UsageInterval fact : gen.shuffled(fleet.facts)) {
                clock[0] = clock[0].plusSeconds(gen.between(1L, 9L));
                tell(gen, told, fact);
                moments.add(clock[0]);
                said.add(asked.report(ACME, baseline, at).lifetime());
            }
            for (int i = 0; i < moments.size(); i++) {
                assertThat(asked.asTold(moments.get(i))
                                .report(ACME, baseline, at)
                                .lifetime())
                        .isEqualTo(said.get(i));
            }
        });
    }

    private static void tell(Gen gen, InMemoryHistoryStore told, UsageInterval fact) {
        if (gen.oneIn(3) && fact.end().isPresent()) {
            told.correct(List.of(UsageInterval.between(
                    fact.instance(),
                    InstanceState.STOPPED,
                    fact.start(),
                    fact.end().get())));
        } else {
            told.append(List.of(fact));
        }
    }
}
