package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What stands for an instance in a comparison, or why nothing does.
 *
 * @param query what was asked
 * @param tier how good the match is
 * @param match what was found; empty exactly where the tier is {@link Tier#NONE}
 * @param floor for {@link Tier#NEAREST}: the cheapest GPU with enough memory at any speed, marked slower by being here
 * @param explanation every step from the instance to the price and its source, in words
 */
public record Equivalent(
        EquivalenceQuery query, Tier tier, Optional<Match> match, Optional<Match> floor, String explanation) {

    /**
     * What is not known of the price in some time: changes that nobody saw, and which price counts for them.
     *
     * @param from when the time begins
     * @param to when it ends; the same as {@code from} for a moment
     * @return a sentence for each; empty where the price of that time is known, and where nothing was found
     */
    public List<String> unseenChanges(Instant from, Instant to) {
        return match.map(found -> Explanation.unseenChanges(found, from, to)).orElse(List.of());
    }

    /** The same with the floor as its match, where there is one. */
    Equivalent atFloor() {
        return floor.map(least -> new Equivalent(
                        query, tier, Optional.of(least), Optional.empty(), explanation + " Priced at that floor here."))
                .orElse(this);
    }

    /**
     * A machine that stands for an instance, and what of it is charged.
     *
     * @param offer the machine and its prices
     * @param gpu its GPU
     * @param gpuCount its GPUs
     * @param sizing how it is charged: {@link Sizing#GPU_SHARE} also where a whole instance was asked for, but a fraction of a
     *     GPU needed
     * @param chargedNumerator numerator of what is charged of one machine's price
     * @param chargedDenominator denominator of what is charged of one machine's price
     * @param ratios its GPU against the wanted one
     * @param rates what is charged, over time
     */
    public record Match(
            Offer offer,
            GpuModel gpu,
            GpuCount gpuCount,
            Sizing sizing,
            long chargedNumerator,
            long chargedDenominator,
            Ratios ratios,
            RateTimeline rates) {

        /**
         * What is charged per hour at the newest price.
         *
         * @return the rate
         */
        public HourlyRate latestRate() {
            return offer.history().latest().rate().share(chargedNumerator, chargedDenominator);
        }

        /**
         * The newest price of the whole machine.
         *
         * @return the price row, with source and dates
         */
        public ListPrice latestPrice() {
            return offer.history().latest();
        }
    }
}
