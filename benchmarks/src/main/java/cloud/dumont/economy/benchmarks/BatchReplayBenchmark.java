package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.BatchReplay;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageColumns;
import cloud.dumont.economy.usage.UsageKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
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

/**
 * What does it take to price an interval of the past, millions at a time, and how near is that to what the machine's memory gives?
 *
 * <p>Data: 1,000,000 instances of 10 accounts with one interval each, of one of eight GPU models, at 0.02 to 5 USD/h, begun within 60 days
 * and 1 s to 10 days long, one in ten still running; compared with AWS on demand; from a fixed seed. Each figure is for one interval.
 * {@code replay} gives all totals of every account, on one thread; {@code replayInParallel} does so with the common pool;
 * {@code memory} adds up as many {@code long}s as the columns have bytes, which is as fast as they can be read at all;
 * {@code plainService} walks records with BigDecimal and gives the savings of every account.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar BatchReplay</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx2g"})
public class BatchReplayBenchmark {

    private static final int INTERVALS = 1_000_000;
    private static final int INSTANCES_AN_ACCOUNT = 100_000;
    private static final int BYTES_AN_INTERVAL = 3 * Long.BYTES + 2 * Integer.BYTES;
    private static final Instant START = Instant.parse("2026-08-01T00:00:00Z");
    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");
    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
    private static final List<String> GPUS =
            List.of("T4", "A10", "L4", "L40S", "RTX 4090", "A100 80GB PCIe", "H100", "RTX 3090");

    record Used(String account, String gpu, BigDecimal usdPerHour, Instant start, Optional<Instant> end) {}

    private final long[] memory = new long[INTERVALS * BYTES_AN_INTERVAL / Long.BYTES];
    private final List<Used> records = new ArrayList<>();
    private final Map<String, BigDecimal> prices = new HashMap<>();
    private final UsageColumns columns;
    private final BatchReplay replay;

    /** Draws the data. */
    public BatchReplayBenchmark() {
        GpuCatalog gpus = GpuCatalog.bundled();
        replay = BatchReplay.create(
                PriceSource.bundled().load(),
                gpus,
                EquivalencePolicy.standard(gpus).cached(),
                Baseline.onDemand(Provider.AWS));
        UsageColumns.Builder builder = UsageColumns.builder();
        int[] kinds = GPUS.stream().mapToInt(gpu -> builder.kind(kind(gpu))).toArray();
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < INTERVALS; i++) {
            String account = "account-" + i / INSTANCES_AN_ACCOUNT;
            int gpu = random.nextInt(GPUS.size());
            long rate = random.nextLong(20_000_000L, 5_000_000_000L);
            long start =
                    START.getEpochSecond() + random.nextLong(Duration.ofDays(60).toSeconds());
            long end = random.nextInt(10) == 0
                    ? UsageColumns.OPEN
                    : start + random.nextLong(1, Duration.ofDays(10).toSeconds());
            builder.instance(AccountId.of(account), InstanceId.of(String.format("i-%07d", i)))
                    .interval(kinds[gpu], rate, start, end);
            records.add(new Used(
                    account,
                    GPUS.get(gpu),
                    HourlyRate.ofNanoUsd(rate).toUsd(),
                    Instant.ofEpochSecond(start),
                    end == UsageColumns.OPEN ? Optional.empty() : Optional.of(Instant.ofEpochSecond(end))));
        }
        columns = builder.build();
    }

    private static UsageKind kind(String gpu) {
        return new UsageKind(
                Optional.of(gpu), GpuCount.ONE, Optional.empty(), InstanceState.RUNNING, Evidence.OBSERVED, true);
    }

    /** Looks up the prices that the plain service is given. */
    @Setup
    public void prepare() {
        Arrays.setAll(memory, i -> i);
        UsageColumns.Builder hour = UsageColumns.builder();
        for (String gpu : GPUS.stream().sorted().toList()) {
            hour.instance(AccountId.of("prices"), InstanceId.of(gpu))
                    .interval(hour.kind(kind(gpu)), 0, AT.getEpochSecond() - 3_600, AT.getEpochSecond());
        }
        replay.breakdown(hour.build(), AT, Dimension.INSTANCE, Runnable::run)
                .groups()
                .forEach(group ->
                        prices.put(group.name(), group.totals().equivalentCost().toUsd()));
    }

    /**
     * All totals of every account, on one thread.
     *
     * @return the totals
     */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Goal(
            question = "One of a million intervals replayed, beside reading its bytes",
            against = "memory",
            lead = 1.0 / 5,
            bytes = 0)
    @Goal(question = "One of a million intervals replayed", against = "plainService", lead = 4, bytes = 0, held = 2)
    public Breakdown replay() {
        return replay.breakdown(columns, AT, Dimension.ACCOUNT, Runnable::run);
    }

    /**
     * The same with the common pool.
     *
     * @return the totals
     */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    public Breakdown replayInParallel() {
        return replay.breakdown(columns, AT, Dimension.ACCOUNT, ForkJoinPool.commonPool());
    }

    /**
     * As many bytes as the columns have, read and added up.
     *
     * @return the sum
     */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Rival
    public long memory() {
        long sum = 0;
        for (long word : memory) {
            sum += word;
        }
        return sum;
    }

    /**
     * The savings of every account, by walking records. It knows of the minute that AWS charges at least, too.
     *
     * @return USD by account
     */
    @Benchmark
    @OperationsPerInvocation(INTERVALS)
    @Rival
    public Map<String, BigDecimal> plainService() {
        Map<String, BigDecimal> savings = new HashMap<>();
        for (Used used : records) {
            Instant end = used.end().filter(known -> known.isBefore(AT)).orElse(AT);
            long seconds = Duration.between(used.start(), end).toSeconds();
            BigDecimal price = Objects.requireNonNull(prices.get(used.gpu()));
            BigDecimal equivalent = cost(price, Math.max(60, seconds));
            savings.merge(used.account(), equivalent.subtract(cost(used.usdPerHour(), seconds)), BigDecimal::add);
        }
        return savings;
    }

    private static BigDecimal cost(BigDecimal usdPerHour, long seconds) {
        return usdPerHour.multiply(BigDecimal.valueOf(seconds)).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN);
    }
}
