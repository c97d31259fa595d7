package cloud.dumont.economy.savings;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SavingsCalculatorTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Provider NEO = Provider.of("neo"); // billed by the second, without a minimum
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final Instance T4 = Instance.builder(ACME, "vm-1")
            .gpu("T4", 1)
            .rate(HourlyRate.usd("0.20"))
            .storageRate(HourlyRate.usd("0.01"))
            .build();

    private final InMemoryHistoryStore store = new InMemoryHistoryStore();

    private static PriceCatalog catalog() {
        return PriceCatalog.of(List.of(
                row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.50"),
                row(Provider.AZURE, "eastus", "NC4", "T4", "1", "0.50"),
                row(NEO, "global", "t4", "T4", "1", "0.50")));
    }

    private static Instant after(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    private void tell(Instance instance, InstanceState state, long from, long to) {
        store.append(List.of(UsageInterval.between(instance, state, after(from), after(to))));
    }

    private void tellOpen(Instance instance, InstanceState state, long from) {
        store.append(List.of(UsageInterval.openFrom(instance, state, after(from))));
    }

    private SavingsCalculator calculator() {
        return SavingsCalculator.of(store, catalog());
    }

    private SavingsReport report(Provider provider, long seconds) {
        return calculator().report(ACME, Baseline.onDemand(provider), after(seconds));
    }

    private static Amount usd(String amount) {
        return Amount.ofQuanta(new BigDecimal(amount)
                .movePointRight(9)
                .multiply(BigDecimal.valueOf(3600))
                .toBigIntegerExact());
    }

    @Nested
    class Report {

        @Test
        void oneHour_ofOneT4_savesTheDifference() {
            tellOpen(T4, InstanceState.RUNNING, 0);

            SavingsReport report = report(NEO, 3_600);

            assertThat(report.lifetime().effectiveCost()).isEqualTo(usd("0.20"));
            assertThat(report.lifetime().equivalentCost()).isEqualTo(usd("0.50"));
            assertThat(report.lifetime().savings()).isEqualTo(usd("0.30"));
            assertThat(report.lifetime().savingsPercentage()).contains(new BigDecimal("60.0000"));
            assertThat(report.lifetime().coverage()).contains(new BigDecimal("1.000000000"));
            assertThat(report.lifetime().billableHours()).isEqualTo(new BigDecimal("1.000000000"));
            assertThat(report.lifetime().comparedHours()).isEqualTo(new BigDecimal("1.000000000"));
            assertThat(report.lifetime().gpuHours()).isEqualTo(new BigDecimal("1.000000000"));
            assertThat(report.lifetime().tier(Tier.LIKE_FOR_LIKE).savings()).isEqualTo(usd("0.30"));
            assertThat(report.lifetime().tier(Tier.NEAREST).savings()).isEqualTo(Amount.ZERO);
            assertThat(report.session()).isEqualTo(report.lifetime());
            assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.usd("0.30"));
            assertThat(report.effectiveRate()).isEqualTo(HourlyRate.usd("0.20"));
            assertThat(report.equivalentRate()).isEqualTo(HourlyRate.usd("0.50"));
            assertThat(report.hasBillableInstances()).isTrue();
            assertThat(report.projection().orElseThrow())
                    .isEqualTo(new Projection(usd("7.20"), usd("50.40"), usd("219"), usd("2628")));
            assertThat(report.catalogVersion()).isEqualTo(catalog().version());
        }

        @Test
        void sharedCards_areNotComparedByTheirReplicas() {
            Instance replicas = Instance.builder(ACME, "vm-1")
                    .gpu("Tesla-T4-SHARED", 4)
                    .rate(HourlyRate.usd("0.20"))
                    .build();
            tellOpen(replicas, InstanceState.RUNNING, 0);

            SavingsReport report = report(NEO, 3_600);

            assertThat(report.lifetime().savings()).isEqualTo(Amount.ZERO);
            assertThat(report.lifetime().uncomparedCost()).isEqualTo(usd("0.20"));
            assertThat(report.lifetime().unpricedInstances()).isOne();
            assertThat(report.lifetime().gpuHours()).isEqualByComparingTo("0");
            assertThat(report.lifetime().unitCosts().perInstanceHour()).isPresent();
            assertThat(report.lifetime().unitCosts().perGpuHour()).isEmpty();
            assertThat(report.lines().get(0).explain())
                    .contains("'Tesla-T4-SHARED' counts replicas of shared cards", "physicalGpus");
        }

        @Test
        void sharedCards_areComparedByTheCards() {
            Instance replicas = Instance.builder(ACME, "vm-1")
                    .gpu("Tesla-T4-SHARED", 4)
                    .physicalGpus(1)
                    .rate(HourlyRate.usd("0.20"))
                    .build();
            tellOpen(replicas, InstanceState.RUNNING, 0);

            SavingsReport report = report(NEO, 3_600);

            assertThat(report.lifetime().savings()).isEqualTo(usd("0.30"));
            assertThat(report.lifetime().tier(Tier.LIKE_FOR_LIKE).savings()).isEqualTo(usd("0.30"));
            assertThat(report.lifetime().gpuHours()).isEqualByComparingTo("1");
            assertThat(report.lines().get(0).explain()).contains("(4 x Tesla-T4-SHARED, on 1 card)");
        }

        @Test
        void gpuMemory_resolvesANameOfSeveral() {
            PriceCatalog prices = PriceCatalog.of(List.of(
                    row(NEO, "global", "small", "A100 SXM 40GB", "1", "1.00"),
                    row(NEO, "global", "big", "A100 SXM 80GB", "1", "2.00")));
            Instance.Builder sxm4 =
                    Instance.builder(ACME, "vm-1").gpu("A100 SXM4", 1).rate(HourlyRate.usd("0.20"));
            SavingsCalculator calculator = SavingsCalculator.of(store, prices);
            Baseline baseline = Baseline.onDemand(NEO);
            tell(sxm4.build(), InstanceState.RUNNING, 0, 3_600);
            tell(sxm4.gpuMemoryMib(81_559).build(), InstanceState.RUNNING, 3_600, 7_200);
            tell(sxm4.gpuMemoryGib(new BigDecimal("39.4")).build(), InstanceState.RUNNING, 7_200, 10_800);

            SavingsReport report = calculator.report(ACME, baseline, after(10_800));

            assertThat(report.lifetime().equivalentCost()).isEqualTo(usd("3.00"));
            assertThat(report.lifetime().uncomparedCost()).isEqualTo(usd("0.20"));
            Receipt receipt =
                    calculator.receipt(Receipt.Figure.LIFETIME, ACME, Optional.empty(), baseline, after(10_800));
            assertThat(receipt.verify()).isEmpty();
            assertThat(receipt.lines())
                    .extracting(line -> line.get("gpu_memory_mib"))
                    .containsExactly(null, "81559", "40346");
        }

        @Test
        void unknownAccount_hasNothing() {
            SavingsReport report = report(NEO, 0);

            assertThat(report.lifetime().savings()).isEqualTo(Amount.ZERO);
            assertThat(report.lifetime().savingsPercentage()).isEmpty();
            assertThat(report.lifetime().coverage()).isEmpty();
            assertThat(report.lines()).isEmpty();
            assertThat(report.projection()).isEmpty();
            assertThat(report.hasBillableInstances()).isFalse();
            assertThat(report.oldestPriceAge()).isEmpty();
            assertThat(report.isStale(Duration.ZERO)).isFalse();
        }

        @Test
        void unknownProvider_isRefusedWithThoseKnown() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> report(Provider.of("acme-cloud"), 0))
                    .withMessageContaining("'ACME-CLOUD'")
                    .withMessageContaining("AWS, AZURE, NEO");
        }

        @Test
        void knownRegion_isComparedThere() {
            tellOpen(T4, InstanceState.RUNNING, 0);

            SavingsReport report = calculator()
                    .report(ACME, Baseline.onDemand(Provider.AWS).withRegion(Region.of("us-east-1")), after(3_600));

            assertThat(report.lifetime().equivalentCost()).isEqualTo(usd("0.50"));
        }

        @Test
        void ownGpuModels_areUsed() {
            tellOpen(T4, InstanceState.RUNNING, 0);
            SavingsCalculator calculator = SavingsCalculator.builder(store, SavingsCalculatorTest::catalog)
                    .gpus(GpuCatalog.bundled())
                    .build();

            assertThat(calculator
                            .report(ACME, Baseline.onDemand(NEO), after(3_600))
                            .lifetime()
                            .savings())
                    .isEqualTo(usd("0.30"));
        }

        @Test
        void unknownRegion_isRefusedWithThoseKnown() {
            Baseline mars = Baseline.onDemand(Provider.AWS).withRegion(Region.of("mars-1"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> calculator().report(ACME, mars, NOON))
                    .withMessageContaining("'mars-1'")
                    .withMessageContaining("us-east-1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> calculator().breakdown(List.of(ACME), mars, NOON, Dimension.GPU));
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            calculator().history(List.of(ACME), mars, NOON, after(1), Granularity.DAY, ZoneOffset.UTC));
        }

        @Test
        void onlyRunningAndIdle_areBillable() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(T4, InstanceState.HIBERNATED, 100, 200);
            tell(T4, InstanceState.IDLE, 200, 300);
            tell(T4, InstanceState.STOPPED, 300, 400);
            tell(T4, InstanceState.TERMINATED, 400, 500);

            assertThat(report(NEO, 1_000).lifetime().billableSeconds()).isEqualTo(200);
        }

        @Test
        void instanceThatBeginsNow_isThereWithoutAnyTime() {
            tellOpen(T4, InstanceState.RUNNING, 0);

            SavingsReport report = report(Provider.AWS, 0);

            assertThat(report.lines()).hasSize(1);
            assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.usd("0.30"));
            assertThat(report.lifetime().billableSeconds()).isZero();
            assertThat(report.lifetime().savings()).isEqualTo(Amount.ZERO);
            assertThat(report.lifetime().tiers()).isEmpty();
        }

        /** A host tells a change and shows a report in the same second: the session must not blink. */
        @Test
        void stateThatChangesNow_theSessionGoesOn() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tellOpen(T4, InstanceState.IDLE, 100);

            SavingsReport report = report(NEO, 100);

            assertThat(report.lines()).singleElement().satisfies(line -> {
                assertThat(line.sessionStart()).isEqualTo(NOON);
                assertThat(line.state()).isEqualTo(InstanceState.IDLE);
                assertThat(line.running()).isEqualTo(Duration.ofSeconds(100));
            });
            assertThat(report.session()).isEqualTo(report.lifetime());
        }

        @Test
        void instanceThatEndsNow_isGone() {
            tell(T4, InstanceState.RUNNING, 0, 100);

            assertThat(report(NEO, 100).lines()).isEmpty();
            assertThat(report(NEO, 99).lines()).hasSize(1);
        }

        @Test
        void beforeItBegan_nothing() {
            tellOpen(T4, InstanceState.RUNNING, 0);

            assertThat(report(NEO, -1).lines()).isEmpty();
            assertThat(report(NEO, -1).lifetime().billableSeconds()).isZero();
        }

        @Test
        void explain_comparedLine_saysEveryStep() {
            tellOpen(T4, InstanceState.RUNNING, 0);

            assertThat(report(NEO, 3_600).lines().get(0).explain())
                    .contains(
                            "vm-1",
                            "1 x T4",
                            "since 2026-05-01T12:00:00Z",
                            "0.2 USD/h",
                            "NEO t4 in global",
                            "0.5 USD/h",
                            "Source: test prices@1, read on 2026-01-01",
                            "0.300000000 USD");
        }

        @Test
        void explain_knownRateOfAnUnknownGpu_doesNotSayThatItsCostIsUnknown() {
            Instance odd = Instance.builder(ACME, "vm-2")
                    .gpu("Voodoo 2", 1)
                    .rate(HourlyRate.usd("1"))
                    .build();
            tellOpen(odd, InstanceState.RUNNING, 0);

            assertThat(report(NEO, 60).lines().get(0).explain())
                    .contains("'Voodoo 2' is not a known GPU")
                    .doesNotContain("What it costs is unknown");
        }

        @Test
        void explain_unknownRate_saysSo() {
            tellOpen(Instance.builder(ACME, "vm-2").gpu("T4", 1).build(), InstanceState.RUNNING, 0);

            assertThat(report(NEO, 60).lines().get(0).explain()).contains("What it costs is unknown");
        }

        @Test
        void staleness_isTheAgeOfTheOldestPriceUsed() {
            tellOpen(T4, InstanceState.RUNNING, 0);
            SavingsReport report = report(NEO, 0 + 3_600);

            Duration age = Duration.between(Instant.parse("2026-01-01T00:00:00Z"), report.at());
            assertThat(report.oldestPriceAge()).contains(age);
            assertThat(report.isStale(age)).isFalse();
            assertThat(report.isStale(age.minusSeconds(1))).isTrue();
            assertThat(report.isStale(Duration.ofDays(14))).isTrue();
        }

        @Test
        void oneCatalog_servesOneReport() {
            tellOpen(T4, InstanceState.RUNNING, 0);
            AtomicInteger asked = new AtomicInteger();
            AtomicReference<PriceCatalog> current = new AtomicReference<>(catalog());
            SavingsCalculator calculator = SavingsCalculator.builder(store, () -> {
                        asked.incrementAndGet();
                        return current.get();
                    })
                    .build();

            SavingsReport before = calculator.report(ACME, Baseline.onDemand(NEO), after(3_600));
            assertThat(asked).hasValue(1);
            current.set(PriceCatalog.of(List.of(row(NEO, "global", "t4", "T4", "1", "0.90"))));
            SavingsReport after = calculator.report(ACME, Baseline.onDemand(NEO), after(3_600));

            assertThat(before.lifetime().savings()).isEqualTo(usd("0.30"));
            assertThat(after.lifetime().savings()).isEqualTo(usd("0.70"));
            assertThat(after.catalogVersion()).isEqualTo(current.get().version());
        }
    }

    @Nested
    class PriceChanges {

        private final PriceCatalog changing = PriceCatalog.of(List.of(
                row(NEO, "global", "t4", "T4", "1", "1", after(100)),
                row(NEO, "global", "t4", "T4", "1", "2", after(200)),
                row(NEO, "global", "t4", "T4", "1", "4", after(300))));

        @Test
        void intervalAcrossChanges_isCutThere() {
            tell(T4, InstanceState.RUNNING, 150, 350);

            SavingsTotals totals = SavingsCalculator.of(store, changing)
                    .report(ACME, Baseline.onDemand(NEO), after(1_000))
                    .lifetime();

            assertThat(totals.equivalentCost().toQuanta().longValueExact())
                    .isEqualTo(50 * 1_000_000_000L + 100 * 2_000_000_000L + 50 * 4_000_000_000L);
            assertThat(totals.beforeFirstPriceSeconds()).isZero();
        }

        @Test
        void usageBeforeTheFirstPrice_usesThatPriceAndIsCounted() {
            tell(T4, InstanceState.RUNNING, 0, 110);

            SavingsTotals totals = SavingsCalculator.of(store, changing)
                    .report(ACME, Baseline.onDemand(NEO), after(1_000))
                    .lifetime();

            assertThat(totals.equivalentCost().toQuanta().longValueExact()).isEqualTo(110 * 1_000_000_000L);
            assertThat(totals.beforeFirstPriceSeconds()).isEqualTo(100);
        }

        @Test
        void rateOfTheAccountThatChanges_isUsedFromThenOn() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(T4.withRate(HourlyRate.usd("0.40")), InstanceState.RUNNING, 100, 200);

            assertThat(report(NEO, 1_000).lifetime().effectiveCost().toQuanta().longValueExact())
                    .isEqualTo(100 * 200_000_000L + 100 * 400_000_000L);
        }
    }

    @Nested
    class BillingRules {

        private long equivalentSeconds(Provider provider, long at) {
            return report(provider, at).lifetime().equivalentCost().toQuanta().longValueExact() / 500_000_000L;
        }

        @Test
        void awsMinimum_countsFromTheFirstSecondOfEachRun() {
            tell(T4, InstanceState.RUNNING, 0, 10);
            tell(T4, InstanceState.RUNNING, 100, 250);

            assertThat(equivalentSeconds(Provider.AWS, 1)).isEqualTo(60);
            assertThat(equivalentSeconds(Provider.AWS, 10)).isEqualTo(60);
            assertThat(equivalentSeconds(Provider.AWS, 101)).isEqualTo(120);
            assertThat(equivalentSeconds(Provider.AWS, 161)).isEqualTo(121);
            assertThat(equivalentSeconds(Provider.AWS, 250)).isEqualTo(210);
            assertThat(equivalentSeconds(Provider.AWS, 999)).isEqualTo(210);
        }

        @Test
        void azureMinutes_areSettledWhenTheRunEnds() {
            tell(T4, InstanceState.RUNNING, 0, 405);

            assertThat(equivalentSeconds(Provider.AZURE, 30)).isEqualTo(30);
            assertThat(equivalentSeconds(Provider.AZURE, 404)).isEqualTo(404);
            assertThat(equivalentSeconds(Provider.AZURE, 405)).isEqualTo(360);
            assertThat(equivalentSeconds(Provider.AZURE, 999)).isEqualTo(360);
        }

        @Test
        void azureMinutes_aChangeOfStateEndsNoRun() {
            tell(T4, InstanceState.RUNNING, 0, 90);
            tell(T4, InstanceState.IDLE, 90, 120);

            assertThat(equivalentSeconds(Provider.AZURE, 90)).isEqualTo(90);
            assertThat(equivalentSeconds(Provider.AZURE, 120)).isEqualTo(120);
        }

        @Test
        void azureMinutes_aPauseEndsTheRun() {
            tell(T4, InstanceState.RUNNING, 0, 90);
            tell(T4, InstanceState.HIBERNATED, 90, 100);
            tell(T4, InstanceState.RUNNING, 100, 130);

            assertThat(equivalentSeconds(Provider.AZURE, 999)).isEqualTo(60);
        }

        @Test
        void withoutARule_everySecondCounts() {
            tell(T4, InstanceState.RUNNING, 0, 7);

            assertThat(equivalentSeconds(NEO, 999)).isEqualTo(7);
        }

        @Test
        void effectiveCost_knowsNoRuleOfTheProvider() {
            tell(T4, InstanceState.RUNNING, 0, 7);

            for (Provider provider : List.of(Provider.AWS, Provider.AZURE, NEO)) {
                assertThat(report(provider, 999)
                                .lifetime()
                                .effectiveCost()
                                .toQuanta()
                                .longValueExact())
                        .isEqualTo(7 * 200_000_000L);
            }
        }
    }

    @Nested
    class Unpriced {

        @Test
        void unknownRate_isLeftOutOnBothSidesAndCounted() {
            tell(Instance.builder(ACME, "vm-2").gpu("T4", 1).build(), InstanceState.RUNNING, 0, 100);

            SavingsTotals totals = report(NEO, 1_000).lifetime();

            assertThat(totals.equivalentCost()).isEqualTo(Amount.ZERO);
            assertThat(totals.effectiveCost()).isEqualTo(Amount.ZERO);
            assertThat(totals.uncomparedCost()).isEqualTo(Amount.ZERO);
            assertThat(totals.unpricedInstances()).isEqualTo(1);
            assertThat(totals.coverage()).contains(new BigDecimal("0.000000000"));
            assertThat(totals.savingsPercentage()).isEmpty();
        }

        @Test
        void rateOfZero_isKnown() {
            tell(T4.withRate(HourlyRate.ZERO), InstanceState.RUNNING, 0, 3_600);

            assertThat(report(NEO, 9_999).lifetime().savings()).isEqualTo(usd("0.50"));
        }

        @Test
        void unknownGpu_isLeftOutOnBothSidesAndItsCostIsTold() {
            tell(
                    Instance.builder(ACME, "vm-2")
                            .gpu("Voodoo 2", 1)
                            .rate(HourlyRate.usd("3"))
                            .build(),
                    InstanceState.RUNNING,
                    0,
                    3_600);

            SavingsTotals totals = report(NEO, 9_999).lifetime();

            assertThat(totals.equivalentCost()).isEqualTo(Amount.ZERO);
            assertThat(totals.effectiveCost()).isEqualTo(Amount.ZERO);
            assertThat(totals.uncomparedCost()).isEqualTo(usd("3"));
        }

        @Test
        void coverage_isTheComparedPartOfTheTime() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(
                    Instance.builder(ACME, "vm-2")
                            .gpu("A100", 1)
                            .rate(HourlyRate.usd("1"))
                            .build(),
                    InstanceState.RUNNING,
                    0,
                    200);

            assertThat(report(NEO, 999).lifetime().coverage()).contains(new BigDecimal("0.333333333"));
        }
    }

    @Nested
    class Breakdowns {

        @Test
        void byGpu_namesThatMeanOneModelAreOneGroup() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(
                    Instance.builder(ACME, "vm-2")
                            .gpu("Tesla T4", 1)
                            .rate(HourlyRate.ZERO)
                            .build(),
                    InstanceState.RUNNING,
                    0,
                    50);
            tell(Instance.builder(ACME, "vm-3").gpu("A100", 1).build(), InstanceState.RUNNING, 0, 50);
            tell(Instance.builder(ACME, "vm-4").build(), InstanceState.RUNNING, 0, 50);
            tell(Instance.builder(ACME, "vm-5").gpu("K80", 1).build(), InstanceState.STOPPED, 0, 50);

            Breakdown breakdown =
                    calculator().breakdown(List.of(ACME), Baseline.onDemand(NEO), after(999), Dimension.GPU);

            assertThat(breakdown.groups()).extracting(Breakdown.Group::name).containsExactly("A100", "T4", "unknown");
            assertThat(breakdown.groups().get(1).totals().billableSeconds()).isEqualTo(150);
            assertThat(breakdown.groups().get(1).totals().instances()).isEqualTo(2);
            assertThat(breakdown.total().instances()).isEqualTo(4);
        }

        @Test
        void byInstance_sameIdOfTwoAccounts_countsAsTwoInstances() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            AccountId other = AccountId.of("other");
            tell(
                    Instance.builder(other, "vm-1")
                            .gpu("T4", 1)
                            .rate(HourlyRate.ZERO)
                            .build(),
                    InstanceState.RUNNING,
                    0,
                    50);

            Breakdown breakdown = calculator()
                    .breakdown(List.of(ACME, other), Baseline.onDemand(NEO), after(999), Dimension.INSTANCE);

            assertThat(breakdown.total().instances()).isEqualTo(2);
        }

        @Test
        void gpuHours_thirdsOfAGpu_addUp() {
            for (int i = 1; i <= 3; i++) {
                tell(
                        Instance.builder(ACME, "third-" + i)
                                .gpu("T4", new GpuCount(1, 3))
                                .rate(HourlyRate.ZERO)
                                .build(),
                        InstanceState.RUNNING,
                        0,
                        3_600);
            }

            assertThat(report(NEO, 9_999).lifetime().gpuHours()).isEqualTo(new BigDecimal("1.000000000"));
        }
    }

    @Nested
    class History {

        private List<HistoryBucket> days(String from, String to, String zone) {
            return calculator()
                    .history(
                            List.of(ACME),
                            Baseline.onDemand(NEO),
                            Instant.parse(from),
                            Instant.parse(to),
                            Granularity.DAY,
                            ZoneId.of(zone));
        }

        @Test
        void days_ofLocalTime_have23And24And25Hours() {
            assertThat(days("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", "Europe/Berlin"))
                    .extracting(bucket ->
                            Duration.between(bucket.start(), bucket.end()).toHours())
                    .containsExactly(24L, 23L, 24L);
            assertThat(days("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", "Europe/Berlin"))
                    .extracting(bucket ->
                            Duration.between(bucket.start(), bucket.end()).toHours())
                    .containsExactly(24L, 25L, 24L);
        }

        @Test
        void days_withoutUsage_areThereWithZeros() {
            tell(T4, InstanceState.RUNNING, 0, 60);

            List<HistoryBucket> days = days("2026-04-29T00:00:00Z", "2026-05-03T00:00:00Z", "UTC");

            assertThat(days)
                    .extracting(bucket -> bucket.totals().billableSeconds())
                    .containsExactly(0L, 0L, 60L, 0L);
            assertThat(days.get(0).totals().savings()).isEqualTo(Amount.ZERO);
        }

        @Test
        void usageAcrossMidnight_isCutThere() {
            store.append(List.of(UsageInterval.between(
                    T4,
                    InstanceState.RUNNING,
                    Instant.parse("2026-05-01T23:00:00Z"),
                    Instant.parse("2026-05-02T02:00:00Z"))));

            assertThat(days("2026-05-01T00:00:00Z", "2026-05-03T00:00:00Z", "UTC"))
                    .extracting(bucket -> bucket.totals().savings())
                    .containsExactly(usd("0.30"), usd("0.60"));
        }

        @Test
        void startNotBeforeEnd_isRefusedWithBoth() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> days("2026-05-02T00:00:00Z", "2026-05-02T00:00:00Z", "UTC"))
                    .withMessageContaining("2026-05-02T00:00:00Z");
        }

        /** In Lord Howe the clocks change by half an hour: such an hour has halves, and there is an end to them. */
        @Test
        void hours_whereClocksChangeByHalfAnHour_comeToAnEnd() {
            List<HistoryBucket> hours = calculator()
                    .history(
                            List.of(ACME),
                            Baseline.onDemand(NEO),
                            Instant.parse("2026-04-04T13:00:00Z"),
                            Instant.parse("2026-04-04T17:00:00Z"),
                            Granularity.HOUR,
                            ZoneId.of("Australia/Lord_Howe"));

            assertThat(hours).hasSizeBetween(4, 6);
            for (int i = 1; i < hours.size(); i++) {
                assertThat(hours.get(i).start()).isEqualTo(hours.get(i - 1).end());
            }
        }
    }

    @Nested
    class Avoidance {

        @Test
        void pause_afterBillableTime_avoidsTheRateLessStorage() {
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(T4, InstanceState.HIBERNATED, 100, 3_700);

            CostAvoidance avoidance = report(NEO, 9_999).costAvoidance();

            assertThat(avoidance.pausedSeconds()).isEqualTo(3_600);
            assertThat(avoidance.avoidedCost()).isEqualTo(usd("0.19"));
        }

        @Test
        void pause_neverBillableBefore_avoidsNothing() {
            tell(T4, InstanceState.STOPPED, 0, 3_600);

            assertThat(report(NEO, 9_999).costAvoidance()).isEqualTo(new CostAvoidance(0, Amount.ZERO));
        }

        @Test
        void pause_unknownRate_avoidsNothing() {
            Instance unknown = Instance.builder(ACME, "vm-2").gpu("T4", 1).build();
            tell(unknown, InstanceState.RUNNING, 0, 100);
            tell(unknown, InstanceState.STOPPED, 100, 3_600);

            assertThat(report(NEO, 9_999).costAvoidance()).isEqualTo(new CostAvoidance(0, Amount.ZERO));
        }

        @Test
        void pause_longerThan30Days_countsThese30DaysOnce() {
            long day = 86_400;
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(T4, InstanceState.HIBERNATED, 100, 100 + 20 * day);
            tell(T4, InstanceState.STOPPED, 100 + 20 * day, 100 + 50 * day);

            assertThat(report(NEO, 60 * day).costAvoidance().pausedSeconds()).isEqualTo(30 * day);
        }

        @Test
        void pause_countsUpToTheLongestThatTheHostAllows() {
            long day = 86_400;
            tell(T4, InstanceState.RUNNING, 0, 100);
            tellOpen(T4, InstanceState.STOPPED, 100);
            SavingsCalculator strict = SavingsCalculator.builder(store, SavingsCalculatorTest::catalog)
                    .longestPause(Duration.ofDays(2))
                    .build();

            assertThat(strict.report(ACME, Baseline.onDemand(NEO), after(10 * day))
                            .costAvoidance()
                            .pausedSeconds())
                    .isEqualTo(2 * day);
            SavingsCalculator.Builder builder = SavingsCalculator.builder(store, SavingsCalculatorTest::catalog);
            assertThatThrownBy(() -> builder.longestPause(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-1S");
        }

        @Test
        void pause_eachOneAfterBillableTime_hasItsOwn30Days() {
            long day = 86_400;
            tell(T4, InstanceState.RUNNING, 0, 100);
            tell(T4, InstanceState.STOPPED, 100, 100 + 40 * day);
            tell(T4, InstanceState.RUNNING, 100 + 40 * day, 200 + 40 * day);
            tellOpen(T4, InstanceState.STOPPED, 200 + 40 * day);

            assertThat(report(NEO, 200 + 45 * day).costAvoidance().pausedSeconds())
                    .isEqualTo(35 * day);
        }

        @Test
        void pause_storageDearerThanTheMachine_isNegative() {
            Instance hoard = Instance.builder(ACME, "vm-2")
                    .gpu("T4", 1)
                    .rate(HourlyRate.usd("0.10"))
                    .storageRate(HourlyRate.usd("0.30"))
                    .build();
            tell(hoard, InstanceState.RUNNING, 0, 1);
            tell(hoard, InstanceState.STOPPED, 1, 3_601);

            assertThat(report(NEO, 9_999).costAvoidance().avoidedCost()).isEqualTo(usd("-0.20"));
        }

        @Test
        void avoidance_isNeverPartOfTheSavings() {
            tell(T4, InstanceState.RUNNING, 0, 3_600);
            Amount before = report(NEO, 99_999).lifetime().savings();
            tell(T4, InstanceState.HIBERNATED, 3_600, 50_000);

            assertThat(report(NEO, 99_999).lifetime().savings()).isEqualTo(before);
            assertThat(report(NEO, 99_999).lifetime().billableSeconds()).isEqualTo(3_600);
        }
    }

    @Nested
    class WasteAndUnitCosts {

        @Test
        void idleTime_isACostBesideTheSavings() {
            tell(T4, InstanceState.RUNNING, 0, 3_600);
            tell(T4, InstanceState.IDLE, 3_600, 9_000);

            SavingsTotals totals = report(NEO, 9_000).lifetime();

            assertThat(totals.waste()).isEqualTo(new Waste(5_400, usd("0.30")));
            assertThat(totals.waste().idleHours()).isEqualByComparingTo("1.5");
            assertThat(totals.effectiveCost()).isEqualTo(usd("0.50"));
        }

        @Test
        void unitCosts_areWhatAnHourOfEachReallyCost() {
            // 2 x T4 with 65 dense FP16 TFLOPS each, by the data sheet.
            Instance two = Instance.builder(ACME, "vm-2")
                    .gpu("T4", 2)
                    .rate(HourlyRate.usd("0.60"))
                    .build();
            tell(two, InstanceState.RUNNING, 0, 7_200);

            UnitCosts costs = report(NEO, 7_200).lifetime().unitCosts();

            assertThat(costs.perInstanceHour()).contains(new BigDecimal("0.600000000"));
            assertThat(costs.perGpuHour()).contains(new BigDecimal("0.300000000"));
            assertThat(costs.perPflopHour()).contains(new BigDecimal("4.615384615"));
        }

        @Test
        void unitCosts_leaveOutTimeWhoseCostIsUnknown() {
            tell(T4, InstanceState.RUNNING, 0, 3_600);
            Instance unknown = Instance.builder(ACME, "vm-2").gpu("T4", 8).build();
            tell(unknown, InstanceState.RUNNING, 0, 360_000);

            UnitCosts costs = report(NEO, 360_000).lifetime().unitCosts();

            assertThat(costs.perGpuHour()).contains(new BigDecimal("0.200000000"));
        }

        @Test
        void unitCosts_perPflopHour_isThatOfTheGpusWhoseDataSheetIsKnown() {
            tell(T4, InstanceState.RUNNING, 0, 3_600);
            Instance odd = Instance.builder(ACME, "vm-2")
                    .gpu("Voodoo 2", 1)
                    .rate(HourlyRate.usd("9"))
                    .build();
            tell(odd, InstanceState.RUNNING, 0, 3_600);

            UnitCosts costs = report(NEO, 3_600).lifetime().unitCosts();

            assertThat(costs.perPflopHour()).contains(new BigDecimal("3.076923077"));
            assertThat(costs.perGpuHour()).contains(new BigDecimal("4.600000000"));
        }

        @Test
        void unitCosts_ofNothing_areAbsent() {
            assertThat(report(NEO, 0).lifetime().unitCosts())
                    .isEqualTo(new UnitCosts(Optional.empty(), Optional.empty(), Optional.empty()));
        }
    }

    @Test
    void oldestReadOn_ofSeveralEquivalents_isTheOldestDay() {
        PriceRow t4 = Prices.readOn(LocalDate.of(2026, 4, 1), row(NEO, "global", "t4", "T4", "1", "0.5"));
        PriceRow l4 = Prices.readOn(LocalDate.of(2026, 3, 1), row(NEO, "global", "l4", "L4", "1", "0.7"));
        PriceRow unused = Prices.readOn(LocalDate.of(2020, 3, 1), row(NEO, "global", "a10", "A10", "1", "0.7"));
        tell(T4, InstanceState.RUNNING, 0, 10);
        SavingsCalculator calculator = SavingsCalculator.of(store, PriceCatalog.of(List.of(t4, l4, unused)));
        assertThat(calculator
                        .report(ACME, Baseline.onDemand(NEO), after(99))
                        .lifetime()
                        .oldestReadOn())
                .contains(LocalDate.of(2026, 4, 1));

        tell(Instance.builder(ACME, "vm-2").gpu("L4", 1).rate(HourlyRate.ZERO).build(), InstanceState.RUNNING, 0, 10);
        assertThat(calculator
                        .report(ACME, Baseline.onDemand(NEO), after(99))
                        .lifetime()
                        .oldestReadOn())
                .contains(LocalDate.of(2026, 3, 1));
    }
}
