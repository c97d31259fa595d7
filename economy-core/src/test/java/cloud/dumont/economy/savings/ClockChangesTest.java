package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.AmountAccumulator;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.WeekFields;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every zone that Java knows, at every change of its clocks from 2020 to 2035: time is cut without a hole and without an overlap. */
@Timeout(
        value = 120,
        threadMode = ThreadMode.SEPARATE_THREAD) // only ends a walk over buckets that goes round and round
class ClockChangesTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2036-01-01T00:00:00Z");
    private static final AccountId ACME = AccountId.of("acme");
    private static final Provider NEO = Provider.of("neo"); // has no billing rule: every second counts

    /** One zone for each set of rules; others with the same rules are the same zone under another name. */
    private static List<ZoneId> zones() {
        Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
        new TreeSet<>(ZoneId.getAvailableZoneIds())
                .forEach(id -> zones.putIfAbsent(ZoneId.of(id).getRules(), ZoneId.of(id)));
        return List.copyOf(zones.values());
    }

    private static List<ZoneOffsetTransition> changes(ZoneId zone) {
        List<ZoneOffsetTransition> changes = new ArrayList<>();
        ZoneOffsetTransition change = zone.getRules().nextTransition(FROM.minusNanos(1));
        while (change != null && change.getInstant().isBefore(TO)) {
            changes.add(change);
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return changes;
    }

    @Test
    void theZones_areAllOfThem() {
        assertThat(zones()).hasSizeGreaterThan(200);
        assertThat(zones().stream().mapToInt(zone -> changes(zone).size()).sum())
                .isGreaterThan(2_000);
        // Tables of rules differ from release to release; the kinds of changes are what matters.
        assertThat(zones().stream()
                        .flatMap(zone -> changes(zone).stream())
                        .map(change -> change.getDuration().abs())
                        .distinct())
                .contains(Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
    }

    @TestFactory
    List<DynamicTest> buckets_aroundEveryChange_tileTime() {
        return List.of(
                tiles(Granularity.HOUR, Duration.ofHours(5)),
                tiles(Granularity.DAY, Duration.ofDays(3)),
                tiles(Granularity.WEEK, Duration.ofDays(15)),
                tiles(Granularity.MONTH, Duration.ofDays(40)));
    }

    private static DynamicTest tiles(Granularity granularity, Duration around) {
        return DynamicTest.dynamicTest(granularity.name(), () -> {
            for (ZoneId zone : zones()) {
                for (ZoneOffsetTransition change : changes(zone)) {
                    Instant from = change.getInstant().minus(around);
                    assertTiles(granularity, zone, from, change.getInstant().plus(around));
                }
            }
        });
    }

    /** From bucket to bucket: each holds what lies in it, and the next begins where it ends. */
    private static void assertTiles(Granularity granularity, ZoneId zone, Instant from, Instant to) {
        Instant start = granularity.bucketStart(from, zone);
        check(!start.isAfter(from), granularity, zone, from);
        while (start.isBefore(to)) {
            Instant end = granularity.bucketEnd(start, zone);
            check(end.isAfter(start), granularity, zone, start);
            Instant middle = start.plus(Duration.between(start, end).dividedBy(2));
            for (Instant in : List.of(start, start.plusNanos(1), middle, end.minusSeconds(1), end.minusNanos(1))) {
                check(granularity.bucketStart(in, zone).equals(start), granularity, zone, in);
                check(granularity.bucketEnd(in, zone).equals(end), granularity, zone, in);
            }
            check(granularity.bucketStart(end, zone).equals(end), granularity, zone, end);
            // By the wall clock: the first and the last moment bear the bucket's name, its neighbours another.
            Object name = name(granularity, start.atZone(zone));
            check(name(granularity, end.minusNanos(1).atZone(zone)).equals(name), granularity, zone, end);
            check(!name(granularity, start.minusNanos(1).atZone(zone)).equals(name), granularity, zone, start);
            check(!name(granularity, end.atZone(zone)).equals(name), granularity, zone, end);
            start = end;
        }
    }

    private static void check(boolean holds, Granularity granularity, ZoneId zone, Instant at) {
        if (!holds) {
            throw new AssertionError(granularity + " in " + zone + " at " + at + " (" + at.atZone(zone) + ") from "
                    + granularity.bucketStart(at, zone) + " to " + granularity.bucketEnd(at, zone));
        }
    }

    /** What the clock and the calendar call the hour, day, week or month. */
    private static Object name(Granularity granularity, ZonedDateTime local) {
        return switch (granularity) {
            case HOUR -> local.toLocalDateTime().truncatedTo(ChronoUnit.HOURS) + " " + local.getOffset();
            case DAY -> local.toLocalDate();
            case WEEK ->
                local.get(WeekFields.ISO.weekBasedYear()) + " week " + local.get(WeekFields.ISO.weekOfWeekBasedYear());
            case MONTH -> YearMonth.from(local);
        };
    }

    @Test
    void localDay_withAChange_isShorterByWhatItSkipsAndLongerByWhatItRepeats() {
        for (ZoneId zone : zones()) {
            for (ZoneOffsetTransition change : changes(zone)) {
                LocalDate day = (change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter()).toLocalDate();
                Instant noon = day.atTime(LocalTime.NOON).atZone(zone).toInstant();
                assertThat(length(Granularity.DAY, noon, zone))
                        .as("%s in %s", day, zone)
                        .isEqualTo(Duration.ofDays(1).minus(change.getDuration()));
                // Within a day and a half there is no other change, so the neighbours are as ever.
                assertThat(length(Granularity.DAY, noon.minus(Duration.ofDays(1)), zone))
                        .as("the day before %s in %s", day, zone)
                        .isEqualTo(Duration.ofDays(1));
                assertThat(length(Granularity.DAY, noon.plus(Duration.ofDays(1)), zone))
                        .as("the day after %s in %s", day, zone)
                        .isEqualTo(Duration.ofDays(1));
            }
        }
    }

    private static Duration length(Granularity granularity, Instant at, ZoneId zone) {
        return Duration.between(granularity.bucketStart(at, zone), granularity.bucketEnd(at, zone));
    }

    /** Days that never were: Samoa had no 30 December 2011, Kwajalein no 21 August 1993 and Kiritimati no 31 December 1994. */
    @ParameterizedTest
    @CsvSource({"Pacific/Apia, 2011-12-30", "Pacific/Kwajalein, 1993-08-21", "Pacific/Kiritimati, 1994-12-31"})
    void skippedDay_isNoBucket(ZoneId zone, LocalDate skipped) {
        Instant from = skipped.minusDays(1).atTime(LocalTime.NOON).atZone(zone).toInstant();
        assertThat(Granularity.DAY.bucketEnd(from, zone))
                .isEqualTo(skipped.plusDays(1).atStartOfDay(zone).toInstant());
        for (Granularity granularity : Granularity.values()) {
            assertTiles(granularity, zone, from.minus(Duration.ofDays(3)), from.plus(Duration.ofDays(3)));
        }
    }

    /** One run without an end: each day has just its own length of it, whatever the clocks do, and the days sum to the run. */
    @Test
    void runAcrossTheChanges_sumsToItsTotal_inEveryZone() {
        Instance instance = Instance.builder(ACME, "vm")
                .gpu("T4", 1)
                .rate(HourlyRate.ofNanoUsd(123_456_789))
                .build();
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(UsageInterval.openFrom(instance, InstanceState.RUNNING, FROM)));
        SavingsCalculator calculator = SavingsCalculator.of(
                store,
                PriceCatalog.of(IntStream.range(0, 20)
                        .mapToObj(i -> Prices.row(
                                NEO,
                                "global",
                                "t4",
                                "T4",
                                "1",
                                "0.98765432" + i % 7,
                                FROM.plusSeconds(i * 10_000_019L)))
                        .toList()));
        Baseline baseline = Baseline.onDemand(NEO);
        for (ZoneId zone : zones()) {
            if (changes(zone).isEmpty()) {
                continue;
            }
            // A year and a month hold every kind of change the zone makes. It begins within a day and ends with one.
            Instant change = changes(zone).get(0).getInstant();
            Instant from = later(FROM, change.minusSeconds(100_003));
            Instant to = Granularity.DAY.bucketEnd(change.plus(Duration.ofDays(400)), zone);
            SavingsTotals after = calculator.report(ACME, baseline, to).lifetime();
            AmountAccumulator effective = new AmountAccumulator();
            AmountAccumulator equivalent = new AmountAccumulator();
            List<HistoryBucket> days = calculator.history(List.of(ACME), baseline, from, to, Granularity.DAY, zone);
            for (HistoryBucket day : days) {
                assertThat(day.totals().billableSeconds())
                        .as("%s at %s", zone, day.start())
                        .isEqualTo(seconds(later(day.start(), FROM), earlier(day.end(), to)));
                effective.add(day.totals().effectiveCost());
                equivalent.add(day.totals().equivalentCost());
            }
            Instant first = later(FROM, days.get(0).start());
            SavingsTotals lead = calculator.report(ACME, baseline, first).lifetime();
            assertThat(effective.toAmount())
                    .as("%s", zone)
                    .isEqualTo(after.effectiveCost().minus(lead.effectiveCost()));
            assertThat(equivalent.toAmount())
                    .as("%s", zone)
                    .isEqualTo(after.equivalentCost().minus(lead.equivalentCost()));
        }
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
