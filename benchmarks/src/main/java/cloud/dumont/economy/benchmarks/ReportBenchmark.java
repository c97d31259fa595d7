package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.HistoryBucket;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * What does a question cost that a page asks every 30 s, and does it grow with the history?
 *
 * <p>Data: one account whose instances have run and idled by turns for a year, and last. Each question is one second later than the last one.
 * The calculator reads all usage each time.
 *
 * <p>A time is that of one answer, once the first one has read all usage.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar ReportBenchmark</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Timeout(time = 1, timeUnit = TimeUnit.HOURS) // in which usage is stored
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g"})
public class ReportBenchmark {

    private static final Baseline BASELINE = Baseline.onDemand(Provider.AWS);
    private static final AccountId ACCOUNT = UsageRows.account(0);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Instant SINCE = Instant.parse("2025-10-01T00:00:00Z");
    private static final int INTERVALS_A_CALL = 20_000;

    /** Where usage is. */
    @Param({"memory", "h2", "postgresql"})
    public String store = "";

    /** How many intervals have ended. */
    @Param({"1000", "1000000"})
    public int closed;

    /** How many instances last. */
    @Param({"50"})
    public int open;

    private Economy economy;
    private Instant now = SINCE.plus(YEAR).plusSeconds(1_000);
    private Optional<BenchmarkDatabase> database = Optional.empty();
    private Optional<Path> folder = Optional.empty();

    /** Filled by {@link #start()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public ReportBenchmark() {}

    /** Stores the usage. */
    @Setup
    public void start() throws IOException {
        HistoryStore history = history();
        int parts = closed / open;
        for (int number = 0; number < open; number++) {
            Instance instance = UsageRows.instance(0, number);
            List<UsageInterval> facts = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                facts.add(UsageRows.interval(instance, SINCE, part, YEAR.toSeconds() / parts));
                if (facts.size() == INTERVALS_A_CALL) {
                    history.append(facts);
                    facts.clear();
                }
            }
            facts.add(UsageRows.lasting(instance, SINCE, parts, YEAR.toSeconds() / parts));
            history.append(facts);
        }
        economy = Economy.builder().history(history).time(() -> now).build().start();
    }

    private HistoryStore history() throws IOException {
        if (store.equals("memory")) {
            return new InMemoryHistoryStore(() -> now);
        }
        Path made = Files.createTempDirectory("economy-report");
        folder = Optional.of(made);
        database = Optional.of(BenchmarkDatabase.start(store, made));
        return JdbcHistoryStore.create(database.get().dataSource());
    }

    /** The usage goes. */
    @TearDown
    public void stop() throws IOException {
        economy.close();
        if (database.isPresent() && folder.isPresent()) {
            database.get().close();
            BenchmarkDatabase.delete(folder.get());
        }
    }

    /**
     * Everything about an account, now.
     *
     * @return the report
     */
    @Benchmark
    @Goal(
            question = "report of an account with 1,000,000 closed intervals",
            at = "closed=1000000, open=50, store=memory",
            against = "reportOfAllFacts",
            nanos = 200_000,
            bytes = 64 * 1024)
    @Goal(
            question = "report of an account with 1,000,000 closed intervals",
            at = "closed=1000000, open=50, store=h2",
            against = "reportOfAllFacts",
            nanos = 3_000_000)
    public SavingsReport report() {
        now = now.plusSeconds(1);
        return economy.report(ACCOUNT, BASELINE);
    }

    /**
     * The same from all usage.
     *
     * @return the report
     */
    @Benchmark
    @Rival
    public SavingsReport reportOfAllFacts() {
        now = now.plusSeconds(1);
        return economy.calculator().report(ACCOUNT, BASELINE, now);
    }

    /**
     * The last 365 days.
     *
     * @return the days
     */
    @Benchmark
    @Goal(
            question = "365 days of an account with 1,000,000 closed intervals",
            at = "closed=1000000, open=50, store=memory",
            against = "daysOfAllFacts",
            nanos = 2_000_000)
    @Goal(
            question = "365 days of an account with 1,000,000 closed intervals",
            at = "closed=1000000, open=50, store=h2",
            against = "daysOfAllFacts",
            nanos = 15_000_000)
    public List<HistoryBucket> days() {
        now = now.plusSeconds(1);
        return economy.history(List.of(ACCOUNT), BASELINE, now.minus(YEAR), now, Granularity.DAY, ZoneOffset.UTC);
    }

    /**
     * The same from all usage.
     *
     * @return the days
     */
    @Benchmark
    @Rival
    public List<HistoryBucket> daysOfAllFacts() {
        now = now.plusSeconds(1);
        return economy.calculator()
                .history(List.of(ACCOUNT), BASELINE, now.minus(YEAR), now, Granularity.DAY, ZoneOffset.UTC);
    }
}
