package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.AmountAccumulator;
import cloud.dumont.economy.money.HourlyRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.TimeUnit;
import org.decimal4j.api.DecimalArithmetic;
import org.javamoney.moneta.FastMoney;
import org.joda.money.BigMoney;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does it take to price some time of an instance, and to add it to a total?
 *
 * <p>Data: {@link CostData}: 1,024 list prices of the bundled catalog and as many durations of 1 s to 90 days, from a fixed seed; the
 * same for every method. Each method reports the time for one of them. {@code one*} rounds each cost to the nano-dollar;
 * {@code sum*} adds all 1,024 into a total. The plain-Java way is {@code rate.multiply(seconds).divide(3600, 9, HALF_EVEN)}.
 *
 * <p>What the rivals cannot do: FastMoney has five decimals and no other rounding than its own, so it neither holds every list price
 * nor a nano-dollar; the report counts how many costs come out wrong. joda-money and decimal4j are exact here; decimal4j
 * with checked arithmetic fails where rate x seconds leaves 64 bits, which ours does not.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar CostPerInstanceHour</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsAppend = "-Xbatch")
public class CostPerInstanceHourBenchmark {

    private static final int SIZE = CostData.SIZE;
    private static final BigDecimal SECONDS_PER_HOUR = CostData.SECONDS_PER_HOUR;
    private static final DecimalArithmetic NINE_DECIMALS = CostData.NINE_DECIMALS;

    private final HourlyRate[] rates = new HourlyRate[SIZE];
    private final long[] nanoUsdPerHour = new long[SIZE];
    private final long[] seconds = new long[SIZE];
    private final BigDecimal[] decimalRates = new BigDecimal[SIZE];
    private final BigDecimal[] decimalSeconds = new BigDecimal[SIZE];
    private final BigMoney[] jodaRates = new BigMoney[SIZE];
    private final FastMoney[] fastRates = new FastMoney[SIZE];

    /** Draws the data. */
    public CostPerInstanceHourBenchmark() {
        CostData data = CostData.draw();
        for (int i = 0; i < SIZE; i++) {
            BigDecimal usd = data.usdPerHour().get(i);
            seconds[i] = data.seconds().get(i);
            rates[i] = HourlyRate.usd(usd);
            nanoUsdPerHour[i] = rates[i].nanoUsdPerHour();
            decimalRates[i] = usd;
            decimalSeconds[i] = BigDecimal.valueOf(seconds[i]);
            jodaRates[i] = CostData.jodaRate(usd);
            fastRates[i] = CostData.fastRate(usd);
        }
    }

    /**
     * One cost, rounded to the nano-dollar, from a rate.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Goal(question = "One cost, rounded to the nano-dollar", against = "oneBigDecimal", lead = 8, bytes = 0, held = 3)
    public void oneEconomy(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(rates[i].nanoUsdForSeconds(seconds[i]));
        }
    }

    /**
     * One cost, rounded to the nano-dollar, from columns of plain numbers.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Goal(question = "The same from columns", against = "oneBigDecimal", lead = 8, bytes = 0, held = 3)
    public void oneEconomyColumns(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(HourlyRate.ofNanoUsd(nanoUsdPerHour[i]).nanoUsdForSeconds(seconds[i]));
        }
    }

    /**
     * One cost, rounded to the nano-dollar, with BigDecimal.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public void oneBigDecimal(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(
                    decimalRates[i].multiply(decimalSeconds[i]).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN));
        }
    }

    /**
     * One cost, rounded to the nano-dollar, with joda-money.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public void oneJodaMoney(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(CostData.jodaCost(jodaRates[i], seconds[i]));
        }
    }

    /**
     * One cost, as Moneta's FastMoney can: with five decimals.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public void oneFastMoney(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(CostData.fastCost(fastRates[i], seconds[i]));
        }
    }

    /**
     * One cost, rounded to the nano-dollar, with decimal4j on plain numbers of nine decimals.
     *
     * @param hole takes the costs
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public void oneDecimal4j(Blackhole hole) {
        for (int i = 0; i < SIZE; i++) {
            hole.consume(NINE_DECIMALS.divideByLong(
                    NINE_DECIMALS.multiplyByLong(nanoUsdPerHour[i], seconds[i]), CostData.SECONDS));
        }
    }

    /**
     * An exact total, our way.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Goal(question = "A total of costs, exact", against = "sumBigDecimal", lead = 15, bytes = 0, held = 6)
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
    @Rival
    public BigDecimal sumBigDecimal() {
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < SIZE; i++) {
            total = total.add(
                    decimalRates[i].multiply(decimalSeconds[i]).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN));
        }
        return total;
    }

    /**
     * A total of rounded costs, with joda-money.
     *
     * @return the total
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public BigMoney sumJodaMoney() {
        BigMoney total = BigMoney.zero(CostData.USD, 9);
        for (int i = 0; i < SIZE; i++) {
            total = total.plus(CostData.jodaCost(jodaRates[i], seconds[i]));
        }
        return total;
    }

    /**
     * A total of rounded costs, with decimal4j.
     *
     * @return the total, with nine decimals
     */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    @Rival
    public long sumDecimal4j() {
        long total = 0;
        for (int i = 0; i < SIZE; i++) {
            total = NINE_DECIMALS.add(
                    total,
                    NINE_DECIMALS.divideByLong(
                            NINE_DECIMALS.multiplyByLong(nanoUsdPerHour[i], seconds[i]), CostData.SECONDS));
        }
        return total;
    }
}
