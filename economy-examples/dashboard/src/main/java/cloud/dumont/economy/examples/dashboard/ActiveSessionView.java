package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.savings.SavingsTotals;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions that last, with their costs on both sides. */
record ActiveSessionView(
        boolean success,
        String provider,
        String currency,
        String timestamp,
        List<SessionView> activeInstances,
        BigDecimal currentCostDumont,
        BigDecimal currentCostProvider,
        BigDecimal sessionSavings,
        BigDecimal sessionHours,
        int instancesCount,
        long nextPollSeconds,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static ActiveSessionView of(Reported reported) {
        SavingsTotals session = reported.report().session();
        return new ActiveSessionView(
                true,
                reported.provider(),
                "USD",
                reported.at(),
                reported.report().lines().stream()
                        .map(InstanceView::of)
                        .map(SessionView::of)
                        .toList(),
                session.effectiveCost().toUsd(),
                session.equivalentCost().toUsd(),
                session.savings().toUsd(),
                session.billableHours(),
                reported.report().lines().size(),
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
