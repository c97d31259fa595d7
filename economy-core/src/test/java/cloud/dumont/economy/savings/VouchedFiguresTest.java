package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every figure makes of usage that a source shows: how far it counts, what is said of it, and what is never charged for it. */
class VouchedFiguresTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant TEN = Instant.parse("2026-08-03T10:00:00Z");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final Baseline AZURE = Baseline.onDemand(Provider.AZURE);
    private static final Duration LIMIT = GapPolicy.STANDARD.longestObserved();
    private static final PriceCatalog CATALOG = PriceCatalog.of(List.of(
            Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "0.526"),
            Prices.row(Provider.AZURE, "eastus", "nc4", "T4", "1", "0.6")));

    /** Saves 0.36 USD/h against AWS: a ten thousandth of a dollar a second. */
    private static final Instance T4 = Instance.builder(ACME, "i-1")
            .gpu("T4", 1)
            .rate(HourlyRate.usd("0.166"))
            .build();

    private static final Instance OTHER = Instance.builder(ACME, "i-2")
            .gpu("T4", 1)
            .rate(HourlyRate.usd("0.526"))
            .build();

    private final InMemoryHistoryStore store = new InMemoryHistoryStore();
    private final UsageLedger ledger =
            UsageLedger.builder(store).time(() -> TEN.plus(Duration.ofDays(60))).build();
    private final SavingsCalculator calculator = SavingsCalculator.of(store, CATALOG);

    private static Instant after(long minutes) {
        return TEN.plus(Duration.ofMinutes(minutes));
    }

    private static ObservedInstance seen(InstanceState state) {
        return new ObservedInstance(T4, state, Optional.empty());
    }

    private void sight(InstanceState state, long... minutes) {
        for (long minute : minutes) {
            ledger.observe(List.of(seen(state)), after(minute));
        }
    }

    private SavingsReport report(Instant at) {
        return calculator.report(ACME, AWS, at);
    }

    private static String savings(SavingsReport report) {
        return report.lifetime().savings().toUsd().toPlainString();
    }

    @Test
    void sourceThatIsUp_countsUpToNow_andSaysFromWhenOnProvisionally() {
        sight(InstanceState.RUNNING, 0, 1, 2);

        SavingsReport report = report(after(2).plusSeconds(30));

        assertThat(report.observedUntil()).isEqualTo(after(2));
        assertThat(savings(report)).isEqualTo("0.015000000"); // 150 s
        assertThat(report.lifetime().provisionalSeconds()).isEqualTo(30);
        assertThat(report.session().provisionalSeconds()).isEqualTo(30);
        assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.usd("0.36"));
        SavingsLine line = report.lines().get(0);
        assertThat(line.observedUntil()).isEqualTo(after(2));
        assertThat(line.running()).isEqualTo(Duration.ofSeconds(150));
        assertThat(line.explain())
                .contains(
                        "It was last seen at 2026-08-03T10:02:00Z: 30 s since then count provisionally, until the next"
                                + " listing confirms them or takes them back.");
    }

    @Test
    void sourceThatIsDown_stopsTheClockAtTheLimit_andLeavesEveryLiveFigure() {
        sight(InstanceState.RUNNING, 0, 1, 2);
        Instant limit = after(2).plus(LIMIT);
        SavingsReport last = report(limit);
        String most = savings(last);

        assertThat(last.lines()).hasSize(1);
        for (Instant at :
                List.of(limit.plusSeconds(1), limit.plus(Duration.ofHours(6)), limit.plus(Duration.ofDays(30)))) {
            SavingsReport report = report(at);
            assertThat(report.observedUntil()).isEqualTo(after(2));
            assertThat(savings(report)).isEqualTo(most);
            assertThat(report.lifetime().provisionalSeconds()).isEqualTo(LIMIT.toSeconds());
            assertThat(report.lines()).isEmpty();
            assertThat(report.hasBillableInstances()).isFalse();
            assertThat(report.session().billableSeconds()).isZero();
            assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.ZERO);
            assertThat(report.projection()).isEmpty();
        }
    }

    @Test
    void gapThatIsInferred_isCountedAndSaid() {
        sight(InstanceState.RUNNING, 0, 1, 11);

        SavingsReport report = report(after(11));

        assertThat(report.lifetime().inferredSeconds()).isEqualTo(600);
        assertThat(report.lines().get(0).explain())
                .contains(
                        "Of its time, 600 s are inferred: nobody looked then, but what was seen before and after agrees.");
    }

    /** Paused time rests on sightings as well. */
    @ParameterizedTest
    @EnumSource(names = {"HIBERNATED", "STOPPED"})
    void pauseThatNobodyLooksAtAnyMore_avoidsNothingMore(InstanceState paused) {
        sight(InstanceState.RUNNING, 0, 1);
        sight(paused, 2, 3);

        long counted = Duration.between(after(2), after(3)).plus(LIMIT).toSeconds();
        assertThat(report(after(3).plus(Duration.ofDays(20))).costAvoidance().pausedSeconds())
                .isEqualTo(counted);
    }

    @Test
    void everyInstance_hasItsOwnObservedUntil_andTheReportTheOldest() {
        sight(InstanceState.RUNNING, 0, 1);
        ledger.observe(
                "other", List.of(new ObservedInstance(OTHER, InstanceState.RUNNING, Optional.empty())), after(2));
        ledger.changed(
                Instance.builder(ACME, "i-3")
                        .gpu("T4", 1)
                        .rate(HourlyRate.usd("1"))
                        .build(),
                InstanceState.RUNNING,
                after(0));
        Instant now = after(2).plusSeconds(30);

        SavingsReport report = report(now);

        assertThat(report.lines()).extracting(SavingsLine::observedUntil).containsExactly(after(1), after(2), now);
        assertThat(report.observedUntil()).isEqualTo(after(1));
        assertThat(calculator.breakdown(List.of(ACME), AWS, now, Dimension.GPU).observedUntil())
                .isEqualTo(after(1));
        assertThat(calculator.history(List.of(ACME), AWS, after(-120), now, Granularity.HOUR, ZoneOffset.UTC))
                .extracting(HistoryBucket::observedUntil)
                .containsExactly(after(-60), after(0), after(1));
    }

    @Test
    void receipts_sayWhatTimeRestsOn_andHold() {
        sight(InstanceState.RUNNING, 0, 1, 11);
        Instant now = after(11).plusSeconds(20); // of which the last sight itself lasted one

        for (Baseline baseline : List.of(AWS, AZURE)) {
            Receipt receipt = calculator.receipt(Receipt.Figure.SESSION, ACME, Optional.of(T4.id()), baseline, now);
            assertThat(receipt.verify()).isEmpty();
            assertThat(receipt.facts())
                    .containsEntry("observed_until", after(11).toString());
            assertThat(receipt.totals())
                    .containsEntry("provisional_seconds", "19")
                    .containsEntry("inferred_seconds", "600");
            assertThat(receipt.lines())
                    .extracting(line -> line.get("evidence"))
                    .containsExactly("SEEN", "INFERRED", "SEEN", "PROVISIONAL");
        }
    }

    /** Whatever later listings show, as long as they come: what is provisional lies in hours that are not complete. */
    @Test
    void hoursThatAreObserved_areTheSameEverAfter() {
        Law.holds(300, gen -> {
            Instant at = TEN;
            Instant kept = TEN;
            List<Rollup.Row> rows = List.of();
            Baseline baseline = gen.pick(AWS, AZURE);
            InMemoryHistoryStore polled = new InMemoryHistoryStore();
            UsageLedger ledger =
                    UsageLedger.builder(polled).time(() -> after(10_000)).build();
            SavingsCalculator calculator = SavingsCalculator.of(polled, CATALOG);
            for (int poll = gen.between(5, 30); poll > 0; poll--) {
                at = gen.oneIn(4)
                        ? at.truncatedTo(ChronoUnit.HOURS).plusSeconds(gen.pick(3_599L, 3_600L, 3_601L, 3_630L))
                        : at.plusSeconds(gen.pick(30L, 60L, 120L, 121L, 1_800L));
                ObservedInstance other = new ObservedInstance(OTHER, InstanceState.RUNNING, Optional.empty());
                ledger.observe(
                        gen.oneIn(4)
                                ? List.of(other)
                                : List.of(
                                        other,
                                        seen(gen.pick(
                                                InstanceState.RUNNING, InstanceState.RUNNING, InstanceState.IDLE))),
                        at);
                assertThat(rowsUntil(calculator, baseline, at, kept)).isEqualTo(rows);
                Instant asked = at.plusSeconds(gen.between(0L, 200L));
                kept = calculator.report(ACME, baseline, asked).observedUntil().truncatedTo(ChronoUnit.HOURS);
                rows = rowsUntil(calculator, baseline, asked, kept);
            }
            assertThat(rowsUntil(calculator, baseline, at.plus(Duration.ofDays(3)), kept))
                    .isEqualTo(rows);
        });
    }

    private static List<Rollup.Row> rowsUntil(
            SavingsCalculator calculator, Baseline baseline, Instant at, Instant kept) {
        return calculator.rollup(ACME, baseline, Instant.MIN, at).rows().stream()
                .filter(row -> row.hour().isBefore(kept))
                .toList();
    }

    /** AWS and GCP charge a minute at least for a launch: nobody saw this one launch. */
    @ParameterizedTest
    @EnumSource(names = {"OBSERVED", "PUSHED", "PUSHED_AND_SEEN", "SEEN_SINCE", "SEEN", "INFERRED"})
    void minimum_isChargedOnlyWhereTheLaunchIsVouchedFor(Evidence evidence) {
        store.append(List.of(
                new UsageInterval(T4, InstanceState.RUNNING, TEN, Optional.of(TEN.plusSeconds(10)), evidence),
                // What follows does not make up for the launch.
                UsageInterval.between(T4, InstanceState.IDLE, TEN.plusSeconds(10), TEN.plusSeconds(20))));

        boolean charged = evidence != Evidence.SEEN && evidence != Evidence.INFERRED;
        BigDecimal cost = new BigDecimal("0.526").multiply(BigDecimal.valueOf(charged ? 60 : 20));
        assertThat(report(after(60)).lifetime().equivalentCost().toQuanta())
                .isEqualTo(cost.movePointRight(9).toBigIntegerExact());
    }

    /** Each return of a page that is lost now and then would charge another minute. */
    @Test
    void pagesThatAreLost_makeNoHourDearer() {
        Law.holds(300, gen -> {
            List<Integer> taken = new ArrayList<>();
            for (int poll = 0; poll < 60; poll++) {
                if (poll == 0 || poll == 59 || !gen.oneIn(3)) {
                    taken.add(poll);
                }
            }
            SavingsTotals all = polled(gen, 60, poll -> true);
            SavingsTotals some = polled(gen, 60, taken::contains);
            assertThat(some.billableSeconds()).isLessThanOrEqualTo(all.billableSeconds());
            assertThat(some.effectiveCost()).isLessThanOrEqualTo(all.effectiveCost());
            assertThat(some.equivalentCost()).isLessThanOrEqualTo(all.equivalentCost());
            assertThat(some.savings()).isLessThanOrEqualTo(all.savings());
        });
    }

    private interface Shown {
        boolean at(int poll);
    }

    private static SavingsTotals polled(Gen gen, int polls, Shown shown) {
        InMemoryHistoryStore polled = new InMemoryHistoryStore();
        UsageLedger ledger =
                UsageLedger.builder(polled).time(() -> after(10_000)).build();
        for (int poll = 0; poll < polls; poll++) {
            List<ObservedInstance> listing = shown.at(poll)
                    ? List.of(
                            seen(InstanceState.RUNNING),
                            new ObservedInstance(OTHER, InstanceState.IDLE, Optional.empty()))
                    : List.of(new ObservedInstance(OTHER, InstanceState.IDLE, Optional.empty()));
            ledger.observe(listing, TEN.plusSeconds(30L * poll));
        }
        return SavingsCalculator.of(polled, CATALOG)
                .report(ACME, gen.pick(AWS), TEN.plusSeconds(30L * (polls - 1)))
                .lifetime();
    }

    @Test
    void meterThatIsGivenWhatCountsFromNowOn_showsWhatReportsWillSay() {
        Law.holds(300, gen -> {
            InMemoryHistoryStore polled = new InMemoryHistoryStore();
            UsageLedger ledger =
                    UsageLedger.builder(polled).time(() -> after(10_000)).build();
            Instant at = TEN;
            for (int poll = gen.between(1, 12); poll > 0; poll--) {
                at = at.plusSeconds(gen.pick(15L, 30L, 90L, 400L, 5_000L));
                ledger.observe(
                        List.of(
                                seen(gen.pick(InstanceState.RUNNING, InstanceState.RUNNING, InstanceState.STOPPED)),
                                new ObservedInstance(
                                        OTHER,
                                        InstanceState.RUNNING,
                                        gen.oneIn(2) ? Optional.of(TEN) : Optional.empty())),
                        at);
            }
            Baseline baseline = gen.pick(AWS, AZURE);
            GpuCatalog gpus = GpuCatalog.bundled();
            SavingsMeter meter = SavingsMeter.create(CATALOG, gpus, EquivalencePolicy.standard(gpus), baseline);
            meter.replace(List.of());
            meter.replace(polled.usage(ACME).at(Instant.MAX, GapPolicy.STANDARD).timelines());
            SavingsCalculator calculator = SavingsCalculator.of(polled, CATALOG);
            for (int i = 0; i < 5; i++) {
                Instant now = at.plusSeconds(gen.pick(0L, 1L, LIMIT.toSeconds() - 1, gen.between(0L, 1_000L)));
                assertThat(Figures.of(meter.at(now))).isEqualTo(Figures.of(calculator.report(ACME, baseline, now)));
            }
        });
    }

    @Test
    void meter_refusesWhatItWouldCountForEver() {
        GpuCatalog gpus = GpuCatalog.bundled();
        SavingsMeter meter = SavingsMeter.create(CATALOG, gpus, EquivalencePolicy.standard(gpus), AWS);

        assertThatThrownBy(() -> meter.append(List.of(
                        new UsageInterval(T4, InstanceState.RUNNING, TEN, Optional.empty(), Evidence.SEEN_SINCE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "acme/i-1", "up to the last sighting only", "AccountUsage.at(Instant.MAX, gaps)");
        assertThat(meter.at(after(1)).billableInstances()).isZero();
    }
}
