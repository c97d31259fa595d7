package cloud.dumont.economy.testing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/** Writes price rows shortly: what a test does not care about has a default. */
public final class Prices {

    /** Since when a price is in effect that says nothing else. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Provenance SOURCE = new Provenance("test", "prices", "1", LocalDate.of(2026, 1, 1));

    private Prices() {}

    /** An on-demand price since {@link #START}. */
    public static PriceRow row(Provider provider, String region, String type, String gpu, String count, String usd) {
        return row(provider, region, type, gpu, count, usd, START);
    }

    /** An on-demand price. */
    public static PriceRow row(
            Provider provider, String region, String type, String gpu, String count, String usd, Instant from) {
        return new PriceRow(
                spec(provider, type, gpu, count),
                Region.of(region),
                PurchaseOption.ON_DEMAND,
                HourlyRate.usd(usd),
                from,
                SOURCE);
    }

    /** A machine of which only the GPUs are known; a blank model or count is unknown. */
    public static InstanceSpec spec(Provider provider, String type, String gpu, String count) {
        return new InstanceSpec(
                provider,
                InstanceType.of(type),
                Optional.of(gpu).filter(name -> !name.isBlank()),
                Optional.of(count).filter(text -> !text.isBlank()).map(Prices::count),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static GpuCount count(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? GpuCount.parse(text)
                : new GpuCount(Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
    }

    /** The same under other terms. */
    public static PriceRow under(PurchaseOption option, PriceRow row) {
        return new PriceRow(row.spec(), row.region(), option, row.rate(), row.effectiveFrom(), row.provenance());
    }

    /** The same, read on another day. */
    public static PriceRow readOn(LocalDate day, PriceRow row) {
        return new PriceRow(
                row.spec(),
                row.region(),
                row.purchaseOption(),
                row.rate(),
                row.effectiveFrom(),
                new Provenance("test", "prices", "1", day));
    }
}
