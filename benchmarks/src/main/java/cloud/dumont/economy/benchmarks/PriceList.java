package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Made-up list prices of 60,000 SKUs, from a fixed seed: 5 providers x 20 regions x 100 instance types x 6 purchase options. */
final class PriceList {

    static final int SKUS = 60_000;
    static final LocalDate FIRST_DAY = LocalDate.parse("2018-01-01");
    static final Duration PERIOD = Duration.ofDays(91);

    private static final List<String> PROVIDERS = List.of("AWS", "AZURE", "GCP", "LAMBDA", "OCI");
    private static final List<PurchaseOption> OPTIONS = List.of(
            PurchaseOption.ON_DEMAND,
            PurchaseOption.SPOT,
            PurchaseOption.RESERVED_1Y,
            PurchaseOption.RESERVED_3Y,
            PurchaseOption.SAVINGS_PLAN_1Y,
            PurchaseOption.SAVINGS_PLAN_3Y);

    /** The plain-Java way's key. */
    record Key(String provider, String region, String instanceType, PurchaseOption option) {

        static Key of(PriceRow row) {
            return new Key(
                    row.spec().provider().id(),
                    row.region().id(),
                    row.spec().instanceType().name(),
                    row.purchaseOption());
        }

        /** An equal key of other strings, as a request brings them. */
        Key foreign() {
            return new Key(copy(provider), copy(region), copy(instanceType), option);
        }

        private static String copy(String text) {
            return new String(text.toCharArray());
        }
    }

    private PriceList() {}

    /**
     * Draws prices.
     *
     * @param periods how many prices each SKU has had, a quarter of a year each
     * @return the facts; of one SKU together, oldest first
     */
    static List<PriceRow> rows(int periods) {
        SplittableRandom random = new SplittableRandom(42);
        List<Instant> from = IntStream.range(0, periods)
                .mapToObj(period ->
                        FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant().plus(PERIOD.multipliedBy(period)))
                .toList();
        List<Provenance> provenances = from.stream()
                .map(at -> new Provenance(
                        "seed", "made up", "42", at.atZone(ZoneOffset.UTC).toLocalDate()))
                .toList();
        List<PriceRow> rows = new ArrayList<>(SKUS * periods);
        for (String provider : PROVIDERS) {
            for (int type = 0; type < 100; type++) {
                InstanceSpec spec = new InstanceSpec(
                        Provider.of(provider),
                        InstanceType.of("g" + type / 10 + "-standard-" + (type % 10 + 1) * 8),
                        Optional.of("H100 SXM 80 GB"),
                        Optional.of(GpuCount.of(type % 10 + 1)),
                        Optional.of(BigDecimal.valueOf(80)),
                        Optional.of((type % 10 + 1) * 8),
                        Optional.of(BigDecimal.valueOf((type % 10 + 1) * 64L)));
                for (int region = 0; region < 20; region++) {
                    Region where = Region.of("region-" + region / 4 + "-" + (char) ('a' + region % 4));
                    for (PurchaseOption option : OPTIONS) {
                        for (int period = 0; period < periods; period++) {
                            rows.add(new PriceRow(
                                    spec,
                                    where,
                                    option,
                                    HourlyRate.ofNanoUsd(random.nextLong(20_000L, 120_000_000L) * 1_000),
                                    from.get(period),
                                    provenances.get(period)));
                        }
                    }
                }
            }
        }
        return rows;
    }
}
