package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.SavingsTotals;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all that the account has used would have cost at every provider. Providers cover different parts of it, so their totals stand
 * beside their coverage, and the widest coverage comes first, then the lowest cost.
 *
 * @param compare providers that sell something like it
 * @param unsold those that sell nothing like any of it, with the reason
 */
record FleetCompareView(
        boolean success,
        String currency,
        List<Row> compare,
        List<CompareView.Unsold> unsold,
        BigDecimal totalHours,
        int activeInstancesCount,
        String at,
        String catalogVersion,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static FleetCompareView of(
            List<SavingsReport> reports, List<CompareView.Unsold> elsewhere, Instant at, ApiRequest request) {
        SavingsReport any = reports.get(0);
        return new FleetCompareView(
                true,
                "USD",
                reports.stream()
                        .filter(report -> report.lifetime().comparedSeconds() > 0)
                        .map(report -> Row.of(Reported.of(report, request)))
                        .sorted(Comparator.comparing(Row::comparedHours)
                                .reversed()
                                .thenComparing(Row::providerCost)
                                .thenComparing(Row::provider))
                        .toList(),
                Stream.concat(
                                reports.stream()
                                        .filter(report -> report.lifetime().comparedSeconds() == 0)
                                        .map(FleetCompareView::unsold),
                                elsewhere.stream())
                        .sorted(Comparator.comparing(CompareView.Unsold::provider))
                        .toList(),
                any.lifetime().billableHours(),
                any.lines().size(),
                at.toString(),
                any.catalogVersion(),
                any.observedUntil().toString(),
                any.lifetime().provisionalSeconds(),
                any.lifetime().inferredSeconds(),
                request.demo());
    }

    private static CompareView.Unsold unsold(SavingsReport report) {
        return new CompareView.Unsold(
                report.baseline().provider().id(),
                Tier.NONE.name(),
                report.lifetime().billableSeconds() == 0
                        ? "Nothing has been used yet."
                        : "Under these terms it sells nothing comparable to any usage whose rate is known.");
    }

    /**
     * The usage that a provider covers, on both sides.
     *
     * @param dumontCost what that part of the usage really cost
     * @param coverage which part of the billable hours is compared, 0 to 1
     * @param savingsPerHour what the instances that run now save an hour; null where none of them is compared
     */
    record Row(
            String provider,
            BaselineView baseline,
            BigDecimal dumontCost,
            BigDecimal providerCost,
            BigDecimal savings,
            @Nullable BigDecimal savingsPercentage,
            BigDecimal comparedHours,
            @Nullable BigDecimal coverage,
            int unpricedInstances,
            Map<Tier, BigDecimal> tiers,
            @Nullable BigDecimal savingsPerHour,
            @Nullable String pricesAsOf,
            boolean stale,
            boolean ownTerms) {

        static Row of(Reported reported) {
            SavingsReport report = reported.report();
            SavingsTotals totals = report.lifetime();
            boolean compared = report.lines().stream()
                    .anyMatch(line -> line.equivalentRate().isPresent());
            return new Row(
                    reported.provider(),
                    reported.baseline(),
                    totals.effectiveCost().toUsd(),
                    totals.equivalentCost().toUsd(),
                    totals.savings().toUsd(),
                    totals.savingsPercentage().orElse(null),
                    totals.comparedHours(),
                    totals.coverage().orElse(null),
                    totals.unpricedInstances(),
                    Tiers.savings(totals),
                    compared ? reported.savingsPerHour() : null,
                    totals.oldestReadOn().map(LocalDate::toString).orElse(null),
                    report.isStale(Reported.FRESH),
                    reported.onOwnTerms());
        }
    }
}
