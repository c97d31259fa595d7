package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.SavingsTotals;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a workload would cost at every provider: the widest coverage first, then the cheapest.
 *
 * @param unsold providers that sell nothing like any of it, with the reason
 * @param refused lines of a usage file that cannot be, and count nowhere
 */
record SimulateView(
        boolean success,
        String currency,
        List<Row> simulate,
        List<CompareView.Unsold> unsold,
        List<Workload.Refused> refused,
        BigDecimal instanceHours,
        BigDecimal gpuHours,
        String at,
        String catalogVersion,
        boolean demo) {

    static SimulateView of(
            Workload workload, List<Row> rows, List<CompareView.Unsold> unsold, SavingsReport any, ApiRequest request) {
        return new SimulateView(
                true,
                "USD",
                rows.stream()
                        .sorted(Comparator.comparing(Row::comparedHours)
                                .reversed()
                                .thenComparing(Row::providerCost)
                                .thenComparing(Row::provider))
                        .toList(),
                unsold,
                workload.refused(),
                any.lifetime().billableHours(),
                any.lifetime().gpuHours(),
                any.at().toString(),
                any.catalogVersion(),
                request.demo());
    }

    /**
     * The part of the workload that a provider covers.
     *
     * @param dumontCost what the account would pay for that part; null where the question does not tell its rates
     * @param savings null where that is
     * @param coverage which part of the billable hours is compared, 0 to 1
     * @param equivalents what each kind of instance would be there; empty for a usage file
     */
    record Row(
            String provider,
            BaselineView baseline,
            BigDecimal providerCost,
            @Nullable BigDecimal dumontCost,
            @Nullable BigDecimal savings,
            BigDecimal comparedHours,
            @Nullable BigDecimal coverage,
            Map<Tier, BigDecimal> tiers,
            List<EquivalentView> equivalents,
            @Nullable String pricesAsOf,
            boolean stale,
            boolean ownTerms) {

        static Row of(Reported reported, Workload workload, List<Equivalent> equivalents) {
            SavingsTotals totals = reported.report().lifetime();
            return new Row(
                    reported.provider(),
                    reported.baseline(),
                    totals.equivalentCost().toUsd(),
                    workload.ownSide() ? totals.effectiveCost().toUsd() : null,
                    workload.ownSide() ? totals.savings().toUsd() : null,
                    totals.comparedHours(),
                    totals.coverage().orElse(null),
                    Tiers.costs(totals),
                    equivalents.stream().map(EquivalentView::of).toList(),
                    totals.oldestReadOn().map(LocalDate::toString).orElse(null),
                    reported.report().isStale(Reported.FRESH),
                    reported.onOwnTerms());
        }
    }

    /** What stands for one kind of instance; null beside the tier and the explanation where nothing does. */
    record EquivalentView(
            String tier,
            @Nullable String instanceType,
            @Nullable String region,
            @Nullable String gpuModel,
            @Nullable BigDecimal gpuCount,
            @Nullable String sizing,
            @Nullable BigDecimal usdPerHour,
            String explanation) {

        static EquivalentView of(Equivalent equivalent) {
            return equivalent
                    .match()
                    .map(match -> new EquivalentView(
                            equivalent.tier().name(),
                            match.offer().sku().instanceType().name(),
                            match.offer().sku().region().id(),
                            match.gpu().name(),
                            Decimals.gpus(match.gpuCount()),
                            match.sizing().name(),
                            match.latestRate().toUsd(),
                            equivalent.explanation()))
                    .orElseGet(() -> new EquivalentView(
                            equivalent.tier().name(), null, null, null, null, null, null, equivalent.explanation()));
        }
    }
}
