package cloud.dumont.economy.jdbc;

import static cloud.dumont.economy.jdbc.Usage.closed;
import static cloud.dumont.economy.jdbc.Usage.instance;
import static cloud.dumont.economy.jdbc.Usage.open;
import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageInterval;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong with one kind of database, brought about: nothing is lost, and nothing is there twice. */
abstract class FaultsContract {

    static final AccountId ACME = AccountId.of("acme");
    private static final AccountId NEWCOMER = AccountId.of("newcomer");
    private static final List<UsageInterval> BEFORE = Usage.twoInstancesOf(ACME);

    /** Ends what is open, adds what is new, in two accounts. */
    private static final List<UsageInterval> BATCH = List.of(
            closed(instance(ACME, "i-1"), IDLE, 10, 20),
            open(instance(ACME, "i-1"), RUNNING, 20),
            closed(instance(ACME, "i-2"), RUNNING, 5, 9),
            open(instance(NEWCOMER, "i-1"), RUNNING, 0));

    private static final List<UsageInterval> TRUTH =
            List.of(closed(instance(ACME, "i-1"), IDLE, 4, 12), open(instance(NEWCOMER, "i-1"), RUNNING, 0));

    final TestDatabase database;

    @TempDir
    Path folder;

    FaultsContract(TestDatabase database) {
        this.database = database;
    }

    /** What makes of a database's URL one through which nothing can be written. */
    abstract String readOnly(String url);

    @Test
    void connectionsMayDropAtEveryStatementOfAnAppend() {
        assertSurvives(ProbedDataSource::drop, store -> store.append(BATCH));
    }

    @Test
    void connectionsMayDropAtEveryStatementOfACorrection() {
        assertSurvives(ProbedDataSource::drop, store -> store.correct(TRUTH));
    }

    /** Of all answers the commit's is the one that matters: then everything has happened, and the host does not know. */
    @Test
    void everyAnswerToAnAppendMayBeLost() {
        assertSurvives(ProbedDataSource::loseAnswer, store -> store.append(BATCH));
    }

    @Test
    void everyAnswerToACorrectionMayBeLost() {
        assertSurvives(ProbedDataSource::loseAnswer, store -> store.correct(TRUTH));
    }

    @Test
    void connectionsMayDropAtEveryStatementOfAListing() {
        assertSurvives(ProbedDataSource::drop, FaultsContract::list);
    }

    @Test
    void everyAnswerToAListingMayBeLost() {
        assertSurvives(ProbedDataSource::loseAnswer, FaultsContract::list);
    }

    /** Ends what is open, keeps what was pushed and seen, and when: all that a listing or a push may write. */
    private static void list(HistoryStore store) {
        SourceClock before = store.clock("fleet");
        SourceUpdate update = new SourceUpdate(
                before,
                Optional.of(Usage.at(300)),
                List.of(Usage.at(0), Usage.at(300)),
                Optional.of(Usage.at(7)),
                before.stamp().isPresent() ? Optional.empty() : Optional.of(Usage.at(0)),
                Usage.at(-1));
        store.change(
                BATCH.stream().collect(Collectors.groupingBy(InstanceKey::of)).entrySet().stream()
                        .map(entry -> new Listed(entry.getKey(), entry.getValue()))
                        .toList(),
                update);
    }

    private record Listed(InstanceKey key, List<UsageInterval> facts) implements InstanceChange {

        @Override
        public Instant from() {
            return Usage.at(0);
        }

        @Override
        public InstanceFacts apply(InstanceFacts before) {
            Instance seen = facts.get(0).instance();
            return new InstanceFacts(
                    before.timeline().plusAll(facts),
                    List.of(new Push(key, Usage.at(3), IDLE, Optional.of(seen), "host", false)),
                    Optional.of(new Sighting(
                            "fleet", seen, IDLE, Optional.empty(), false, Optional.empty(), false, Optional.empty())),
                    before.clock());
        }
    }

