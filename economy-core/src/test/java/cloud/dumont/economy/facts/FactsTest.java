package cloud.dumont.economy.facts;

import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static cloud.dumont.economy.usage.InstanceState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.Observation;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way in, case by case: what the history says then, and what it costs. */
class FactsTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant DAY = Instant.parse("2026-08-03T00:00:00Z");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final PriceCatalog CATALOG =
            PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "3.00")));

    /** 1 USD/h, where AWS takes 3. */
    private static final Instance ONE = instance("i-1", "1.00");

    private static final Instance TWO = instance("i-2", "1.00");
    private static final Instance THREE = instance("i-3", "1.00");

    private final HistoryStore store = new InMemoryHistoryStore();
    private UsageLedger ledger = process();

    private static Instance instance(String id, String rate) {
        return Instance.builder(ACME, id)
                .gpu("T4", 1)
                .rate(HourlyRate.usd(rate))
                .build();
    }

    /** A process that has just started: all it knows is what the store says. */
    private UsageLedger process() {
        return UsageLedger.builder(store)
                .time(() -> DAY.plus(Duration.ofDays(300)))
                .build();
    }

    private static Instant at(String time) {
        return DAY.plusSeconds(LocalTime.parse(time).toSecondOfDay());
    }

    private static ObservedInstance seen(Instance instance, InstanceState state) {
        return new ObservedInstance(instance, state);
    }

    private static ObservedInstance seen(Instance instance, InstanceState state, String since) {
        return new ObservedInstance(instance, state, at(since));
    }

    /** Polled every minute, both ends included. */
    private void polled(String from, String to, ObservedInstance... fleet) {
        for (Instant now = at(from); !now.isAfter(at(to)); now = now.plusSeconds(60)) {
            ledger.observe(List.of(fleet), now);
        }
    }

    private String history(Instance instance) {
        return store.timelines(ACME).stream()
                .filter(timeline -> timeline.intervals().get(0).instance().id().equals(instance.id()))
                .flatMap(timeline -> timeline.intervals().stream())
                .map(FactsTest::text)
                .collect(Collectors.joining(", "));
    }

    private static String text(UsageInterval interval) {
        return interval.state() + " " + time(interval.start()) + "-"
                + interval.end().map(FactsTest::time).orElse("") + (interval.isInferred() ? " inferred" : "");
    }

    private static String time(Instant at) {
        long days = Duration.between(DAY, at).toDays();
        return (days == 0 ? "" : days + "d") + LocalTime.ofInstant(at, ZoneOffset.UTC);
    }

    private SavingsReport report(Instant now) {
        return SavingsCalculator.of(store, CATALOG).report(ACME, AWS, now);
    }

    private String paid(Instant now) {
        return report(now)
                .lifetime()
                .effectiveCost()
                .toUsd()
                .stripTrailingZeros()
                .toPlainString();
    }

    @ParameterizedTest
    @CsvSource({"PT10M, false", "PT1H, true", "P1D, false", "P10D, false", "P10D, true"})
    void whatEndedWhileNobodyLooked_endedAtItsLastSight(Duration away, boolean knowsSince) {
        ObservedInstance one = knowsSince ? seen(ONE, RUNNING, "10:00") : seen(ONE, RUNNING);
        polled("10:00", "12:00", one, seen(TWO, RUNNING), seen(THREE, RUNNING));
        ledger = process();

        ledger.observe(
                List.of(seen(TWO, RUNNING), seen(THREE, RUNNING)), at("12:00").plus(away));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00");
        Instant later = DAY.plus(Duration.ofDays(30));
        assertThat(report(later).lines()).isEmpty();
        assertThat(report(later).savingsPerHour()).isEqualTo(HourlyRate.ZERO);
    }

    @Test
    void theOnlyInstanceThatEndedWhileNobodyLooked_endedAtItsLastSight_onceTwoListingsAreWithoutIt() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        ledger = process();

        ledger.observe(List.of(), at("13:00"));
        assertThat(report(at("13:00")).savingsPerHour()).isEqualTo(HourlyRate.ZERO);
        ledger = process();
        ledger.observe(List.of(), at("13:01"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00");
        assertThat(paid(DAY.plus(Duration.ofDays(30)))).isEqualTo("2");
    }

    @Test
    void whatIsBackAfterDaysThatNobodySaw_ranUpToItsLastSight_andFromTheNextOneOn() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        ledger = process();
        ledger.observe(List.of(seen(ONE, RUNNING)), at("12:00").plus(Duration.ofDays(5)));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00, RUNNING 5d12:00-");
        assertThat(paid(at("12:00").plus(Duration.ofDays(5)))).isEqualTo("2");
        assertThat(report(at("12:00").plus(Duration.ofDays(5))).lifetime().inferredSeconds())
                .isZero();
    }

    @Test
    void whatIsThereAgainSoon_ranMeanwhile_andThatIsSaid() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        ledger = process();
        ledger.observe(List.of(seen(ONE, RUNNING)), at("12:30"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00, RUNNING 12:00-12:30 inferred, RUNNING 12:30-");
        assertThat(report(at("12:30")).lifetime().inferredSeconds()).isEqualTo(1800);
    }

    @Test
    void whatStoppedWhileNobodyLooked_ranUpToItsLastSight() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        ledger = process();
        ledger.observe(List.of(seen(ONE, STOPPED)), at("12:00").plus(Duration.ofDays(10)));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00, STOPPED 10d12:00-");
        assertThat(paid(DAY.plus(Duration.ofDays(30)))).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IDLE", "RUNNING"})
    void aStartThatIsPushedAgainAfterTheEnd_changesNothing(InstanceState next) {
        ledger.changed(ONE, RUNNING, at("10:00"));
        ledger.ended(ACME, ONE.id(), at("12:00"));
        ledger.changed(ONE, RUNNING, at("10:00"));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00");

        ledger.changed(ONE, next, at("15:00"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00, " + next + " 15:00-");
        assertThat(paid(at("16:00"))).isEqualTo("3");
    }

    @Test
    void anEndThatArrivesBeforeItsStart_endsIt_inWhicheverProcess() {
        UsageLedger other = process();
        other.ended(ACME, ONE.id(), at("09:30"));
        assertThat(history(ONE)).isEmpty();

        ledger.changed(ONE, RUNNING, at("09:00"));

        assertThat(history(ONE)).isEqualTo("RUNNING 09:00-09:30");
        assertThat(paid(DAY.plus(Duration.ofDays(2)))).isEqualTo("0.5");

        UsageLedger older = process();
        ledger.changed(TWO, RUNNING, at("09:00"));
        older.ended(ACME, TWO.id(), at("09:30"));
        assertThat(history(TWO)).isEqualTo("RUNNING 09:00-09:30");
    }

    @Test
    void aStartThatIsPushedAgainAfterAStop_changesNothing() {
        ledger.changed(ONE, RUNNING, at("09:00"));
        ledger.changed(ONE, STOPPED, at("10:00"));
        String before = history(ONE);

        ledger.changed(ONE, RUNNING, at("09:00"));
        process().changed(ONE, STOPPED, at("10:00"));

        assertThat(history(ONE)).isEqualTo(before).isEqualTo("RUNNING 09:00-10:00, STOPPED 10:00-");
    }

    @Test
    void twoDifferentPushesOfOneSecond_contradict_andBothAreNamed() {
        ledger.changed(ONE, RUNNING, at("09:00"));

        assertThatThrownBy(() -> ledger.changed(instance("i-1", "2.00"), RUNNING, at("09:00")))
                .isInstanceOf(UsageConflictException.class)
                .hasMessageContaining("at 1 USD/h")
                .hasMessageContaining("at 2 USD/h");
        assertThat(history(ONE)).isEqualTo("RUNNING 09:00-");
    }

    @Test
    void whatCannotBeTaken_isLeftOut_reported_andHarmsNothingElse() {
        List<ObservedInstance> fleet =
                new ArrayList<>(Arrays.asList(seen(ONE, RUNNING), null, seen(TWO, RUNNING), seen(THREE, RUNNING)));
        fleet.add(seen(
                Instance.builder(ACME, "i-2")
                        .gpu("T4", 8)
                        .rate(HourlyRate.usd("1.00"))
                        .build(),
                RUNNING));

        Observation observation = ledger.observe(fleet, at("10:00"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-");
        assertThat(history(TWO)).isEmpty();
        assertThat(history(THREE)).isEqualTo("RUNNING 10:00-");
        assertThat(observation.taken()).isEqualTo(2);
        assertThat(observation.findings())
                .filteredOn(finding -> finding.kind() == Observation.Kind.LEFT_OUT)
                .hasSize(2);
    }

    @Test
    void whatIsLeftOut_countsAsPresent_withItsClockStopped() {
        polled("10:00", "10:10", seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING));
        List<ObservedInstance> unclear =
                List.of(seen(ONE, RUNNING), seen(ONE, STOPPED), seen(TWO, RUNNING), seen(THREE, RUNNING));
        for (int minute = 11; minute <= 40; minute++) {
            ledger.observe(unclear, at("10:" + minute));
        }

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-");
        assertThat(report(at("10:40")).lines()).hasSize(2);
        assertThat(paid(at("10:40"))).isEqualTo(paidFor(600 + 120 + 2 * 2400));
        ledger.observe(List.of(seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING)), at("10:41"));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:10, RUNNING 10:10-10:41 inferred, RUNNING 10:41-");
    }

    /** At 1 USD/h. */
    private static String paidFor(long seconds) {
        return HourlyRate.usd("1")
                .forSeconds(seconds)
                .toUsd()
                .stripTrailingZeros()
                .toPlainString();
    }

    @Test
    void anAccountWhoseServerIsDown_keepsNoOtherFromBeingStored() {
        AtomicBoolean down = new AtomicBoolean();
        UsageLedger host = UsageLedger.builder(refusing(down))
                .time(() -> DAY.plus(Duration.ofDays(300)))
                .build();
        Instance other =
                Instance.builder(AccountId.of("other"), "o-1").gpu("T4", 1).build();
        host.observe(List.of(seen(ONE, RUNNING), seen(other, RUNNING)), at("10:00"));

        down.set(true);
        host.observe(List.of(seen(ONE, STOPPED), seen(other, STOPPED)), at("10:01"));
        for (int minute = 2; minute <= 30; minute++) {
            host.observe(
                    List.of(seen(ONE, STOPPED), seen(other, RUNNING)),
                    at("10:00").plusSeconds(60L * minute));
        }
        assertThat(store.timelines(other.account()).get(0).intervals())
                .extracting(FactsTest::text)
                .containsExactly("RUNNING 10:00-10:01", "STOPPED 10:01-10:02", "RUNNING 10:02-");
        assertThat(store.clock(UsageLedger.FLEET).stamp()).contains(at("10:30"));

        down.set(false);
        host.observe(List.of(seen(ONE, STOPPED), seen(other, RUNNING)), at("10:31"));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:00:01, STOPPED 10:31-");
    }

    /** Refuses all changes of an account at times. */
    private HistoryStore refusing(AtomicBoolean down) {
        return (HistoryStore) Proxy.newProxyInstance(
                FactsTest.class.getClassLoader(), new Class<?>[] {HistoryStore.class}, (proxy, method, arguments) -> {
                    if (down.get()
                            && method.getName().equals("change")
                            && ((Collection<?>) arguments[0])
                                    .stream()
                                            .anyMatch(change -> ((InstanceChange) change)
                                                    .key()
                                                    .account()
                                                    .equals(ACME))) {
                        throw new HistoryStoreException("the server of acme is down");
                    }
                    return method.invoke(store, arguments);
                });
    }

    @Test
    void aStartThatStaysThoughTheStateChanges_isOfSomethingElse() {
        polled("10:00", "15:00", seen(ONE, RUNNING, "10:00"));
        ledger.observe(List.of(seen(ONE, STOPPED, "10:00")), at("15:01"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-15:01, STOPPED 15:01-");
    }

    @Test
    void aStartThatStaysThoughTheRateChanges_isOfSomethingElse() {
        polled("10:00", "19:59", seen(ONE, RUNNING, "10:00"));
        ledger.observe(List.of(seen(instance("i-1", "2.00"), RUNNING, "10:00")), at("20:00"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-20:00, RUNNING 20:00-");
        assertThat(paid(at("20:00"))).isEqualTo("10");
    }

    @Test
    void whileTheSourceIsDown_theClockStops_andReportsSaySinceWhen() {
        polled("10:00", "12:00", seen(ONE, RUNNING));

        SavingsReport down = report(at("16:00"));
        assertThat(down.observedUntil()).isEqualTo(at("12:00"));
        assertThat(down.lifetime().savings().toUsd()).isEqualByComparingTo("4.066666667"); // and two minutes
        assertThat(down.lifetime().provisionalSeconds()).isEqualTo(120);
        assertThat(down.savingsPerHour()).isEqualTo(HourlyRate.ZERO);

        ledger.observe(List.of(seen(ONE, RUNNING)), at("18:00"));
        SavingsReport back = report(at("18:00"));
        assertThat(back.observedUntil()).isEqualTo(at("18:00"));
        assertThat(back.lifetime().savings().toUsd()).isEqualByComparingTo("4");
        assertThat(back.savingsPerHour()).isEqualTo(HourlyRate.usd("2"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 20})
    void aPageThatIsLostNowAndThen_makesNothingDearer_andLosesNothing(int every) {
        int polls = 0;
        for (Instant now = at("10:00"); !now.isAfter(at("11:00")); now = now.plusSeconds(30)) {
            boolean lost = ++polls % every == 0;
            ledger.observe(lost ? List.of() : List.of(seen(ONE, RUNNING)), now);
        }

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-");
        SavingsReport report = report(at("11:00"));
        assertThat(report.lifetime().effectiveCost().toUsd()).isEqualByComparingTo("1");
        assertThat(report.lifetime().equivalentCost().toUsd()).isEqualByComparingTo("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vanishes", "stops", "another rate"})
    void twoHosts_makeOneHistory_alsoWhenOneDies(String happens) {
        UsageLedger first = ledger;
        UsageLedger second = process();
        List<ObservedInstance> before = List.of(seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING));
        for (int minute = 0; minute < 30; minute++) {
            first.observe(before, at("10:00").plusSeconds(60L * minute));
            second.observe(before, at("10:00").plusSeconds(60L * minute + 12)); // a clock that is three seconds late
        }
        List<ObservedInstance> after = new ArrayList<>(before.subList(1, 3));
        switch (happens) {
            case "vanishes" -> {}
            case "stops" -> after.add(seen(ONE, STOPPED));
            default -> after.add(seen(instance("i-1", "2.00"), RUNNING));
        }
        for (int minute = 30; minute < 40; minute++) {
            second.observe(after, at("10:00").plusSeconds(60L * minute + 12));
        }

        assertThat(history(ONE))
                .isEqualTo(
                        switch (happens) {
                            case "vanishes" -> "RUNNING 10:00-10:29:12";
                            case "stops" -> "RUNNING 10:00-10:30:12, STOPPED 10:30:12-";
                            default -> "RUNNING 10:00-10:30:12, RUNNING 10:30:12-";
                        });
        assertThat(history(TWO)).isEqualTo("RUNNING 10:00-");
    }

    @Test
    void aClockThatStepsBack_losesNothing() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        polled("11:01", "11:30", seen(ONE, RUNNING));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-");
        assertThat(report(at("12:00")).observedUntil()).isEqualTo(at("12:00"));

        ledger.observe(List.of(seen(ONE, STOPPED)), at("11:31"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-12:00, STOPPED 12:00-");
    }

    @Test
    void aListingThatIsOlderThanAPushedStop_doesNotUndoIt() {
        polled("10:00", "10:59", seen(ONE, RUNNING));
        ledger.changed(ONE, STOPPED, at("11:00"));
        ledger.observe(List.of(seen(ONE, RUNNING)), at("10:59"));
        ledger.observe(List.of(seen(ONE, RUNNING)), at("11:01"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-11:00, STOPPED 11:00-");

        ledger.observe(List.of(seen(ONE, RUNNING)), at("11:03"));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-11:00, STOPPED 11:00-11:03, RUNNING 11:03-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IDLE       | 10:30 | RUNNING 10:00-10:30, IDLE 10:30-10:33, RUNNING 10:33-",
                "TERMINATED | 10:30 | RUNNING 10:00-10:30, RUNNING 10:33-",
                "RUNNING    | 10:30 | RUNNING 10:00-10:30, RUNNING 10:30-",
                "RUNNING    | 09:00 | RUNNING 09:00-10:00, RUNNING 10:00-",
                "STOPPED    | 09:00 | STOPPED 09:00-10:00, RUNNING 10:00-",
                "STOPPED    | 11:00 | RUNNING 10:00-11:00, STOPPED 11:00-"
            })
    void aPushThatArrivesAfterTheSightsThatFollowedIt_isTakenAsIfItHadComeInTime(
            InstanceState state, String since, String history) {
        polled("10:00", "11:00", seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING));

        ledger.changed(ONE, state, at(since));

        assertThat(history(ONE)).isEqualTo(history);
    }

    @ParameterizedTest
    @ValueSource(strings = {"09:00", "10:30"})
    void aStartThatArrivesAfterTheAbsence_revivesNothing(String since) {
        polled("10:00", "11:00", seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING));
        polled("11:01", "11:10", seen(TWO, RUNNING), seen(THREE, RUNNING));

        ledger.changed(ONE, RUNNING, at(since));

        assertThat(history(ONE)).startsWith("RUNNING ").endsWith("-11:00");
        assertThat(report(at("11:10")).lines())
                .extracting(line -> line.instance().id())
                .containsExactly(TWO.id(), THREE.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z"})
    void zeroValuesOfOtherLanguages_areRefusedAsTimes(Instant zero) {
        assertThatThrownBy(() -> ledger.changed(ONE, RUNNING, zero))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme/i-1")
                .hasMessageContaining("2000");
        assertThatThrownBy(() -> ledger.ended(ACME, ONE.id(), zero)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.append(List.of(UsageInterval.openFrom(ONE, RUNNING, zero))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.correct(List.of(UsageInterval.openFrom(ONE, RUNNING, zero))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.observe(List.of(), zero)).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.accounts()).isEmpty();

        ledger.observe(List.of(new ObservedInstance(ONE, RUNNING, Optional.of(zero))), at("10:00"));
        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-");
    }

    @Test
    void correctionOfTimeThatHasNotCome_isRefused_andChangesNothing() {
        UsageLedger now = UsageLedger.builder(store).time(() -> at("12:00")).build();
        for (UsageInterval ahead : List.of(
                UsageInterval.openFrom(ONE, RUNNING, at("12:05").plusSeconds(1)),
                UsageInterval.between(ONE, RUNNING, at("11:00"), at("12:05").plusSeconds(1)))) {
            assertThatThrownBy(() -> now.correct(List.of(UsageInterval.openFrom(TWO, RUNNING, at("11:00")), ahead)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("acme/i-1")
                    .hasMessageContaining("ahead of the clock");
        }
        assertThat(store.timelines(ACME)).isEmpty();

        now.correct(List.of(UsageInterval.between(ONE, RUNNING, at("11:00"), at("12:05"))));
        assertThat(history(ONE)).isEqualTo("RUNNING 11:00-12:05");
    }

    @Test
    void timesAheadOfTheClock_areRefused() {
        UsageLedger now = UsageLedger.builder(store).time(() -> at("10:00")).build();

        assertThatThrownBy(() -> now.changed(ONE, RUNNING, at("10:06")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 5 minutes ahead");
        assertThatThrownBy(() -> now.observe(List.of(), at("10:06"))).isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> now.changed(ONE, IDLE, at("10:05"))).doesNotThrowAnyException();
    }

    @Test
    void aCorrection_isFollowed_andNotUndoneByASourceThatSaysWhatItSaid() {
        polled("10:00", "11:00", seen(ONE, RUNNING));
        store.correct(List.of(UsageInterval.openFrom(ONE, IDLE, at("10:30"))));
        polled("11:01", "11:30", seen(ONE, RUNNING));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:30, IDLE 10:30-11:00, IDLE 11:00-");
        assertThat(paid(at("11:30"))).isEqualTo("1.5");
    }

    @Test
    void whatASourceShowedThatNobodyKnows_countsNoLongerThanASight() {
        HistoryStore copy = new InMemoryHistoryStore();
        polled("10:00", "11:00", seen(ONE, RUNNING));
        store.timelines(ACME).forEach(timeline -> copy.append(timeline.facts()));

        SavingsReport report = SavingsCalculator.of(copy, CATALOG).report(ACME, AWS, at("23:00"));

        assertThat(report.lines()).isEmpty();
        assertThat(report.observedUntil()).isEqualTo(at("10:00"));
        assertThat(report.lifetime().billableSeconds()).isEqualTo(120);
    }

    @Test
    void aCorrectionOfATimeThatNobodySaw_reachesNoFurtherBack() {
        polled("10:00", "10:30", seen(ONE, RUNNING), seen(TWO, RUNNING));
        Instant later = at("10:00").plus(Duration.ofDays(5));
        Instance gone = ONE;

        store.correct(List.of(
                UsageInterval.openFrom(gone, InstanceState.TERMINATED, later),
                UsageInterval.between(TWO, RUNNING, later, later.plusSeconds(3600))));

        assertThat(history(ONE)).startsWith("RUNNING 10:00-10:30, TERMINATED 5d10:00");
        assertThat(history(TWO)).isEqualTo("RUNNING 10:00-10:30, RUNNING 5d10:00-5d11:00");
        assertThat(paid(later.plusSeconds(7200))).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({"STOPPED, 10:10:15", "RUNNING, 10:10:15", "RUNNING, 10:20:00"})
    void anAbsence_endsWhatWasPushed_alsoIfTheSourceHasNotConfirmedIt(InstanceState before, String pushed) {
        polled("10:00", "10:10", seen(ONE, before), seen(TWO, RUNNING), seen(THREE, RUNNING));
        for (Instant now = at("10:11"); now.isBefore(at("11:00")); now = now.plusSeconds(60)) {
            if (now.equals(at("10:11")) && pushed.startsWith("10:10") || now.equals(at("10:20"))) {
                ledger.changed(ONE, RUNNING, at(pushed));
            }
            ledger.observe(List.of(seen(TWO, RUNNING), seen(THREE, RUNNING)), now);
        }

        assertThat(store.timelines(ACME).get(0).openInterval()).isEmpty();
        assertThat(history(ONE)).endsWith(time(at(pushed).plusSeconds(1)));
    }

    @Test
    void whatIsRetired_endsAlsoWhereAPushWasLast() {
        polled("10:00", "10:10", seen(ONE, RUNNING));
        ledger.changed(ONE, IDLE, at("10:10:15"));

        ledger.retire(UsageLedger.FLEET);

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:10:15, IDLE 10:10:15-10:10:16");
    }

    @Test
    void aHostThatWasSilent_vouchesForNothingOfTheSilence_whateverItSaysFirst() {
        ledger.alive(at("09:59"));
        ledger.changed(ONE, RUNNING, at("10:00"));
        ledger.alive(at("10:05"));
        Instant later = at("10:00").plus(Duration.ofDays(3));
        ledger = process();
        ledger.changed(ONE, STOPPED, later);
        ledger.alive(later);

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-11:05, STOPPED 3d10:00-");

        ledger.changed(TWO, RUNNING, later);
        Instant muchLater = later.plus(Duration.ofDays(3));
        ledger = process();
        ledger.observe(List.of(seen(TWO, RUNNING)), muchLater);
        assertThat(history(TWO)).isEqualTo("RUNNING 3d10:00-3d11:00, RUNNING 6d10:00-");
    }

    @Test
    void aPushThatArrivesLate_isOverruledByALastSight() {
        ledger.observe(List.of(seen(ONE, STOPPED)), at("10:01"));
        ledger.observe(List.of(seen(ONE, STOPPED)), at("10:02:30"));
        ledger.observe(List.of(seen(ONE, STOPPED)), at("10:02:30").plus(Duration.ofDays(5)));

        ledger.changed(ONE, RUNNING, at("10:00"));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:02:30, STOPPED 10:02:30-10:02:31, STOPPED 5d10:02:30-");
    }

    @Test
    void aFileThatKnowsAPartExactly_endsNoRun() {
        polled("10:00", "12:00", seen(ONE, RUNNING));
        ledger.changed(TWO, RUNNING, at("10:00"));
        store.append(List.of(
                UsageInterval.between(ONE, RUNNING, at("10:00"), at("10:30")),
                UsageInterval.between(TWO, RUNNING, at("10:00"), at("10:30"))));
        polled("12:01", "14:00", seen(ONE, RUNNING));

        assertThat(history(ONE)).isEqualTo("RUNNING 10:00-10:30, RUNNING 10:30-");
        assertThat(history(TWO)).isEqualTo("RUNNING 10:00-10:30, RUNNING 10:30-");
        assertThat(paid(at("14:00"))).isEqualTo("8");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileForTheTimeOfAnOutage_staysWhateverIsSeenAfterwards(boolean back) {
        polled("10:00", "10:30", seen(ONE, RUNNING), seen(TWO, RUNNING), seen(THREE, RUNNING));
        store.append(List.of(UsageInterval.between(ONE, RUNNING, at("15:00"), at("20:00"))));
        assertThat(report(at("20:30")).lifetime().billableSeconds()).isEqualTo(5 * 3600 + 3 * (1800 + 120));

        List<ObservedInstance> fleet = new ArrayList<>(List.of(seen(TWO, RUNNING), seen(THREE, RUNNING)));
        if (back) {
            fleet.add(seen(ONE, RUNNING));
        }
        ledger.observe(fleet, at("21:00"));

        assertThat(history(ONE))
                .isEqualTo("RUNNING 10:00-10:30, RUNNING 15:00-20:00" + (back ? ", RUNNING 21:00-" : ""));
    }

    @Test
    void anOpenFact_countsNoSecondTwice() {
        polled("10:00", "10:10", seen(ONE, RUNNING));
        polled("10:40", "11:00", seen(ONE, RUNNING));
        store.append(List.of(UsageInterval.openFrom(ONE, RUNNING, at("09:50"))));

        assertThat(report(at("11:00")).lifetime().billableSeconds()).isEqualTo(70 * 60);
    }

    @Test
    void oneListingOfSomethingElse_isRefusedOnce_andBlindsNoSource() {
        polled("10:00", "10:05", seen(ONE, RUNNING));
        ledger.observe(List.of(seen(TWO, RUNNING)), at("10:06"));
        assertThatThrownBy(() -> ledger.observe(List.of(seen(ONE, RUNNING)), at("10:07")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("disjoint in turn");

        polled("10:08", "11:00", seen(ONE, RUNNING));

        assertThat(store.clock(UsageLedger.FLEET).stamp()).contains(at("11:00"));
        assertThat(report(at("11:00")).lines()).hasSize(1);
        assertThat(history(TWO)).isEqualTo("RUNNING 10:06-10:06:01");
    }

    @Test
    void aBigAccountThatIsRefused_keepsNoSmallOneFromBeingStored() {
        AtomicBoolean down = new AtomicBoolean(true);
        UsageLedger host = UsageLedger.builder(refusing(down))
                .time(() -> DAY.plus(Duration.ofDays(300)))
                .build();
        List<ObservedInstance> fleet = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            fleet.add(seen(instance("b-" + i, "1.00"), RUNNING));
        }
        Instance other =
                Instance.builder(AccountId.of("zoo"), "o-1").gpu("T4", 1).build();
        fleet.add(seen(other, RUNNING));

        Observation observation = host.observe(fleet, at("10:00"));

        assertThat(observation.taken()).isEqualTo(1);
        assertThat(store.timelines(other.account())).hasSize(1);
        assertThat(store.clock(UsageLedger.FLEET).stamp()).contains(at("10:00"));
    }

    @Test
    void aStartWithinTheSecondOfTheListing_isBelieved() {
        Instant asked = at("10:00").plusMillis(700);
        ledger.observe(List.of(new ObservedInstance(ONE, RUNNING, asked.minusMillis(200))), asked);
        ledger.observe(
                List.of(new ObservedInstance(ONE, RUNNING, asked.minusMillis(200))), asked.plus(Duration.ofDays(5)));

        assertThat(report(at("10:00").plus(Duration.ofDays(5))).lifetime().billableSeconds())
                .isEqualTo(5 * 86_400);
    }
}
