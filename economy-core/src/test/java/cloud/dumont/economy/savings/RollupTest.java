package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollupTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant FROM = Instant.parse("2026-03-01T10:17:11Z");
    private static final long LONGEST = 30_000;
    private static final int CASES = 1000;

    private static SavingsSums sums(List<Rollup.Row> rows) {
        return SavingsSums.sum(rows.stream()
                .map(row -> new SavingsSums(java.util.Map.of(row.tier(), row.sums())))
                .toList());
    }

    private static void assertSame(SavingsSums sums, SavingsTotals totals) {
        assertThat(sums.billableSeconds()).isEqualTo(totals.billableSeconds());
        assertThat(sums.comparedSeconds()).isEqualTo(totals.comparedSeconds());
        assertThat(sums.coverage()).isEqualTo(totals.coverage());
        assertThat(sums.effectiveCost()).isEqualTo(totals.effectiveCost());
        assertThat(sums.equivalentCost()).isEqualTo(totals.equivalentCost());
        assertThat(sums.savings()).isEqualTo(totals.savings());
        assertThat(sums.uncomparedCost()).isEqualTo(totals.uncomparedCost());
        for (Tier tier : List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST)) {
            assertThat(sums.tier(tier).effectiveCost())
                    .isEqualTo(totals.tier(tier).effectiveCost());
            assertThat(sums.tier(tier).equivalentCost())
                    .isEqualTo(totals.tier(tier).equivalentCost());
        }
        UsageSums all = sums.tiers().values().stream().reduce(UsageSums.ZERO, UsageSums::plus);
        assertThat(all.inferredSeconds()).isEqualTo(totals.inferredSeconds());
        assertThat(all.beforeFirstPriceSeconds()).isEqualTo(totals.beforeFirstPriceSeconds());
        assertThat(all.idleSeconds()).isEqualTo(totals.waste().idleSeconds());
        assertThat(all.idleCost()).isEqualTo(totals.waste().cost());
    }

    @Test
    void hours_sumToTheLifetimeToTheHistoryAndToTheBreakdown() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, LONGEST));
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = FROM.plusSeconds(gen.between(1L, 8 * LONGEST));
            Rollup rollup = calculator.rollup(ACME, baseline, Instant.MIN, at);

            assertThat(rollup.catalogVersion()).isEqualTo(fleet.catalog.version());
            assertSame(
                    sums(rollup.rows()), calculator.report(ACME, baseline, at).lifetime());
            for (HistoryBucket hour :
                    calculator.history(List.of(ACME), baseline, FROM, at, Granularity.HOUR, ZoneOffset.UTC)) {
                assertSame(
                        sums(rollup.rows().stream()
                                .filter(row -> row.hour().equals(hour.start()))
                                .toList()),
                        hour.totals());
            }
            for (Breakdown.Group group : calculator
                    .breakdown(List.of(ACME), baseline, at, Dimension.GPU)
                    .groups()) {
                assertSame(
                        sums(rollup.rows().stream()
                                .filter(row -> row.gpuName().equals(group.name()))
                                .toList()),
                        group.totals());
            }
            Instant from =
                    FROM.plusSeconds(gen.between(0L, LONGEST) / 3600 * 3600).minusSeconds(17 * 60 + 11);
            assertThat(calculator.rollup(ACME, baseline, from, at).rows())
                    .isEqualTo(rollup.rows().stream()
                            .filter(row -> !row.hour().isBefore(from))
                            .toList());
        });
    }

    @Test
    void ofThePast_noMoreThanTheBillingRuleRemembersHasASay() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, LONGEST));
            HistoryStore store = fleet.store(gen);
            SavingsCalculator calculator = SavingsCalculator.of(store, fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant from = FROM.truncatedTo(ChronoUnit.HOURS).plus(gen.between(0, 20), ChronoUnit.HOURS);
            Instant at = from.plusSeconds(gen.between(1L, 4 * LONGEST));
            Rollup all = calculator.rollup(ACME, baseline, from, at);
            Instant before = from.minusSeconds(all.billing().minimumSeconds());
            List<UsageInterval> recent = store.timelines(ACME).stream()
                    .flatMap(timeline -> timeline.facts().stream())
                    .filter(fact -> fact.end().map(before::isBefore).orElse(true))
                    .toList();

            if (all.billing().incrementSeconds() == 1) {
                assertThat(calculator.simulating(recent).rollup(ACME, baseline, from, at))
                        .isEqualTo(all);
            }
        });
    }

    @Test
    void partsOfHours_sumToTheHoursOfAZoneBetweenThem() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, LONGEST));
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = FROM.plusSeconds(gen.between(1L, 8 * LONGEST));
            int minutes = gen.pick(15, 30, 45);
            Rollup parts = calculator.rollup(ACME, baseline, Instant.MIN, at, Duration.ofMinutes(15));

            for (HistoryBucket hour : calculator.history(
                    List.of(ACME), baseline, FROM, at, Granularity.HOUR, ZoneOffset.ofHoursMinutes(5, minutes))) {
                assertSame(
                        sums(parts.rows().stream()
                                .filter(row -> !row.hour().isBefore(hour.start())
                                        && row.hour().isBefore(hour.start().plusSeconds(3600)))
                                .toList()),
                        hour.totals());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.5S", "PT7M", "PT2H"})
    void partsThatDoNotMakeUpAnHour_areRefused(String part) {
        SavingsCalculator calculator = SavingsCalculator.of(
                new InMemoryHistoryStore(), PriceSource.bundled().load());
        assertThatThrownBy(() -> calculator.rollup(
                        ACME, Baseline.onDemand(Provider.AWS), FROM, FROM.plusSeconds(1), Duration.parse(part)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Duration.parse(part).toString());
    }

    @Test
    void sums_withTheirOpposite_areNothing() {
        UsageSums sums =
                new UsageSums(5, 4, 3, 2, Amount.ofQuanta(Long.MAX_VALUE), Amount.ofQuanta(-7), Amount.ofQuanta(1));

        assertThat(sums.plus(sums.negated())).isEqualTo(UsageSums.ZERO);
        assertThat(new SavingsSums(java.util.Map.of(Tier.NONE, UsageSums.ZERO))).isEqualTo(SavingsSums.ZERO);
        assertThat(SavingsSums.ZERO.coverage()).isEmpty();
    }
}
