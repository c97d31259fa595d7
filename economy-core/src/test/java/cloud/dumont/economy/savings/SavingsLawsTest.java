package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** 'What must hold always', from semantics.md, on random fleets. */
class SavingsLawsTest {

    private static final int CASES = 400;
    private static final Instant FROM = Instant.parse("2026-05-30T22:00:00Z");
    private static final long LONGEST = 40_000;
    private static final List<AccountId> ACCOUNTS =
            List.of(AccountId.of("acme"), AccountId.of("bolt"), AccountId.of("core"));
    private static final AccountId ACME = ACCOUNTS.get(0);

    private static Instant anyMoment(Gen gen) {
        return FROM.plusSeconds(gen.between(-10L, 8 * LONGEST));
    }

    private static Baseline baseline(RandomFleet fleet) {
        return Baseline.onDemand(fleet.provider);
    }

    private static SavingsCalculator calculator(RandomFleet fleet, InMemoryHistoryStore store) {
        return SavingsCalculator.of(store, fleet.catalog);
    }

    /** All figures of a report; lines by what they show. */
    private static List<Object> figures(SavingsReport report) {
        List<Object> figures = new ArrayList<>(List.of(
                report.account(),
                report.at(),
                report.catalogVersion(),
                report.lifetime(),
                report.session(),
                report.projection(),
                report.costAvoidance()));
        for (SavingsLine line : report.lines()) {
            figures.addAll(List.of(
                    line.instance(),
                    line.state(),
                    line.sessionStart(),
                    line.session(),
                    line.equivalentRate(),
                    line.explain()));
        }
        return figures;
    }

