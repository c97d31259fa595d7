package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance and all that is recorded of it.
 *
 * @param now its session; null where it is not billable now
 * @param runs what it did, the latest first, on this page
 * @param total how many runs there are
 * @param next the offset of the next page; null on the last
 */
record InstanceRunsView(
        boolean success,
        String instanceId,
        String provider,
        String currency,
        BaselineView baseline,
        @Nullable String gpuType,
        BigDecimal gpuCount,
        @Nullable BigDecimal vcpus,
        @Nullable BigDecimal memoryGib,
        @Nullable String region,
        String status,
        @Nullable InstanceView now,
        Lifetime lifetime,
        List<Run> runs,
        int total,
        int offset,
        int limit,
        @Nullable Integer next,
        String calculatedAt,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static InstanceRunsView of(InstanceId id, Reported reported, Receipt receipt, Page<UsageInterval> page) {
        UsageInterval latest = page.all().get(0);
        Instance instance = latest.instance();
        Optional<InstanceView> now = reported.report().lines().stream()
                .filter(line -> line.instance().id().equals(id))
                .findFirst()
                .map(InstanceView::of);
        return new InstanceRunsView(
                true,
                id.value(),
                reported.provider(),
                "USD",
                reported.baseline(),
                now.map(InstanceView::gpuType).or(instance::gpuName).orElse(null),
                Decimals.gpus(instance.comparedGpus()),
                instance.vcpus().orElse(null),
                instance.memoryGib().orElse(null),
                instance.region().map(Region::id).orElse(null),
                now.map(InstanceView::status)
                        .orElseGet(() -> lastKnown(latest, reported.report().at())),
                now.orElse(null),
                Lifetime.of(receipt.totals()),
                page.rows().stream().map(Run::of).toList(),
                page.total(),
                page.offset(),
                page.limit(),
                page.next(),
                reported.at(),
                receipt.facts().getOrDefault("observed_until", reported.observedUntil()),
                Long.parseLong(receipt.totals().getOrDefault("provisional_seconds", "0")),
                Long.parseLong(receipt.totals().getOrDefault("inferred_seconds", "0")),
                reported.demo());
    }

    /** The last known state if it still holds; UNKNOWN once it has ended, or once nobody vouches for it as billable any more. */
    private static String lastKnown(UsageInterval latest, Instant at) {
        boolean lasts =
                latest.end().map(end -> end.isAfter(at)).orElse(!latest.state().isBillable());
        return lasts ? latest.state().name() : "UNKNOWN";
    }

    /** What all of it came to; the money is that of compared hours. */
    record Lifetime(
            BigDecimal hours,
            BigDecimal comparedHours,
            BigDecimal dumontCost,
            BigDecimal providerCost,
            BigDecimal savings) {

        static Lifetime of(Map<String, String> totals) {
            return new Lifetime(
                    Decimals.hours(Long.parseLong(totals.getOrDefault("billable_seconds", "0"))),
                    Decimals.hours(Long.parseLong(totals.getOrDefault("compared_seconds", "0"))),
                    Decimals.usd(totals.getOrDefault("paid_quanta", "0")),
                    Decimals.usd(totals.getOrDefault("equivalent_quanta", "0")),
                    Decimals.usd(totals.getOrDefault("savings_quanta", "0")));
        }
    }

    /**
     * A time in one state at one rate.
     *
     * @param until null while it lasts
     * @param usdPerHour null where the rate is unknown
     * @param evidence who vouches for it
     */
    record Run(
            String state,
            String from,
            @Nullable String until,
            @Nullable BigDecimal usdPerHour,
            String evidence) {

        static Run of(UsageInterval interval) {
            return new Run(
                    interval.state().name(),
                    interval.start().toString(),
                    interval.end().map(Instant::toString).orElse(null),
                    interval.instance().rate().map(rate -> rate.toUsd()).orElse(null),
                    interval.evidence().name());
        }
    }
}