    private void assertSurvives(BiConsumer<ProbedDataSource, IntPredicate> fault, Consumer<HistoryStore> write) {
        HistoryStore expected = new InMemoryHistoryStore();
        expected.append(BEFORE);
        write.accept(expected);
        List<Map<String, Object>> once = null;
        String url = database.newMigratedUrl(folder);
        try (HikariDataSource plain = TestDatabase.pool(url)) {
            for (int step = 1; ; step++) {
                int failing = step;
                database.empty(url);
                InstantSource time = () -> Instant.parse("2026-03-01T12:00:00Z");
                HistoryStore calm = JdbcHistoryStore.create(plain).withTime(time);
                calm.append(BEFORE);
                List<Map<String, Object>> before = facts(plain);
                ProbedDataSource probe = new ProbedDataSource(TestDatabase.unpooled(url));
                HistoryStore store = JdbcHistoryStore.create(probe.dataSource()).withTime(time);

                fault.accept(probe, at -> at == failing);
                Throwable thrown = catchThrowable(() -> write.accept(store));

                assertThat(probe.openConnections()).isZero();
                if (probe.steps() < step) {
                    assertThat(thrown).isNull();
                    assertThat(step).isGreaterThan(7);
                    break;
                }
                assertThat(thrown).isInstanceOf(HistoryStoreException.class).hasMessageContaining("connection dropped");
                List<Map<String, Object>> left = facts(plain);

                // What a host does then, by the store it has.
                write.accept(store);

                assertThat(store.timelines(ACME)).isEqualTo(expected.timelines(ACME));
                assertThat(store.timelines(NEWCOMER)).isEqualTo(expected.timelines(NEWCOMER));
                once = once == null ? facts(plain) : once;
                assertThat(facts(plain)).isEqualTo(once);
                assertThat(left).as("nothing or all").isIn(before, once);
            }
        }
    }

    /** All that is known, and all that was; in an order of its own, and without the count of writes, which trying again raises. */
    private static List<Map<String, Object>> facts(DataSource dataSource) {
        return Jdbi.create(dataSource).withHandle(handle -> {
            List<Map<String, Object>> all = new ArrayList<>();
            all.addAll(handle.createQuery(
                            "SELECT * FROM usage_interval ORDER BY account_id, instance_id, started_at, evidence")
                    .mapToMap()
                    .list());
            all.addAll(handle.createQuery("""
                                    SELECT account_id, instance_id, started_at, ended_at, state, told_at, withdrawn_at
                                    FROM usage_interval_withdrawn
                                    ORDER BY account_id, instance_id, started_at, withdrawn_by""").mapToMap().list());
            for (String table : List.of(
                    "usage_push", "usage_sighting", "usage_source", "usage_source_version", "usage_source_gap")) {
                all.addAll(handle.createQuery("SELECT * FROM " + table + " ORDER BY 1, 2")
                        .mapToMap()
                        .list());
            }
            return all;
        });
    }

