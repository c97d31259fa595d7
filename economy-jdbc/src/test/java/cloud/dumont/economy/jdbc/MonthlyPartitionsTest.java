package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.savings.RandomFleet;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonthlyPartitionsTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant FROM = Instant.parse("2026-02-26T10:17:11Z");
    private static final YearMonth JANUARY = YearMonth.of(2026, 1);
    private static final YearMonth FEBRUARY = YearMonth.of(2026, 2);
    private static final YearMonth MARCH = YearMonth.of(2026, 3);
    private static final YearMonth APRIL = YearMonth.of(2026, 4);

    private static final String WAITING =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE ONLY %'";

    private final String url = TestDatabase.POSTGRESQL.newMigratedUrl(null);
    private final Jdbi jdbi = TestDatabase.jdbi(url);
    private final MonthlyPartitions partitions = MonthlyPartitions.create(TestDatabase.unpooled(url));
    private final JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));

    /** Usage of some days at the end of February and some in March, told, corrected and rolled up. */
    private final class Told {

        final RandomFleet fleet;
        final Baseline baseline;
        final JdbcRollups rollups;
        final Instant end = FROM.plus(Duration.ofDays(6));

        Told() {
            fleet = fleet();
            baseline = Baseline.onDemand(fleet.provider);
            rollups = rollups(fleet);
            store.append(fleet.facts);
            for (Instant start : List.of(FROM, end.minusSeconds(90_000))) {
                Instance instance = Usage.instance(ACME, "corrected");
                store.append(List.of(
                        UsageInterval.between(instance, InstanceState.RUNNING, start, start.plusSeconds(80_000))));
                store.correct(
                        List.of(UsageInterval.between(instance, InstanceState.IDLE, start, start.plusSeconds(10_000))));
            }
            rollups.refresh(ACME, baseline, end);
        }

        List<Object> answers() {
            List<Object> answers = new ArrayList<>();
            for (AccountId account : store.accounts()) {
                answers.add(store.timelines(account));
                answers.add(store.timelines(account, Instant.parse("2100-01-01T00:00:00Z")));
            }
            answers.add(rollups.totals(ACME, baseline, end));
            answers.add(rollups.history(ACME, baseline, FROM, end, Granularity.DAY, ZoneOffset.UTC));
            answers.add(rollups.verify(ACME, baseline).orElseThrow());
            return answers;
        }
    }

    private static RandomFleet fleet() {
        AtomicReference<Gen> any = new AtomicReference<>();
        Law.holds(1, any::set);
        return RandomFleet.of(any.get(), FROM, 3 * 86_400L);
    }

    private JdbcRollups rollups(RandomFleet fleet) {
        return JdbcRollups.create(
                TestDatabase.unpooled(url),
                SavingsCalculator.builder(store, () -> fleet.catalog).build());
    }

    private List<List<String>> rows() {
        return jdbi.withHandle(handle -> Stream.of(
                        "usage_interval",
                        "usage_interval_withdrawn",
                        "savings_history",
                        "usage_interval_usd",
                        "usage_interval_told_usd",
                        "savings_history_usd")
                .map(table -> handle.createQuery("SELECT CAST(t AS TEXT) FROM " + table + " AS t ORDER BY 1")
                        .mapTo(String.class)
                        .list())
                .toList());
    }

    private List<String> strings(String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private long number(String sql) {
        return number(jdbi, sql);
    }

    private static long number(Jdbi jdbi, String sql) {
        return jdbi.<Long, RuntimeException>withHandle(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private List<String> relations() {
        return strings("""
                SELECT concat(relname, ' ', relkind, ' ', relispartition) FROM pg_class
                WHERE relnamespace = CAST(current_schema() AS regnamespace) ORDER BY 1""");
    }

    @Test
    void everyRowAndAnswerStays() {
        Told told = new Told();
        List<List<String>> rows = rows();
        List<Object> answers = told.answers();
        assertThat(rows).noneMatch(List::isEmpty);

        assertThat(partitions.convert())
                .containsExactly("usage_interval", "usage_interval_withdrawn", "savings_history");
        assertThat(rows()).isEqualTo(rows);
        assertThat(told.answers()).isEqualTo(answers);

        assertThat(partitions.make(MARCH, APRIL))
                .contains("usage_interval_2026_02", "usage_interval_2026_04", "savings_history_2026_03")
                .doesNotContain("usage_interval_2026_01");
        assertThat(rows()).isEqualTo(rows);
        assertThat(told.answers()).isEqualTo(answers);
        long march = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond();
        assertThat(number("SELECT COUNT(*) FROM usage_interval_default")).isZero();
        assertThat(number("SELECT COUNT(*) FROM savings_history_default WHERE granularity <> 'LIFETIME'"))
                .isZero();
        assertThat(number("SELECT COUNT(*) FROM usage_interval_2026_02"))
                .isEqualTo(number("SELECT COUNT(*) FROM usage_interval WHERE started_at < " + march))
                .isPositive();
        assertThat(number("SELECT COUNT(*) FROM usage_interval_2026_03"))
                .isEqualTo(number("SELECT COUNT(*) FROM usage_interval WHERE started_at >= " + march))
                .isPositive();

        assertThat(partitions.convert()).isEmpty();
        assertThat(partitions.make(MARCH, APRIL)).isEmpty();
        Instant later = Instant.ofEpochSecond(march + 86_400);
        store.append(List.of(UsageInterval.between(
                Usage.instance(ACME, "later"), InstanceState.RUNNING, later, later.plusSeconds(86_400))));
        told.rollups.refresh(ACME, told.baseline, told.end);
        assertThat(told.rollups.verify(ACME, told.baseline).orElseThrow().agrees())
                .isTrue();
    }

    @Test
    void whatBelongsToNoMonthIsKept_andMovesWhenItsMonthIsMade() {
        partitions.convert();
        partitions.make(MARCH, MARCH);
        Instant may = Instant.parse("2026-05-01T00:00:00Z");
        for (Instant start : List.of(
                may.minusSeconds(2), may, may.plusSeconds(31 * 86_400), Instant.parse("9999-12-31T00:00:00Z"))) {
            store.append(List.of(UsageInterval.between(
                    Usage.instance(ACME, "i"), InstanceState.RUNNING, start, start.plusSeconds(1))));
        }
        List<InstanceTimeline> timelines = store.timelines(ACME);
        assertThat(number("SELECT COUNT(*) FROM usage_interval_default")).isEqualTo(4);

        assertThat(partitions.make(YearMonth.of(2026, 5), YearMonth.of(2026, 5)))
                .containsExactly(
                        "usage_interval_2026_04",
                        "usage_interval_2026_05",
                        "usage_interval_withdrawn_2026_05",
                        "savings_history_2026_05");

        assertThat(number("SELECT COUNT(*) FROM usage_interval_2026_04")).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM usage_interval_2026_05")).isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM usage_interval_default")).isEqualTo(2);
        assertThat(store.timelines(ACME)).isEqualTo(timelines);
    }

    /** Four that convert and make months, while one tells and one asks. */
    @Test
    void anyNumberOfHostsMayDoSoWhileOthersTellAndAsk() throws Exception {
        Told told = new Told();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try (HikariDataSource pool = TestDatabase.pool(url)) {
            CyclicBarrier gate = new CyclicBarrier(6);
            Callable<List<String>> make = () -> {
                gate.await();
                MonthlyPartitions ours = MonthlyPartitions.create(pool);
                ours.convert();
                List<String> made = new ArrayList<>(ours.make(MARCH, APRIL));
                made.addAll(ours.dropEmpty(FEBRUARY));
                return made;
            };
            JdbcHistoryStore pooled = JdbcHistoryStore.create(pool);
            Callable<List<String>> tell = () -> {
                gate.await();
                for (int i = 0; i < 60; i++) {
                    Instant at = FROM.plusSeconds(20_000L * i);
                    pooled.append(List.of(UsageInterval.between(
                            Usage.instance(ACME, "told"), InstanceState.RUNNING, at, at.plusSeconds(10))));
                }
                return List.of();
            };
            Callable<List<String>> ask = () -> {
                gate.await();
                for (int i = 0; i < 20; i++) {
                    assertThat(told.rollups
                                    .verify(ACME, told.baseline)
                                    .orElseThrow()
                                    .agrees())
                            .isTrue();
                }
                return List.of();
            };
            List<String> made = new ArrayList<>();
            for (Future<List<String>> host : threads.invokeAll(List.of(make, make, make, make, tell, ask))) {
                made.addAll(host.get(2, TimeUnit.MINUTES));
            }
            assertThat(made).doesNotHaveDuplicates().contains("usage_interval_2026_02", "usage_interval_2026_03");
            assertThat(store.timelines(ACME).stream()
                            .flatMap(timeline -> timeline.facts().stream())
                            .filter(fact -> fact.instance().id().value().equals("told")))
                    .hasSize(60);
            told.rollups.refresh(ACME, told.baseline, told.end);
            assertThat(told.rollups.verify(ACME, told.baseline).orElseThrow().agrees())
                    .isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    /** The connection ends at every statement. */
    @Test
    void whatWasInterruptedNeverBegan_andIsDoneByTheNext() {
        Told told = new Told();
        List<String> ordinary = relations();

        List<List<String>> converting = interrupted(MonthlyPartitions::convert);
        assertThat(converting).hasSizeGreaterThan(20).containsOnly(ordinary);
        List<String> converted = relations();
        List<List<String>> making = interrupted(partitions -> partitions.make(MARCH, MARCH));
        assertThat(making).hasSizeGreaterThan(10).first().isEqualTo(converted);
        List<String> made = relations();
        partitions.make(JANUARY, JANUARY);
        List<List<String>> dropping = interrupted(partitions -> partitions.dropEmpty(FEBRUARY));
        assertThat(dropping).hasSizeGreaterThan(5);

        assertThat(relations()).isEqualTo(made);
        assertThat(told.rollups.verify(ACME, told.baseline).orElseThrow().agrees())
                .isTrue();
    }

    /** What was there after each failure. */
    private List<List<String>> interrupted(Consumer<MonthlyPartitions> call) {
        List<List<String>> left = new ArrayList<>();
        List<List<String>> rows = rows();
        for (int step = 1; ; step++) {
            int failing = step;
            ProbedDataSource probe = new ProbedDataSource(TestDatabase.unpooled(url));
            MonthlyPartitions probed = MonthlyPartitions.create(probe.dataSource());
            probe.drop(at -> at == failing);
            Throwable thrown = catchThrowable(() -> call.accept(probed));
            assertThat(probe.openConnections()).isZero();
            assertThat(rows()).isEqualTo(rows);
            if (probe.steps() < step) {
                assertThat(thrown).isNull();
                return left;
            }
            assertThat(thrown).isInstanceOf(HistoryStoreException.class).hasMessageContaining("connection dropped");
            left.add(relations());
        }
    }

    @Test
    void onlyMonthsThatAreEmptyAndOverGo() {
        RandomFleet fleet = fleet();
        Baseline baseline = Baseline.onDemand(fleet.provider);
        JdbcRollups rollups = rollups(fleet);
        Instance instance = Usage.instance(ACME, "i");
        store.append(List.of(UsageInterval.between(instance, InstanceState.RUNNING, FROM, FROM.plusSeconds(7200))));
        store.correct(List.of(UsageInterval.between(instance, InstanceState.IDLE, FROM, FROM.plusSeconds(60))));
        Instant later = Instant.parse("2026-03-20T00:00:00Z");
        rollups.refresh(ACME, baseline, later);
        partitions.convert();
        partitions.make(JANUARY, APRIL);
        RollupTotals totals = rollups.totals(ACME, baseline, later);

        assertThat(partitions.dropEmpty(MARCH))
                .containsExactly(
                        "usage_interval_2026_01", "usage_interval_withdrawn_2026_01", "savings_history_2026_01");
        rollups.drop(ACME, List.of(baseline), later, later);
        assertThat(partitions.dropEmpty(FEBRUARY)).isEmpty();
        assertThat(partitions.dropEmpty(MARCH))
                .containsExactly("usage_interval_2026_02", "usage_interval_withdrawn_2026_02");

        assertThat(totals.total().billableSeconds()).isEqualTo(7200);
        assertThat(rollups.totals(ACME, baseline, later)).isEqualTo(totals);
        // Told late, of a month that is gone.
        store.append(List.of(UsageInterval.between(instance, InstanceState.RUNNING, FROM, FROM.plusSeconds(1))));
        assertThat(number("SELECT COUNT(*) FROM usage_interval_default")).isEqualTo(1);
    }

    /** Somebody writes into a month that was empty, and has not committed when it is to be dropped. */
    @Test
    void aRowThatIsWrittenMeanwhileIsNotLost() throws Exception {
        partitions.convert();
        partitions.make(MARCH, APRIL);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Handle writer = jdbi.open()) {
            writer.begin();
            writer.execute("""
                    INSERT INTO usage_interval (account_id, instance_id, started_at, state, gpu_count_numerator,
                        gpu_count_denominator, evidence, told_at) VALUES ('acme', 'i', ?, 'RUNNING', 1, 1, 'OBSERVED', 0)""", Instant.parse("2026-03-01T00:00:00Z").getEpochSecond());
            Future<List<String>> dropped = threads.submit(() -> partitions.dropEmpty(APRIL));
            awaitOneThatWaits(dropped);
            writer.commit();

            assertThat(dropped.get(2, TimeUnit.MINUTES))
                    .containsExactly("usage_interval_withdrawn_2026_03", "savings_history_2026_03");
            assertThat(store.timelines(ACME)).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private void awaitOneThatWaits(Future<?> step) {
        while (number(WAITING) == 0) {
            assertThat(step.isDone()).isFalse();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** It has begun to look when the rows that it is about to read are to move: they wait for it. */
    @Test
    void anAnswerIsThatOfOneMomentWhileRowsMove() throws Exception {
        Told told = new Told();
        var expected = told.rollups.history(ACME, told.baseline, FROM, told.end, Granularity.DAY, ZoneOffset.UTC);
        partitions.convert();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            AtomicReference<Future<?>> making = new AtomicReference<>();
            Jdbi slow = TestDatabase.jdbi(url).setSqlLogger(new SqlLogger() {
                @Override
                public void logBeforeExecution(StatementContext context) {
                    if (making.get() == null && context.getRenderedSql().contains("FROM savings_history ")) {
                        making.set(threads.submit(() -> moveRollups(FEBRUARY, MARCH)));
                        while (!making.get().isDone() && number(WAITING) == 0) {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                        }
                    }
                }
            });
            JdbcRollups rollups = JdbcRollups.create(
                    slow,
                    SavingsCalculator.builder(store, () -> told.fleet.catalog).build());

            var periods = rollups.history(ACME, told.baseline, FROM, told.end, Granularity.DAY, ZoneOffset.UTC);

            assertThat(periods).isEqualTo(expected);
            making.get().get(2, TimeUnit.MINUTES);
            assertThat(number("SELECT COUNT(*) FROM savings_history_2026_03")).isPositive();
            assertThat(rollups.history(ACME, told.baseline, FROM, told.end, Granularity.DAY, ZoneOffset.UTC))
                    .isEqualTo(expected);
        } finally {
            threads.shutdownNow();
        }
    }

    /** As {@link MonthlyPartitions#make} does, where another host has made the months of usage already. */
    private void moveRollups(YearMonth... months) {
        jdbi.useTransaction(handle -> {
            MonthlyTable.SAVINGS_HISTORY.lock(handle);
            Stream.of(months).forEach(month -> MonthlyTable.SAVINGS_HISTORY.make(handle, month));
        });
    }

    @Test
    void thePlanOfAPeriodLooksIntoItsMonthsAlone_andThatOfAnAccountIntoAll() {
        Told told = new Told();
        partitions.convert();
        partitions.make(JANUARY, APRIL);
        Set<String> executed = ConcurrentHashMap.newKeySet();
        Jdbi logged = TestDatabase.jdbi(url).setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                executed.add(context.getRenderedSql());
            }
        });
        JdbcRollups.create(
                        logged,
                        SavingsCalculator.builder(store, () -> told.fleet.catalog)
                                .build())
                .history(ACME, told.baseline, FROM, told.end, Granularity.DAY, ZoneOffset.UTC);
        JdbcHistoryStore.create(logged).timelines(ACME);

        String period = executed.stream()
                .filter(sql -> sql.contains("bucket_start >= :from"))
                .findFirst()
                .orElseThrow();
        assertThat(plan(period.replace(":from", "" + FROM.getEpochSecond())
                        .replace(":to", "" + FROM.plusSeconds(86_400).getEpochSecond())))
                .contains("savings_history_2026_02")
                .doesNotContain("savings_history_2026_01", "savings_history_2026_03", "savings_history_default");
        String account = executed.stream()
                .filter(sql -> sql.endsWith("FROM usage_interval WHERE account_id = :account"))
                .findFirst()
                .orElseThrow();
        assertThat(plan(account))
                .contains("usage_interval_2026_01", "usage_interval_2026_04", "usage_interval_default");
    }

    private String plan(String sql) {
        return String.join(
                "\n", strings("EXPLAIN " + sql.replace(":generation", "1").replaceAll(":\\w+", "'x'")));
    }

    @Test
    void migrationsGoOnWorking() throws Exception {
        partitions.convert();
        partitions.make(MARCH, APRIL);
        List<String> relations = relations();
        SchemaMigrator migrator = SchemaMigrator.of(TestDatabase.unpooled(url));

        migrator.check();
        migrator.migrate();
        migrator.migrate();
        // As after an interruption: earlier scripts would make the views of earlier versions.
        TestDatabase.execute(url, lastScript());

        assertThat(relations().stream().filter(name -> !name.contains("economy_schema_history")))
                .isEqualTo(relations);
        store.append(Usage.twoInstancesOf(ACME));
        assertThat(store.timelines(ACME)).hasSize(2);
    }

    private static String lastScript() {
        List<String> scripts = Dialect.POSTGRESQL.scripts();
        return TestDatabase.script("postgresql/" + scripts.get(scripts.size() - 1));
    }

    /** Their rows rest on checks of their own, which knew of no sightings. */
    @Test
    void monthsThatAnEarlierReleaseMadeAreMigrated() {
        String earlier = TestDatabase.POSTGRESQL.newUrl(null);
        List<String> scripts = Dialect.POSTGRESQL.scripts();
        scripts.subList(0, scripts.size() - 1)
                .forEach(script -> TestDatabase.execute(earlier, TestDatabase.script("postgresql/" + script)));
        String row = "'acme', 'i-1', %d, NULL, 'RUNNING', 1, 1, 'OBSERVED', 7";
        TestDatabase.execute(
                earlier,
                "INSERT INTO usage_account VALUES ('acme', 1, 7)",
                "INSERT INTO usage_interval (account_id, instance_id, started_at, ended_at, state, gpu_count_numerator,"
                        + " gpu_count_denominator, evidence, told_at) VALUES ("
                        + row.formatted(Usage.at(0).getEpochSecond()) + ")");
        TestDatabase.jdbi(earlier).useTransaction(handle -> {
            new PartitionConversion(handle).run();
            MonthlyTable.USAGE_INTERVAL.make(handle, MARCH);
        });

        SchemaMigrator.of(TestDatabase.unpooled(earlier)).migrate();

        JdbcHistoryStore migrated = JdbcHistoryStore.create(TestDatabase.unpooled(earlier));
        UsageLedger ledger =
                UsageLedger.builder(migrated).time(() -> Usage.at(60)).build();
        ledger.observe(
                List.of(new ObservedInstance(Usage.instance(ACME, "seen"), InstanceState.RUNNING)), Usage.at(30));
        MonthlyPartitions.create(TestDatabase.unpooled(earlier)).make(APRIL, APRIL);
        assertThat(migrated.timelines(ACME))
                .extracting(timeline -> timeline.openInterval().orElseThrow().start())
                .containsExactly(Usage.at(0), Usage.at(30));
        assertThat(number(TestDatabase.jdbi(earlier), "SELECT COUNT(*) FROM usage_interval_2026_03"))
                .isEqualTo(2);
        // What rests on neither a push nor a sighting is still refused, in every month.
        for (Instant start : List.of(Usage.at(90), Usage.at(40 * 86_400), Usage.at(-86_400))) {
            assertThatThrownBy(() ->
                            TestDatabase.jdbi(earlier).useHandle(handle -> handle.execute("""
                            INSERT INTO usage_interval (account_id, instance_id, started_at, state, gpu_count_numerator,
                                gpu_count_denominator, evidence, told_at) VALUES ('acme', 'i', ?, 'RUNNING', 1, 1, 'INFERRED', 0)""", start.getEpochSecond())))
                    .hasMessageContaining("usage_interval_evidence");
        }
    }

    @Test
    void whatTheHostHasAddedIsKept() {
        String role = "reader_" + System.nanoTime();
        TestDatabase.execute(
                url,
                "CREATE ROLE " + role,
                "GRANT SELECT (account_id) ON usage_interval TO " + role,
                "GRANT SELECT ON usage_interval_usd TO " + role + " WITH GRANT OPTION",
                "ALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO " + role,
                "CREATE INDEX of_the_host ON usage_interval (region) WHERE region IS NOT NULL",
                "CREATE VIEW lasting WITH (security_barrier=true) AS SELECT account_id FROM usage_interval WHERE ended_at IS NULL",
                "CREATE MATERIALIZED VIEW summed AS SELECT COUNT(*) FROM lasting");
        store.append(Usage.twoInstancesOf(ACME));

        partitions.convert();
        partitions.make(JANUARY, JANUARY);
        store.append(List.of(UsageInterval.openFrom(
                Usage.instance(ACME, "new"), InstanceState.RUNNING, Instant.parse("2026-01-05T00:00:00Z"))));

        assertThat(number("SELECT COUNT(*) FROM lasting")).isEqualTo(3);
        assertThat(strings("SELECT CAST(reloptions AS TEXT) FROM pg_class WHERE oid = CAST('lasting' AS regclass)"))
                .containsExactly("{security_barrier=true}");
        assertThat(strings("SELECT indexdef FROM pg_indexes WHERE indexname = 'of_the_host'"))
                .singleElement()
                .asString()
                .contains("ON ONLY", "usage_interval", "(region) WHERE (region IS NOT NULL)");
        String may = "SELECT has_column_privilege('%1$s', 'usage_interval', 'account_id', 'SELECT') || ' '"
                + " || has_table_privilege('%1$s', 'usage_interval', 'SELECT') || ' '"
                + " || has_table_privilege('%1$s', 'usage_interval', 'DELETE') || ' '"
                + " || has_table_privilege('%1$s', 'usage_interval_usd', 'SELECT WITH GRANT OPTION')";
        assertThat(strings(may.formatted(role))).containsExactly("true false false true");
        TestDatabase.execute(url, "ALTER DEFAULT PRIVILEGES REVOKE DELETE ON TABLES FROM " + role);
    }

    @Test
    void whatWouldBeLostIsNamed_andNothingIsChanged() {
        List<String> things = List.of(
                "CREATE TABLE of_the_host (a VARCHAR(200), i VARCHAR(200), s BIGINT, e VARCHAR(20),"
                        + " FOREIGN KEY (a, i, s, e) REFERENCES usage_interval)",
                "CREATE TRIGGER seen BEFORE UPDATE ON usage_interval FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                "CREATE POLICY own ON usage_interval USING (account_id = current_user)",
                "CREATE MATERIALIZED VIEW summed AS SELECT COUNT(*) FROM usage_interval",
                "ALTER TABLE usage_interval ENABLE ROW LEVEL SECURITY");
        List<String> named =
                List.of("constraint of_the_host_", "trigger seen", "policy own", "view summed", "row level security");
        for (int i = 0; i < things.size(); i++) {
            String other = TestDatabase.POSTGRESQL.newMigratedUrl(null);
            TestDatabase.execute(other, things.get(i));

            assertThatThrownBy(MonthlyPartitions.create(TestDatabase.unpooled(other))::convert)
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("usage_interval cannot be partitioned while it has")
                    .hasMessageContaining(named.get(i));

            assertThat(number(TestDatabase.jdbi(other), """
                            SELECT COUNT(*) FROM pg_partitioned_table JOIN pg_class ON oid = partrelid
                            WHERE relnamespace = CAST(current_schema() AS regnamespace)""")).isZero();
        }
    }

    @Test
    void otherDatabasesAndMonthsThatAreNoneAreRefused(@TempDir Path folder) {
        for (TestDatabase other : List.of(TestDatabase.H2_MEMORY, TestDatabase.SQLITE)) {
            MonthlyPartitions none = MonthlyPartitions.create(TestDatabase.unpooled(other.newMigratedUrl(folder)));
            for (Runnable call :
                    List.<Runnable>of(none::convert, () -> none.make(MARCH, MARCH), () -> none.dropEmpty(MARCH))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(SchemaException.class)
                        .hasMessageStartingWith("only PostgreSQL has monthly partitions, and this database is ");
            }
        }
        for (Runnable call :
                List.<Runnable>of(() -> partitions.make(MARCH, MARCH), () -> partitions.dropEmpty(MARCH))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(SchemaException.class)
                    .hasMessage("the table usage_interval is not partitioned; call MonthlyPartitions.convert()");
        }
        partitions.convert();
        for (Runnable call : List.<Runnable>of(
                () -> partitions.make(APRIL, MARCH),
                () -> partitions.make(YearMonth.of(1969, 12), MARCH),
                () -> partitions.make(MARCH, YearMonth.of(9999, 1)),
                () -> partitions.make(MARCH, MARCH.plusMonths(600)))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("months from ");
        }
    }
}
