package cloud.dumont.economy.jdbc;

import static cloud.dumont.economy.jdbc.Usage.closed;
import static cloud.dumont.economy.jdbc.Usage.instance;
import static cloud.dumont.economy.jdbc.Usage.open;
import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of every store does not say: rows, failures, connections. */
class JdbcHistoryStoreTest {

    private static final long B = Usage.BEGINNING;
    private static final AccountId ACME = AccountId.of("acme");
    private static final AccountId NEWCOMER = AccountId.of("newcomer");
    private static final Instance I1 = instance(ACME, "i-1");

    private final DataSource database = TestDatabase.unpooled(TestDatabase.H2_MEMORY.newMigratedUrl(null));
    private final ProbedDataSource probe = new ProbedDataSource(database);

    @Test
    void theTableHoldsTheFactsAndNothingElse() {
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(List.of(open(I1, RUNNING, 0), open(I1, RUNNING, 7)));
        store.append(List.of(closed(I1, RUNNING, 0, 5), closed(I1, RUNNING, 4, 7)));
        store.append(List.of(closed(I1, RUNNING, 7, 10), open(I1, IDLE, 10)));

        assertThat(rows("SELECT started_at, COALESCE(ended_at, -1) AS ended_at, state FROM usage_interval ORDER BY 1"))
                .containsExactly(
                        Map.of("started_at", B, "ended_at", B + 10, "state", "RUNNING"),
                        Map.of("started_at", B + 10, "ended_at", -1L, "state", "IDLE"));
    }

    @Test
    void anIntervalOfNoLengthTellsNothing() {
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(List.of(closed(I1, RUNNING, 5, 5)));

        assertThat(store.accounts()).isEmpty();
        assertThat(store.timelines(ACME)).isEmpty();
    }

    @Test
    void tellingAgainWhatIsKnownWritesNoFact() {
        HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
        store.append(Usage.twoInstancesOf(ACME));
        probe.fail(step -> false, new SQLException());

        store.append(Usage.twoInstancesOf(ACME));

        // 3 for the accounts, a read, the commit.
        assertThat(probe.steps()).isEqualTo(5);
    }

    @Test
    void nothingThatWasToldIsDeleted() {
        HistoryStore store = JdbcHistoryStore.create(database).withTime(() -> Instant.ofEpochSecond(1, 500_000_999));
        store.append(List.of(open(I1, RUNNING, 0)));
        store.append(List.of(closed(I1, RUNNING, 0, 10)));
        store.append(List.of(closed(I1, RUNNING, 10, 20)));
        store.correct(List.of(open(I1, IDLE, 0)));

        assertThat(rows("""
                        SELECT COALESCE(ended_at, -1) AS ended_at, told_at, withdrawn_at, withdrawn_by
                        FROM usage_interval_withdrawn ORDER BY withdrawn_by"""))
                .containsExactly(
                        Map.of("ended_at", -1L, "told_at", 1_500_000L, "withdrawn_at", 1_500_000L, "withdrawn_by", 2L),
                        Map.of(
                                "ended_at",
                                B + 10,
                                "told_at",
                                1_500_000L,
                                "withdrawn_at",
                                1_500_000L,
                                "withdrawn_by",
                                3L),
                        Map.of(
                                "ended_at",
                                B + 20,
                                "told_at",
                                1_500_000L,
                                "withdrawn_at",
                                1_500_000L,
                                "withdrawn_by",
                                4L));
        assertThat(rows("SELECT told_at, state FROM usage_interval"))
                .containsExactly(Map.of("told_at", 1_500_000L, "state", "IDLE"));
    }

