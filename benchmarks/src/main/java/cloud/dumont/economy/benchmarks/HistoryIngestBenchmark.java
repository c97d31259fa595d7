package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * What does it cost to store an interval, beside JDBC written by hand into the same table with the same indexes?
 *
 * <p>Data: 10,000 instances, 100 of each account, and one interval of each in every call, later each time. Ours looks at what is known of
 * every instance, refuses what disagrees, joins what agrees, notes when it was told and takes each account's lock. By hand, an interval
 * is stored unless its key is there.
 *
 * <p>A time is wall time of one interval; all of a call is one transaction.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar HistoryIngest</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 40)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx1g"})
public class HistoryIngestBenchmark {

    private static final int INTERVALS = 10_000;
    private static final int ACCOUNTS = 100;
    private static final int ROWS_A_BATCH = 1_000;
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
    private static final String IDEMPOTENT = UsageRows.INSERT + " ON CONFLICT DO NOTHING";

    /** Where it is stored. */
    @Param({"postgresql"})
    public String database = "";

    private final List<Instance> fleet = UsageRows.fleet(ACCOUNTS, INTERVALS / ACCOUNTS);
    private Path folder;
    private BenchmarkDatabase server;
    private JdbcHistoryStore store;
    private List<UsageInterval> next = List.of();
    private long part;

    /** Filled by {@link #start()} and {@link #goOn()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public HistoryIngestBenchmark() {}

    /** An empty database. */
    @Setup
    public void start() throws IOException {
        folder = Files.createTempDirectory("economy-ingest");
        server = BenchmarkDatabase.start(database, folder);
        store = JdbcHistoryStore.create(server.dataSource());
    }

    /** What happened since. */
    @Setup(Level.Invocation)
    public void goOn() {
        next = UsageRows.intervals(fleet, SINCE, part++, 3_600);
    }

    /** The database goes. */
    @TearDown
    public void stop() throws IOException {
        server.close();
        BenchmarkDatabase.delete(folder);
    }

    /** The library. */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Goal(question = "store an interval", at = "database=postgresql", against = "jdbcBatch", lead = 1.5)
    public void append() {
        store.append(next);
    }

    /** Batches of 1,000. */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Rival
    public void jdbcBatch() throws SQLException {
        try (Connection connection = server.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            insert(connection);
            connection.commit();
        }
    }

    private void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(IDEMPOTENT)) {
            int rows = 0;
            for (UsageInterval interval : next) {
                UsageRows.bind(insert, interval, part);
                insert.addBatch();
                if (++rows % ROWS_A_BATCH == 0) {
                    insert.executeBatch();
                }
            }
        }
    }

    /** PostgreSQL's COPY into a temporary table and from there, so that it is idempotent as well. */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Rival
    public void copy() throws SQLException, IOException {
        try (Connection connection = server.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMPORARY TABLE told (LIKE usage_interval) ON COMMIT DROP");
                StringBuilder rows = new StringBuilder();
                next.forEach(interval -> UsageRows.appendTo(rows, interval, part));
                new CopyManager(connection.unwrap(BaseConnection.class))
                        .copyIn("COPY told (" + UsageRows.COLUMNS + ") FROM STDIN", new StringReader(rows.toString()));
                statement.execute("INSERT INTO usage_interval SELECT * FROM told ON CONFLICT DO NOTHING");
            }
            connection.commit();
        }
    }
}
