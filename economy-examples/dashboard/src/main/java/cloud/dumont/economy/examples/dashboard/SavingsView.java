package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.savings.Projection;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.SavingsTotals;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The account's figures as a whole. Hours are billable hours; money on both sides is that of compared usage. */
record SavingsView(
        boolean success,
        String provider,
        String currency,
        BigDecimal lifetimeSavings,
        BigDecimal lifetimeHours,
        BigDecimal lifetimeCost,
        BigDecimal lifetimeProviderCost,
        @Nullable BigDecimal savingsPercentage,
        BigDecimal currentSessionSavings,
        BigDecimal currentSessionHours,
        BigDecimal currentSessionCost,
        HourlyComparison hourlyComparison,
        Projections projections,
        Hibernation hibernation,
        int activeInstancesCount,
        int comparedInstancesCount,
        List<InstanceView> instancesSummary,
        Coverage coverage,
        Map<Tier, BigDecimal> tiers,
        Prices prices,
        BaselineView baseline,
        String catalogVersion,
        String calculatedAt,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    private static final int SUMMARY = 5;

    static SavingsView of(Reported reported) {
        SavingsReport report = reported.report();
        SavingsTotals lifetime = report.lifetime();
        SavingsTotals session = report.session();
        return new SavingsView(
                true,
                reported.provider(),
                "USD",
                lifetime.savings().toUsd(),
                lifetime.billableHours(),
                lifetime.effectiveCost().toUsd(),
                lifetime.equivalentCost().toUsd(),
                lifetime.savingsPercentage().orElse(null),
                session.savings().toUsd(),
                session.billableHours(),
                session.effectiveCost().toUsd(),
                new HourlyComparison(reported.dumontRate(), reported.providerRate(), reported.savingsPerHour()),
                report.projection().map(Projections::runRate).orElse(Projections.NONE),
                new Hibernation(
                        Decimals.hours(report.costAvoidance().pausedSeconds()),
                        report.costAvoidance().avoidedCost().toUsd()),
                report.lines().size(),
                (int) report.lines().stream()
                        .filter(line -> line.equivalentRate().isPresent())
                        .count(),
                report.lines().stream().limit(SUMMARY).map(InstanceView::of).toList(),
                new Coverage(lifetime.comparedHours(), lifetime.billableHours(), lifetime.unpricedInstances()),
                Tiers.savings(lifetime),
                new Prices(
                        lifetime.oldestReadOn().map(LocalDate::toString).orElse(null),
                        report.isStale(Reported.FRESH),
                        reported.onOwnTerms()),
                reported.baseline(),
                report.catalogVersion(),
                reported.at(),
                reported.observedUntil(),
                lifetime.provisionalSeconds(),
                lifetime.inferredSeconds(),
                reported.demo());
    }

    /** The compared instances' rates now, and their difference. */
    record HourlyComparison(BigDecimal dumontRate, BigDecimal providerRate, BigDecimal savingsPerHour) {}

    /** The present rate projected; a run-rate has no interval around it. */
    record Projections(
            String basis,
            @Nullable BigDecimal daily,
            @Nullable BigDecimal weekly,
            @Nullable BigDecimal monthly,
            @Nullable BigDecimal yearly,
            @Nullable BigDecimal low,
            @Nullable BigDecimal high) {

        static final Projections NONE = new Projections("none", null, null, null, null, null, null);

        static Projections runRate(Projection projection) {
            return new Projections(
                    "run_rate",
                    projection.daily().toUsd(),
                    projection.weekly().toUsd(),
                    projection.monthly().toUsd(),
                    projection.yearly().toUsd(),
                    null,
                    null);
        }
    }

    /** What pauses avoided, beside the savings. */
    record Hibernation(BigDecimal hours, BigDecimal costAvoided) {}

    /** Which part of the billable hours is compared. */
    record Coverage(BigDecimal pricedHours, BigDecimal totalHours, int unpricedInstances) {}

    /**
     * What is compared with.
     *
     * @param asOf the day the oldest price used was read; null where none was used, or one that no source dates
     * @param stale whether that is too long ago, or may be
     * @param ownTerms whether the account has negotiated something, or has prices of its own: then it is no public list alone
     */
    record Prices(@Nullable String asOf, boolean stale, boolean ownTerms) {}
}
