package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.AmountAccumulator;
import cloud.dumont.economy.money.HourlyRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does it take to price some time of an instance, and to add it to a total?
 *
 * <p>Data: 1,024 rates of 0.02 to 120 USD/h with up to nine decimals, and as many durations of 1 s to 90 days, from a fixed seed; the
 * same for every method. Each method reports the time for one of them. {@code one*} rounds each cost to the nano-dollar;
 * {@code sum*} adds all 1,024 into a total. The plain-Java way is {@code rate.multiply(seconds).divide(3600, 9, HALF_EVEN)}.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar CostPerInstanceHour</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xbatch")
public class CostPerInstanceHourBenchmark {

    private static final int SIZE = 1_024;
    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    private final HourlyRate[] rates = new HourlyRate[SIZE];
    private final long[] nanoUsdPerHour = new long[SIZE];
    private final long[] seconds = new long[SIZE];
    private final BigDecimal[] decimalRates = new BigDecimal[SIZE];
    private final BigDecimal[] decimalSeconds = new BigDecimal[SIZE];

    /** Filled by {@link #prepare()}. */
    public CostPerInstanceHourBenchmark() {}

    /** Draws the data. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < SIZE; i++) {
            nanoUsdPerHour[i] = random.nextLong(20_000_000L, 120_000_000_000L);
            seconds[i] = random.nextLong(1, 90L * 24 * 3600);
            rates[i] = HourlyRate.ofNanoUsd(nanoUsdPerHour[i]);
            decimalRates[i] = rates[i].toUsd();
            decimalSeconds[i] = BigDecimal.valueOf(seconds[i]);
        }
    }

    /**
     * One cost, rounded to the nano-dollar, our way.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public void oneEconomy(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(rates[i].nanoUsdForSeconds(seconds[i]));
        }
    }

    /**
     * One cost, rounded to the nano-dollar, with BigDecimal.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public void oneBigDecimal(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(
                    decimalRates[i].multiply(decimalSeconds[i]).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN));
        }
    }

    /**
     * An exact total, our way.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public Amount sumEconomy() {
        AmountAccumulator total = new AmountAccumulator();
        for (int i = 0; i < SIZE; i++) {
            total.add(nanoUsdPerHour[i], seconds[i]);
        }
        return total.toAmount();
    }

    /**
     * A total of rounded costs, with BigDecimal.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public BigDecimal sumBigDecimal() {
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < SIZE; i++) {
            total = total.add(
                    decimalRates[i].multiply(decimalSeconds[i]).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN));
        }
        return total;
    }
}
