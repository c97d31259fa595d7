package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Ratios;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.SustainedUseDiscount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one GPU costs at every provider, cheapest first; and who sells nothing that stands for it. */
record CompareView(
        boolean success,
        String gpuModel,
        BigDecimal gpuCount,
        List<Row> compare,
        List<Unsold> unsold,
        String at,
        @Nullable String asOf,
        boolean stale,
        String currency,
        String unit,
        boolean demo) {

    static CompareView of(
            GpuModel gpu,
            GpuCount count,
            List<Equivalent> equivalents,
            List<Unsold> elsewhere,
            Instant at,
            Instant now,
            boolean demo) {
        PriceAge age = PriceAge.of(
                equivalents.stream()
                        .flatMap(equivalent -> equivalent.match().stream())
                        .map(match -> match.offer().history().at(at))
                        .toList(),
                now);
        return new CompareView(
                true,
                gpu.name(),
                Decimals.gpus(count),
                equivalents.stream()
                        .flatMap(equivalent -> equivalent.match().map(match -> Row.of(equivalent, match, at)).stream())
                        .sorted(Comparator.comparing(Row::usdPerHour).thenComparing(Row::provider))
                        .toList(),
                Stream.concat(
                                equivalents.stream()
                                        .filter(equivalent -> equivalent.match().isEmpty())
                                        .map(Unsold::of),
                                elsewhere.stream())
                        .sorted(Comparator.comparing(Unsold::provider))
                        .toList(),
                at.toString(),
                age.asOf(),
                age.stale(),
                "USD",
                "per_hour",
                demo);
    }

    /**
     * What a provider sells that stands for it.
     *
     * @param gpuCount the machine's GPUs
     * @param usdPerHour for the GPUs asked for, as charged: the share, less what is negotiated
     * @param usdPerGpuHour the same for one of the GPUs asked for
     */
    record Row(
            String provider,
            String region,
            String instanceType,
            String gpuModel,
            BigDecimal gpuCount,
            String tier,
            String sizing,
            String purchaseOption,
            BigDecimal usdPerHour,
            BigDecimal usdPerGpuHour,
            RatiosView ratios,
            @Nullable String effectiveFrom,
            String source,
            @Nullable String readOn,
            String trust,
            PriceView.@Nullable Uncertain uncertain,
            @Nullable BigDecimal sustainedUsePercent,
            @Nullable BigDecimal negotiatedPercent,
            String explanation) {

        private static final int PLACES = 9;

        static Row of(Equivalent equivalent, Equivalent.Match match, Instant at) {
            ListPrice price = match.offer().history().at(at);
            return new Row(
                    price.sku().provider().id(),
                    price.sku().region().id(),
                    price.sku().instanceType().name(),
                    match.gpu().name(),
                    Decimals.gpus(match.gpuCount()),
                    equivalent.tier().name(),
                    match.sizing().name(),
                    price.sku().purchaseOption().name(),
                    match.rates().at(at).toUsd(),
                    perGpu(price, match, equivalent.query().count()),
                    RatiosView.of(match.ratios()),
                    PriceView.effectiveFrom(price),
                    price.provenance().toString(),
                    PriceView.readOn(price),
                    price.trust().name(),
                    PriceView.Uncertain.within(match.offer().history(), at, at),
                    match.offer()
                            .sustainedUse()
                            .map(SustainedUseDiscount::fullMonthPercent)
                            .orElse(null),
                    match.offer().negotiated().map(NegotiatedDiscount::percent).orElse(null),
                    explanation(equivalent, match, at));
        }

        /** From the machine's price, so that it is rounded once. */
        private static BigDecimal perGpu(ListPrice price, Equivalent.Match match, GpuCount asked) {
            BigDecimal numerator =
                    BigDecimal.valueOf(match.chargedNumerator()).multiply(BigDecimal.valueOf(asked.denominator()));
            BigDecimal denominator =
                    BigDecimal.valueOf(match.chargedDenominator()).multiply(BigDecimal.valueOf(asked.numerator()));
            return price.rate().toUsd().multiply(numerator).divide(denominator, PLACES, RoundingMode.HALF_EVEN);
        }

        /** The library explains by the newest price; of another moment it is said what was charged then. */
        private static String explanation(Equivalent equivalent, Equivalent.Match match, Instant at) {
            HourlyRate then = match.rates().at(at);
            if (at.getEpochSecond() < match.rates().firstKnownSecond()) {
                return equivalent.explanation() + " No price is known of " + at
                        + "; the first known one stands for it, which charges " + then + ".";
            }
            return then.equals(match.latestRate())
                    ? equivalent.explanation()
                    : equivalent.explanation() + " At " + at + " that was " + then + ".";
        }
    }

    /** The machine's GPU against the one asked for; null where a data sheet lacks the figure on either side. */
    record RatiosView(
            @Nullable BigDecimal memory,
            @Nullable BigDecimal throughput,
            @Nullable BigDecimal bandwidth) {

        static RatiosView of(Ratios ratios) {
            return new RatiosView(
                    ratios.memory().orElse(null),
                    ratios.throughput().orElse(null),
                    ratios.bandwidth().orElse(null));
        }
    }

    /** A provider that sells nothing that stands for it. */
    record Unsold(String provider, String tier, String reason) {

        static Unsold of(Equivalent equivalent) {
            return new Unsold(
                    equivalent.query().baseline().provider().id(),
                    equivalent.tier().name(),
                    equivalent.explanation());
        }
    }
}
