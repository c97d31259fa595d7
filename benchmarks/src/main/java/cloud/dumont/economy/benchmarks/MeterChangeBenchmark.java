package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsMeter;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost a live counter that one of many instances stops, or goes on?
 *
 * <p>Data: instances of one account that all began in the same second, as after an outage; each call ends another one, or takes its end back.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar MeterChange</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g"})
public class MeterChangeBenchmark {

    private static final Instant SINCE = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant NOW = SINCE.plusSeconds(86_400);

    /** How many instances run. */
    @Param({"1000", "100000"})
    public int instances;

    private final List<InstanceTimeline> running = new ArrayList<>();
    private final List<InstanceTimeline> stopped = new ArrayList<>();
    private SavingsMeter meter;
    private int changes;

    /** Filled by {@link #start()}. */
    @SuppressWarnings("NullAway.Init") // JMH calls it and then start()
    public MeterChangeBenchmark() {}

    /** All of them run. */
    @Setup
    public void start() {
        GpuCatalog gpus = GpuCatalog.bundled();
        meter = SavingsMeter.create(
                PriceSource.bundled().load(), gpus, EquivalencePolicy.standard(gpus), Baseline.onDemand(Provider.AWS));
        for (int number = 0; number < instances; number++) {
            Instance instance = UsageRows.instance(0, number);
            UsageInterval runs = UsageRows.lasting(instance, SINCE, 0, 1);
            running.add(InstanceTimeline.EMPTY.plus(runs));
            stopped.add(InstanceTimeline.EMPTY.plus(runs.endedAt(NOW.minusSeconds(number % 3_600))));
        }
        meter.replace(running);
        meter.savings(NOW);
    }

    /**
     * One instance stops, or goes on.
     *
     * @return what was saved
     */
    @Benchmark
    @Goal(question = "one of 1,000 instances stops", at = "instances=1000", nanos = 10_000)
    @Goal(question = "one of 100,000 instances stops", at = "instances=100000", nanos = 10_000)
    public Amount change() {
        int change = changes++;
        List<InstanceTimeline> next = change / instances % 2 == 0 ? stopped : running;
        meter.replace(List.of(next.get(change % instances)));
        return meter.savings(NOW);
    }
}
