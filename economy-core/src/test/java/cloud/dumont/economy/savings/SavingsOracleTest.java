package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The calculator against {@link SlowOracle}, figure by figure, on random fleets, prices and moments. */
class SavingsOracleTest {

    private static final List<AccountId> ACCOUNTS =
            List.of(AccountId.of("acme"), AccountId.of("bolt"), AccountId.of("core"));

    /** Midnights, ends of hours, changes of summer time (also of half an hour), a day that never was, and half-hour zones. */
    private static final List<ZonedDateTime> EDGES = List.of(
            ZonedDateTime.parse("2026-01-01T00:00:00Z[UTC]"),
            ZonedDateTime.parse("2026-03-29T03:00:00+02:00[Europe/Berlin]"),
            ZonedDateTime.parse("2026-10-25T02:00:00+01:00[Europe/Berlin]"),
            ZonedDateTime.parse("2026-11-01T01:00:00-05:00[America/New_York]"),
            ZonedDateTime.parse("2026-03-08T00:00:00-05:00[America/New_York]"),
            ZonedDateTime.parse("2018-11-04T01:00:00-02:00[America/Sao_Paulo]"),
            ZonedDateTime.parse("2011-12-31T00:00:00+14:00[Pacific/Apia]"),
            ZonedDateTime.parse("2026-06-01T00:00:00+05:30[Asia/Kolkata]"),
            ZonedDateTime.parse("2026-04-05T01:30:00+10:30[Australia/Lord_Howe]"),
            ZonedDateTime.parse("2026-10-04T02:30:00+11:00[Australia/Lord_Howe]"));

    private static void assertTotals(SavingsTotals actual, SlowOracle.Sums expected) {
        assertThat(actual.equivalentCost().toQuanta()).isEqualTo(expected.equivalentTotal());
        assertThat(actual.effectiveCost().toQuanta()).isEqualTo(expected.effectiveTotal());
        assertThat(actual.savings().toQuanta())
                .isEqualTo(expected.equivalentTotal().subtract(expected.effectiveTotal()));
        assertThat(actual.uncomparedCost().toQuanta()).isEqualTo(expected.uncompared);
        assertThat(actual.instances()).isEqualTo(expected.instances.size());
        assertThat(actual.unpricedInstances()).isEqualTo(expected.unpriced.size());
        assertThat(actual.billableSeconds()).isEqualTo(expected.billableSeconds);
        assertThat(actual.comparedSeconds()).isEqualTo(expected.comparedSeconds);
        assertThat(actual.inferredSeconds()).isEqualTo(expected.inferredSeconds);
        assertThat(actual.beforeFirstPriceSeconds()).isEqualTo(expected.beforeFirstPrice);
        assertThat(actual.gpuHours()).isEqualTo(expected.gpuHours());
        assertThat(actual.waste().idleSeconds()).isEqualTo(expected.idleSeconds);
        assertThat(actual.waste().cost().toQuanta()).isEqualTo(expected.idleCost);
        assertThat(actual.unitCosts().perInstanceHour()).isEqualTo(expected.perInstanceHour());
        assertThat(actual.unitCosts().perGpuHour()).isEqualTo(expected.perGpuHour());
        assertThat(actual.oldestReadOn()).isEqualTo(expected.oldestReadOn);
        for (Tier tier : Tier.values()) {
            assertThat(actual.tier(tier).effectiveCost().toQuanta())
                    .isEqualTo(expected.effective.getOrDefault(tier, BigInteger.ZERO));
            assertThat(actual.tier(tier).equivalentCost().toQuanta())
                    .isEqualTo(expected.equivalent.getOrDefault(tier, BigInteger.ZERO));
        }
        assertThat(actual.tiers()).doesNotContainKey(Tier.NONE);
    }

    private static final SlowOracle.Sums NOTHING = new SlowOracle.Sums();

    @Test
    void report_anyFleetAtAnyMoment_isWhatTheSecondsAddUpTo() {
        Law.holds(1_200, gen -> {
            Instant from = gen.pick(EDGES).toInstant().minusSeconds(200);
            RandomFleet fleet = RandomFleet.of(gen, from, 150);
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            long until = from.getEpochSecond() + gen.between(-5L, 700L);
            SlowOracle oracle = new SlowOracle(fleet, until, second -> "");
            for (AccountId account : ACCOUNTS) {
                SavingsReport report = calculator.report(
                        account,
                        Baseline.onDemand(fleet.provider),
                        Instant.ofEpochSecond(until, gen.between(0, 999_999_999)));
                assertThat(report.at()).isEqualTo(Instant.ofEpochSecond(until));
                assertTotals(report.lifetime(), oracle.lifetime.getOrDefault(account, NOTHING));
                assertTotals(report.session(), oracle.session.getOrDefault(account, NOTHING));
                assertLines(report, oracle.lines.getOrDefault(account, List.of()));
                assertThat(report.costAvoidance().pausedSeconds())
                        .isEqualTo(oracle.pausedSeconds.getOrDefault(account, 0L));
                assertThat(report.costAvoidance().avoidedCost().toQuanta())
                        .isEqualTo(oracle.avoided.getOrDefault(account, BigInteger.ZERO));
            }
        });
    }

