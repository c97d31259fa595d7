package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.jdbc.RollupPeriod;
import cloud.dumont.economy.jdbc.RollupStatus;
import cloud.dumont.economy.jdbc.RollupTotals;
import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Timeout;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does an answer about a year cost, beside SQL written by hand over the same intervals?
 *
 * <p>Data: a year of 1,000 accounts with 20 instances each, asked by turns for 50 of them, half an hour into the next hour, while all
 * instances last. Ours answers what was paid, what the same would have cost on AWS, and what of it is not comparable, by GPU, to the quantum.
 * By hand, what was paid is summed up, and nothing else: prices are not in the database.
 *
 * <p>A time is wall time of one answer. The databases are made by the first run and stay in {@code benchmarks/target}: run it in the project's own
 * folder. 100 million intervals take 34 GB there, and 20 minutes.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar HistoryQuery -p intervals=1000000,10000000,100000000</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Timeout(time = 2, timeUnit = TimeUnit.HOURS) // in which the database is made
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g"})
public class HistoryQueryBenchmark {

    private static final String PAID = "SUM(CAST(nano_usd_per_hour AS DECIMAL(38)) * (COALESCE(ended_at, "
            + LoadedHistory.NOW.getEpochSecond() + ") - started_at))";

    private static final String LIFETIME =
            "SELECT " + PAID + " FROM usage_interval WHERE account_id = ? AND state IN ('RUNNING', 'IDLE')";

    private static final String GREATEST = "SELECT account_id, " + PAID
            + " FROM usage_interval WHERE state IN ('RUNNING', 'IDLE') GROUP BY account_id ORDER BY 2 DESC LIMIT 10";

    private static final String DAYS =
            """
            WITH RECURSIVE day (since) AS (SELECT %d UNION ALL SELECT since + 86400 FROM day WHERE since + 86400 < %d)
            SELECT since, SUM(CAST(nano_usd_per_hour AS DECIMAL(38))
                * (CASE WHEN ended_at < since + 86400 THEN ended_at ELSE since + 86400 END
                    - CASE WHEN started_at > since THEN started_at ELSE since END))
            FROM day JOIN usage_interval ON started_at < since + 86400 AND (ended_at > since OR ended_at IS NULL)
            WHERE account_id = ? AND state IN ('RUNNING', 'IDLE') GROUP BY since ORDER BY since""".formatted(LoadedHistory.SINCE.getEpochSecond(), LoadedHistory.END.getEpochSecond());

    /** Where they are. */
    @Param({"postgresql"})
    public String database = "";

    /** How many there are, of all accounts. */
    @Param({"1000000", "10000000"})
    public int intervals;

    private LoadedHistory history;
    private int asked;

    /** Filled by {@link #open()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then open()
    public HistoryQueryBenchmark() {}

    /** Takes the database up, or makes it. */
    @Setup
    public void open() throws IOException, SQLException {
        history = LoadedHistory.open(database, intervals);
    }

    /** The database stays. */
    @TearDown
    public void close() throws IOException {
        history.close();
    }

    private AccountId next() {
        return LoadedHistory.ROLLED_UP.get(asked++ % LoadedHistory.ROLLED_UP.size());
    }

    /**
     * All of an account, by GPU.
     *
     * @return the sums
     */
    @Benchmark
    @Goal(
            question = "lifetime of an account",
            at = "database=postgresql, intervals=1000000",
            against = "lifetimeSql",
            nanos = 1_000_000)
    @Goal(
            question = "lifetime of an account",
            at = "database=postgresql, intervals=10000000",
            against = "lifetimeSql",
            nanos = 1_000_000)
    public RollupTotals lifetime() {
        return history.rollups().totals(next(), LoadedHistory.BASELINE, LoadedHistory.NOW);
    }

    /**
     * What an account paid.
     *
     * @return nano-USD an hour, times seconds
     */
    @Benchmark
    @Rival
    public List<BigDecimal> lifetimeSql() throws SQLException {
        return sums(LIFETIME, 1, next());
    }

    /**
     * Every day of the year.
     *
     * @return 365 days
     */
    @Benchmark
    @Goal(question = "365 days of an account", at = "database=postgresql, intervals=1000000", against = "daysSql")
    @Goal(question = "365 days of an account", at = "database=postgresql, intervals=10000000", against = "daysSql")
    public List<RollupPeriod> days() {
        return history.rollups()
                .history(
                        next(),
                        LoadedHistory.BASELINE,
                        LoadedHistory.SINCE,
                        LoadedHistory.END,
                        Granularity.DAY,
                        ZoneOffset.UTC);
    }

    /**
     * What an account paid on each day.
     *
     * @return nano-USD an hour, times seconds
     */
    @Benchmark
    @Rival
    public List<BigDecimal> daysSql() throws SQLException {
        return sums(DAYS, 2, next());
    }

    /**
     * Who has saved most.
     *
     * @return ten accounts
     */
    @Benchmark
    @Goal(
            question = "the ten greatest accounts",
            at = "database=postgresql, intervals=1000000",
            against = "greatestSql",
            nanos = 1_000_000)
    @Goal(
            question = "the ten greatest accounts",
            at = "database=postgresql, intervals=10000000",
            against = "greatestSql",
            nanos = 1_000_000)
    public List<RollupStatus> greatest() {
        return history.rollups().greatestSavings(LoadedHistory.BASELINE, 10);
    }

    /**
     * Who has paid most.
     *
     * @return nano-USD an hour, times seconds, of ten accounts
     */
    @Benchmark
    @Rival
    public List<BigDecimal> greatestSql() throws SQLException {
        return sums(GREATEST, 2);
    }

    private List<BigDecimal> sums(String sql, int column, AccountId... accounts) throws SQLException {
        List<BigDecimal> sums = new ArrayList<>();
        try (Connection connection = history.database().dataSource().getConnection();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < accounts.length; i++) {
                query.setString(i + 1, accounts[i].value());
            }
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    sums.add(rows.getBigDecimal(column));
                }
            }
        }
        return sums;
    }
}
