package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.HistoryBucket;
import cloud.dumont.economy.savings.RandomFleet;
import cloud.dumont.economy.savings.Rollup;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsSums;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.GapPolicy;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import com.zaxxer.hikari.HikariDataSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rollups promise, in one kind of database. */
abstract class RollupsContract {

    static final AccountId ACME = AccountId.of("acme");
    static final Instant FROM = Instant.parse("2026-03-28T10:17:11Z");
    static final long LONGEST = 40_000;

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
            pool = TestDatabase.pool(database.takeMigratedUrl(folder));
            catalog = new AtomicReference<>(fleet.catalog);
            store = JdbcHistoryStore.create(pool).withTime(clock::get);
            calculator = SavingsCalculator.builder(store, catalog::get).build();
            baseline = Baseline.onDemand(fleet.provider);
            rollups = JdbcRollups.create(pool, calculator);
        }

        /** Over the same facts and prices, by another policy. */
        Host(Host other, EquivalencePolicy policy) {
            pool = other.pool;
            catalog = other.catalog;
            store = other.store;
            calculator = SavingsCalculator.builder(store, catalog::get)
                    .equivalence(policy)
                    .build();
            baseline = other.baseline;
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
            if (!pool.isClosed()) {
                pool.close();
                database.giveBack(pool.getJdbcUrl());
            }
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
                host.rollups
                        .verify(ACME, host.baseline)
                        .ifPresent(check ->
                                assertThat(check.agrees()).as(check.toString()).isTrue());
            }
        });
    }

    /** Two policies over one database: each has its own answers, whichever made the rollups that are there. */
    @Test
    void rollupsOfOnePolicy_areNeverAddedToThoseOfAnother() {
        Law.holds(Math.min(cases, 20), gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            try (Host host = new Host(fleet);
                    Host other = new Host(
                            host,
                            EquivalencePolicy.standard(GpuCatalog.bundled()).atFloor());
                    Host own = new Host(
                            host,
                            ((EquivalencePolicy) (prices, query) -> new Equivalent(
                                            query, Tier.NONE, Optional.empty(), Optional.empty(), "nothing ever"))
                                    .identifiedBy("nothing 1"))) {
                host.store.append(fleet.facts);
                List<Host> hosts = List.of(host, other, own);
                for (int step = 0; step < 4; step++) {
                    gen.pick(hosts.toArray(Host[]::new)).rollups.refresh(ACME, host.baseline, anyMoment(gen));
                    Instant at = anyMoment(gen);
                    hosts.forEach(one -> one.assertRight(ACME, at));
                }
            }
        });
    }

    @Test
    void policyWithoutIdentity_cannotBeRolledUp() {
        Law.holds(1, gen -> {
            try (Host host = new Host(RandomFleet.of(gen, FROM, LONGEST))) {
                SavingsCalculator nameless = SavingsCalculator.builder(host.store, host.catalog::get)
                        .equivalence((prices, query) ->
                                EquivalencePolicy.standard(GpuCatalog.bundled()).decide(prices, query))
                        .build();

                assertThatThrownBy(() -> JdbcRollups.create(host.pool, nameless))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("has no identity")
                        .hasMessageContaining("identifiedBy");
            }
        });
    }

    /**
     * Short intervals around the hour that is closed, or the month that a rebuild has done: of what was before it, some has a say in what
     * comes after.
     */
    @Test
    void aroundAClosedHour_answersAreThoseOfTheCalculator() {
        Instant hour = FROM.truncatedTo(ChronoUnit.DAYS);
        Instant monthBefore = hour.minus(Duration.ofDays(31));
        Law.holds(cases, gen -> {
            long longest = gen.pick(40L, 90L, 200L);
            RandomFleet fleet = RandomFleet.of(gen, hour.minusSeconds(gen.between(0L, 3 * longest)), longest);
            try (Host host = new Host(fleet)) {
                List<UsageInterval> told = fleet.told(gen);
                int first = gen.oneIn(2) ? told.size() : gen.between(0, told.size());
                if (gen.oneIn(2)) {
                    Instance early =
                            Instance.builder(ACME, "early").gpu("T4", 1).build();
                    host.store.append(List.of(UsageInterval.between(
                            early, InstanceState.RUNNING, monthBefore, monthBefore.plusSeconds(longest))));
                }
                host.store.append(told.subList(0, first));
                host.rollups.refresh(
                        ACME, host.baseline, hour.plusSeconds(gen.oneIn(2) ? 7_200L : gen.between(0L, longest)));
                host.assertRight(ACME, hour.plusSeconds(gen.between(1L, 4 * longest)));
                host.assertRight(ACME, hour.plusSeconds(7_200L));
                host.store.append(told.subList(first, told.size()));
                host.assertRight(ACME, hour.plusSeconds(gen.between(1L, 4 * longest)));
                host.rollups.refresh(ACME, host.baseline, hour.plusSeconds(longest));
                host.assertRight(ACME, hour.plusSeconds(gen.between(1L, 4 * longest)));
                host.rollups.refresh(ACME, host.baseline, hour.plusSeconds(gen.pick(longest, 3_600L, 7_200L)));
                host.assertRight(ACME, hour.plusSeconds(gen.pick(longest, 3_600L, 7_200L)));
            }
        });
    }

    /** What is seen counts provisionally for a while, which may be taken back; what is pushed by a host that lives, longer. */
    @Test
    void whateverIsSeenAndPushed_answersAreThoseOfTheCalculatorAndNoHourIsKeptTooSoon() {
        int[] open = new int[1];
        Law.holds(cases, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, 100L);
            List<Instance> machines = Stream.of("i-1", "i-2", "i-3")
                    .map(id -> Instance.builder(ACME, id)
                            .gpu("T4", 1)
                            .rate(HourlyRate.usd("0.25"))
                            .build())
                    .toList();
            try (Host host = new Host(fleet)) {
                host.clock.set(FROM);
                UsageLedger ledger =
                        UsageLedger.builder(host.store).time(host.clock::get).build();
                for (int step = gen.between(6, 14); step > 0; step--) {
                    Instant now = host.clock.updateAndGet(
                            then -> then.plusSeconds(gen.pick(1L, 30L, 30L, 60L, 121L, 900L, 3_000L, 3_700L, 20_000L)));
                    seeOrPush(gen, ledger, machines, now);
                    if (gen.oneIn(2)) {
                        Instant before = closedUntil(host);
                        Instant asked = now.plusSeconds(gen.between(0L, 300L));
                        Instant observed = host.store
                                .usage(ACME)
                                .at(asked, GapPolicy.STANDARD)
                                .observedUntil();
                        host.rollups.refresh(ACME, host.baseline, asked);
                        Instant closed = observed.truncatedTo(ChronoUnit.HOURS);
                        assertThat(closedUntil(host)).isIn(Instant.MIN, before.isAfter(closed) ? before : closed);
                        open[0] += observed.isBefore(now.truncatedTo(ChronoUnit.HOURS)) ? 1 : 0;
                    }
                    host.assertRight(ACME, now);
                    host.assertRight(ACME, now.plusSeconds(gen.pick(1L, 119L, 121L, 4_000L)));
                }
                Instant end = host.clock.get();
                host.assertHistoryRight(ACME, FROM, end.plusSeconds(100), Granularity.HOUR, ZoneId.of(gen.pick(ZONES)));
                host.rollups.refresh(ACME, host.baseline, end);
                host.rollups
                        .verify(ACME, host.baseline)
                        .ifPresent(check ->
                                assertThat(check.agrees()).as(check.toString()).isTrue());
            }
        });
        assertThat(open[0]).as("refreshes that had to leave an hour open").isPositive();
    }

    private static Instant closedUntil(Host host) {
        return host.rollups.statuses().stream()
                .map(RollupStatus::closedUntil)
                .findFirst()
                .orElse(Instant.MIN);
    }

    private static void seeOrPush(Gen gen, UsageLedger ledger, List<Instance> machines, Instant now) {
        Instance machine = gen.pick(machines);
        switch (gen.between(0, 9)) {
            case 0 -> ledger.changed(machine, gen.pick(InstanceState.RUNNING, InstanceState.IDLE), now);
            case 1 -> ledger.ended(ACME, machine.id(), now);
            case 2 -> ledger.alive(now);
            default -> {
                List<ObservedInstance> fleet = machines.stream()
                        .filter(each -> !gen.oneIn(4))
                        .map(each -> new ObservedInstance(
                                each, gen.oneIn(6) ? InstanceState.STOPPED : InstanceState.RUNNING))
                        .toList();
                try {
                    ledger.observe(fleet, now);
                } catch (IllegalStateException disjoint) {
                    // two listings without any instance in common are taken for those of two scopes
                }
            }
        }
    }

    private static void takeAStep(Gen gen, Host host, List<UsageInterval> untold) {
        switch (gen.between(0, 7)) {
            case 0, 1, 2 -> {
                int count = Math.min(untold.size(), gen.between(1, 8));
                try {
                    host.store.append(untold.subList(0, count));
                } catch (UsageConflictException corrected) {
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
                    rows.add(Prices.readOn(LocalDate.of(2026, 1, 1).plusDays(gen.between(301, 9000)), row));
                    host.catalog.set(PriceCatalog.of(rows));
                }
                host.restart();
            }
            default -> host.rollups.refresh(ACME, host.baseline, anyMoment(gen));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOUR", "DAY", "LIFETIME"})
    void aRowThatSomebodyChanged_isNamed(String granularity) {
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
                                        "SELECT MIN(bucket_start) FROM savings_history WHERE granularity = :granularity")
                                .bind("granularity", granularity)
                                .mapTo(Long.class)
                                .one());
                TestDatabase.execute(
                        host.pool.getJdbcUrl(),
                        "UPDATE savings_history SET equivalent_quanta_low = equivalent_quanta_low + 1 WHERE granularity = '"
                                + granularity + "' AND bucket_start = " + hour);

                RollupCheck check = host.rollups.verify(ACME, host.baseline).orElseThrow();

                assertThat(check.agrees()).isFalse();
                assertThat(check.differences()).isNotEmpty().allSatisfy(difference -> {
                    assertThat(difference.start()).isEqualTo(Instant.ofEpochSecond(hour));
                    assertThat(difference.granularity().map(Granularity::name).orElse("LIFETIME"))
                            .isEqualTo(granularity);
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
                            Instance.builder(ACME, "dear-" + i)
                                    .gpu("T4", 1)
                                    .rate(HourlyRate.ofNanoUsd(Long.MAX_VALUE / 8))
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

    /** Connections end at every statement, of a first build over several ranges and of one that takes its place under other prices. */
    @Test
    void aRebuildThatWasInterruptedAnywhere_isGoneOnWith() {
        assertSurvives(ProbedDataSource::drop);
    }

    @Test
    void everyAnswerToARebuildMayBeLost() {
        assertSurvives(ProbedDataSource::loseAnswer);
    }

    private void assertSurvives(BiConsumer<ProbedDataSource, IntPredicate> fault) {
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, 12 * 86_400L);
            Instant now = FROM.plus(Duration.ofDays(45));
            int failures = 0;
            Sample sample = Sample.of(3, database);
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                for (int step = sample.first(); ; step += sample.every()) {
                    int failing = step;
                    // Other prices each time, so that there is something to do.
                    host.catalog.set(PriceCatalog.of(readOn(fleet.prices, step)));
                    ProbedDataSource probe = new ProbedDataSource(TestDatabase.unpooled(host.pool.getJdbcUrl()));
                    JdbcRollups rollups = JdbcRollups.create(probe.dataSource(), host.calculator);
                    fault.accept(probe, at -> at == failing);
                    Throwable thrown = catchThrowable(() -> rollups.refresh(ACME, host.baseline, now));
                    assertThat(probe.openConnections()).isZero();
                    host.assertRight(ACME, now.minusSeconds(5));
                    List<Long> done = new ArrayList<>();
                    host.rollups.refresh(ACME, host.baseline, now, (hours, total) -> {
                        assertThat(hours).isBetween(1L, total);
                        done.add(hours);
                    });
                    assertThat(done).isSorted();
                    host.assertRight(ACME, now.minusSeconds(5));
                    assertThat(host.rollups
                                    .verify(ACME, host.baseline)
                                    .orElseThrow()
                                    .agrees())
                            .isTrue();
                    if (probe.steps() < step) {
                        assertThat(thrown).isNull();
                        break;
                    }
                    assertThat(thrown).isInstanceOf(HistoryStoreException.class);
                    failures++;
                }
            }
            assertThat(failures * sample.every()).isGreaterThan(20);
        });
    }

    static List<PriceRow> readOn(List<PriceRow> prices, int day) {
        return prices.stream()
                .map(row -> Prices.readOn(LocalDate.of(2027, 1, 1).plusDays(day), row))
                .toList();
    }

    @Test
    void usageThatWasDropped_staysInEveryTotal() {
        Law.holds(Math.max(1, cases / 5), gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(LONGEST, 3 * 86_400L));
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                Instant before = FROM.plusSeconds(gen.between(0L, 10 * 86_400L));
                Instant now = before.plusSeconds(gen.between(0L, 3 * 86_400L));
                Instant later = now.plusSeconds(gen.between(1L, 3 * 86_400L));
                SavingsTotals then =
                        host.calculator.report(ACME, host.baseline, later).lifetime();
                List<HistoryBucket> days = host.calculator.history(
                        List.of(ACME), host.baseline, FROM, later, Granularity.DAY, ZoneId.of("Europe/Berlin"));
                host.rollups.refresh(ACME, host.baseline, now);
                long rows = host.store.timelines(ACME).stream()
                        .mapToLong(timeline -> timeline.facts().size())
                        .sum();

                DroppedUsage dropped = host.rollups.drop(ACME, List.of(host.baseline), before, now);

                assertThat(dropped.until()).isBeforeOrEqualTo(before);
                assertThat(host.store.timelines(ACME).stream()
                                .mapToLong(timeline -> timeline.facts().size())
                                .sum())
                        .isEqualTo(rows - dropped.intervals());
                for (int round = 0; round < 3; round++) {
                    assertSame(host.rollups.totals(ACME, host.baseline, later).total(), then);
                    List<RollupPeriod> periods = host.rollups.history(
                            ACME, host.baseline, FROM, later, Granularity.DAY, ZoneId.of("Europe/Berlin"));
                    for (int i = 0; i < days.size(); i++) {
                        assertSame(periods.get(i).sums(), days.get(i).totals());
                    }
                    assertThat(host.rollups
                                    .verify(ACME, host.baseline)
                                    .orElseThrow()
                                    .agrees())
                            .isTrue();
                    if (round == 0) {
                        host.rollups.refresh(ACME, host.baseline, later);
                    } else {
                        host.rollups.rebuild(ACME, host.baseline, later, (done, total) -> {});
                    }
                }
                assertThatThrownBy(
                                () -> host.store.timelines(ACME, dropped.until().minusSeconds(1)))
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageContaining("was dropped");
                assertThat(host.store.timelines(ACME, dropped.until())).isNotNull();
            }
        });
    }

    @Test
    void usageWhoseRollupsDiffer_isNotDropped() {
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Instant now = FROM.plus(Duration.ofDays(10));
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                var usage = host.store.timelines(ACME);
                host.rollups.refresh(ACME, host.baseline, now);
                TestDatabase.execute(host.pool.getJdbcUrl(), "UPDATE savings_history SET seconds = seconds + 1");

                assertThatThrownBy(() -> host.rollups.drop(ACME, List.of(host.baseline), now, now))
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageContaining("differ from a recomputation");
                assertThatThrownBy(() ->
                                host.rollups.drop(ACME, List.of(host.baseline.withDiscount(BigDecimal.ONE)), now, now))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() ->
                                host.rollups.drop(ACME, List.of(host.baseline), now.plus(Duration.ofDays(2)), now))
                        .isInstanceOf(IllegalArgumentException.class);

                assertThat(host.store.timelines(ACME)).isEqualTo(usage);
            }
        });
    }

    @Test
    void rowsAndRanks_areThoseOfTheRollups() {
        Law.holds(3, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            Instant now = FROM.plus(Duration.ofDays(4));
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                for (AccountId account : host.store.accounts()) {
                    host.rollups.refresh(account, host.baseline, now);
                }
                List<Rollup.Row> rows = new ArrayList<>();
                host.rollups.export(ACME, host.baseline, FROM.minusSeconds(3600), now, rows::add);
                Instant closed = now.truncatedTo(ChronoUnit.HOURS);
                assertThat(rows)
                        .containsExactlyInAnyOrderElementsOf(host.calculator
                                .rollup(ACME, host.baseline, Instant.MIN, closed)
                                .rows());
                assertThat(rows).extracting(Rollup.Row::hour).isSorted();

                List<RollupStatus> greatest = host.rollups.greatestSavings(host.baseline, 2);
                assertThat(greatest)
                        .hasSize(Math.min(2, host.store.accounts().size()))
                        .isSortedAccordingTo(
                                Comparator.comparing(RollupStatus::savings).reversed())
                        .allSatisfy(status -> assertThat(status.savings())
                                .isEqualTo(host.calculator
                                        .report(status.account(), host.baseline, closed)
                                        .lifetime()
                                        .savings()));
                assertThat(host.rollups.statuses())
                        .hasSize(host.store.accounts().size());
                long shown = TestDatabase.jdbi(host.pool.getJdbcUrl())
                        .withHandle(handle -> handle.createQuery(
                                        "SELECT SUM(seconds) FROM savings_history_usd WHERE granularity = 'DAY' AND account_id = 'acme'")
                                .mapTo(Long.class)
                                .one());
                assertThat(shown)
                        .isEqualTo(host.rollups
                                .totals(ACME, host.baseline, closed)
                                .total()
                                .billableSeconds());
            }
        });
    }

    @Test
    void whatPeopleReadIsExactToNineDecimals() {
        BigInteger usd = BigInteger.valueOf(3_600_000_000_000L);
        List<BigInteger> amounts = new ArrayList<>();
        for (String some : List.of(
                "0",
                "1",
                "1799",
                "1800",
                "1801",
                "3600",
                "5399",
                "5400",
                "3599999998199",
                "3599999998200",
                "999999999999",
                "1000000000000",
                "17999999999999",
                "18000000000000")) {
            // Less than a dollar, and with so many of them that a double holds no cents, and with as many as a
            // difference can have.
            for (String dollars : List.of("0", "4", "12345", "99999999", "123456789012345678", "1000000000000000000")) {
                amounts.add(new BigInteger(some).add(usd.multiply(new BigInteger(dollars))));
            }
        }
        List.copyOf(amounts).forEach(amount -> amounts.add(amount.negate()));
        String url = database.newMigratedUrl(folder);
        Jdbi jdbi = TestDatabase.jdbi(url);
        jdbi.useHandle(handle -> {
            handle.execute("INSERT INTO savings_rollup VALUES ('acme', 'AWS', 'b', 1, 0, 0, 0, 0, 0, 'c', 'p')");
            PreparedBatch rows =
                    handle.prepareBatch("INSERT INTO savings_history VALUES ('acme', 'AWS', 'b', 1, 'HOUR', ?, 'T4', ?,"
                            + " 1, 0, 0, 0, ?, ?, ?, ?, ?, ?, 'c', 'p')");
            for (int i = 0; i < amounts.size(); i++) {
                Quanta effective = Quanta.of(Amount.ofQuanta(amounts.get(i)));
                Quanta equivalent = Quanta.of(Amount.ofQuanta(amounts.get(i * 31 % amounts.size())));
                rows.add(
                        3600L * i,
                        i % 7 == 0 ? "NONE" : "SAME_GPU",
                        effective.high(),
                        effective.low(),
                        equivalent.high(),
                        equivalent.low(),
                        equivalent.high(),
                        equivalent.low());
            }
            rows.execute();
        });

        List<String> shown = jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT effective_usd, equivalent_usd, idle_usd, savings_usd FROM savings_history_usd ORDER BY bucket_start")
                .map((row, context) ->
                        row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4))
                .list());

        assertThat(shown).hasSize(amounts.size());
        for (int i = 0; i < amounts.size(); i++) {
            BigInteger effective = amounts.get(i);
            BigInteger equivalent = amounts.get(i * 31 % amounts.size());
            BigInteger savings = i % 7 == 0 ? BigInteger.ZERO : equivalent.subtract(effective);
            assertThat(shown.get(i))
                    .isEqualTo(usd(effective) + " " + usd(equivalent) + " " + usd(equivalent) + " " + usd(savings));
        }
    }

    private static String usd(BigInteger quanta) {
        return new BigDecimal(quanta)
                .divide(new BigDecimal("3600000000000"), 9, RoundingMode.HALF_UP)
                .toPlainString();
    }

    @Test
    void aNameThatNobodyKnows_mayBeOfAnyLength() {
        Law.holds(1, gen -> {
            try (Host host = new Host(RandomFleet.of(gen, FROM, LONGEST))) {
                String name = "X".repeat(400);
                host.store.append(List.of(UsageInterval.between(
                        Instance.builder(ACME, "i").gpu(name, 1).build(),
                        InstanceState.RUNNING,
                        FROM,
                        FROM.plusSeconds(7200))));
                host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(7200));

                RollupTotals totals = host.rollups.totals(ACME, host.baseline, FROM.plusSeconds(7200));

                assertThat(totals.total().billableSeconds()).isEqualTo(7200);
                assertThat(totals.byGpu().firstKey()).startsWith("XXX").hasSize(200);
            }
        });
    }

    /** Between the moment when it draws its line and the one when it looks how far rollups are, others tell more and add it. */
    @Test
    void aRefreshThatIsOvertaken_countsNothingTwice() {
        Law.holds(3, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            List<UsageInterval> told = Stream.concat(
                            Stream.of(UsageInterval.between(
                                    Usage.instance(ACME, "first"), InstanceState.RUNNING, FROM, FROM.plusSeconds(60))),
                            fleet.told(gen).stream())
                    .toList();
            Instant now = FROM.plusSeconds(2 * LONGEST);
            try (Host host = new Host(fleet)) {
                host.store.append(told.subList(0, 1));
                host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(LONGEST / 2));
                AtomicBoolean overtaken = new AtomicBoolean();
                Jdbi watched = Jdbi.create(host.pool).setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        if (context.getRenderedSql().contains("FROM savings_rollup")
                                && overtaken.compareAndSet(false, true)) {
                            host.store.append(told);
                            host.rollups.refresh(ACME, host.baseline, now);
                        }
                    }
                });

                JdbcRollups.create(watched, host.calculator).refresh(ACME, host.baseline, now);

                assertThat(overtaken).isTrue();
                host.assertRight(ACME, now.plusSeconds(1));
                assertThat(host.rollups
                                .verify(ACME, host.baseline)
                                .orElseThrow()
                                .agrees())
                        .isTrue();
            }
        });
    }

    /** Hosts that tell, hosts that refresh and hosts that ask, all at once. */
    @Test
    void anyNumberOfHostsMayRefreshWhileOthersTell() throws Exception {
        AtomicReference<Gen> any = new AtomicReference<>();
        Law.holds(1, any::set);
        Gen gen = any.get();
        RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Host host = new Host(fleet)) {
            List<UsageInterval> told = fleet.told(gen);
            AtomicBoolean telling = new AtomicBoolean(true);
            Callable<Void> tell = () -> {
                try {
                    told.forEach(piece -> host.store.append(List.of(piece)));
                } finally {
                    telling.set(false);
                }
                return null;
            };
            Callable<Void> refresh = () -> {
                for (int hours = 1; hours < 10 || telling.get(); hours++) {
                    host.rollups.refresh(ACME, host.baseline, FROM.plus(Duration.ofHours(hours)));
                }
                return null;
            };
            Callable<Void> ask = () -> {
                while (telling.get()) {
                    Instant at = FROM.plus(Duration.ofHours(30));
                    assertThat(host.rollups
                                    .totals(ACME, host.baseline, at)
                                    .total()
                                    .billableSeconds())
                            .isBetween(
                                    0L,
                                    fleet.facts.size() * Duration.ofHours(40).toSeconds());
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(List.of(tell, refresh, refresh, ask))) {
                done.get(2, TimeUnit.MINUTES);
            }

            host.assertRight(ACME, FROM.plus(Duration.ofHours(40)));
            host.rollups.refresh(ACME, host.baseline, FROM.plus(Duration.ofHours(40)));
            host.assertRight(ACME, FROM.plus(Duration.ofHours(40)));
            assertThat(host.rollups.verify(ACME, host.baseline).orElseThrow().agrees())
                    .isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Then a fact goes and none comes: also that is something told since. */
    @Test
    void usageThatTurnsOutToHaveTakenNoTime_isTakenBack() {
        Law.holds(1, gen -> {
            try (Host host = new Host(RandomFleet.of(gen, FROM, LONGEST))) {
                Instance instance = Instance.builder(ACME, "i").gpu("T4", 1).build();
                host.store.append(List.of(UsageInterval.openFrom(instance, InstanceState.RUNNING, FROM)));
                host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(7200));
                host.store.append(List.of(UsageInterval.between(instance, InstanceState.RUNNING, FROM, FROM)));

                host.assertRight(ACME, FROM.plusSeconds(8000));
                host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(7200));
                host.assertRight(ACME, FROM.plusSeconds(8000));
                assertThat(host.rollups
                                .totals(ACME, host.baseline, FROM.plusSeconds(8000))
                                .total())
                        .isEqualTo(SavingsSums.ZERO);
            }
        });
    }

    @Test
    void pagesAndTheStream_areAllThatIsKnown() {
        Law.holds(5, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
            try (Host host = new Host(fleet)) {
                host.store.append(fleet.facts);
                List<UsageInterval> expected = host.store.timelines(ACME).stream()
                        .flatMap(timeline -> timeline.facts().stream())
                        .toList();
                JdbcUsageReader reader = JdbcUsageReader.create(host.pool);
                List<UsageInterval> streamed = new ArrayList<>();
                reader.forEach(ACME, streamed::add);
                assertThat(streamed).containsExactlyInAnyOrderElementsOf(expected);
                int size = gen.between(1, 4);
                List<UsageInterval> paged = new ArrayList<>();
                List<UsageInterval> page = reader.page(ACME, Optional.empty(), size);
                while (!page.isEmpty()) {
                    assertThat(page).hasSizeLessThanOrEqualTo(size);
                    paged.addAll(page);
                    page = reader.page(ACME, Optional.of(page.get(page.size() - 1)), size);
                }
                assertThat(paged).isEqualTo(streamed);
                assertThatThrownBy(() -> reader.page(AccountId.of("other"), Optional.of(paged.get(0)), 1))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> reader.page(ACME, Optional.empty(), 0))
                        .isInstanceOf(IllegalArgumentException.class);
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
