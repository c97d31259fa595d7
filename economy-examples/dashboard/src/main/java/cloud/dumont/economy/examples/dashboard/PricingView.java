package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.provider.InstanceType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** List prices with where and when they were read. */
record PricingView(
        boolean success,
        List<Row> pricing,
        String at,
        @Nullable String asOf,
        boolean stale,
        String currency,
        String unit,
        boolean demo) {

    static PricingView of(Stream<Offer> offers, Instant at, Instant now, boolean demo) {
        List<Row> rows = new ArrayList<>();
        @Nullable LocalDate oldest = null;
        for (Offer offer : (Iterable<Offer>) offers::iterator) {
            ListPrice price = offer.history().at(at);
            rows.add(Row.of(offer, price));
            LocalDate readOn = price.provenance().readOn();
            oldest = oldest == null || readOn.isBefore(oldest) ? readOn : oldest;
        }
        return new PricingView(
                true,
                rows,
                at.toString(),
                oldest == null ? null : oldest.toString(),
                oldest != null
                        && oldest.atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                                .plus(Reported.FRESH)
                                .isBefore(now),
                "USD",
                "per_hour",
                demo);
    }

    /** One price. */
    record Row(
            String provider,
            String region,
            String instanceType,
            @Nullable String gpuModel,
            @Nullable BigDecimal gpuCount,
            @Nullable Integer vcpus,
            @Nullable BigDecimal memoryGib,
            String purchaseOption,
            BigDecimal usdPerHour,
            @Nullable BigDecimal usdPerGpuHour,
            String effectiveFrom,
            @Nullable String effectiveUntil,
            String source,
            String readOn,
            @Nullable String restriction) {

        static Row of(Offer offer, ListPrice price) {
            InstanceType type = offer.sku().instanceType();
            return new Row(
                    offer.sku().provider().id(),
                    offer.sku().region().id(),
                    type.name(),
                    offer.spec().gpuModel().orElse(null),
                    offer.spec().gpuCount().map(Decimals::gpus).orElse(null),
                    offer.spec().vcpus().orElse(null),
                    offer.spec().memoryGib().orElse(null),
                    offer.sku().purchaseOption().name(),
                    price.rate().toUsd(),
                    offer.spec().gpuCount().map(count -> perGpu(price, count)).orElse(null),
                    price.effectiveFrom().toString(),
                    price.effectiveUntil().map(Instant::toString).orElse(null),
                    price.provenance().toString(),
                    price.provenance().readOn().toString(),
                    offer.restriction().map(Offer.Restriction::reason).orElse(null));
        }

        private static BigDecimal perGpu(ListPrice price, GpuCount count) {
            return price.rate()
                    .share(/* numerator= */ count.denominator(), /* denominator= */ count.numerator())
                    .toUsd();
        }
    }
}