    private static void assertLines(SavingsReport report, List<SlowOracle.Line> expected) {
        List<SlowOracle.Line> sorted = expected.stream()
                .sorted(Comparator.comparing(line -> line.now().instance().id()))
                .toList();
        assertThat(report.lines()).hasSameSizeAs(sorted);
        BigInteger perHour = BigInteger.ZERO;
        boolean compared = false;
        for (int i = 0; i < sorted.size(); i++) {
            SavingsLine line = report.lines().get(i);
            SlowOracle.Line wanted = sorted.get(i);
            assertThat(line.instance()).isEqualTo(wanted.now().instance());
            assertThat(line.state()).isEqualTo(wanted.now().state());
            assertThat(line.sessionStart().getEpochSecond()).isEqualTo(wanted.sessionStart());
            assertTotals(line.session(), wanted.session());
            assertThat(line.equivalentRate().map(rate -> BigInteger.valueOf(rate.nanoUsdPerHour())))
                    .isEqualTo(wanted.equivalentRate());
            if (wanted.equivalentRate().isPresent()) {
                compared = true;
                perHour = perHour.add(wanted.equivalentRate().get())
                        .subtract(BigInteger.valueOf(
                                line.instance().rate().orElseThrow().nanoUsdPerHour()));
            }
            assertThat(line.explain()).contains(line.instance().id().value());
        }
        assertThat(report.savingsPerHour().nanoUsdPerHour()).isEqualTo(perHour.longValueExact());
        assertThat(report.projection().isPresent()).isEqualTo(compared);
        if (compared) {
            Projection projection = report.projection().orElseThrow();
            assertThat(projection.daily()).isEqualTo(quanta(perHour, 24));
            assertThat(projection.weekly()).isEqualTo(quanta(perHour, 168));
            assertThat(projection.monthly()).isEqualTo(quanta(perHour, 730));
            assertThat(projection.yearly()).isEqualTo(quanta(perHour, 8_760));
        }
    }

    private static Amount quanta(BigInteger perHour, long hours) {
        return Amount.ofQuanta(perHour.multiply(BigInteger.valueOf(hours * 3_600)));
    }

    @Test
    void breakdown_anyFleetByAnything_isWhatTheSecondsAddUpToAndSumsToTheTotal() {
        Law.holds(600, gen -> {
            Instant from = gen.pick(EDGES).toInstant().minusSeconds(200);
            RandomFleet fleet = RandomFleet.of(gen, from, 150);
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            long until = from.getEpochSecond() + gen.between(0L, 700L);
            SlowOracle oracle = new SlowOracle(fleet, until, second -> "");
            for (Dimension by : Dimension.values()) {
                Breakdown breakdown = calculator.breakdown(
                        ACCOUNTS, Baseline.onDemand(fleet.provider), Instant.ofEpochSecond(until), by);
                TreeMap<String, SlowOracle.Sums> expected = new TreeMap<>();
                oracle.groups.forEach((name, sums) -> {
                    if (name.startsWith(by.name() + " ") && sums.billableSeconds > 0) {
                        expected.put(name.substring(by.name().length() + 1), sums);
                    }
                });
                assertThat(breakdown.groups())
                        .extracting(Breakdown.Group::name)
                        .containsExactlyElementsOf(expected.keySet());
                breakdown.groups().forEach(group -> assertTotals(group.totals(), expected.get(group.name())));
                assertSums(
                        breakdown.groups().stream().map(Breakdown.Group::totals).toList(), breakdown.total());
            }
        });
    }