    @Test
    void peopleCanReadAllThatWasTold() {
        JdbcHistoryStore store = JdbcHistoryStore.create(database);
        store.withTime(() -> Instant.parse("2026-03-01T12:00:00.000001Z"))
                .append(List.of(open(I1, RUNNING, 0), closed(I1, IDLE, -20, -10).inferred()));
        store.withTime(() -> Instant.parse("2026-03-02T12:00:00Z")).append(List.of(closed(I1, RUNNING, 0, 10)));

        assertThat(rows("""
                        SELECT CAST(started_at AS VARCHAR) AS started, COALESCE(CAST(ended_at AS VARCHAR), '-') AS ended, evidence,
                            CAST(told_at AS VARCHAR) AS told, COALESCE(CAST(withdrawn_at AS VARCHAR), '-') AS withdrawn
                        FROM usage_interval_told_usd ORDER BY usage_interval_told_usd.started_at, usage_interval_told_usd.told_at"""))
                .containsExactly(
                        Map.of(
                                "started", "2026-02-28 23:59:40+00",
                                "ended", "2026-02-28 23:59:50+00",
                                "evidence", "INFERRED",
                                "told", "2026-03-01 12:00:00.000001+00",
                                "withdrawn", "-"),
                        Map.of(
                                "started", "2026-03-01 00:00:00+00",
                                "ended", "-",
                                "evidence", "OBSERVED",
                                "told", "2026-03-01 12:00:00.000001+00",
                                "withdrawn", "2026-03-02 12:00:00+00"),
                        Map.of(
                                "started", "2026-03-01 00:00:00+00",
                                "ended", "2026-03-01 00:00:10+00",
                                "evidence", "OBSERVED",
                                "told", "2026-03-02 12:00:00+00",
                                "withdrawn", "-"));
        assertThat(rows("SELECT CAST(told_at AS VARCHAR) AS told FROM usage_interval_usd ORDER BY 1"))
                .containsExactly(
                        Map.of("told", "2026-03-01 12:00:00.000001+00"), Map.of("told", "2026-03-02 12:00:00+00"));
    }

    @Test
    void peopleCanReadTheView() {
        Instance instance = Instance.builder(ACME, "i-1")
                .gpuCount(new GpuCount(1, 3))
                .memoryGib(new BigDecimal("1E+2"))
                .rate(HourlyRate.ofNanoUsd(Long.MAX_VALUE))
                .build();
        JdbcHistoryStore.create(database).append(List.of(closed(instance, RUNNING, -1, 300_000_000)));

        Map<String, Object> row = rows("""
                        SELECT CAST(started_at AS VARCHAR) AS started, CAST(ended_at AS VARCHAR) AS ended, gpu_count,
                            memory_gib, usd_per_hour, storage_usd_per_hour FROM usage_interval_usd""").get(0);

        assertThat(row)
                .containsEntry("started", "2026-02-28 23:59:59+00")
                .containsEntry("ended", "2035-09-02 05:20:00+00")
                .containsEntry("gpu_count", new BigDecimal("0.333333"))
                .containsEntry("memory_gib", "100")
                .containsEntry("usd_per_hour", new BigDecimal("9223372036.854775807"))
                .containsEntry("storage_usd_per_hour", null);
    }

    @Test
    void manyInstancesTakeFewRoundTrips() {
        List<UsageInterval> batch = new ArrayList<>();
        for (int i = 0; i < 6000; i++) {
            Instance instance = instance(AccountId.of("account-" + i % 40), "i-" + i);
            batch.add(closed(instance, RUNNING, 0, 10));
            if (i < 4000) {
                batch.add(open(instance, IDLE, 10));
            }
        }
        HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
        HistoryStore expected = new InMemoryHistoryStore();
        expected.append(batch);

        store.append(batch);

        // The schema's version, how it compares text, that H2 is not to wait, 2 for the accounts, 12 reads, 2 for the
        // time, 10 inserts, the commit.
        assertThat(probe.steps()).isEqualTo(30);
        assertThat(store.accounts()).isEqualTo(expected.accounts());
        for (AccountId account : expected.accounts()) {
            assertThat(store.timelines(account)).isEqualTo(expected.timelines(account));
        }
    }

