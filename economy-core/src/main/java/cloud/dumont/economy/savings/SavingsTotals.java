package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * What some usage cost, would have cost elsewhere, and saved. Usage without an equivalent or without a known rate is left out of
 * both sides, and counted.
 *
 * @param instances instances with any billable time here
 * @param unpricedInstances those of them with any time that could not be compared
 * @param billableSeconds billable time, compared or not
 * @param comparedSeconds billable time that both sides have a price for
 * @param inferredSeconds billable time that nobody observed, but what was seen before and after agrees on
 * @param provisionalSeconds billable time since the last sight, counted until the next listing confirms it or takes it back
 * @param gpuHours billable time x GPUs, in hours with nine decimals; without that of shared cards of which nobody knows how many there are
 * @param effectiveCost what the compared time really cost
 * @param equivalentCost what the compared time would have cost
 * @param uncomparedCost what the rest is known to have cost
 * @param beforeFirstPriceSeconds compared time before the first known price of its equivalent, priced at that first price
 * @param tiers what rests on each tier; only those with compared time
 * @param oldestReadOn the day the oldest price used was read; empty where none was used, or one that no source dates
 * @param waste what idle time cost
 * @param unitCosts what an hour of an instance, a GPU, a PFLOPS really cost
 */
public record SavingsTotals(
        int instances,
        int unpricedInstances,
        long billableSeconds,
        long comparedSeconds,
        long inferredSeconds,
        long provisionalSeconds,
        BigDecimal gpuHours,
        Amount effectiveCost,
        Amount equivalentCost,
        Amount uncomparedCost,
        long beforeFirstPriceSeconds,
        Map<Tier, TierTotals> tiers,
        Optional<LocalDate> oldestReadOn,
        Waste waste,
        UnitCosts unitCosts) {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    /** Copies the tiers. */
    public SavingsTotals {
        tiers = Map.copyOf(tiers);
    }

    /**
     * Equivalent minus effective cost, exactly; negative where the account paid more.
     *
     * @return the savings
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Amount savings() {
        return equivalentCost.minus(effectiveCost);
    }

    /**
     * Savings in percent of the equivalent cost.
     *
     * @return percent with four decimals; empty where the equivalent cost is zero
     */
    public Optional<BigDecimal> savingsPercentage() {
        return savings().percentOf(equivalentCost);
    }

    /**
     * Which part of the billable time could be compared.
     *
     * @return 0 to 1 with nine decimals; empty where there is no billable time
     */
    public Optional<BigDecimal> coverage() {
        return billableSeconds == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(comparedSeconds)
                        .divide(BigDecimal.valueOf(billableSeconds), 9, RoundingMode.HALF_EVEN));
    }

    /**
     * Billable time in hours.
     *
     * @return hours with nine decimals
     */
    public BigDecimal billableHours() {
        return hours(billableSeconds);
    }

    /**
     * Compared time in hours.
     *
     * @return hours with nine decimals
     */
    public BigDecimal comparedHours() {
        return hours(comparedSeconds);
    }

    /**
     * What rests on a tier.
     *
     * @param tier the tier
     * @return its totals, zero where nothing rests on it
     */
    public TierTotals tier(Tier tier) {
        return tiers.getOrDefault(tier, TierTotals.ZERO);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("gpuHours")
    String getGpuHours() {
        return gpuHours.toPlainString();
    }

    static BigDecimal hours(long seconds) {
        return BigDecimal.valueOf(seconds).divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN);
    }
}
