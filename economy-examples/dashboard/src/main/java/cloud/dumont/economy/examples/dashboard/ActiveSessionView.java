package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsTotals;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that last, with their costs on both sides.
 *
 * @param activeInstances those of one page
 * @param currentCostDumont this and the sums beside it are over every session that lasts, on whatever page
 * @param total how many rows there are
 * @param next the offset of the next page; null on the last
 */
record ActiveSessionView(
        boolean success,
        String provider,
        String currency,
        BaselineView baseline,
        String timestamp,
        List<SessionView> activeInstances,
        BigDecimal currentCostDumont,
        BigDecimal currentCostProvider,
        BigDecimal sessionSavings,
        BigDecimal sessionHours,
        int instancesCount,
        int total,
        int offset,
        int limit,
        @Nullable Integer next,
        long nextPollSeconds,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static ActiveSessionView of(Reported reported, Page<SavingsLine> page) {
        SavingsTotals session = reported.report().session();
        return new ActiveSessionView(
                true,
                reported.provider(),
                "USD",
                reported.baseline(),
                reported.at(),
                page.rows().stream().map(InstanceView::of).map(SessionView::of).toList(),
                session.effectiveCost().toUsd(),
                session.equivalentCost().toUsd(),
                session.savings().toUsd(),
                session.billableHours(),
                reported.report().lines().size(),
                page.total(),
                page.offset(),
                page.limit(),
                page.next(),
                reported.nextPollSeconds(),
                reported.observedUntil(),
                session.provisionalSeconds(),
                session.inferredSeconds(),
                reported.demo());
    }

    /** One instance's session; null where {@link InstanceView} has null. */
    record SessionView(
            String instanceId,
            @Nullable String gpuType,
            BigDecimal gpuCount,
            String status,
            BigDecimal runningHours,
            @Nullable BigDecimal dumontHourlyRate,
            @Nullable BigDecimal providerHourlyRate,
            @Nullable BigDecimal dumontCost,
            @Nullable BigDecimal providerCost,
            @Nullable BigDecimal savings,
            String observedUntil,
            long provisionalSeconds,
            long inferredSeconds) {

        static SessionView of(InstanceView instance) {
            return new SessionView(
                    instance.instanceId(),
                    instance.gpuType(),
                    instance.gpuCount(),
                    instance.status(),
                    instance.runningHours(),
                    instance.dumontHourlyRate(),
                    instance.providerHourlyRate(),
                    instance.currentCost(),
                    instance.providerEquivalent(),
                    instance.savingsSoFar(),
                    instance.observedUntil(),
                    instance.provisionalSeconds(),
                    instance.inferredSeconds());
        }
    }
}
