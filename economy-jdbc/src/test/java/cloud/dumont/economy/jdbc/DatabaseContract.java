package cloud.dumont.economy.jdbc;

import static cloud.dumont.economy.jdbc.Usage.closed;
import static cloud.dumont.economy.jdbc.Usage.instance;
import static cloud.dumont.economy.usage.InstanceState.IDLE;
import static cloud.dumont.economy.usage.InstanceState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreContract;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import com.zaxxer.hikari.HikariDataSource;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every store, and what people may read in the tables, in one kind of database. */
abstract class DatabaseContract extends HistoryStoreContract {

    private static final AccountId ACME = AccountId.of("acme");

    /** In which a statement speaks of accounts that it was given, each in one of the databases. */
    private static final Predicate<String> OF_ACCOUNTS = Pattern.compile(
                    "account_id = :account|account_id = account AND|\\(VALUES \\(:account0\\).*\\) AS accounts \\(account_id\\)|account_id IN \\(:account0|"
                            + "\\(account_id, instance_id\\) IN \\(\\(:account0,|INTO \\w+ \\(\\s*account_id,[^)]*\\)[^(]*(?:\\([^)]*\\) )?VALUES \\(:account|"
                            + "unnest\\(CAST\\(:\\w+_account(?:_id)? AS")
            .asPredicate();

    /** What sources have shown is of no account: there are few sources, and one listing is of many accounts. */
    private static final Predicate<String> OF_SOURCES = Pattern.compile(
                    "WHERE source = :source|INTO usage_source\\w* \\(source|FROM usage_source_gap")
            .asPredicate();

    private final TestDatabase database;
    private final Set<String> executed = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path folder;

    private String url;
    private HikariDataSource pool;

    DatabaseContract(TestDatabase database) {
        this.database = database;
    }

    @Override
    protected HistoryStore newStore(InstantSource time) {
        url = database.takeMigratedUrl(folder);
        pool = TestDatabase.pool(url);
        return JdbcHistoryStore.create(Jdbi.create(pool).setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        executed.addAll(List.of(context.getRenderedSql().split("; ", -1)));
                    }
                }))
                .withTime(time);
    }

    @AfterEach
    void closePool() {
        pool.close();
        database.giveBack(url);
    }

    /** Whatever a test of the contract has asked for. Only the list of all accounts is of none in particular. */
    @AfterEach
    void everyStatementIsOfAccounts() {
        assertThat(executed)
                .allMatch(sql -> OF_ACCOUNTS.test(sql)
                        || OF_SOURCES.test(sql)
                        || sql.startsWith("SELECT account_id FROM usage_account"));
    }

    @Test
    void whatPeopleReadIsExact() {
        Instance dear = Instance.builder(ACME, "dear")
                .gpuCount(new GpuCount(2, 3))
                .rate(HourlyRate.ofNanoUsd(Long.MAX_VALUE))
                .build();
        Instance cheap = Instance.builder(ACME, "even cheaper")
                .gpuCount(GpuCount.parse("1000000"))
                .rate(HourlyRate.ofNanoUsd(1))
                .storageRate(HourlyRate.ofNanoUsd(1_000_000_000))
                .build();
        JdbcHistoryStore store = JdbcHistoryStore.create(pool);
        store.withTime(() -> Instant.parse("1969-12-31T23:59:58.999999Z"))
                .append(List.of(closed(dear, RUNNING, -1, 300_000_000)));
        store.withTime(() -> Instant.parse("2026-03-02T12:00:00.000001Z"))
                .append(List.of(UsageInterval.openFrom(cheap, IDLE, Instant.parse("9999-12-31T23:59:59Z"))));
        store.withTime(() -> Instant.parse("2026-03-03T12:00:00Z"))
                .append(List.of(closed(dear, RUNNING, -1, 300_000_001)));

        assertThat(
                        view(
                                "SELECT instance_id, gpu_count, usd_per_hour, storage_usd_per_hour FROM usage_interval_usd ORDER BY instance_id"))
                .containsExactly(
                        "dear 0.666667 9223372036.854775807 null",
                        "even cheaper 1000000.000000 0.000000001 1.000000000");
        assertThat(
                        times(
                                "SELECT started_at, ended_at, told_at, withdrawn_at FROM usage_interval_told_usd ORDER BY instance_id, told_at"))
                .containsExactly(
                        "2026-02-28 23:59:59 2035-09-02 05:20:00 1969-12-31 23:59:58.999999 2026-03-03 12:00:00",
                        "2026-02-28 23:59:59 2035-09-02 05:20:01 2026-03-03 12:00:00 null",
                        "9999-12-31 23:59:59 null 2026-03-02 12:00:00.000001 null");
    }

    private List<String> view(String sql) {
        return TestDatabase.jdbi(url)
                .withHandle(handle -> handle.createQuery(sql)
                        .map((row, context) -> Stream.of(1, 2, 3, 4)
                                .map(column -> {
                                    try {
                                        return row.getString(column);
                                    } catch (java.sql.SQLException e) {
                                        throw new AssertionError(e);
                                    }
                                })
                                .map(String::valueOf)
                                .reduce((one, two) -> one + " " + two)
                                .orElseThrow())
                        .list());
    }

    /** Each database writes a moment in its own way; all of them in UTC, and so that the digits can be compared. */
    private List<String> times(String sql) {
        return view(sql).stream()
                .map(row -> row.replace('T', ' ').replaceAll("Z|\\+00\\b", "").replaceAll("\\.0+\\b", ""))
                .toList();
    }

    /** In Java: no database but PostgreSQL would sum them up without rounding or refusing. */
    @Test
    void totalsThatNoLongHoldsAreExact() {
        JdbcHistoryStore store = JdbcHistoryStore.create(pool);
        List<UsageInterval> facts = Stream.of("i-1", "i-2", "i-3")
                .map(id -> Instance.builder(ACME, id)
                        .rate(HourlyRate.ofNanoUsd(Long.MAX_VALUE))
                        .build())
                .map(instance -> closed(instance, RUNNING, 0, 1_000_003))
                .toList();
        store.append(facts);

        BigInteger quanta = store.timelines(ACME).stream()
                .flatMap(timeline -> timeline.intervals().stream())
                .map(interval -> BigInteger.valueOf(
                                interval.instance().rate().orElseThrow().nanoUsdPerHour())
                        .multiply(
                                BigInteger.valueOf(interval.end().orElseThrow().getEpochSecond()
                                        - interval.start().getEpochSecond())))
                .reduce(BigInteger.ZERO, BigInteger::add);

        assertThat(quanta)
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3 * 1_000_003L)))
                .isGreaterThan(BigInteger.valueOf(Long.MAX_VALUE));
    }

    @Test
    void whatWasStoredIsThereForAnotherHost() {
        JdbcHistoryStore.create(pool).append(Usage.twoInstancesOf(ACME));
        List<?> stored = JdbcHistoryStore.create(pool).timelines(ACME);
        pool.close();
        pool = TestDatabase.pool(url);

        HistoryStore other = JdbcHistoryStore.create(pool);

        assertThat(other.timelines(ACME)).isEqualTo(stored).hasSize(2);
        assertThat(other.accounts()).containsExactly(ACME);
    }
}
