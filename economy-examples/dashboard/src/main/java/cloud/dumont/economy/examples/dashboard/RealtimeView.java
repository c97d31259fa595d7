package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.savings.SavingsReport;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every billable instance, now. */
record RealtimeView(
        boolean success,
        String provider,
        String currency,
        String timestamp,
        List<InstanceView> activeInstances,
        Totals totals,
        long nextPollSeconds,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static RealtimeView of(Reported reported) {
        return new RealtimeView(
                true,
                reported.provider(),
                "USD",
                reported.at(),
                reported.report().lines().stream().map(InstanceView::of).toList(),
                Totals.of(reported),
                reported.nextPollSeconds(),
                reported.observedUntil(),
                reported.report().session().provisionalSeconds(),
                reported.report().session().inferredSeconds(),
                reported.demo());
    }

    /** Cost and savings are those of the compared instances, and so is the average; null where none is compared. */
    record Totals(
            int instancesCount,
            BigDecimal totalRunningHours,
            BigDecimal totalCurrentCost,
            BigDecimal totalSavings,
            BigDecimal savingsRatePerHour,
            @Nullable BigDecimal avgSavingsRatePerHour) {

        static Totals of(Reported reported) {
            SavingsReport report = reported.report();
            BigDecimal perHour = reported.savingsPerHour();
            long compared = report.lines().stream()
                    .filter(line -> line.equivalentRate().isPresent())
                    .count();
            return new Totals(
                    report.lines().size(),
                    report.session().billableHours(),
                    report.session().effectiveCost().toUsd(),
                    report.session().savings().toUsd(),
                    perHour,
                    compared == 0 ? null : Decimals.average(perHour, compared));
        }
    }
}
