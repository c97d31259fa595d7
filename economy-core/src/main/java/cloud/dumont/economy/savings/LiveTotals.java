package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;

/**
 * What a {@link SavingsMeter} shows at one moment.
 *
 * @param at the moment
 * @param lifetime totals over everything told
 * @param session totals over the runs that last
 * @param effectiveRate what the compared instances really cost per hour now
 * @param equivalentRate what they would cost per hour now
 * @param billableInstances how many instances accrue cost now
 */
public record LiveTotals(
        Instant at,
        Sum lifetime,
        Sum session,
        HourlyRate effectiveRate,
        HourlyRate equivalentRate,
        long billableInstances) {

    /**
     * What a live counter adds each hour: the fleet's sum, never an average.
     *
     * @return equivalent minus effective rate
     */
    public HourlyRate savingsPerHour() {
        return equivalentRate.minus(effectiveRate);
    }

    /**
     * One total.
     *
     * @param tiers what rests on each tier, compared time only
     * @param uncomparedCost what the rest is known to have cost
     * @param comparedSeconds billable time that both sides have a price for
     * @param billableSeconds billable time, compared or not
     */
    public record Sum(Map<Tier, TierTotals> tiers, Amount uncomparedCost, long comparedSeconds, long billableSeconds) {

        /** Copies the tiers. */
        public Sum {
            tiers = Map.copyOf(tiers);
        }

        /**
         * What the compared time really cost.
         *
         * @return the sum over the tiers
         */
        public Amount effectiveCost() {
            return tiers.values().stream().map(TierTotals::effectiveCost).reduce(Amount.ZERO, Amount::plus);
        }

        /**
         * What the compared time would have cost.
         *
         * @return the sum over the tiers
         */
        public Amount equivalentCost() {
            return tiers.values().stream().map(TierTotals::equivalentCost).reduce(Amount.ZERO, Amount::plus);
        }

        /**
         * Equivalent minus effective cost; negative where the account paid more.
         *
         * @return the savings
         */
        @JsonProperty(access = JsonProperty.Access.READ_ONLY)
        public Amount savings() {
            return equivalentCost().minus(effectiveCost());
        }
    }
}