    @Test
    void aPoolThatIsExhaustedIsAFailureThatPasses() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.newMigratedUrl(folder));
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            HistoryStore store = JdbcHistoryStore.create(pool);
            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                assertThatThrownBy(() -> store.append(BEFORE))
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageContaining("could not append usage of 2 instances: ")
                        .hasMessageContaining("Connection is not available");
            }

            store.append(BEFORE);

            assertThat(store.timelines(ACME)).hasSize(2);
        }
    }

    @Test
    void aDatabaseThatMayOnlyBeReadSaysSoAndIsRead() {
        String url = database.newMigratedUrl(folder);
        JdbcHistoryStore.create(TestDatabase.unpooled(url)).append(BEFORE);
        HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(readOnly(url)));

        assertThatThrownBy(() -> store.append(BATCH))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageMatching("(?is)could not append usage of 3 instances: .*read.?only.*");

        assertThat(store.timelines(ACME)).hasSize(2);
        assertThat(store.accounts()).containsExactly(ACME);
    }

    /** Two hosts with a store, a pool and a clock each, which is wrong in its own way, tell of one fleet: in pieces, late, twice. */
    @Test
    void twoHostsMayWriteTheSameFleet() throws Exception {
        String url = database.newMigratedUrl(folder);
        List<UsageInterval> pieces = new ArrayList<>();
        for (int machine = 0; machine < 6; machine++) {
            var instance = instance(AccountId.of("account-" + machine % 2), "i-" + machine);
            for (int from = 0; from < 200; from += 10) {
                pieces.add(closed(instance, from % 40 < 20 ? RUNNING : IDLE, from, from + 10));
            }
            pieces.add(open(instance, RUNNING, 200));
        }
        HistoryStore expected = new InMemoryHistoryStore();
        expected.append(pieces);

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (HikariDataSource one = TestDatabase.pool(url);
                HikariDataSource two = TestDatabase.pool(url)) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                Random random = new Random(writer);
                List<UsageInterval> told = new ArrayList<>(pieces);
                told.addAll(pieces.subList(0, 30));
                Collections.shuffle(told, random);
                HistoryStore store = JdbcHistoryStore.create(writer % 2 == 0 ? one : two)
                        .withTime(() -> Instant.ofEpochSecond(random.nextInt(1_000_000) - 500_000));
                writers.add(() -> {
                    for (int from = 0; from < told.size(); from += 13) {
                        store.append(told.subList(from, Math.min(from + 13, told.size())));
                    }
                    return null;
                });
            }
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get(2, TimeUnit.MINUTES);
            }

            HistoryStore store = JdbcHistoryStore.create(one);
            assertThat(store.accounts()).isEqualTo(expected.accounts());
            for (AccountId account : expected.accounts()) {
                assertThat(store.timelines(account)).isEqualTo(expected.timelines(account));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Two transactions wait for each other, and the database ends one of them.
     *
     * @param waiting a query of how many transactions wait for a lock
     */
    final void assertSurvivesDeadlock(String waiting) throws Exception {
        String url = database.newMigratedUrl(folder);
        AccountId a = AccountId.of("a");
        AccountId b = AccountId.of("b");
        AtomicInteger triedAgain = new AtomicInteger();
        try (HikariDataSource pool = TestDatabase.pool(url)) {
            HistoryStore store = JdbcHistoryStore.create(Jdbi.create(pool), tries -> triedAgain.incrementAndGet());
            store.append(List.of(open(instance(a, "i-1"), RUNNING, 0), open(instance(b, "i-1"), RUNNING, 0)));
            ExecutorService threads = Executors.newSingleThreadExecutor();
            try (Handle other = Jdbi.open(pool)) {
                String lock = "UPDATE usage_account SET appends = appends + 1 WHERE account_id = ?";
                other.begin();
                // A transaction that has written more is the one that MariaDB lets live.
                for (int i = 0; i < 50; i++) {
                    other.execute("INSERT INTO usage_account (account_id, appends) VALUES (?, 1)", "other-" + i);
                }
                other.execute(lock, "b");
                Future<?> append = threads.submit(() -> store.append(
                        List.of(open(instance(a, "i-2"), RUNNING, 0), open(instance(b, "i-2"), RUNNING, 0))));
                Jdbi watching = TestDatabase.jdbi(url);
                while (watching.<Integer, RuntimeException>withHandle(handle ->
                                handle.createQuery(waiting).mapTo(Integer.class).one())
                        == 0) {
                    assertThat(append.isDone()).isFalse();
                    // MariaDB looks anew only when nobody has looked for a tenth of a second.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                }
                // The store holds a and waits for b.
                other.execute(lock, "a");
                other.rollback();
                append.get(2, TimeUnit.MINUTES);
            } finally {
                threads.shutdownNow();
            }
            assertThat(triedAgain).hasValueGreaterThan(0);
            assertThat(store.timelines(a)).hasSize(2);
            assertThat(store.timelines(b)).hasSize(2);
        }
    }
}
