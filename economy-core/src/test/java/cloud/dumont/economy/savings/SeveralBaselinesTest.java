package cloud.dumont.economy.savings;

import static cloud.dumont.economy.testing.Prices.row;
import static cloud.dumont.economy.testing.Prices.under;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What else a baseline can be: other terms, a negotiated discount, the floor; and an imagined workload. */
class SeveralBaselinesTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant START = Instant.parse("2026-05-01T00:00:00Z");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final PriceCatalog CATALOG = PriceCatalog.of(List.of(
            row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"),
            under(PurchaseOption.RESERVED_1Y, row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.331")),
            row(Provider.AWS, "us-east-1", "g6e.xlarge", "L40S", "1", "1.861"),
            row(Provider.AWS, "us-east-1", "g6.xlarge", "L4", "1", "0.8048"),
            row(Provider.GCP, "us-central1", "n1-t4", "T4", "1", "0.54")));

    private static InMemoryHistoryStore store(UsageInterval... facts) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(facts));
        return store;
    }

    private static UsageInterval hour(String id, String gpu, String rate) {
        Instance instance = Instance.builder(ACME, id)
                .gpu(gpu, 1)
                .rate(HourlyRate.usd(rate))
                .build();
        return UsageInterval.between(instance, InstanceState.RUNNING, START, START.plusSeconds(3_600));
    }

    private static BigDecimal usd(Amount amount) {
        return amount.toUsd().stripTrailingZeros();
    }

    @Test
    void reports_againstSeveralBaselines_comeTogetherInTheirOrder() {
        AtomicInteger catalogsTaken = new AtomicInteger();
        SavingsCalculator calculator = SavingsCalculator.builder(store(hour("vm-1", "T4", "0.2")), () -> {
                    catalogsTaken.incrementAndGet();
                    return CATALOG;
                })
                .build();

        List<SavingsReport> reports = calculator.reports(
                ACME,
                List.of(
                        Baseline.onDemand(Provider.GCP),
                        AWS,
                        AWS.withPurchaseOption(PurchaseOption.RESERVED_1Y),
                        AWS.withDiscount(new BigDecimal("25"))),
                START.plusSeconds(7_200));

        assertThat(reports.stream().map(report -> usd(report.lifetime().equivalentCost())))
                .containsExactly(
                        new BigDecimal("0.54"),
                        new BigDecimal("0.526"),
                        new BigDecimal("0.331"),
                        new BigDecimal("0.3945"));
        assertThat(catalogsTaken).hasValue(1);
    }

    @Test
    void discount_mayTurnSavingsIntoALoss_whichIsShown() {
        SavingsCalculator calculator = SavingsCalculator.of(store(hour("vm-1", "T4", "0.4")), CATALOG);

        SavingsReport report =
                calculator.report(ACME, AWS.withDiscount(new BigDecimal("45")), START.plusSeconds(3_600));

        assertThat(usd(report.lifetime().savings())).isEqualTo("-0.1107");
    }

    @Test
    void discount_isRoundedOnceTogetherWithTheShare() {
        PriceCatalog one = PriceCatalog.of(
                List.of(row(Provider.AWS, "us-east-1", "p4d.24xlarge", "A100 SXM 40GB", "8", "32.7726")));
        Instance half = Instance.builder(ACME, "vm-1")
                .gpu("A100 40GB", 3)
                .rate(HourlyRate.ZERO)
                .build();
        UsageInterval fact = UsageInterval.between(half, InstanceState.RUNNING, START, START.plusSeconds(3_600));

        SavingsReport report = SavingsCalculator.of(store(fact), one)
                .report(ACME, AWS.withDiscount(new BigDecimal("33.3333")), START.plusSeconds(3_600));

        // 32.7726 x 3/8 x 0.666667 = 8.19315409657500, once rounded
        assertThat(usd(report.lifetime().equivalentCost())).isEqualTo("8.193154097");
    }

    @Test
    void discount_isTold() {
        SavingsCalculator calculator = SavingsCalculator.of(
                store(UsageInterval.openFrom(hour("vm-1", "T4", "0.2").instance(), InstanceState.RUNNING, START)),
                CATALOG);

        SavingsReport report = calculator.report(ACME, AWS.withDiscount(new BigDecimal("10.50")), START);

        assertThat(report.lines().get(0).equivalent().explanation())
                .contains("charged whole less a discount of 10.5%, that is 0.47077 USD/h");
    }

    @Test
    void discount_outOfRange_isRefused() {
        for (String percent : List.of("-1", "100.1", "3.14159")) {
            assertThatThrownBy(() -> AWS.withDiscount(new BigDecimal(percent)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(percent);
        }
        assertThat(AWS.withDiscount(new BigDecimal("0.00"))).isEqualTo(AWS);
        assertThat(AWS.withDiscount(new BigDecimal("100.0000"))).isEqualTo(AWS.withDiscount(new BigDecimal("1E+2")));
    }

    @Test
    void range_goesFromTheFloorToLikeForLike() {
        SavingsCalculator calculator =
                SavingsCalculator.of(store(hour("vm-1", "T4", "0.2"), hour("vm-2", "RTX 4090", "0.4")), CATALOG);

        SavingsRange range = calculator.range(ACME, AWS, START.plusSeconds(3_600));

        assertThat(usd(range.floor().savings())).isEqualTo("0.7308"); // 0.326 + 0.8048 - 0.4
        assertThat(usd(range.nearest().savings())).isEqualTo("1.787"); // 0.326 + 1.861 - 0.4
        assertThat(usd(range.likeForLike().savings())).isEqualTo("0.326");
    }

    @Test
    void range_neverClaimsMoreAtItsFloor_andIsTheReportInBetween() {
        Law.holds(300, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, START, 5_000);
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = START.plusSeconds(gen.between(0L, 20_000L));
            for (AccountId account : fleet.store(gen).accounts()) {
                SavingsRange range = calculator.range(account, baseline, at);
                SavingsTotals lifetime =
                        calculator.report(account, baseline, at).lifetime();
                assertThat(range.nearest()).isEqualTo(lifetime);
                assertThat(range.likeForLike()).isEqualTo(lifetime.tier(Tier.LIKE_FOR_LIKE));
                assertThat(range.floor().equivalentCost()).isLessThanOrEqualTo(lifetime.equivalentCost());
                assertThat(range.floor().effectiveCost()).isEqualTo(lifetime.effectiveCost());
            }
        });
    }

    @Test
    void simulatingThePast_isThePast() {
        Law.holds(200, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, START, 5_000);
            InMemoryHistoryStore store = fleet.store(gen);
            SavingsCalculator calculator = SavingsCalculator.of(store, fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = START.plusSeconds(gen.between(0L, 20_000L));
            SavingsCalculator simulation = calculator.simulating(gen.shuffled(fleet.facts));
            for (AccountId account : store.accounts()) {
                assertThat(simulation.report(account, baseline, at))
                        .isEqualTo(calculator.report(account, baseline, at));
            }
        });
    }

    @Test
    void simulatingAWorkload_tellsWhatItWouldCostThere_andLeavesThePastAlone() {
        SavingsCalculator calculator = SavingsCalculator.of(store(hour("vm-1", "T4", "0.2")), CATALOG);

        SavingsCalculator simulation = calculator.simulating(List.of(hour("plan", "L4", "0")));

        Instant at = START.plusSeconds(3_600);
        assertThat(usd(simulation.report(ACME, AWS, at).lifetime().equivalentCost()))
                .isEqualTo("0.8048");
        assertThat(usd(calculator.report(ACME, AWS, at).lifetime().equivalentCost()))
                .isEqualTo("0.526");
    }

    @Test
    void floorPolicy_changesNothingWhereThereIsNoFloor() {
        EquivalencePolicy policy = EquivalencePolicy.standard(GpuCatalog.bundled());
        SavingsCalculator calculator = SavingsCalculator.builder(store(hour("vm-1", "T4", "0.2")), () -> CATALOG)
                .equivalence(policy.atFloor())
                .build();

        assertThat(usd(calculator
                        .report(ACME, AWS, START.plusSeconds(3_600))
                        .lifetime()
                        .equivalentCost()))
                .isEqualTo("0.526");
    }
}