    @Test
    void usage_inAnyOrderTwiceAndInPieces_givesTheSameFigures() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore plain = new InMemoryHistoryStore();
            plain.append(fleet.facts);
            Instant at = anyMoment(gen);
            assertThat(figures(calculator(fleet, fleet.store(gen)).report(ACME, baseline(fleet), at)))
                    .isEqualTo(figures(calculator(fleet, plain).report(ACME, baseline(fleet), at)));
        });
    }

    @Test
    void otherAccounts_neverMoveAFigure() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore alone = new InMemoryHistoryStore();
            alone.append(fleet.facts.stream()
                    .filter(fact -> fact.instance().account().equals(ACME))
                    .toList());
            Instant at = anyMoment(gen);
            assertThat(figures(calculator(fleet, fleet.store(gen)).report(ACME, baseline(fleet), at)))
                    .isEqualTo(figures(calculator(fleet, alone).report(ACME, baseline(fleet), at)));
        });
    }

    @Test
    void accounts_sumToTheTotalOfAll() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            SavingsCalculator calculator = calculator(fleet, fleet.store(gen));
            Instant at = anyMoment(gen);
            Amount sum = ACCOUNTS.stream()
                    .map(account -> calculator
                            .report(account, baseline(fleet), at)
                            .lifetime()
                            .savings())
                    .reduce(Amount.ZERO, Amount::plus);
            assertThat(calculator
                            .breakdown(ACCOUNTS, baseline(fleet), at, Dimension.GPU)
                            .total()
                            .savings())
                    .isEqualTo(sum);
        });
    }

    @Test
    void figuresAtAMoment_neverDependOnHowOftenAnyoneAskedBefore() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore store = fleet.store(gen);
            SavingsCalculator asked = calculator(fleet, store);
            for (int i = gen.between(1, 20); i > 0; i--) {
                asked.report(gen.pick(ACCOUNTS), baseline(fleet), anyMoment(gen));
            }
            Instant at = anyMoment(gen);
            assertThat(figures(asked.report(ACME, baseline(fleet), at)))
                    .isEqualTo(figures(calculator(fleet, store).report(ACME, baseline(fleet), at)));
        });
    }

    /** Also of runs: what is inferred goes on with what was observed before it, and is gone on with. A launch is never inferred. */
    @Test
    void timeThatIsInferred_countsLikeTimeThatWasObserved() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore observed = new InMemoryHistoryStore();
            InMemoryHistoryStore inferred = new InMemoryHistoryStore();
            observed.append(fleet.facts);
            inferred.append(fleet.facts.stream()
                    .flatMap(fact -> partlyInferred(fact, gen))
                    .toList());
            Instant at = anyMoment(gen);
            assertThat(withoutEvidence(calculator(fleet, inferred).report(ACME, baseline(fleet), at)))
                    .isEqualTo(withoutEvidence(calculator(fleet, observed).report(ACME, baseline(fleet), at)));
        });
    }

    private static List<Object> withoutEvidence(SavingsReport report) {
        return figures(report).stream()
                .map(figure -> figure instanceof SavingsTotals totals ? withoutEvidence(totals) : figure)
                .map(figure -> figure instanceof String text
                        ? text.replaceFirst(" Of its time, \\d+ s are inferred: [^.]*\\.", "")
                        : figure)
                .toList();
    }

    private static SavingsTotals withoutEvidence(SavingsTotals totals) {
        return new SavingsTotals(
                totals.instances(),
                totals.unpricedInstances(),
                totals.billableSeconds(),
                totals.comparedSeconds(),
                0,
                totals.provisionalSeconds(),
                totals.gpuHours(),
                totals.effectiveCost(),
                totals.equivalentCost(),
                totals.uncomparedCost(),
                totals.beforeFirstPriceSeconds(),
                totals.tiers(),
                totals.oldestReadOn(),
                totals.waste(),
                totals.unitCosts());
    }

    private static Stream<UsageInterval> partlyInferred(UsageInterval fact, Gen gen) {
        Instant end = fact.end().orElse(fact.start().plusSeconds(100));
        long length = Duration.between(fact.start(), end).toSeconds();
        Instant from = fact.start().plusSeconds(gen.between(1L, length));
        Instant to = from.plusSeconds(gen.between(0, Duration.between(from, end).toSeconds()));
        return Stream.of(
                fact.endedAt(from),
                UsageInterval.between(fact.instance(), fact.state(), from, to).inferred(),
                new UsageInterval(fact.instance(), fact.state(), to, fact.end(), fact.evidence()));
    }

    @Test
    void laterFacts_neverMoveWhatWasReportedAsOfBefore() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Instant at = anyMoment(gen);
            InMemoryHistoryStore known = new InMemoryHistoryStore();
            // What could be known then: what has begun, and its end only if it has come. What a source shows lasts only
            // while somebody watches over it, which no append says.
            known.append(fleet.facts.stream()
                    .filter(fact -> !fact.start().isAfter(at))
                    .map(fact -> fact.end().filter(end -> !end.isAfter(at)).isPresent()
                                    || fact.isInferred()
                                    || fact.evidence().restsOnSightings()
                            ? fact
                            : new UsageInterval(
                                    fact.instance(), fact.state(), fact.start(), Optional.empty(), fact.evidence()))
                    .toList());
            assertThat(figures(calculator(fleet, fleet.store(gen)).report(ACME, baseline(fleet), at)))
                    .isEqualTo(figures(calculator(fleet, known).report(ACME, baseline(fleet), at)));
        });
    }

    @Test
    void usageWithoutAnEquivalent_movesOnlyCoverage() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore store = fleet.store(gen);
            Instant at = FROM.plusSeconds(gen.between(1L, 8 * LONGEST));
            SavingsReport before = calculator(fleet, store).report(ACME, baseline(fleet), at);
            boolean unknownRate = gen.oneIn(2);
            Instance.Builder stranger = Instance.builder(ACME, "stranger");
            Instance added = unknownRate
                    ? stranger.gpu("T4", 1).build()
                    : stranger.gpu(gen.pick("Voodoo 2", "A100"), GpuCount.ONE)
                            .rate(HourlyRate.usd("7"))
                            .build();
            store.append(List.of(UsageInterval.openFrom(added, InstanceState.RUNNING, FROM)));
            SavingsReport after = calculator(fleet, store).report(ACME, baseline(fleet), at);

            for (SavingsTotals[] totals :
                    new SavingsTotals[][] {{before.lifetime(), after.lifetime()}, {before.session(), after.session()}
                    }) {
                assertThat(totals[1].savings()).isEqualTo(totals[0].savings());
                assertThat(totals[1].savingsPercentage()).isEqualTo(totals[0].savingsPercentage());
                assertThat(totals[1].effectiveCost()).isEqualTo(totals[0].effectiveCost());
                assertThat(totals[1].equivalentCost()).isEqualTo(totals[0].equivalentCost());
                assertThat(totals[1].tiers()).isEqualTo(totals[0].tiers());
                assertThat(totals[1].comparedSeconds()).isEqualTo(totals[0].comparedSeconds());
                assertThat(totals[1].unpricedInstances()).isEqualTo(totals[0].unpricedInstances() + 1);
                assertThat(totals[1].billableSeconds())
                        .isEqualTo(totals[0].billableSeconds() + at.getEpochSecond() - FROM.getEpochSecond());
                assertThat(totals[1].coverage().orElseThrow()).isLessThan(BigDecimal.ONE);
            }
            assertThat(after.savingsPerHour()).isEqualTo(before.savingsPerHour());
            assertThat(after.projection()).isEqualTo(before.projection());
        });
    }

    /** What was reported of a closed day stays: no later run, end or settlement moves it, so long as no old fact is told late. */
    @Test
    void closedBuckets_askedLater_areTheSame() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, 5_000L, LONGEST));
            Granularity granularity = gen.pick(Granularity.HOUR, Granularity.DAY);
            Instant to = granularity.bucketEnd(anyMoment(gen), ZoneOffset.UTC);
            // Often something begins or changes just where a bucket ends: there a run may look ended that is not.
            Duration moved = Duration.between(gen.pick(fleet.facts).start(), to);
            List<UsageInterval> facts = moved(fleet.facts, gen.oneIn(2) ? moved : Duration.ZERO);
            InMemoryHistoryStore store = new InMemoryHistoryStore();
            store.append(facts);
            Instant later = to.plusSeconds(gen.between(1L, LONGEST));
            SavingsCalculator calculator = calculator(fleet, store);
            List<HistoryBucket> then = calculator.history(
                    ACCOUNTS, baseline(fleet), to.minusSeconds(90_000), to, granularity, ZoneOffset.UTC);
            List<HistoryBucket> now = calculator.history(
                    ACCOUNTS, baseline(fleet), to.minusSeconds(90_000), later, granularity, ZoneOffset.UTC);
            assertThat(now.subList(0, then.size())).isEqualTo(then);
        });
    }

    /** Also in the very second in which something begins, changes, ends or takes effect. */
    @Test
    void meterAndReport_atAnyMoment_showTheSame() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, LONGEST));
            List<UsageInterval> ours = fleet.facts.stream()
                    .filter(fact -> fact.instance().account().equals(ACME))
                    .toList();
            SavingsMeter meter = SavingsMeter.create(
                    fleet.catalog,
                    GpuCatalog.bundled(),
                    EquivalencePolicy.standard(GpuCatalog.bundled()),
                    baseline(fleet));
            gen.shuffled(ours).forEach(fact -> meter.append(List.of(fact)));
            SavingsCalculator calculator = calculator(fleet, fleet.store(gen));
            for (int i = 0; i < 10; i++) {
                UsageInterval fact = gen.pick(ours);
                Instant at = gen.pick(
                        anyMoment(gen),
                        fact.start(),
                        fact.end().orElse(fact.start().plusSeconds(60)),
                        gen.pick(fleet.prices).effectiveFrom());
                LiveTotals live = meter.at(at);
                SavingsReport report = calculator.report(ACME, baseline(fleet), at);
                assertThat(live.savingsPerHour()).isEqualTo(report.savingsPerHour());
                assertThat(live.effectiveRate()).isEqualTo(report.effectiveRate());
                assertThat(live.equivalentRate()).isEqualTo(report.equivalentRate());
                assertThat(live.billableInstances()).isEqualTo(report.lines().size());
                assertThat(live.lifetime().savings())
                        .isEqualTo(report.lifetime().savings());
                assertThat(live.session().savings()).isEqualTo(report.session().savings());
                assertThat(live.lifetime().uncomparedCost())
                        .isEqualTo(report.lifetime().uncomparedCost());
                assertThat(live.lifetime().billableSeconds())
                        .isEqualTo(report.lifetime().billableSeconds());
                assertThat(meter.savings(at)).isEqualTo(report.lifetime().savings());
            }
        });
    }

    private static List<UsageInterval> moved(List<UsageInterval> facts, Duration by) {
        return facts.stream()
                .map(fact -> new UsageInterval(
                        fact.instance(),
                        fact.state(),
                        fact.start().plus(by),
                        fact.end().map(end -> end.plus(by)),
                        fact.evidence()))
                .toList();
    }

    @Test
    void savings_areEquivalentMinusEffective_atEveryLevel() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            SavingsCalculator calculator = calculator(fleet, fleet.store(gen));
            Instant at = anyMoment(gen);
            List<SavingsTotals> all = new ArrayList<>();
            SavingsReport report = calculator.report(ACME, baseline(fleet), at);
            all.add(report.lifetime());
            all.add(report.session());
            report.lines().forEach(line -> all.add(line.session()));
            calculator
                    .breakdown(ACCOUNTS, baseline(fleet), at, gen.pick(Dimension.values()))
                    .groups()
                    .forEach(group -> all.add(group.totals()));
            for (SavingsTotals totals : all) {
                assertThat(totals.savings().toQuanta())
                        .isEqualTo(totals.equivalentCost()
                                .toQuanta()
                                .subtract(totals.effectiveCost().toQuanta()));
                Amount ofTiers = Amount.ZERO;
                for (Tier tier : Tier.values()) {
                    assertThat(totals.tier(tier).savings())
                            .isEqualTo(totals.tier(tier)
                                    .equivalentCost()
                                    .minus(totals.tier(tier).effectiveCost()));
                    ofTiers = ofTiers.plus(totals.tier(tier).savings());
                }
                assertThat(totals.savings()).isEqualTo(ofTiers);
                assertThat(totals.comparedSeconds()).isBetween(0L, totals.billableSeconds());
            }
            assertThat(report.savingsPerHour())
                    .isEqualTo(report.equivalentRate().minus(report.effectiveRate()));
            assertThat(report.lines().stream()
                            .map(line -> line.session().savings())
                            .reduce(Amount.ZERO, Amount::plus))
                    .isEqualTo(report.session().savings());
        });
    }
}
