package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.usage.InstanceId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The billable instances, now.
 *
 * @param activeInstances those of one page
 * @param totals sums over every instance that {@code state} and {@code q} leave, on whatever page, changed or not
 * @param total how many rows there are
 * @param next the offset of the next page; null on the last
 * @param since the moment of the earlier answer that this one goes beyond; null where the whole was asked for
 * @param endedInstances what was billable at that moment and is not now; null where the whole was asked for
 */
record RealtimeView(
        boolean success,
        String provider,
        String currency,
        BaselineView baseline,
        String timestamp,
        List<InstanceView> activeInstances,
        Totals totals,
        int total,
        int offset,
        int limit,
        @Nullable Integer next,
        @Nullable String since,
        @Nullable List<String> endedInstances,
        long nextPollSeconds,
        String catalogVersion,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static RealtimeView of(
            Reported reported, List<SavingsLine> summed, Page<SavingsLine> page, Optional<Changes> changes) {
        return new RealtimeView(
                true,
                reported.provider(),
                "USD",
                reported.baseline(),
                reported.at(),
                page.rows().stream().map(InstanceView::of).toList(),
                Totals.of(summed),
                page.total(),
                page.offset(),
                page.limit(),
                page.next(),
                changes.map(known -> known.since().toString()).orElse(null),
                changes.map(known ->
                                known.ended().stream().map(InstanceId::value).toList())
                        .orElse(null),
                reported.nextPollSeconds(),
                reported.report().catalogVersion(),
                reported.observedUntil(),
                summed.stream()
                        .mapToLong(line -> line.session().provisionalSeconds())
                        .sum(),
                summed.stream()
                        .mapToLong(line -> line.session().inferredSeconds())
                        .sum(),
                reported.demo());
    }

    /** Cost and savings are those of the compared instances, and so is the average; null where none is compared. */
    record Totals(
            int instancesCount,
            int comparedCount,
            BigDecimal totalRunningHours,
            BigDecimal totalCurrentCost,
            BigDecimal totalProviderEquivalent,
            BigDecimal totalSavings,
            BigDecimal savingsRatePerHour,
            @Nullable BigDecimal avgSavingsRatePerHour) {

        static Totals of(List<SavingsLine> lines) {
            long seconds = 0;
            int compared = 0;
            Amount paid = Amount.ZERO;
            Amount listed = Amount.ZERO;
            BigDecimal perHour = BigDecimal.ZERO;
            for (SavingsLine line : lines) {
                seconds += line.session().billableSeconds();
                paid = paid.plus(line.session().effectiveCost());
                listed = listed.plus(line.session().equivalentCost());
                Optional<HourlyRate> rate = line.savingsPerHour();
                if (rate.isPresent()) {
                    compared++;
                    perHour = perHour.add(rate.get().toUsd());
                }
            }
            return new Totals(
                    lines.size(),
                    compared,
                    Decimals.hours(seconds),
                    paid.toUsd(),
                    listed.toUsd(),
                    listed.minus(paid).toUsd(),
                    perHour,
                    compared == 0 ? null : Decimals.average(perHour, compared));
        }
    }
}
