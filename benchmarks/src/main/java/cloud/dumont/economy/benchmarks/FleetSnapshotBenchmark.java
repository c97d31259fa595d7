package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsMeter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
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
 * What does it take to say what an account has saved so far, as its fleet grows?
 *
 * <p>Data: {@link Fleet}: 1, 1,000 or 1,000,000 running instances of one account. {@code liveTotal} reads the total from a
 * {@link SavingsMeter}, at another second each time, so that it must not grow with the fleet; {@code calculator} computes the same
 * figure, and the whole report with it, from the intervals; {@code plainService} walks records with BigDecimal, the way most services
 * would. A test asks all three for the same fleet; they agree, up to the plain service's roundings.
 *
 * <p>A meter of 1,000,000 instances needs a heap of 4 GB.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar FleetSnapshot</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx4g", "-XX:+UseParallelGC"
        }) // none that goes on marking the fleet while it is read
public class FleetSnapshotBenchmark {

    private static final int SEEN_BEFORE = 1_000;

    /** Only its methods matter. */
    public FleetSnapshotBenchmark() {}

    /** Another second each time. */
    @State(Scope.Thread)
    public static class Now {

        private final Instant[] instants = new Instant[1_024];
        private int next;

        /** Starts when the fleet has run for a day. */
        public Now() {
            Arrays.setAll(instants, Fleet.LATER::plusSeconds);
        }

        private Instant next() {
            next = (next + 1) % instants.length;
            return instants[next];
        }
    }

    /** A meter. */
    @State(Scope.Benchmark)
    public static class Meter {

        /** How many instances run. */
        @Param({"1", "1000", "1000000"})
        public int instances;

        private SavingsMeter meter;

        /** Filled by {@link #prepare()}. */
        public Meter() {}

        /** Tells it of the fleet. */
        @Setup
        public void prepare() {
            // First another one, so that the compiler has seen the same in every run: alone, a fleet of one is faster
            // by a half.
            Fleet.meter(SEEN_BEFORE).savings(Fleet.LATER);
            meter = Fleet.meter(instances);
        }
    }

    /** A calculator. */
    @State(Scope.Benchmark)
    public static class Calculator {

        /** How many instances run. */
        @Param({"1", "1000"})
        public int instances;

        private SavingsCalculator calculator;

        /** Filled by {@link #prepare()}. */
        public Calculator() {}

        /** Tells its history of the fleet. */
        @Setup
        public void prepare() {
            calculator = Fleet.calculator(instances);
        }
    }

    /** A plain service. */
    @State(Scope.Benchmark)
    public static class Plain {

        /** How many instances run. */
        @Param({"1", "1000", "1000000"})
        public int instances;

        private Fleet.PlainService service;

        /** Filled by {@link #prepare()}. */
        public Plain() {}

        /** Gives it the fleet. */
        @Setup
        public void prepare() {
            service = new Fleet.PlainService(instances);
        }
    }

    /**
     * The live total of a meter.
     *
     * @param fleet the meter
     * @param now the moment
     * @return the savings
     */
    @Benchmark
    @Goal(
            question = "What 1,000 instances saved so far",
            at = "instances=1000",
            against = "plainService",
            lead = 30,
            nanos = 20,
            bytes = 32,
            held = 300)
    @Goal(
            question = "What 1,000,000 instances saved so far",
            at = "instances=1000000",
            against = "plainService",
            lead = 300,
            nanos = 20,
            bytes = 32)
    @Goal(
            question = "1,000 instances cost no more than one",
            at = "instances=1000",
            against = "liveTotal",
            againstAt = "instances=1",
            lead = 1 / 1.2,
            held = 0.25)
    @Goal(
            question = "1,000,000 instances cost no more than one",
            at = "instances=1000000",
            against = "liveTotal",
            againstAt = "instances=1",
            lead = 1 / 1.2)
    public Amount liveTotal(Meter fleet, Now now) {
        return fleet.meter.savings(now.next());
    }

    /**
     * The same total, and the whole report, from the intervals.
     *
     * @param fleet the calculator
     * @param now the moment
     * @return the savings
     */
    @Benchmark
    public Amount calculator(Calculator fleet, Now now) {
        return fleet.calculator
                .report(Fleet.ACCOUNT, Fleet.BASELINE, now.next())
                .lifetime()
                .savings();
    }

    /**
     * The same total, by walking records.
     *
     * @param fleet the service
     * @param now the moment
     * @return the savings in USD
     */
    @Benchmark
    @Rival
    public BigDecimal plainService(Plain fleet, Now now) {
        return fleet.service.savings(now.next());
    }
}
