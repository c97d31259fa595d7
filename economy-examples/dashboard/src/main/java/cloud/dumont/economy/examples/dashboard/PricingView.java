package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.Composition;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.SustainedUseDiscount;
import cloud.dumont.economy.provider.InstanceType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * List prices with where and when they were read.
 *
 * @param pricing those of one page
 * @param total how many there are
 * @param next the offset of the next page; null on the last
 */
record PricingView(
        boolean success,
        List<Row> pricing,
        int total,
        int offset,
        int limit,
        @Nullable Integer next,
        String at,
        @Nullable String asOf,
        boolean stale,
        String currency,
        String unit,
        boolean demo) {

    static PricingView of(Page<Offer> page, Instant at, Instant now, boolean demo) {
        PriceAge age = PriceAge.of(
                page.all().stream().map(offer -> offer.history().at(at)).toList(), now);
        return new PricingView(
                true,
                page.rows().stream().map(offer -> Row.of(offer, at)).toList(),
                page.total(),
                page.offset(),
                page.limit(),
                page.next(),
                at.toString(),
                age.asOf(),
                age.stale(),
                "USD",
                "per_hour",
                demo);
    }

    /** One price. What no source tells is null. Both {@code usd} figures are the list's; what is negotiated stands beside them. */
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
            @Nullable String effectiveFrom,
            @Nullable String effectiveUntil,
            String source,
            @Nullable String readOn,
            String trust,
            PriceView.@Nullable Uncertain uncertain,
            @Nullable String restriction,
            @Nullable Parts composedOf,
            @Nullable BigDecimal sustainedUsePercent,
            @Nullable BigDecimal negotiatedPercent,
            @Nullable String negotiatedReason,
            @Nullable BigDecimal negotiatedUsdPerHour) {

        private static final int PERCENT_DECIMALS = 4;
        private static final long WHOLE = 1_000_000;

        static Row of(Offer offer, Instant at) {
            InstanceType type = offer.sku().instanceType();
            ListPrice price = offer.history().at(at);
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
                    PriceView.effectiveFrom(price),
                    price.effectiveUntil().map(Instant::toString).orElse(null),
                    price.provenance().toString(),
                    PriceView.readOn(price),
                    price.trust().name(),
                    PriceView.Uncertain.of(offer.history(), at),
                    offer.restriction().map(Offer.Restriction::reason).orElse(null),
                    offer.spec().composition().map(Parts::of).orElse(null),
                    offer.sustainedUse()
                            .map(SustainedUseDiscount::fullMonthPercent)
                            .orElse(null),
                    offer.negotiated().map(NegotiatedDiscount::percent).orElse(null),
                    offer.negotiated().map(NegotiatedDiscount::reason).orElse(null),
                    offer.negotiated()
                            .map(discount -> less(price.rate(), discount).toUsd())
                            .orElse(null));
        }

        static BigDecimal perGpu(ListPrice price, GpuCount count) {
            return price.rate()
                    .share(/* numerator= */ count.denominator(), /* denominator= */ count.numerator())
                    .toUsd();
        }

        /** As the comparison has it: the rate less the discount is rounded once, to the nano-dollar per hour. */
        private static HourlyRate less(HourlyRate rate, NegotiatedDiscount discount) {
            long off = discount.percent().movePointRight(PERCENT_DECIMALS).longValueExact();
            return rate.share(WHOLE - off, WHOLE);
        }
    }

    /** What a machine is put together from, where both are sold apart. */
    record Parts(String machine, String part, int count) {

        static Parts of(Composition composition) {
            return new Parts(composition.machine().name(), composition.part().name(), composition.count());
        }
    }
}