    /** However many accounts there are: none is locked, and nothing of any is read. */
    @Test
    void aListingWithoutNewsIsOneStatementOfNoAccount() {
        Instant now = Usage.at(0);
        List<ObservedInstance> fleet = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            fleet.add(new ObservedInstance(instance(AccountId.of("account-" + i), "i-1"), RUNNING));
        }
        List<String> executed = new ArrayList<>();
        HistoryStore store =
                JdbcHistoryStore.create(Jdbi.create(probe.dataSource()).setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        executed.add(context.getRenderedSql());
                    }
                }));
        UsageLedger ledger =
                UsageLedger.builder(store).time(() -> now.plusSeconds(60)).build();
        ledger.observe(fleet, now);
        List<Object> before = everything();
        executed.clear();
        probe.fail(step -> false, new SQLException());

        ledger.observe(fleet, now.plusSeconds(30));

        assertThat(executed).singleElement().asString().contains("UPDATE usage_source SET");
        assertThat(probe.steps()).as("with the commit").isEqualTo(2);
        assertThat(everything()).isEqualTo(before);
        assertThat(store.clock(UsageLedger.FLEET).stamp()).contains(now.plusSeconds(30));
    }

    /** A push locks its account and no source: so it waits for no listing. */
    @Test
    void aPushWaitsForNoListing() throws SQLException {
        Instant now = Usage.at(0);
        HistoryStore impatient = JdbcHistoryStore.create(Jdbi.create(() -> {
            Connection connection = database.getConnection();
            connection.createStatement().execute("SET LOCK_TIMEOUT 1");
            return connection;
        }));
        UsageLedger ledger =
                UsageLedger.builder(impatient).time(() -> now.plusSeconds(60)).build();
        ledger.observe(List.of(new ObservedInstance(I1, RUNNING)), now);
        try (Connection listing = database.getConnection()) {
            listing.setAutoCommit(false);
            listing.createStatement().execute("UPDATE usage_source SET stamp = stamp");

            ledger.changed(I1, IDLE, now.plusSeconds(30));
            SourceClock known = impatient.clock(UsageLedger.FLEET);
            SourceUpdate update = new SourceUpdate(
                    known, known.stamp(), known.recent(), known.alive(), Optional.empty(), Instant.MIN);
            assertThatThrownBy(() -> impatient.advance(update)).isInstanceOf(HistoryStoreException.class);
            listing.rollback();
        }

        assertThat(impatient.sightings(UsageLedger.FLEET))
                .singleElement()
                .extracting(Sighting::reviewAfter)
                .isEqualTo(Optional.of(now.plusSeconds(150)));
    }

    @Test
    void aFailureAnywhereLeavesNothing() {
        JdbcHistoryStore.create(database).append(Usage.twoInstancesOf(ACME));
        List<Object> before = everything();
        List<UsageInterval> batch = batchThatDeletesAndInserts(ACME, NEWCOMER);

        for (int step = 1; ; step++) {
            int failing = step;
            SQLException broken = new SQLException("broken at step " + step, "08006");
            probe.fail(at -> at == failing, broken);
            HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
            Throwable thrown = catchThrowable(() -> store.append(batch));

            assertThat(probe.openConnections()).isZero();
            if (thrown == null) {
                // The schema's version, how it compares text, that H2 is not to wait, 2 for the accounts, a read, 2 for
                // the time, 2 to withdraw, an insert, the commit.
                assertThat(step).isEqualTo(13);
                break;
            }
            assertThat(thrown).isInstanceOf(HistoryStoreException.class).hasRootCause(broken);
            assertThat(everything()).isEqualTo(before);
        }
        assertThat(everything()).isNotEqualTo(before);
    }

    @Test
    void aTableThatLacksAColumnIsAFailureWithItsCause() {
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(Usage.twoInstancesOf(ACME));
        execute(
                "DROP VIEW usage_interval_usd",
                "DROP VIEW usage_interval_told_usd",
                "ALTER TABLE usage_interval DROP COLUMN region");
        List<Object> before = everything();

        assertThatThrownBy(() -> store.append(batchThatDeletesAndInserts(ACME, NEWCOMER)))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageStartingWith("could not append usage of 3 instances: Column \"REGION\" not found")
                .hasCauseInstanceOf(JdbiException.class)
                .hasRootCauseInstanceOf(SQLException.class);
        assertThatThrownBy(() -> store.timelines(ACME))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageStartingWith("could not read the usage of account acme: Column \"REGION\" not found")
                .hasCauseInstanceOf(JdbiException.class);
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "23505"})
    void ifTheDatabaseGivesWayToAnotherWriterItIsTriedAgain(String sqlState) {
        HistoryStore store = JdbcHistoryStore.create(probe.dataSource());

        for (int step = 1; ; step++) {
            AccountId account = AccountId.of("acme-" + step);
            AccountId newcomer = AccountId.of("newcomer-" + step);
            HistoryStore expected = new InMemoryHistoryStore();
            expected.append(Usage.twoInstancesOf(account));
            store.append(Usage.twoInstancesOf(account));
            expected.append(batchThatDeletesAndInserts(account, newcomer));
            int failing = step;
            probe.fail(at -> at == failing, new SQLException("another was first", sqlState));

            store.append(batchThatDeletesAndInserts(account, newcomer));

            if (probe.steps() < step) {
                assertThat(step).isEqualTo(10);
                break;
            }
            assertThat(store.timelines(account)).isEqualTo(expected.timelines(account));
            assertThat(store.timelines(newcomer)).isEqualTo(expected.timelines(newcomer));
        }
        assertThat(probe.openConnections()).isZero();
    }

    @Test
    void itGivesUpIfTheDatabaseAlwaysGivesWay() {
        HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
        store.accounts();
        probe.fail(step -> true, new SQLException("deadlock", "40001"));

        Throwable thrown = catchThrowable(() -> store.append(Usage.twoInstancesOf(ACME)));

        assertThat(thrown).isInstanceOf(HistoryStoreException.class).hasCauseInstanceOf(JdbiException.class);
        assertThat(thrown.getCause().getSuppressed()).hasSize(Transactions.MOST_TRIES - 1);
        assertThat(probe.openConnections()).isZero();
    }

    @Test
    void betweenReadingAndWritingAnAccountNobodyElseWritesIt() {
        HistoryStore impatient = JdbcHistoryStore.create(Jdbi.create(() -> {
            Connection connection = database.getConnection();
            connection.createStatement().execute("SET LOCK_TIMEOUT 1");
            return connection;
        }));
        HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
        store.append(Usage.twoInstancesOf(ACME));
        List<Throwable> refused = new ArrayList<>();
        // 2 steps for the accounts, a read, and before the write the others try.
        probe.fail(
                step -> {
                    if (step == 4) {
                        impatient.append(Usage.twoInstancesOf(NEWCOMER));
                        refused.add(catchThrowable(() -> impatient.append(List.of(open(I1, IDLE, 10)))));
                    }
                    return false;
                },
                new SQLException());

        store.append(List.of(closed(I1, IDLE, 10, 20)));

        assertThat(refused).singleElement().isInstanceOf(HistoryStoreException.class);
        assertThat(store.accounts()).containsExactly(ACME, NEWCOMER);
        assertThat(store.timelines(ACME).get(0).facts())
                .containsExactly(closed(I1, RUNNING, 0, 10), closed(I1, IDLE, 10, 20));
    }

    @Test
    void aDatabaseThatCannotBeReachedIsAFailureWithItsCause() {
        SQLException down = new SQLException("down");
        HistoryStore store = JdbcHistoryStore.create(Jdbi.create(() -> {
            throw down;
        }));

        assertThatThrownBy(() -> store.append(Usage.twoInstancesOf(ACME)))
                .isInstanceOf(HistoryStoreException.class)
                .hasRootCause(down);
        assertThatThrownBy(() -> store.timelines(ACME))
                .isInstanceOf(HistoryStoreException.class)
                .hasRootCause(down);
        assertThatThrownBy(() -> store.correct(Usage.twoInstancesOf(ACME)))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("could not change what is known of 2 instances: down")
                .hasRootCause(down);
        assertThatThrownBy(() -> store.timelines(ACME, Instant.EPOCH))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("could not read the usage of account acme as told at 1970-01-01T00:00:00Z: down")
                .hasRootCause(down);
        assertThatThrownBy(store::accounts)
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("could not read the accounts: down")
                .hasRootCause(down);
    }

    @Test
    void creatingAStoreAndAppendingNothingOpenNoConnection() {
        JdbcHistoryStore.create(Jdbi.create(() -> {
                    throw new AssertionError("opened");
                }))
                .append(List.of());
    }

    /** Some pools hand out connections without auto-commit; Jdbi takes that for a transaction that somebody else will commit. */
    @Test
    void connectionsWithoutAutoCommitAreCommitted() {
        Jdbi withoutAutoCommit = Jdbi.create(() -> {
            Connection connection = database.getConnection();
            connection.setAutoCommit(false);
            return connection;
        });
        HistoryStore store = JdbcHistoryStore.create(withoutAutoCommit);

        store.append(Usage.twoInstancesOf(ACME));
        assertThatThrownBy(() -> store.append(List.of(closed(I1, IDLE, 5, 6))))
                .isInstanceOf(UsageConflictException.class);

        assertThat(JdbcHistoryStore.create(database).timelines(ACME)).hasSize(2);
        assertThat(store.timelines(ACME)).hasSize(2);
    }

    @Test
    void aTransactionOfTheHostOnTheSameJdbiIsNotTouched() {
        Jdbi jdbi = Jdbi.create(database);
        HistoryStore store = JdbcHistoryStore.create(jdbi);

        jdbi.useTransaction(handle -> {
            store.append(Usage.twoInstancesOf(ACME));
            handle.rollback();
        });

        assertThat(store.timelines(ACME)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
    void writesAreReadCommittedAndTheConnectionIsGivenBackAsItWas(TransactionIsolationLevel isolation)
            throws SQLException {
        try (Connection shared = database.getConnection()) {
            shared.setTransactionIsolation(isolation.intValue());
            Set<Integer> used = new HashSet<>();
            Jdbi jdbi = Jdbi.create(new PoolOfOne(shared)).setSqlLogger(new SqlLogger() {
                @Override
                public void logAfterExecution(StatementContext context) {
                    used.add(isolationOf(context.getConnection()));
                }
            });
            HistoryStore store = JdbcHistoryStore.create(jdbi);

            store.append(Usage.twoInstancesOf(ACME));
            assertThat(used).containsExactly(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(shared.getTransactionIsolation()).isEqualTo(isolation.intValue());
            assertThatThrownBy(() -> store.append(List.of(closed(I1, IDLE, 5, 6))))
                    .isInstanceOf(UsageConflictException.class);
            assertThat(shared.getTransactionIsolation()).isEqualTo(isolation.intValue());
            assertThat(shared.getAutoCommit()).isTrue();
        }
    }

    @Test
    void theHostsJdbiMayUseAnotherNotation() {
        Jdbi jdbi = Jdbi.create(database);
        jdbi.getConfig(SqlStatements.class).setSqlParser(new HashPrefixSqlParser());
        HistoryStore store = JdbcHistoryStore.create(jdbi);

        store.append(Usage.twoInstancesOf(ACME));

        assertThat(store.timelines(ACME)).hasSize(2);
        assertThat(store.accounts()).containsExactly(ACME);
    }

    @Test
    void rowsThatMeanNothingAreNamed() {
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(Usage.twoInstancesOf(ACME));
        execute("UPDATE usage_interval SET state = 'ASLEEP' WHERE instance_id = 'i-2'");

        assertThatThrownBy(() -> store.timelines(ACME))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("account_id acme, instance_id i-2, started_at " + (B + 5))
                .hasRootCauseMessage("unknown state 'ASLEEP'; known: [running, idle, hibernated, stopped, terminated]");
    }

    @Test
    void rowsThatContradictEachOtherAreNoConflictOfTheCaller() {
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(Usage.twoInstancesOf(ACME));
        execute("UPDATE usage_interval SET ended_at = ended_at + 1 WHERE ended_at IS NOT NULL");

        assertThatThrownBy(() -> store.append(List.of(open(I1, IDLE, 10))))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("acme/i-1")
                .hasCauseInstanceOf(UsageConflictException.class);
    }

    /** On a database that knows {@link Usage#twoInstancesOf} the account. */
    private static List<UsageInterval> batchThatDeletesAndInserts(AccountId account, AccountId newcomer) {
        return List.of(
                closed(instance(account, "i-1"), IDLE, 10, 20),
                open(instance(account, "i-1"), RUNNING, 20),
                closed(instance(account, "i-2"), RUNNING, 5, 9),
                open(instance(newcomer, "i-1"), RUNNING, 0));
    }

    private List<Object> everything() {
        return List.of(
                rows("SELECT * FROM usage_interval ORDER BY account_id, instance_id, started_at"),
                rows(
                        "SELECT * FROM usage_interval_withdrawn ORDER BY account_id, instance_id, started_at, withdrawn_by"),
                rows("SELECT * FROM usage_account ORDER BY account_id"),
                rows("SELECT * FROM usage_sighting ORDER BY account_id, instance_id"));
    }

    private List<Map<String, Object>> rows(String sql) {
        return Jdbi.create(database)
                .withHandle(handle -> handle.createQuery(sql).mapToMap().list());
    }

    private void execute(String... statements) {
        try (Handle handle = Jdbi.open(database)) {
            for (String statement : statements) {
                handle.execute(statement);
            }
        }
    }

    private static int isolationOf(Connection connection) {
        try {
            return connection.getTransactionIsolation();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private record PoolOfOne(Connection connection) implements ConnectionFactory {

        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection returned) {}
    }
}
