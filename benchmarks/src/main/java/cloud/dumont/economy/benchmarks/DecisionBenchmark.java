package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
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
 * What does it cost to decide what stands for a GPU, where no earlier decision is at hand?
 *
 * <p>Data: the bundled catalog. A T4 is sold by each of the three as such, an H100 in larger machines, an RTX 4090 by none of them: there
 * the whole search is made.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar Decision</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx2g"})
public class DecisionBenchmark {

    /** The GPU that is wanted. */
    @Param({"T4", "H100", "RTX 4090"})
    public String gpu = "";

    /** With whom it is compared. */
    @Param({"AWS", "GCP", "AZURE"})
    public String provider = "";

    private final GpuCatalog gpus = GpuCatalog.bundled();
    private final EquivalencePolicy policy = EquivalencePolicy.standard(gpus);
    private final PriceCatalog catalog = PriceSource.bundled().load();
    private EquivalenceQuery query;

    /** Filled by {@link #prepare()}. */
    public DecisionBenchmark() {}

    /** Makes the question. */
    @Setup
    public void prepare() {
        query = new EquivalenceQuery(gpus.resolve(gpu), GpuCount.ONE, Baseline.onDemand(Provider.of(provider)));
    }

    /**
     * One decision.
     *
     * @return what stands for the GPU
     */
    @Benchmark
    public Equivalent decide() {
        return policy.decide(catalog, query);
    }
}
