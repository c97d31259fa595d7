package cloud.dumont.economy.jdbc;

import static cloud.dumont.economy.jdbc.Usage.closed;
import static cloud.dumont.economy.jdbc.Usage.instance;
import static cloud.dumont.economy.jdbc.Usage.open;
import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.RandomFleet;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a coordinator and its shards promise beyond the contract of every store; docs/scaling.md says the same to an administrator. */
class ShardedHistoryTest {

    private static final Instant FROM = Instant.parse("2026-03-28T10:17:11Z");

    private static final Pattern PARTITION = Pattern.compile("economy\\.(?:usage|savings)_\\w+_(\\d{3})\\b");

    private final Shards shards = Shards.ALL;

    @BeforeEach
    void empty() {
        shards.empty();
    }

    private static List<UsageInterval> fleetOf(AccountId account) {
        return List.of(
                closed(instance(account, "i-1"), RUNNING, 0, 10),
                open(instance(account, "i-1"), IDLE, 10),
                open(instance(account, "i-2"), RUNNING, 5));
    }

    /** Hash-partitioning by account covers every table that has accounts, and would leave out a new one if the script were forgotten. */
    @Test
    void everyTableOfAccountsIsSharded() {
        String ofAccounts = """
                SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                WHERE table_schema = current_schema() AND column_name = 'account_id' AND table_type = 'BASE TABLE'""";

        assertThat(rows(shards.url(0), ofAccounts)).containsExactlyInAnyOrderElementsOf(Shards.TABLES);
        assertThat(rows(shards.url(), ofAccounts)).containsExactlyInAnyOrderElementsOf(Shards.TABLES);
        assertThat(rows(shards.url(), """
                SELECT relname FROM pg_partitioned_table JOIN pg_class ON pg_class.oid = partrelid
                WHERE partstrat = 'h' AND pg_get_partkeydef(partrelid) = 'HASH (account_id)'""")).containsExactlyInAnyOrderElementsOf(Shards.TABLES);
        // What is of no account is here, as it would be on one server.
        assertThat(rows(shards.url(), """
                SELECT relname FROM pg_class WHERE relnamespace = current_schema()::REGNAMESPACE AND relkind = 'r'
                    AND relname LIKE 'usage%'""")).containsExactlyInAnyOrderElementsOf(Shards.TABLES_OF_SOURCES);
        // Citus and YugabyteDB want it in every constraint, too.
        assertThat(rows(shards.url(0), """
                SELECT conrelid::REGCLASS || ' ' || pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint
                JOIN pg_class ON pg_class.oid = conrelid
                WHERE contype IN ('p', 'u', 'x') AND relnamespace = current_schema()::REGNAMESPACE
                    AND relname LIKE ANY (ARRAY['usage%', 'savings%']) AND relname NOT LIKE 'usage_source%'"""))
                .hasSize(Shards.TABLES.size())
                .allMatch(key -> key.contains("PRIMARY KEY (account_id"));
    }

