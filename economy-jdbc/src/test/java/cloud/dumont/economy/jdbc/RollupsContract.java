package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.HistoryBucket;
import cloud.dumont.economy.savings.RandomFleet;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsSums;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rollups promise, in one kind of database. */
abstract class RollupsContract {

    static final AccountId ACME = AccountId.of("acme");
    private static final Instant FROM = Instant.parse("2026-03-28T10:17:11Z");
    private static final long LONGEST = 40_000;

    /** Full hours from UTC, with a change of clocks in the time that is looked at; half hours; half hours that change by half an hour. */
    private static final String[] ZONES = {
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"
    };

    final TestDatabase database;
    private final int cases;

    @TempDir
    Path folder;

    RollupsContract(TestDatabase database, int cases) {
        this.database = database;
        this.cases = cases;
    }

    static void assertSame(SavingsSums sums, SavingsTotals totals) {
        assertThat(sums.savings()).isEqualTo(totals.savings());
        assertThat(sums.billableSeconds()).isEqualTo(totals.billableSeconds());
        assertThat(sums.comparedSeconds()).isEqualTo(totals.comparedSeconds());
        assertThat(sums.effectiveCost()).isEqualTo(totals.effectiveCost());
        assertThat(sums.equivalentCost()).isEqualTo(totals.equivalentCost());
        assertThat(sums.uncomparedCost()).isEqualTo(totals.uncomparedCost());
        assertThat(sums.coverage()).isEqualTo(totals.coverage());
        for (Tier tier : List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST)) {
            assertThat(sums.tier(tier).effectiveCost())
                    .isEqualTo(totals.tier(tier).effectiveCost());
            assertThat(sums.tier(tier).equivalentCost())
                    .isEqualTo(totals.tier(tier).equivalentCost());
        }
    }

    /** One that everything is told to, with rollups beside it. */
    final class Host implements AutoCloseable {

        final HikariDataSource pool;
        final AtomicReference<PriceCatalog> catalog;
        final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-05-01T00:00:00Z"));
        final HistoryStore store;
        final SavingsCalculator calculator;
        final Baseline baseline;
        JdbcRollups rollups;

        Host(RandomFleet fleet) {
            pool = TestDatabase.pool(database.newMigratedUrl(folder));
            catalog = new AtomicReference<>(fleet.catalog);
            store = JdbcHistoryStore.create(pool).withTime(clock::get);
            calculator = SavingsCalculator.builder(store, catalog::get).build();
            baseline = Baseline.onDemand(fleet.provider);
            rollups = JdbcRollups.create(pool, calculator);
        }

        void restart() {
            rollups = JdbcRollups.create(
                    pool, SavingsCalculator.builder(store, catalog::get).build());
        }

        void assertRight(AccountId account, Instant at) {
            RollupTotals totals = rollups.totals(account, baseline, at);
            assertThat(totals.catalogVersion()).isEqualTo(catalog.get().version());
            assertSame(totals.total(), calculator.report(account, baseline, at).lifetime());
            Breakdown breakdown = calculator.breakdown(List.of(account), baseline, at, Dimension.GPU);
            assertThat(breakdown.groups())
                    .extracting(Breakdown.Group::name)
                    .containsAll(totals.byGpu().keySet());
            for (Breakdown.Group group : breakdown.groups()) {
                assertSame(totals.byGpu().getOrDefault(group.name(), SavingsSums.ZERO), group.totals());
            }
        }

        void assertHistoryRight(AccountId account, Instant from, Instant to, Granularity granularity, ZoneId zone) {
            List<HistoryBucket> expected = calculator.history(List.of(account), baseline, from, to, granularity, zone);
            List<RollupPeriod> periods = rollups.history(account, baseline, from, to, granularity, zone);
            assertThat(periods)
                    .extracting(RollupPeriod::start)
                    .containsExactlyElementsOf(
                            expected.stream().map(HistoryBucket::start).toList());
            assertThat(periods)
                    .extracting(RollupPeriod::end)
                    .containsExactlyElementsOf(
                            expected.stream().map(HistoryBucket::end).toList());
            for (int i = 0; i < expected.size(); i++) {
                assertSame(periods.get(i).sums(), expected.get(i).totals());
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    private static Instant anyMoment(Gen gen) {
        return FROM.plusSeconds(gen.between(-3600L, 6 * LONGEST));
    }

    @Test
    void whateverIsToldAndWhenever_answersAreThoseOfTheCalculator() {
        Law.holds(cases, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(100L, 5_000L, LONGEST));
            try (Host host = new Host(fleet)) {
                List<UsageInterval> untold = new ArrayList<>(fleet.told(gen));
                boolean clockStands = gen.oneIn(3);
                for (int step = gen.between(4, 12); step > 0; step--) {
                    takeAStep(gen, host, untold);
                    host.clock.updateAndGet(
                            now -> clockStands ? now : now.plusNanos(gen.between(-5_000_000L, 9_000_000L)));
                    if (gen.oneIn(2)) {
                        host.assertRight(ACME, anyMoment(gen));
                    }
                }
                host.assertRight(ACME, anyMoment(gen));
                Granularity granularity = gen.pick(Granularity.values());
                Instant from = anyMoment(gen);
                host.assertHistoryRight(
                        ACME,
                        from,
                        from.plusSeconds(gen.between(1L, granularity == Granularity.HOUR ? 90_000L : 40 * 86_400L)),
                        granularity,
                        ZoneId.of(gen.pick(ZONES)));
                host.rollups.refresh(ACME, host.baseline, anyMoment(gen));
                assertThat(host.rollups.verify(ACME, host.baseline))
                        .allSatisfy(check ->
                                assertThat(check.agrees()).as(check.toString()).isTrue());
            }
        });
    }

    private static void takeAStep(Gen gen, Host host, List<UsageInterval> untold) {
        switch (gen.between(0, 7)) {
            case 0, 1, 2 -> {
                int count = Math.min(untold.size(), gen.between(1, 8));
                try {
                    host.store.append(untold.subList(0, count));
                } catch (cloud.dumont.economy.usage.UsageConflictException corrected) {
                    // what was corrected may be told again, and is refused
                }
                untold.subList(0, count).clear();
            }
            case 3 -> {
                List<UsageInterval> known = host.store.timelines(ACME).stream()
                        .flatMap(timeline -> timeline.intervals().stream())
                        .toList();
                if (!known.isEmpty()) {
                    Instant from = anyMoment(gen);
                    host.store.correct(List.of(UsageInterval.between(
                            gen.pick(known).instance(),
                            gen.pick(InstanceState.values()),
                            from,
                            from.plusSeconds(gen.between(1L, LONGEST)))));
                }
            }
            case 4 -> {
                if (gen.oneIn(3)) {
                    PriceRow row =
                            gen.pick(List.copyOf(host.catalog.get().rows().toList()));
                    List<PriceRow> rows =
                            new ArrayList<>(host.catalog.get().rows().toList());
                    rows.remove(row);
                    rows.add(cloud.dumont.economy.testing.Prices.readOn(
                            java.time.LocalDate.of(2026, 1, 1).plusDays(gen.between(301, 9000)), row));
                    host.catalog.set(PriceCatalog.of(rows));
                }
                host.restart();
            }
            default -> host.rollups.refresh(ACME, host.baseline, anyMoment(gen));
        }
    }

    @Test
    void aRowThatSomebodyChanged_isNamed() {
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                host.rollups.refresh(ACME, host.baseline, FROM.plus(Duration.ofDays(3)));
                assertThat(host.rollups
                                .verify(ACME, host.baseline)
                                .orElseThrow()
                                .agrees())
                        .isTrue();
                List<RollupCheck.Difference> none =
                        host.rollups.verify(ACME, host.baseline).orElseThrow().differences();
                assertThat(none).isEmpty();
                long hour = TestDatabase.jdbi(host.pool.getJdbcUrl())
                        .withHandle(handle -> handle.createQuery(
                                        "SELECT MIN(bucket_start) FROM savings_history WHERE granularity = 'HOUR'")
                                .mapTo(Long.class)
                                .one());
                TestDatabase.execute(
                        host.pool.getJdbcUrl(),
                        "UPDATE savings_history SET equivalent_quanta_low = equivalent_quanta_low + 1 WHERE granularity = 'HOUR' AND bucket_start = "
                                + hour);

                RollupCheck check = host.rollups.verify(ACME, host.baseline).orElseThrow();

                assertThat(check.agrees()).isFalse();
                assertThat(check.differences()).isNotEmpty().allSatisfy(difference -> {
                    assertThat(difference.start()).isEqualTo(Instant.ofEpochSecond(hour));
                    assertThat(difference.granularity()).isEqualTo(Granularity.HOUR);
                    assertThat(difference
                                    .stored()
                                    .equivalentCost()
                                    .minus(difference.recomputed().equivalentCost())
                                    .toQuantaExact())
                            .isEqualTo(1);
                });
                host.rollups.rebuild(ACME, host.baseline, FROM.plus(Duration.ofDays(3)), (done, total) -> {});
                assertThat(host.rollups
                                .verify(ACME, host.baseline)
                                .orElseThrow()
                                .agrees())
                        .isTrue();
            }
        });
    }

    @Test
    void amountsBeyond64BitsAnHourAreExact() {
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            try (Host host = new Host(fleet)) {
                List<UsageInterval> dear = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    dear.add(UsageInterval.between(
                            cloud.dumont.economy.usage.Instance.builder(ACME, "dear-" + i)
                                    .gpu("T4", 1)
                                    .rate(cloud.dumont.economy.money.HourlyRate.ofNanoUsd(Long.MAX_VALUE))
                                    .build(),
                            InstanceState.RUNNING,
                            FROM,
                            FROM.plusSeconds(400_000)));
                }
                host.store.append(dear);
                host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(300_000));
                host.assertRight(ACME, FROM.plusSeconds(350_000));
                assertThat(host.rollups
                                .totals(ACME, host.baseline, FROM.plusSeconds(350_000))
                                .total()
                                .effectiveCost()
                                .toQuanta()
                                .bitLength())
                        .isGreaterThan(64);
            }
        });
    }

    @Test
    void historyOfNoTime_isRefused() {
        Law.holds(1, gen -> {
            try (Host host = new Host(RandomFleet.of(gen, FROM, LONGEST))) {
                assertThatThrownBy(() -> host.rollups.history(
                                ACME, host.baseline, FROM, FROM, Granularity.DAY, ZoneId.of("UTC")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the start must lie before the end");
            }
        });
    }
}
