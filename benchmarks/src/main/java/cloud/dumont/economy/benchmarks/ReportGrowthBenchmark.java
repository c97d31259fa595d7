package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Does a report cost more after a hundred thousand intervals than after a thousand? {@link ReportBenchmark} in small, for the guard.
 *
 * <p>Data: one account of 50 instances in memory that have run and idled by turns for a year, and last. Each question is one second later than the
 * last one.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar ReportGrowth</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx1g"})
public class ReportGrowthBenchmark {

    private static final int OPEN = 50;
    private static final Baseline BASELINE = Baseline.onDemand(Provider.AWS);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Instant SINCE = Instant.parse("2025-10-01T00:00:00Z");

    /** How many intervals have ended. */
    @Param({"1000", "100000"})
    public int closed;

    private Economy economy;
    private Instant now = SINCE.plus(YEAR).plusSeconds(1_000);

    /** Filled by {@link #start()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public ReportGrowthBenchmark() {}

    /** Stores the usage. */
    @Setup
    public void start() {
        InMemoryHistoryStore history = new InMemoryHistoryStore(() -> now);
        int parts = closed / OPEN;
        for (int number = 0; number < OPEN; number++) {
            Instance instance = UsageRows.instance(0, number);
            List<UsageInterval> facts = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                facts.add(UsageRows.interval(instance, SINCE, part, YEAR.toSeconds() / parts));
            }
            facts.add(UsageRows.lasting(instance, SINCE, parts, YEAR.toSeconds() / parts));
            history.append(facts);
        }
        economy = Economy.builder().history(history).time(() -> now).build().start();
    }

    /** The usage goes. */
    @TearDown
    public void stop() {
        economy.close();
    }

    /**
     * Everything about an account, now.
     *
     * @return the report
     */
    @Benchmark
    @Goal(
            question = "report after 100,000 intervals, against 1,000",
            at = "closed=100000",
            against = "report",
            againstAt = "closed=1000",
            lead = 1 / 1.3,
            held = 0.5,
            bytes = 500_000)
    public SavingsReport report() {
        now = now.plusSeconds(1);
        return economy.report(UsageRows.account(0), BASELINE);
    }
}
