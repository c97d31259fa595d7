package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.savings.Receipt;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a figure came about, line by line, and the receipt that anybody can recompute from nothing but itself.
 *
 * @param instance which instance; null for all
 * @param lines one for each stretch of time at one pair of rates, or, of a projection, for each instance that is billable now
 */
record ExplainView(
        boolean success,
        String figure,
        String provider,
        String currency,
        BaselineView baseline,
        @Nullable String instance,
        String at,
        List<Line> lines,
        ReceiptView receipt,
        String catalogVersion,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static ExplainView of(Receipt receipt, @Nullable String instance, BaselineView baseline, boolean demo) {
        Map<String, String> facts = receipt.facts();
        return new ExplainView(
                true,
                facts.getOrDefault("figure", ""),
                facts.getOrDefault("provider", ""),
                "USD",
                baseline,
                instance,
                facts.getOrDefault("at", ""),
                receipt.lines().stream().map(Line::of).toList(),
                ReceiptView.of(receipt),
                facts.getOrDefault("catalog_version", ""),
                facts.getOrDefault("observed_until", ""),
                Long.parseLong(receipt.totals().getOrDefault("provisional_seconds", "0")),
                Long.parseLong(receipt.totals().getOrDefault("inferred_seconds", "0")),
                demo);
    }

    /** A receipt as {@code receipt verify} of the command line reads it. */
    record ReceiptView(Map<String, String> facts, List<Map<String, String>> lines, Map<String, String> totals) {

        static ReceiptView of(Receipt receipt) {
            return new ReceiptView(receipt.facts(), receipt.lines(), receipt.totals());
        }
    }

    /**
     * One step.
     *
     * @param kind {@code time} used, {@code minimum} or {@code rounding} of the provider's billing rule, or a {@code rate} of a projection
     * @param evidence who vouches for the time
     * @param tier how good the match is; null where it is not compared
     * @param whyNotCompared null where it is compared
     */
    record Line(
            String kind,
            String instanceId,
            String gpuType,
            String gpuCount,
            String state,
            String evidence,
            @Nullable String from,
            @Nullable String to,
            @Nullable BigDecimal hours,
            @Nullable BigDecimal dumontHourlyRate,
            @Nullable BigDecimal dumontCost,
            @Nullable String tier,
            @Nullable PriceRow price,
            @Nullable BigDecimal providerHourlyRate,
            @Nullable BigDecimal providerCost,
            @Nullable String whyNotCompared) {

        static Line of(Map<String, String> line) {
            return new Line(
                    line.getOrDefault("kind", ""),
                    line.getOrDefault("instance", ""),
                    line.getOrDefault("gpu", ""),
                    line.getOrDefault("gpu_count", ""),
                    line.getOrDefault("state", ""),
                    line.getOrDefault("evidence", ""),
                    line.getOrDefault("from", line.get("session_start")),
                    line.get("to"),
                    line.containsKey("seconds") ? Decimals.hours(Long.parseLong(line.get("seconds"))) : null,
                    rate(line.get("paid_nano_usd_per_hour")),
                    cost(line.get("paid_quanta")),
                    line.get("tier"),
                    line.containsKey("tier") ? PriceRow.of(line) : null,
                    rate(line.get("equivalent_nano_usd_per_hour")),
                    cost(line.get("equivalent_quanta")),
                    line.get("why_not_compared"));
        }

        private static @Nullable BigDecimal rate(@Nullable String nano) {
            return nano == null || nano.isEmpty() ? null : Decimals.perHour(nano);
        }

        private static @Nullable BigDecimal cost(@Nullable String quanta) {
            return quanta == null || quanta.isEmpty() ? null : Decimals.usd(quanta);
        }
    }

    /**
     * The row of the price list that a step rests on.
     *
     * @param share which part of the machine is charged, as a fraction
     * @param readOn null where its source tells no day
     * @param changedBetween a time in which the price changed unseen and in which the lower one counts; null where there is none
     */
    record PriceRow(
            String provider,
            String region,
            String instanceType,
            String purchaseOption,
            String gpuModel,
            String gpuCount,
            String sizing,
            BigDecimal usdPerHour,
            String share,
            String effectiveFrom,
            String source,
            @Nullable String readOn,
            String trust,
            @Nullable String changedBetween) {

        static PriceRow of(Map<String, String> line) {
            String readOn = line.get("price_read_on");
            return new PriceRow(
                    line.getOrDefault("equivalent_provider", ""),
                    line.getOrDefault("equivalent_region", ""),
                    line.getOrDefault("equivalent_instance_type", ""),
                    line.getOrDefault("equivalent_purchase_option", ""),
                    line.getOrDefault("equivalent_gpu", ""),
                    line.getOrDefault("equivalent_gpu_count", ""),
                    line.getOrDefault("sizing", ""),
                    Decimals.perHour(line.getOrDefault("list_nano_usd_per_hour", "0")),
                    line.get("charged_numerator") + "/" + line.get("charged_denominator"),
                    line.getOrDefault("price_effective_from", ""),
                    line.getOrDefault("price_source", ""),
                    "unknown".equals(readOn) ? null : readOn,
                    line.getOrDefault("price_trust", ""),
                    line.get("price_changed_between"));
        }
    }
}
