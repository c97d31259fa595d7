package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.testing.FaultyStore;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * 'What must hold always', from semantics.md, on everything that is ever said of an account: report, breakdowns, history, trend,
 * receipt and meter, to the last field.
 */
class EveryStatementLawsTest {

    private static final int CASES = 1_000;
    private static final Instant FROM = Instant.parse("2026-03-28T20:00:00Z");
    private static final long LONGEST = 30_000;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin"); // loses an hour in the night that follows
    private static final AccountId ACME = AccountId.of("acme");

    /** Decisions are kept for all, so that equal statements hold the same equivalents. */
    private static final EquivalencePolicy POLICY =
            EquivalencePolicy.standard(GpuCatalog.bundled()).cached();

    private static Instant anyMoment(Gen gen) {
        return FROM.plusSeconds(gen.between(-10L, 8 * LONGEST));
    }

    private static SavingsCalculator calculator(RandomFleet fleet, HistoryStore store) {
        return SavingsCalculator.builder(store, () -> fleet.catalog)
                .equivalence(POLICY)
                .build();
    }

    private static HistoryStore store(List<UsageInterval> facts) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(facts);
        return store;
    }

    private static List<UsageInterval> ofAcme(RandomFleet fleet) {
        return fleet.facts.stream()
                .filter(fact -> fact.instance().account().equals(ACME))
                .toList();
    }

    private static SavingsMeter meter(RandomFleet fleet) {
        return SavingsMeter.create(fleet.catalog, GpuCatalog.bundled(), POLICY, Baseline.onDemand(fleet.provider));
    }

    /** Everything that is said of the account as of a moment. */
    private static Map<String, Object> statements(RandomFleet fleet, HistoryStore store, Instant at) {
        SavingsCalculator calculator = calculator(fleet, store);
        Baseline baseline = Baseline.onDemand(fleet.provider);
        List<AccountId> account = List.of(ACME);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("report", calculator.report(ACME, baseline, at));
        for (Dimension by : Dimension.values()) {
            said.put("by " + by, calculator.breakdown(account, baseline, at, by));
        }
        said.put("hours", calculator.history(account, baseline, at.minusSeconds(50_000), at, Granularity.HOUR, BERLIN));
        said.put(
                "weeks",
                calculator.history(account, baseline, FROM, FROM.plusSeconds(700_000), Granularity.WEEK, BERLIN));
        said.put("trend", calculator.trend(ACME, baseline, at.plusSeconds(7 * 86_400), BERLIN));
        said.put("receipt", calculator.receipt(Receipt.Figure.LIFETIME, ACME, Optional.empty(), baseline, at));
        return said;
    }

    @Test
    void factsCutAnywhere_evenSecondBySecond_sayTheSame() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(20L, 300L, LONGEST));
            Instant at = anyMoment(gen);
            List<UsageInterval> pieces = new ArrayList<>();
            fleet.facts.forEach(fact -> pieces.addAll(cut(gen, fact)));
            InMemoryHistoryStore inPieces = new InMemoryHistoryStore();
            List<UsageInterval> shuffled = gen.shuffledAndDoubled(pieces);
            for (int from = 0; from < shuffled.size(); ) {
                int to = Math.min(shuffled.size(), from + gen.between(1, 20));
                inPieces.append(shuffled.subList(from, to));
                from = to;
            }
            assertThat(statements(fleet, inPieces, at)).isEqualTo(statements(fleet, store(fleet.facts), at));
        });
    }

    private static List<UsageInterval> cut(Gen gen, UsageInterval fact) {
        if (fact.isOpen()) {
            return List.of(fact);
        }
        List<UsageInterval> pieces = new ArrayList<>();
        Instant end = fact.end().orElseThrow();
        long length = end.getEpochSecond() - fact.start().getEpochSecond();
        long longest = length <= 20 ? 1 : Math.max(1, length / gen.between(1, 8));
        for (Instant from = fact.start(); from.isBefore(end); ) {
            Instant next = from.plusSeconds(gen.between(1L, longest));
            Instant to = next.isBefore(end) ? next : end;
            pieces.add(new UsageInterval(fact.instance(), fact.state(), from, Optional.of(to), fact.evidence()));
            from = to;
        }
        return pieces;
    }

    @Test
    void otherAccounts_neverMoveAStatement() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Instant at = anyMoment(gen);
            assertThat(statements(fleet, fleet.store(gen), at)).isEqualTo(statements(fleet, store(ofAcme(fleet)), at));
        });
    }

    @Test
    void factsReadBackAndToldToAnEmptyStore_sayTheSame() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Instant at = anyMoment(gen);
            HistoryStore store = fleet.store(gen);
            InMemoryHistoryStore again = new InMemoryHistoryStore();
            store.timelines(ACME).forEach(timeline -> again.append(timeline.facts()));
            assertThat(statements(fleet, again, at)).isEqualTo(statements(fleet, store, at));
        });
    }

    @Test
    void statements_neverDependOnWhatWasAskedBefore() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            List<UsageInterval> facts = ofAcme(fleet);
            InMemoryHistoryStore polled = new InMemoryHistoryStore();
            SavingsCalculator calculator = calculator(fleet, polled);
            SavingsMeter read = meter(fleet);
            for (UsageInterval fact : facts) {
                for (int polls = gen.between(0, 4); polls > 0; polls--) {
                    calculator.report(ACME, Baseline.onDemand(fleet.provider), anyMoment(gen));
                    read.at(anyMoment(gen));
                    read.savings(anyMoment(gen));
                }
                polled.append(List.of(fact));
                read.append(List.of(fact));
            }
            SavingsMeter unread = meter(fleet);
            unread.append(facts);
            Instant at = anyMoment(gen);
            assertThat(statements(fleet, polled, at)).isEqualTo(statements(fleet, store(facts), at));
            assertThat(read.at(at)).isEqualTo(unread.at(at));
            assertThat(read.savings(at)).isEqualTo(unread.savings(at));
        });
    }

    /** The meter is told in any order, twice and in pieces, as the store is. */
    @Test
    void meter_toldInAnyOrderTwiceAndInPieces_showsTheSame() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(20L, 300L, LONGEST));
            List<UsageInterval> facts = ofAcme(fleet);
            SavingsMeter plain = meter(fleet);
            plain.append(facts);
            List<UsageInterval> pieces = new ArrayList<>();
            facts.forEach(fact -> pieces.addAll(cut(gen, fact)));
            SavingsMeter told = meter(fleet);
            gen.shuffledAndDoubled(pieces).forEach(piece -> told.append(List.of(piece)));
            for (int i = 0; i < 5; i++) {
                Instant at = anyMoment(gen);
                assertThat(told.at(at)).isEqualTo(plain.at(at));
                assertThat(told.savings(at)).isEqualTo(plain.savings(at));
            }
        });
    }

    @Test
    void usageWithoutAnEquivalent_movesNoRateNoProjectionNoBucketAndNoGroup_onlyCoverage() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Baseline baseline = Baseline.onDemand(fleet.provider);
            Instant at = FROM.plusSeconds(gen.between(1L, 8 * LONGEST));
            List<UsageInterval> more = new ArrayList<>(fleet.facts);
            for (int i = gen.between(1, 4); i > 0; i--) {
                Instance.Builder stranger = Instance.builder(ACME, "stranger-" + i);
                Instance instance = gen.oneIn(2)
                        ? stranger.gpu("T4", 1).build() // what it costs is unknown
                        : stranger.gpu(gen.pick("Voodoo 2", "A100"), GpuCount.parse(gen.pick("1", "0.46", "8")))
                                .rate(HourlyRate.ofNanoUsd(gen.between(0L, 4_000_000_000_000L)))
                                .build();
                Instant start = FROM.plusSeconds(gen.between(0L, LONGEST));
                more.add(
                        gen.oneIn(2)
                                ? UsageInterval.openFrom(instance, InstanceState.RUNNING, start)
                                : UsageInterval.between(
                                        instance,
                                        InstanceState.IDLE,
                                        start,
                                        start.plusSeconds(gen.between(1L, LONGEST))));
            }
            SavingsCalculator before = calculator(fleet, store(fleet.facts));
            SavingsCalculator after = calculator(fleet, store(more));
            SavingsReport then = before.report(ACME, baseline, at);
            SavingsReport now = after.report(ACME, baseline, at);
            assertThat(now.savingsPerHour()).isEqualTo(then.savingsPerHour());
            assertThat(now.effectiveRate()).isEqualTo(then.effectiveRate());
            assertThat(now.equivalentRate()).isEqualTo(then.equivalentRate());
            assertThat(now.projection()).isEqualTo(then.projection());
            assertSameSavings(now.session(), then.session());
            assertSameSavings(now.lifetime(), then.lifetime());

            List<HistoryBucket> bucketsThen =
                    before.history(List.of(ACME), baseline, FROM, at, Granularity.DAY, BERLIN);
            List<HistoryBucket> bucketsNow = after.history(List.of(ACME), baseline, FROM, at, Granularity.DAY, BERLIN);
            for (int i = 0; i < bucketsThen.size(); i++) {
                assertSameSavings(bucketsNow.get(i).totals(), bucketsThen.get(i).totals());
            }
            Map<String, SavingsTotals> groups = new LinkedHashMap<>();
            after.breakdown(List.of(ACME), baseline, at, Dimension.GPU)
                    .groups()
                    .forEach(group -> groups.put(group.name(), group.totals()));
            before.breakdown(List.of(ACME), baseline, at, Dimension.GPU)
                    .groups()
                    .forEach(group -> assertSameSavings(groups.get(group.name()), group.totals()));

            SavingsMeter meter = meter(fleet);
            meter.append(more.stream()
                    .filter(fact -> fact.instance().account().equals(ACME))
                    .toList());
            assertThat(meter.savings(at)).isEqualTo(then.lifetime().savings());
            assertThat(meter.at(at).savingsPerHour()).isEqualTo(then.savingsPerHour());
        });
    }

    private static void assertSameSavings(SavingsTotals now, SavingsTotals then) {
        assertThat(now.savings()).isEqualTo(then.savings());
        assertThat(now.savingsPercentage()).isEqualTo(then.savingsPercentage());
        assertThat(now.effectiveCost()).isEqualTo(then.effectiveCost());
        assertThat(now.equivalentCost()).isEqualTo(then.equivalentCost());
        assertThat(now.comparedSeconds()).isEqualTo(then.comparedSeconds());
        assertThat(now.tiers()).isEqualTo(then.tiers());
        assertThat(now.coverage().isEmpty() && then.coverage().isPresent()).isFalse();
        then.coverage()
                .ifPresent(coverage -> assertThat(now.coverage().orElseThrow()).isLessThanOrEqualTo(coverage));
    }

    /** What a host pushed is in the history, however often the host, its ledger or its store broke down on the way. */
    @Test
    void restartsAndFailedWrites_loseNothing() {
        Law.holds(CASES, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            InMemoryHistoryStore store = new InMemoryHistoryStore();
            UsageLedger ledger = UsageLedger.of(FaultyStore.of(store, gen, 5));
            List<UsageInterval> facts = ofAcme(fleet).stream()
                    .filter(fact -> fact.state() != InstanceState.TERMINATED)
                    .toList();
            for (UsageInterval fact : facts) {
                Instance instance = fact.instance();
                untilTaken(ledger, it -> it.changed(instance, fact.state(), fact.start()));
                if (gen.oneIn(3)) {
                    untilTaken(ledger, it -> it.changed(instance, fact.state(), fact.start())); // redelivered
                }
                if (gen.oneIn(3)) {
                    ledger = UsageLedger.of(FaultyStore.of(store, gen, 5));
                }
                Optional<Instant> end = fact.end()
                        .filter(at -> facts.stream()
                                .noneMatch(next -> next.start().equals(at)
                                        && next.instance().id().equals(instance.id())));
                if (end.isPresent()) {
                    untilTaken(ledger, it -> it.ended(ACME, instance.id(), end.get()));
                }
            }
            Instant at = anyMoment(gen);
            HistoryStore expected = store(pushed(facts));
            assertThat(whatHappened(store)).isEqualTo(whatHappened(expected));
            assertThat(statements(fleet, store, at)).isEqualTo(statements(fleet, expected, at));
        });
    }

    /** Facts as pushes: what goes on unchanged is one interval. */
    private static List<UsageInterval> pushed(List<UsageInterval> facts) {
        List<UsageInterval> pushed = new ArrayList<>();
        for (UsageInterval fact : facts) {
            UsageInterval last = pushed.isEmpty() ? null : pushed.get(pushed.size() - 1);
            boolean goesOn = last != null
                    && last.instance().equals(fact.instance())
                    && last.state() == fact.state()
                    && last.end().equals(Optional.of(fact.start()));
            Instant start = goesOn ? pushed.remove(pushed.size() - 1).start() : fact.start();
            pushed.add(new UsageInterval(fact.instance(), fact.state(), start, fact.end(), Evidence.PUSHED));
        }
        return pushed;
    }

    private static List<UsageInterval> whatHappened(HistoryStore store) {
        return store.timelines(ACME).stream()
                .flatMap(timeline -> timeline.intervals().stream())
                .toList();
    }

    @FunctionalInterface
    private interface Call {
        void to(UsageLedger ledger);
    }

    private static void untilTaken(UsageLedger ledger, Call call) {
        boolean taken = false;
        while (!taken) {
            try {
                call.to(ledger);
                taken = true;
            } catch (FaultyStore.Broken e) {
                assertThat(e).hasMessageStartingWith("broke");
            }
        }
    }
}