    /** Everything that adds up, adds up exactly. */
    private static void assertSums(List<SavingsTotals> parts, SavingsTotals total) {
        assertThat(parts.stream().map(SavingsTotals::savings).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(total.savings());
        assertThat(parts.stream().map(SavingsTotals::effectiveCost).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(total.effectiveCost());
        assertThat(parts.stream().map(SavingsTotals::equivalentCost).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(total.equivalentCost());
        assertThat(parts.stream().map(SavingsTotals::uncomparedCost).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(total.uncomparedCost());
        assertThat(parts.stream().mapToLong(SavingsTotals::billableSeconds).sum())
                .isEqualTo(total.billableSeconds());
        assertThat(parts.stream().mapToLong(SavingsTotals::comparedSeconds).sum())
                .isEqualTo(total.comparedSeconds());
        for (Tier tier : Tier.values()) {
            assertThat(parts.stream().map(part -> part.tier(tier).savings()).reduce(Amount.ZERO, Amount::plus))
                    .isEqualTo(total.tier(tier).savings());
        }
    }

    @Test
    void history_anyFleetAtTheEdgesOfTime_isWhatTheSecondsAddUpTo() {
        Law.holds(1_000, gen -> {
            ZonedDateTime edge = gen.pick(EDGES);
            ZoneId zone = gen.oneIn(4) ? gen.pick(EDGES).getZone() : edge.getZone();
            Granularity granularity = gen.pick(Granularity.values());
            Instant from = edge.toInstant().minusSeconds(gen.between(0L, 600L));
            RandomFleet fleet = RandomFleet.of(gen, from, 150, edge.toInstant());
            SavingsCalculator calculator = SavingsCalculator.of(fleet.store(gen), fleet.catalog);
            Instant to = from.plusSeconds(gen.between(1L, 1_000L));
            SlowOracle oracle = new SlowOracle(fleet, to.getEpochSecond(), bucketOf(granularity, zone));
            List<HistoryBucket> buckets =
                    calculator.history(ACCOUNTS, Baseline.onDemand(fleet.provider), from, to, granularity, zone);
            for (HistoryBucket bucket : buckets) {
                String name = bucketOf(granularity, zone).apply(bucket.start().getEpochSecond());
                assertTotals(bucket.totals(), oracle.groups.getOrDefault("BUCKET " + name, NOTHING));
            }
            assertBuckets(buckets, from, to);
        });
    }

    /** The name that all seconds of one bucket share: the local hour with its offset, or the local day, week or month. */
    private static LongFunction<String> bucketOf(Granularity granularity, ZoneId zone) {
        return second -> {
            ZonedDateTime local = Instant.ofEpochSecond(second).atZone(zone);
            return switch (granularity) {
                case HOUR -> local.toLocalDateTime().truncatedTo(ChronoUnit.HOURS) + " " + local.getOffset();
                case DAY -> local.toLocalDate().toString();
                case WEEK ->
                    local.toLocalDate()
                            .minusDays(local.getDayOfWeek().getValue() - 1L)
                            .toString();
                case MONTH -> local.toLocalDate().toString().substring(0, 7);
            };
        };
    }

    /** Without gaps from the bucket of the first moment to that of the last. */
    private static void assertBuckets(List<HistoryBucket> buckets, Instant from, Instant to) {
        assertThat(buckets.get(0).start()).isBeforeOrEqualTo(from);
        assertThat(buckets.get(0).end()).isAfter(from);
        assertThat(buckets.get(buckets.size() - 1).start()).isBefore(to);
        assertThat(buckets.get(buckets.size() - 1).end()).isAfterOrEqualTo(to);
        for (int i = 1; i < buckets.size(); i++) {
            assertThat(buckets.get(i).start()).isEqualTo(buckets.get(i - 1).end());
        }
    }

    @Test
    void history_weeksOfDaysInAnyZone_sumToTheLifetimeAndAreItsSteps() {
        List<ZoneId> zones = List.of(
                ZoneOffset.UTC,
                ZoneId.of("Europe/Berlin"),
                ZoneId.of("America/New_York"),
                ZoneId.of("Australia/Lord_Howe"),
                ZoneId.of("America/Sao_Paulo"),
                ZoneId.of("Asia/Kathmandu"));
        Law.holds(150, gen -> {
            Instant from = gen.pick(EDGES).toInstant().minusSeconds(gen.between(0L, 20 * 86_400L));
            RandomFleet fleet = RandomFleet.of(gen, from, 6 * 86_400L);
            HistoryStore store = fleet.store(gen);
            SavingsCalculator calculator = SavingsCalculator.of(store, fleet.catalog);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant to = from.plusSeconds(gen.between(1L, 40 * 86_400L));
            List<HistoryBucket> buckets = calculator.history(
                    List.of(ACCOUNTS.get(0)),
                    baseline,
                    from,
                    to,
                    gen.pick(Granularity.DAY, Granularity.WEEK, Granularity.MONTH),
                    gen.pick(zones));
            assertBuckets(buckets, from, to);
            SavingsTotals lifetime =
                    calculator.report(ACCOUNTS.get(0), baseline, to).lifetime();
            assertSums(buckets.stream().map(HistoryBucket::totals).toList(), lifetime);
            HistoryBucket any = gen.pick(buckets);
            if (!any.end().isAfter(to)) {
                SavingsTotals before = calculator
                        .report(ACCOUNTS.get(0), baseline, any.start())
                        .lifetime();
                SavingsTotals after =
                        calculator.report(ACCOUNTS.get(0), baseline, any.end()).lifetime();
                assertThat(any.totals().effectiveCost())
                        .isEqualTo(after.effectiveCost().minus(before.effectiveCost()));
                assertThat(any.totals().billableSeconds())
                        .isEqualTo(after.billableSeconds() - before.billableSeconds());
            }
        });
    }
}
