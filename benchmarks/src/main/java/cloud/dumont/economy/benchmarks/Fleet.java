package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsMeter;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Running instances of one account: one of eight GPU models each, at 0.15 to 2.15 USD/h, started within one day, and compared with AWS
 * on demand.
 */
final class Fleet {

    static final AccountId ACCOUNT = AccountId.of("acme");
    static final Baseline BASELINE = Baseline.onDemand(Provider.AWS);

    /** When all have run for a day at least. */
    static final Instant LATER = Instant.parse("2026-08-03T00:00:00Z");

    private static final Instant START = Instant.parse("2026-08-01T00:00:00Z");
    private static final int AT_ONCE = 20_000;
    private static final List<String> GPUS =
            List.of("T4", "A10", "L4", "L40S", "RTX 4090", "A100 80GB PCIe", "H100", "RTX 3090");

    private Fleet() {}

    private static String gpu(int i) {
        return GPUS.get(i % GPUS.size());
    }

    private static HourlyRate rate(int i) {
        return HourlyRate.ofNanoUsd(150_000_000L + i % 1_000 * 2_000_000L);
    }

    private static Instant start(int i) {
        return START.plusSeconds(i * 31L % 86_400);
    }

    private static List<UsageInterval> intervals(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> UsageInterval.openFrom(
                        Instance.builder(ACCOUNT, "i-" + i)
                                .gpu(gpu(i), 1)
                                .rate(rate(i))
                                .build(),
                        InstanceState.RUNNING,
                        start(i)))
                .toList();
    }

    /** A meter that was told of a fleet. */
    static SavingsMeter meter(int instances) {
        GpuCatalog gpus = GpuCatalog.bundled();
        SavingsMeter meter = SavingsMeter.create(
                PriceSource.bundled().load(),
                gpus,
                EquivalencePolicy.standard(gpus).cached(),
                BASELINE);
        for (int from = 0; from < instances; from += AT_ONCE) {
            meter.append(intervals(from, Math.min(instances, from + AT_ONCE)));
        }
        return meter;
    }

    /** A calculator over a history of a fleet. */
    static SavingsCalculator calculator(int instances) {
        PriceCatalog catalog = PriceSource.bundled().load();
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        history.append(intervals(0, instances));
        return SavingsCalculator.of(history, catalog);
    }

    /**
     * The plain service for the same fleet: records by identifier, list prices by key, BigDecimal. A price per GPU is all it has to
     * know: what stands for what was decided by the library.
     */
    static final class PlainService {

        private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

        record Running(String id, String gpu, BigDecimal usdPerHour, Instant start) {}

        record PriceKey(String provider, String gpu) {}

        private final Map<String, Running> fleet = new HashMap<>();
        private final Map<PriceKey, BigDecimal> prices;

        PlainService(int instances) {
            prices = calculator(GPUS.size()).report(ACCOUNT, BASELINE, LATER).lines().stream()
                    .collect(Collectors.toMap(
                            line -> new PriceKey(
                                    "AWS", line.instance().gpuName().orElseThrow()),
                            PlainService::price));
            for (int i = 0; i < instances; i++) {
                String id = "i-" + i;
                fleet.put(id, new Running(id, gpu(i), rate(i).toUsd(), start(i)));
            }
        }

        private static BigDecimal price(SavingsLine line) {
            return line.equivalentRate().orElseThrow().toUsd();
        }

        /** What the account saved up to a moment; each instance's part is rounded to nine decimals. */
        BigDecimal savings(Instant at) {
            BigDecimal total = BigDecimal.ZERO;
            for (Running instance : fleet.values()) {
                BigDecimal price = Objects.requireNonNull(prices.get(new PriceKey("AWS", instance.gpu())));
                BigDecimal seconds = BigDecimal.valueOf(
                        Duration.between(instance.start(), at).toSeconds());
                total = total.add(price.subtract(instance.usdPerHour())
                        .multiply(seconds)
                        .divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN));
            }
            return total;
        }
    }
}
