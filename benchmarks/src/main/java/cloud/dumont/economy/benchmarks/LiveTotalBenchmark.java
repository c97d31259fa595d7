package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsMeter;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * What does an account's live total cost as its fleet grows?
 *
 * <p>Data: running instances with one of eight GPU models at 0.15 to 2.15 USD/h, all of one account, compared with AWS on demand.
 * {@code meter} reads the total from a {@link SavingsMeter}, at another second each time; {@code calculator} computes the same figure
 * from the intervals.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar LiveTotal</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx2g"})
public class LiveTotalBenchmark {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Baseline BASELINE = Baseline.onDemand(Provider.AWS);
    private static final Instant START = Instant.parse("2026-08-01T00:00:00Z");
    private static final List<String> GPUS =
            List.of("T4", "A10", "L4", "L40S", "RTX 4090", "A100 80GB PCIe", "H100", "RTX 3090");

    /** How many instances run. */
    @Param({"1", "1000", "100000"})
    public int instances;

    private SavingsMeter meter = SavingsMeter.create(
            PriceSource.bundled().load(),
            GpuCatalog.bundled(),
            EquivalencePolicy.standard(GpuCatalog.bundled()),
            BASELINE);

    private SavingsCalculator calculator;
    private long second;

    /** Filled by {@link #prepare()}. */
    public LiveTotalBenchmark() {
        calculator = SavingsCalculator.of(
                new InMemoryHistoryStore(), PriceSource.bundled().load());
    }

    /** Starts the fleet. */
    @Setup
    public void prepare() {
        PriceCatalog catalog = PriceSource.bundled().load();
        GpuCatalog gpus = GpuCatalog.bundled();
        List<UsageInterval> fleet = IntStream.range(0, instances)
                .mapToObj(i -> UsageInterval.openFrom(
                        Instance.builder(ACCOUNT, "i-" + i)
                                .gpu(GPUS.get(i % GPUS.size()), 1)
                                .rate(HourlyRate.ofNanoUsd(150_000_000L + i % 1_000 * 2_000_000L))
                                .build(),
                        InstanceState.RUNNING,
                        START.plusSeconds(i % 86_400)))
                .toList();
        meter = SavingsMeter.create(catalog, gpus, EquivalencePolicy.standard(gpus), BASELINE);
        meter.append(fleet);
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        history.append(fleet);
        calculator = SavingsCalculator.of(history, catalog);
    }

    private Instant next() {
        second = (second + 1) % 1_000_000;
        return START.plusSeconds(200_000 + second);
    }

    /**
     * The live total of a meter.
     *
     * @return the savings
     */
    @Benchmark
    public Amount meter() {
        return meter.savings(next());
    }

    /**
     * The same total, from the intervals.
     *
     * @return the savings
     */
    @Benchmark
    public Amount calculator() {
        return calculator.report(ACCOUNT, BASELINE, next()).lifetime().savings();
    }
}
