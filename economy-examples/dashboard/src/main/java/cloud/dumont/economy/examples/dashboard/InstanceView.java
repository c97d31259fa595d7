package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.SustainedUseDiscount;
import cloud.dumont.economy.savings.SavingsLine;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A billable instance, now. What is not known is null, never 0: the own side where its rate is unknown, the provider's side and the
 * savings where it is not compared.
 */
record InstanceView(
        String instanceId,
        @Nullable String gpuType,
        BigDecimal gpuCount,
        String status,
        BigDecimal runningHours,
        @Nullable BigDecimal dumontHourlyRate,
        @Nullable BigDecimal providerHourlyRate,
        @Nullable BigDecimal currentCost,
        @Nullable BigDecimal providerEquivalent,
        @Nullable BigDecimal savingsSoFar,
        @Nullable BigDecimal savingsPerHour,
        @Nullable EquivalentView equivalent,
        @Nullable String leftOutBecause,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds) {

    static InstanceView of(SavingsLine line) {
        boolean compared = line.equivalentRate().isPresent();
        return new InstanceView(
                line.instance().id().value(),
                gpuType(line).orElse(null),
                Decimals.gpus(line.instance().comparedGpus()),
                line.state().name(),
                line.session().billableHours(),
                usd(line.instance().rate()),
                usd(line.equivalentRate()),
                currentCost(line).orElse(null),
                compared ? line.session().equivalentCost().toUsd() : null,
                compared ? line.session().savings().toUsd() : null,
                usd(line.savingsPerHour()),
                compared
                        ? line.equivalent()
                                .match()
                                .map(match -> EquivalentView.of(line, match))
                                .orElse(null)
                        : null,
                compared ? null : leftOutBecause(line),
                line.observedUntil().toString(),
                line.session().provisionalSeconds(),
                line.session().inferredSeconds());
    }

    private static @Nullable BigDecimal usd(Optional<HourlyRate> rate) {
        return rate.map(HourlyRate::toUsd).orElse(null);
    }

    static Optional<String> gpuType(SavingsLine line) {
        return line.equivalent().query().gpu().model().map(GpuModel::name).or(line.instance()::gpuName);
    }

    /** Of a compared instance the compared cost, so that the row adds up; else what it is known to have cost. */
    static Optional<BigDecimal> currentCost(SavingsLine line) {
        if (line.instance().rate().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                line.equivalentRate().isPresent()
                        ? line.session().effectiveCost().toUsd()
                        : line.session()
                                .effectiveCost()
                                .plus(line.session().uncomparedCost())
                                .toUsd());
    }

    private static String leftOutBecause(SavingsLine line) {
        return line.instance().rate().isEmpty()
                ? "What it costs is unknown."
                : line.equivalent().explanation();
    }

    /**
     * What the instance is priced as.
     *
     * @param trust what the source of its price now deserves to be believed
     * @param uncertain a time in which the price changed unseen, where the session overlaps it; else null
     * @param sustainedUsePercent what the provider itself takes off over a full month, which no figure holds; null where nothing
     * @param negotiatedPercent what is negotiated off it; null where nothing is
     */
    record EquivalentView(
            String instanceType,
            String region,
            String tier,
            String sizing,
            String gpuModel,
            BigDecimal gpuCount,
            String trust,
            PriceView.@Nullable Uncertain uncertain,
            @Nullable BigDecimal sustainedUsePercent,
            @Nullable BigDecimal negotiatedPercent,
            String explanation) {

        static EquivalentView of(SavingsLine line, Equivalent.Match match) {
            return new EquivalentView(
                    match.offer().sku().instanceType().name(),
                    match.offer().sku().region().id(),
                    line.equivalent().tier().name(),
                    match.sizing().name(),
                    match.gpu().name(),
                    Decimals.gpus(match.gpuCount()),
                    match.offer().history().at(line.at()).trust().name(),
                    PriceView.Uncertain.within(match.offer().history(), line.sessionStart(), line.at()),
                    match.offer()
                            .sustainedUse()
                            .map(SustainedUseDiscount::fullMonthPercent)
                            .orElse(null),
                    match.offer().negotiated().map(NegotiatedDiscount::percent).orElse(null),
                    line.equivalent().explanation());
        }
    }
}
