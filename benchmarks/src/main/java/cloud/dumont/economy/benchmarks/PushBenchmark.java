package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a push cost, beside one row that is written by hand into the same table and committed, both for good (fsync)?
 *
 * <p>Data: 1,000 instances, 10 of each account, that run and idle by turns; each call is the next change of one of them.
 *
 * <p>A time is wall time of one push, one after the other.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar Push</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2_000)
@Measurement(iterations = 2_000)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx1g"})
public class PushBenchmark {

    private static final int ACCOUNTS = 100;
    private static final int INSTANCES_AN_ACCOUNT = 10;
    private static final long SECONDS = 60;
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    /** Where it is stored. */
    @Param({"postgresql"})
    public String database = "";

    private final List<Instance> fleet = UsageRows.fleet(ACCOUNTS, INSTANCES_AN_ACCOUNT);
    private Path folder;
    private BenchmarkDatabase server;
    private UsageLedger ledger;
    private UsageInterval next;
    private int pushes;

    /** Filled by {@link #start()} and {@link #goOn()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public PushBenchmark() {}

    /** An empty database. */
    @Setup
    public void start() throws IOException {
        folder = Files.createTempDirectory("economy-push");
        server = BenchmarkDatabase.start(database, folder);
        ledger = UsageLedger.builder(JdbcHistoryStore.create(server.dataSource()))
                .time(() -> next.start())
                .build();
    }

    /** What happens next. */
    @Setup(Level.Invocation)
    public void goOn() {
        int push = pushes++;
        next = UsageRows.interval(fleet.get(push % fleet.size()), SINCE, push / fleet.size(), SECONDS);
    }

    /** The database goes. */
    @TearDown
    public void stop() throws IOException {
        server.close();
        BenchmarkDatabase.delete(folder);
    }

    /** The library: ends what lasts, keeps what it was, begins the next, remembers the push and takes the account's lock. */
    @Benchmark
    @Goal(question = "push a change", at = "database=postgresql", against = "rowByHand", lead = 1 / 3.0)
    public void push() {
        ledger.changed(next.instance(), next.state(), next.start());
    }

    /** One row. */
    @Benchmark
    @Rival
    public void rowByHand() throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement(UsageRows.INSERT)) {
            UsageRows.bind(insert, next, pushes);
            insert.executeUpdate();
        }
    }
}