    private static List<String> rows(String url, String sql) {
        return TestDatabase.jdbi(url)
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    @Test
    void anAppendOfAnAccountIsOnItsShardAlone() throws SQLException {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            for (AccountId account : shards.accountsOf(shard, 2)) {
                try (Connection connection = DriverManager.getConnection(shards.url())) {
                    JdbcHistoryStore store = JdbcHistoryStore.create(Jdbi.create(connection));
                    store.append(fleetOf(account));
                    store.append(List.of(closed(instance(account, "i-2"), RUNNING, 5, 50)));
                    store.correct(List.of(closed(instance(account, "i-1"), IDLE, 0, 5)));
                    UsageLedger ledger = UsageLedger.builder(store)
                            .time(() -> Usage.at(1000))
                            .build();
                    ledger.changed(instance(account, "i-3"), RUNNING, Usage.at(7));
                    ledger.changed(instance(account, "i-3"), IDLE, Usage.at(9));

                    assertThat(serversAsked(connection)).containsExactly(shards.serverName(shard));
                }
            }
        }
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            for (String table : List.of("usage_account", "usage_interval", "usage_interval_withdrawn", "usage_push")) {
                assertThat(rows(shards.url(shard), "SELECT DISTINCT account_id FROM " + table + " ORDER BY 1"))
                        .as(table)
                        .containsExactlyElementsOf(shards.accountsOf(shard, 2).stream()
                                .map(AccountId::value)
                                .sorted()
                                .toList());
            }
        }
    }

    private static List<String> serversAsked(Connection connection) {
        return Jdbi.create(connection)
                .withHandle(
                        handle -> handle.createQuery("SELECT server_name FROM public.postgres_fdw_get_connections()")
                                .mapTo(String.class)
                                .list());
    }

    /** The statements that a connection executes, each as PostgreSQL's driver writes it with what was bound to it first. */
    private static final class Statements {

        private final Map<String, String> first = new LinkedHashMap<>();

        Jdbi listening(Connection connection) {
            return Jdbi.create(listening(Connection.class, connection, ""));
        }

        private <T> T listening(Class<T> type, T real, String sql) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                        if (method.getName().startsWith("execute")) {
                            // A batch is written as statements with semicolons in between.
                            first.putIfAbsent(sql, real.toString().split(";", 2)[0]);
                        }
                        try {
                            Object result = method.invoke(real, args);
                            return result instanceof PreparedStatement prepared
                                    ? listening(PreparedStatement.class, prepared, (String) args[0])
                                    : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        /** What PostgreSQL would do, of each. */
        Map<String, String> plans(String url) {
            Map<String, String> plans = new LinkedHashMap<>();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                for (Map.Entry<String, String> sql : first.entrySet()) {
                    List<String> lines = new ArrayList<>();
                    try (ResultSet plan = statement.executeQuery("EXPLAIN (VERBOSE, COSTS OFF) " + sql.getValue())) {
                        while (plan.next()) {
                            lines.add(plan.getString(1));
                        }
                    }
                    plans.put(sql.getKey(), String.join("\n", lines));
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return plans;
        }
    }

    /** Everything that the store, the reader and rollups can be asked of an account, or told. */
    private static void askAndTellAll(Jdbi jdbi, RandomFleet fleet, AccountId account) {
        JdbcHistoryStore store = JdbcHistoryStore.create(jdbi);
        SavingsCalculator calculator =
                SavingsCalculator.builder(store, () -> fleet.catalog).build();
        Baseline baseline = Baseline.onDemand(fleet.provider);
        JdbcRollups rollups = JdbcRollups.create(jdbi, calculator);
        Instance steady = Instance.builder(account, "steady").gpu("T4", 1).build();
        Instance brief = Instance.builder(account, "brief").gpu("T4", 2).build();
        Instant end = FROM.plus(Duration.ofDays(3));
        store.append(List.of(
                UsageInterval.openFrom(steady, RUNNING, FROM),
                UsageInterval.between(brief, RUNNING, FROM, FROM.plusSeconds(9_000))));
        rollups.refresh(account, baseline, FROM.plus(Duration.ofDays(1)));
        store.append(List.of(UsageInterval.between(steady, RUNNING, FROM, end.minusSeconds(86_400))));
        store.correct(List.of(UsageInterval.between(brief, IDLE, FROM, FROM.plusSeconds(600))));
        rollups.refresh(account, baseline, end);
        assertThat(store.timelines(account)).hasSize(2);
        assertThat(store.timelines(account, Instant.now())).hasSize(2);
        UsageLedger ledger = UsageLedger.builder(store).time(() -> end).build();
        ledger.changed(Usage.instance(account, "pushed"), RUNNING, FROM);
        ledger.changed(Usage.instance(account, "pushed"), IDLE, FROM.plusSeconds(60));
        assertThat(store.usage(account).timelines()).hasSize(3);
        assertThat(store.usage(account, Instant.now()).timelines()).hasSize(3);
        assertThat(rollups.totals(account, baseline, end).total().billableSeconds())
                .isPositive();
        rollups.history(account, baseline, FROM, end, Granularity.DAY, ZoneId.of("UTC"));
        rollups.history(account, baseline, FROM, end, Granularity.DAY, ZoneId.of("Asia/Kolkata"));
        rollups.export(account, baseline, FROM.minusSeconds(86_400), end, row -> {});
        assertThat(rollups.verify(account, baseline).orElseThrow().agrees()).isTrue();
        assertThat(rollups.drop(account, List.of(baseline), end.minusSeconds(2 * 86_400), end)
                        .intervals())
                .isPositive();
        rollups.rebuild(account, baseline, end, (done, total) -> {});
        JdbcUsageReader reader = JdbcUsageReader.create(jdbi);
        List<UsageInterval> page = reader.page(account, Optional.empty(), 1);
        reader.page(account, Optional.of(page.get(0)), 1);
        reader.forEach(account, fact -> {});
    }

    /** EXPLAIN of every statement, as it is planned with what is bound to it. */
    @Test
    void whateverIsAskedOfAnAccountItsShardAnswersAlone() throws SQLException {
        Statements statements = new Statements();
        AccountId account = shards.accountsOf(3, 1).get(0);
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, 40_000);
            try (Connection connection = DriverManager.getConnection(shards.url())) {
                askAndTellAll(statements.listening(connection), fleet, account);

                assertThat(serversAsked(connection)).containsExactly(shards.serverName(3));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
        addUsage(3, account);
        analyze();

        Map<String, String> plans = statements.plans(shards.url());

        assertThat(plans).hasSizeGreaterThan(40);
        plans.forEach((sql, plan) -> {
            if (sql.startsWith("SELECT pg_advisory_xact_lock") || isOfSourcesAlone(sql)) {
                assertThat(plan).as(sql).doesNotContain("Foreign");
                return;
            }
            assertThat(PARTITION.matcher(plan).results().map(found -> found.group(1)))
                    .as(sql + "\n" + plan)
                    .allMatch("003"::equals);
            assertThat(PARTITION.matcher(plan).find() || sql.contains("VALUES (?"))
                    .as("only where new rows go is not in the plan: " + sql + "\n" + plan)
                    .isTrue();
            assertThat(plan)
                    .as(sql)
                    .doesNotContainPattern("(?m)^\\s*Filter: (?!\\(usage_source)")
                    .doesNotContain("Sort Key");
            // Of the few pushes of an instance the last is as soon found on the coordinator.
            if (sql.contains("GROUP BY") && !sql.contains("usage_push")) {
                assertThat(plan).as(sql).contains("Aggregate on").contains("GROUP BY");
            }
            if (sql.startsWith("UPDATE")) {
                assertThat(plan).as(sql).contains("Remote SQL: UPDATE");
            }
            if (sql.startsWith("DELETE")) {
                assertThat(plan).as(sql).contains("Remote SQL: DELETE");
            }
        });
    }

    private static boolean isOfSourcesAlone(String sql) {
        return sql.contains("usage_source") && !sql.contains("account_id");
    }

    /** Once the ledger knows what the source showed, which all shards tell in part. */
    @Test
    void aListingAsksTheShardsOfWhatIsNewAlone() throws SQLException {
        AccountId steady = shards.accountsOf(0, 1).get(0);
        AccountId changing = shards.accountsOf(3, 1).get(0);
        Statements statements = new Statements();
        try (Connection connection = DriverManager.getConnection(shards.url())) {
            UsageLedger ledger = UsageLedger.builder(JdbcHistoryStore.create(statements.listening(connection)))
                    .time(() -> Usage.at(1000))
                    .build();
            List<ObservedInstance> fleet = Stream.of(steady, changing)
                    .map(account -> new ObservedInstance(instance(account, "i-1"), RUNNING))
                    .toList();
            ledger.observe(fleet, Usage.at(0));
            ledger.changed(instance(changing, "i-1"), RUNNING, Usage.at(5));
            ledger.observe(fleet, Usage.at(30));
            statements.first.clear();

            ledger.observe(fleet, Usage.at(60));

            assertThat(statements.first.keySet())
                    .filteredOn(sql -> !sql.isEmpty())
                    .singleElement()
                    .asString()
                    .contains("UPDATE usage_source SET");
            statements.first.clear();

            ledger.observe(List.of(fleet.get(0), new ObservedInstance(instance(changing, "i-1"), IDLE)), Usage.at(130));

            assertThat(statements.first).hasSizeGreaterThan(8);
            statements.first.keySet().removeIf(sql -> sql.isEmpty() || sql.startsWith("SHOW"));
            statements
                    .plans(shards.url())
                    .forEach((sql, plan) -> assertThat(
                                    PARTITION.matcher(plan).results().map(found -> found.group(1)))
                            .as(sql + "\n" + plan)
                            .allMatch("003"::equals));
        }
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(shards.url()));
        assertThat(store.usage(changing)
                        .timelines()
                        .get(0)
                        .openInterval()
                        .orElseThrow()
                        .state())
                .isEqualTo(IDLE);
    }

    /** It has the same shards, but the source was polled through the first: else what the source showed would count for ever. */
    @Test
    void anotherCoordinatorRefusesWhatItsSourcesDoNotVouchFor() {
        AccountId account = shards.accountsOf(0, 1).get(0);
        AccountId pushed = shards.accountsOf(1, 1).get(0);
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(shards.url()));
        List<ObservedInstance> fleet = List.of(new ObservedInstance(instance(account, "i-1"), RUNNING));
        UsageLedger.builder(store).time(() -> Usage.at(60)).build().observe(fleet, Usage.at(30));
        store.append(fleetOf(pushed));
        String url = shards.makeCoordinator("without_sources");
        JdbcHistoryStore other = JdbcHistoryStore.create(TestDatabase.unpooled(url));
        UsageLedger ledger =
                UsageLedger.builder(other).time(() -> Usage.at(120)).build();

        for (Runnable use : List.<Runnable>of(
                () -> other.usage(account),
                () -> other.usage(account, Instant.now()),
                () -> ledger.observe(fleet, Usage.at(90)),
                () -> ledger.changed(instance(account, "i-1"), IDLE, Usage.at(90)))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining(
                            "source 'fleet' has shown instances that last, but usage_source does not say");
        }
        assertThat(other.timelines(pushed)).hasSize(2);
        assertThat(store.usage(account).timelines()).hasSize(1);
    }

    /** Of a few rows the minimum is as soon found on the coordinator. */
    private void addUsage(int shard, AccountId account) {
        String rows = "SELECT '%s', 'many', i, i + 1, 'RUNNING', 1, 1, 'OBSERVED', 1".formatted(account.value());
        String columns = "account_id, instance_id, started_at, ended_at, state, gpu_count_numerator, "
                + "gpu_count_denominator, evidence, told_at";
        TestDatabase.execute(
                shards.url(shard),
                "INSERT INTO usage_interval (" + columns + ") " + rows + " FROM generate_series(1, 3000) AS i",
                "INSERT INTO usage_interval_withdrawn (" + columns + ", withdrawn_at, withdrawn_by) " + rows + ", "
                        + Long.MAX_VALUE + ", 1 FROM generate_series(1, 3000) AS i");
    }

    private void analyze() {
        TestDatabase.execute(
                shards.url(),
                Shards.TABLES.stream().map(table -> "ANALYZE " + table).toArray(String[]::new));
    }

    @Test
    void whatIsAskedOfAllAccountsEachShardAnswersInPart() throws SQLException {
        for (int shard = 0; shard < Shards.COUNT; shard++) {
            for (AccountId account : shards.accountsOf(shard, 3)) {
                JdbcHistoryStore.create(TestDatabase.unpooled(shards.url())).append(fleetOf(account));
            }
        }
        analyze();
        Statements statements = new Statements();
        try (Connection connection = DriverManager.getConnection(shards.url())) {
            Jdbi jdbi = statements.listening(connection);
            JdbcHistoryStore store = JdbcHistoryStore.create(jdbi);
            assertThat(store.accounts()).hasSize(12);
            statements.first.keySet().removeIf(sql -> !sql.contains("EXISTS"));
            JdbcRollups rollups = JdbcRollups.create(
                    jdbi,
                    SavingsCalculator.builder(store, () -> PriceCatalog.of(List.of()))
                            .build());
            rollups.greatestSavings(Baseline.onDemand(Provider.AWS), 3);
            rollups.statuses();
        }

        List<String> plans = List.copyOf(statements.plans(shards.url()).values());

        assertThat(plans).hasSize(3).allSatisfy(plan -> assertThat(plan).doesNotContain("Sort  "));
        assertThat(plans.get(0).split("SEMI JOIN", -1)).hasSize(Shards.COUNT + 1);
        assertThat(plans.get(1)).contains("Limit", "Merge Append", "ORDER BY savings_high DESC");
        assertThat(plans.get(2)).contains("Merge Append", "ORDER BY account_id ASC");
    }

    /** A fleet of many accounts, told in batches across all of them to three stores. */
    @Test
    void everyFigureIsThatOfOneServer() {
        Law.holds(1, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, 40_000);
            List<UsageInterval> facts = new ArrayList<>();
            for (int account = 0; account < 12; account++) {
                AccountId id = AccountId.of("account-" + account);
                RandomFleet.of(gen, FROM, 40_000).facts.stream()
                        .filter(fact -> fact.instance().account().value().equals("acme"))
                        .forEach(fact -> facts.add(of(id, fact)));
            }
            HistoryStore memory = new InMemoryHistoryStore();
            memory.append(facts);
            List<UsageInterval> told = gen.shuffledAndDoubled(facts);
            try (HikariDataSource one = TestDatabase.pool(TestDatabase.POSTGRESQL.newMigratedUrl(null));
                    HikariDataSource many = TestDatabase.pool(shards.url())) {
                List<JdbcHistoryStore> stores = List.of(JdbcHistoryStore.create(one), JdbcHistoryStore.create(many));
                for (JdbcHistoryStore store : stores) {
                    for (int from = 0; from < told.size(); from += 40) {
                        store.append(told.subList(from, Math.min(from + 40, told.size())));
                    }
                }
                assertThat(stores.get(1).accounts())
                        .isEqualTo(memory.accounts())
                        .isEqualTo(stores.get(0).accounts());
                Instant now = FROM.plus(Duration.ofDays(4));
                Instant later = now.plusSeconds(5_000);
                Baseline baseline = Baseline.onDemand(fleet.provider);
                SavingsCalculator expected =
                        SavingsCalculator.builder(memory, () -> fleet.catalog).build();
                SavingsCalculator calculator = SavingsCalculator.builder(stores.get(1), () -> fleet.catalog)
                        .build();
                JdbcRollups rollupsOfOne = JdbcRollups.create(one, calculator);
                JdbcRollups rollups = JdbcRollups.create(many, calculator);
                for (AccountId account : memory.accounts()) {
                    assertThat(stores.get(1).timelines(account)).isEqualTo(memory.timelines(account));
                    assertThat(calculator.report(account, baseline, later).lifetime())
                            .isEqualTo(expected.report(account, baseline, later).lifetime());
                    rollupsOfOne.refresh(account, baseline, now);
                    rollups.refresh(account, baseline, now);
                    RollupTotals totals = rollups.totals(account, baseline, later);
                    RollupsContract.assertSame(
                            totals.total(),
                            expected.report(account, baseline, later).lifetime());
                    assertThat(totals).isEqualTo(rollupsOfOne.totals(account, baseline, later));
                    assertThat(rollups.history(account, baseline, FROM, later, Granularity.DAY, ZoneId.of("UTC")))
                            .isEqualTo(rollupsOfOne.history(
                                    account, baseline, FROM, later, Granularity.DAY, ZoneId.of("UTC")));
                }
                assertThat(rollups.greatestSavings(baseline, 7))
                        .extracting(RollupStatus::account, RollupStatus::savings)
                        .isEqualTo(rollupsOfOne.greatestSavings(baseline, 7).stream()
                                .map(status -> org.assertj.core.groups.Tuple.tuple(status.account(), status.savings()))
                                .toList());
                assertThat(rollups.statuses())
                        .extracting(RollupStatus::account)
                        .containsExactlyElementsOf(memory.accounts());
            }
        });
    }

    private static UsageInterval of(AccountId account, UsageInterval fact) {
        Instance known = fact.instance();
        Instance instance = new Instance(
                account,
                known.id(),
                known.gpuName(),
                known.gpuMemory(),
                known.gpuCount(),
                known.physicalGpus(),
                known.vcpus(),
                known.memoryGib(),
                known.region(),
                known.rate(),
                known.storageRate());
        return new UsageInterval(instance, fact.state(), fact.start(), fact.end(), fact.evidence());
    }

    @Test
    void whileAShardIsDownTheOthersServe() {
        AccountId up = shards.accountsOf(0, 1).get(0);
        AccountId down = shards.accountsOf(1, 1).get(0);
        try (HikariDataSource pool = TestDatabase.pool(shards.url())) {
            HistoryStore store = JdbcHistoryStore.create(pool);
            store.append(Stream.of(up, down)
                    .flatMap(account -> fleetOf(account).stream())
                    .toList());
            List<InstanceTimeline> before = store.timelines(down);
            UsageInterval next = open(instance(down, "i-3"), RUNNING, 7);

            shards.server(1).stop();
            try {
                String reason = ".*could not connect to server \"" + shards.serverName(1) + "\".*";
                assertThatThrownBy(() -> store.timelines(down))
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageMatching("could not read the usage of account " + down + ": " + reason);
                assertThatThrownBy(() -> store.append(List.of(next, open(instance(up, "i-3"), RUNNING, 7))))
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageMatching("could not append usage of 2 instances: " + reason);
                assertThatThrownBy(store::accounts)
                        .isInstanceOf(HistoryStoreException.class)
                        .hasMessageMatching("could not read the accounts: " + reason);
                assertThat(store.timelines(up)).hasSize(2);
                store.append(List.of(closed(instance(up, "i-2"), RUNNING, 5, 50)));
                assertThat(store.timelines(up).get(1).facts())
                        .containsExactly(closed(instance(up, "i-2"), RUNNING, 5, 50));
            } finally {
                shards.server(1).start();
            }

            assertThat(store.timelines(down)).isEqualTo(before);
            store.append(List.of(next));
            assertThat(store.timelines(down)).hasSize(3);
            assertThat(store.accounts()).containsExactlyInAnyOrder(up, down);
        }
    }

    /** Its machine takes connections, and nobody answers: postgres_fdw heeds no connect_timeout, so statement_timeout has to end the wait. */
    @Test
    void aShardThatIsSilentIsGivenUp() throws Exception {
        AccountId up = shards.accountsOf(0, 1).get(0);
        AccountId silent = shards.accountsOf(1, 1).get(0);
        String port = "ALTER SERVER " + shards.serverName(1) + " OPTIONS (SET port '%d')";
        HistoryStore store =
                JdbcHistoryStore.create(TestDatabase.unpooled(shards.url() + "&options=-c%20statement_timeout=3000"));
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            TestDatabase.execute(shards.url(), port.formatted(socket.getLocalPort()));

            assertThatThrownBy(() -> store.append(fleetOf(silent)))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessage(
                            "could not append usage of 2 instances: ERROR: canceling statement due to statement timeout");
            assertThatThrownBy(() -> store.timelines(silent))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessage("could not read the usage of account " + silent
                            + ": ERROR: canceling statement due to statement timeout");
            store.append(fleetOf(up));
        } finally {
            TestDatabase.execute(shards.url(), port.formatted(shards.server(1).port()));
        }
        store.append(fleetOf(silent));

        assertThat(store.accounts()).containsExactlyInAnyOrder(up, silent);
    }

    /** There is no commit on two servers at once: of an append to both, one's part may be stored. Telling it again completes it. */
    @Test
    void anAppendThatIsPartlyStoredIsCompletedByTellingItAgain() {
        int partly = 0;
        for (int broken = 0; broken < 2; broken++) {
            shards.empty();
            List<AccountId> accounts = List.of(
                    shards.accountsOf(0, 1).get(0), shards.accountsOf(1, 1).get(0));
            List<UsageInterval> first = accounts.stream()
                    .flatMap(account -> fleetOf(account).stream())
                    .toList();
            List<UsageInterval> second = accounts.stream()
                    .map(account -> closed(instance(account, "i-2"), RUNNING, 5, 50))
                    .toList();
            HistoryStore expected = new InMemoryHistoryStore();
            expected.append(first);
            List<List<InstanceTimeline>> before = timelines(expected, accounts);
            expected.append(second);
            List<List<InstanceTimeline>> after = timelines(expected, accounts);

            ProbedDataSource probe = new ProbedDataSource(TestDatabase.unpooled(shards.url()));
            HistoryStore store = JdbcHistoryStore.create(probe.dataSource());
            store.append(first);
            String server = shards.server(broken).url();
            probe.fail(sessionEndsBefore(stepsOfAnAppendLikeThat(probe, store), server), new SQLException("unused"));
            Throwable thrown = catchThrowable(() -> store.append(second));

            assertThat(thrown).isInstanceOf(HistoryStoreException.class).hasMessageContaining("could not append usage");
            List<List<InstanceTimeline>> left = timelines(store, accounts);
            for (int i = 0; i < accounts.size(); i++) {
                assertThat(left.get(i)).as("all or nothing of an account").isIn(before.get(i), after.get(i));
            }
            partly += left.equals(before) ? 0 : 1;
            store.append(second);
            assertThat(timelines(store, accounts)).isEqualTo(after);
        }
        // The server that commits first is the same both times.
        assertThat(partly).isEqualTo(1);
    }

    /** The last of them is the commit. */
    private int stepsOfAnAppendLikeThat(ProbedDataSource probe, HistoryStore store) {
        List<AccountId> others =
                List.of(shards.accountsOf(0, 2).get(1), shards.accountsOf(1, 2).get(1));
        store.append(
                others.stream().flatMap(account -> fleetOf(account).stream()).toList());
        probe.fail(step -> false, new SQLException("unused"));
        store.append(others.stream()
                .map(account -> closed(instance(account, "i-2"), RUNNING, 5, 50))
                .toList());
        return probe.steps();
    }

    private static IntPredicate sessionEndsBefore(int step, String server) {
        return at -> {
            if (at == step) {
                assertThat(rows(server, """
                        SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
                        WHERE application_name = 'postgres_fdw' AND state = 'idle in transaction'""")).containsExactly("t");
            }
            return false;
        };
    }

    private static List<List<InstanceTimeline>> timelines(HistoryStore store, List<AccountId> accounts) {
        return accounts.stream().map(store::timelines).toList();
    }

    /** Their locks are their own: they meet on the shards. */
    @Test
    void twoCoordinatorsMayWriteTheSameAccounts() throws Exception {
        String second = shards.makeCoordinator("two");
        List<UsageInterval> pieces = new ArrayList<>();
        for (int machine = 0; machine < 6; machine++) {
            Instance instance = instance(shards.accountsOf(machine % 2, 1).get(0), "i-" + machine);
            for (int from = 0; from < 100; from += 10) {
                pieces.add(closed(instance, from % 40 < 20 ? RUNNING : IDLE, from, from + 10));
            }
            pieces.add(open(instance, RUNNING, 100));
        }
        HistoryStore expected = new InMemoryHistoryStore();
        expected.append(pieces);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (HikariDataSource one = TestDatabase.pool(shards.url());
                HikariDataSource two = TestDatabase.pool(second)) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                List<UsageInterval> told = new ArrayList<>(pieces);
                Collections.shuffle(told, new Random(writer));
                HistoryStore store = JdbcHistoryStore.create(writer % 2 == 0 ? one : two);
                writers.add(() -> {
                    for (int from = 0; from < told.size(); from += 9) {
                        store.append(told.subList(from, Math.min(from + 9, told.size())));
                    }
                    return null;
                });
            }
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get(2, TimeUnit.MINUTES);
            }
            for (HikariDataSource pool : List.of(one, two)) {
                HistoryStore store = JdbcHistoryStore.create(pool);
                assertThat(store.accounts()).isEqualTo(expected.accounts());
                for (AccountId account : expected.accounts()) {
                    assertThat(store.timelines(account)).isEqualTo(expected.timelines(account));
                }
            }
            assertThatAWriterGivesWayToTheOtherCoordinator(one, two, threads);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Without failing first: what it sees on the shard is what was there after the wait. */
    @Test
    void aWriterWaitsForAnotherOfItsCoordinator() throws Exception {
        AccountId account = shards.accountsOf(1, 1).get(0);
        AtomicInteger triedAgain = new AtomicInteger();
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (HikariDataSource pool = TestDatabase.pool(shards.url())) {
            JdbcHistoryStore store = JdbcHistoryStore.create(Jdbi.create(pool), tries -> triedAgain.incrementAndGet());
            store.append(fleetOf(account));
            JdbcHistoryStore first = store.withTime(() -> {
                holds.countDown();
                try {
                    assertThat(mayEnd.await(2, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return Instant.now();
            });
            Future<?> one =
                    threads.submit(() -> first.append(List.of(closed(instance(account, "i-2"), RUNNING, 5, 50))));
            assertThat(holds.await(2, TimeUnit.MINUTES)).isTrue();
            Future<?> two =
                    threads.submit(() -> store.append(List.of(closed(instance(account, "i-2"), RUNNING, 5, 60))));
            while (waiting(shards.url()) + waiting(shards.url(1)) == 0) {
                assertThat(two.isDone()).isFalse();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            mayEnd.countDown();
            one.get(2, TimeUnit.MINUTES);
            two.get(2, TimeUnit.MINUTES);

            assertThat(triedAgain).hasValue(0);
            assertThat(store.timelines(account).get(1).facts())
                    .containsExactly(closed(instance(account, "i-2"), RUNNING, 5, 60));
        } finally {
            mayEnd.countDown();
            threads.shutdownNow();
        }
    }

    private static int waiting(String url) {
        return rows(url, "SELECT 'waits' FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                .size();
    }

    private void assertThatAWriterGivesWayToTheOtherCoordinator(
            HikariDataSource one, HikariDataSource two, ExecutorService threads) throws Exception {
        AccountId account = shards.accountsOf(0, 1).get(0);
        AtomicInteger triedAgain = new AtomicInteger();
        HistoryStore store = JdbcHistoryStore.create(Jdbi.create(one), tries -> triedAgain.incrementAndGet());
        try (Handle other = Jdbi.open(two)) {
            other.begin();
            other.execute("UPDATE usage_account SET appends = appends + 1 WHERE account_id = ?", account.value());
            Future<?> append = threads.submit(() -> store.append(List.of(open(instance(account, "late"), RUNNING, 0))));
            while (waiting(shards.url(0)) == 0) {
                assertThat(append.isDone()).isFalse();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            other.commit();
            append.get(2, TimeUnit.MINUTES);
        }
        assertThat(triedAgain).hasValue(1);
        assertThat(store.timelines(account)).hasSize(4);
    }

    /** Right it is without them, but slow: a coordinator asks all shards for what one of them knows. */
    @Test
    void settingsThatAreMissingAreLogged() {
        String url = shards.url() + "&options=-c%20plan_cache_mode=auto%20-c%20enable_sort=on";

        assertThat(loggedBy(() ->
                        JdbcHistoryStore.create(TestDatabase.unpooled(url)).accounts()))
                .contains(
                        "ALTER ROLE .. SET enable_sort = off, plan_cache_mode = force_custom_plan, as docs/scaling.md");
        assertThat(loggedBy(() -> JdbcHistoryStore.create(TestDatabase.unpooled(shards.url()))
                        .accounts()))
                .isEmpty();
    }

    private static String loggedBy(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return logged.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theScriptMakesNoCoordinatorOfWhatIsNotRight() {
        JdbcHistoryStore.create(TestDatabase.unpooled(shards.url()))
                .append(fleetOf(shards.accountsOf(0, 1).get(0)));
        String url = shards.makeCoordinator("wrong");
        TestDatabase.execute(shards.server(0).url(), "CREATE SCHEMA economy_04", "CREATE SCHEMA bare");
        TestDatabase.makePostgresqlTables(shards.url(4));
        String swapped = """
                UPDATE economy_shard SET schema_name = CASE shard WHEN 0 THEN 'economy_02' ELSE 'economy_00' END WHERE shard IN (0, 2)""";

        assertRefuses(
                url,
                "INSERT INTO economy_shard VALUES (5, 'server_0', 'economy_04')",
                "5 rows; their numbers must be 0 to 4");
        assertRefuses(
                url,
                "INSERT INTO economy_shard VALUES (4, 'server_0', 'economy_04')",
                "cut into 4 shards, economy_shard has 5");
        assertRefuses(
                url,
                swapped.replace("'economy_02'", "'bare'").replace("'economy_00'", "'economy_02'"),
                "there are no tables in schema bare of server server_0");
        assertRefuses(url, swapped, "shard 2 holds accounts of other shards");
        TestDatabase.execute(shards.url(3), "INSERT INTO economy_schema VALUES (1000)");
        assertRefuses(url, "SELECT 1", "shard 3 is at version 1000, shard 0 at " + SchemaVersion.NEEDED);
        TestDatabase.execute(shards.url(3), "DELETE FROM economy_schema WHERE version = 1000");
        assertRefuses(
                url,
                "DROP TABLE savings_rebuild; CREATE TABLE savings_rebuild (account_id TEXT)",
                "savings_rebuild is here already");
        TestDatabase.execute(url, Shards.script());
    }

    /** Nothing of it stays. */
    private static void assertRefuses(String url, String change, String because) {
        assertThatThrownBy(() -> TestDatabase.jdbi(url).useTransaction(handle -> {
                    handle.createScript(change).execute();
                    handle.getConnection().createStatement().execute(Shards.script());
                }))
                .hasMessageContaining(because);
    }
}
