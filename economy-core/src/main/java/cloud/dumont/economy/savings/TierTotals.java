package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What rests on one tier of matches.
 *
 * @param effectiveCost what was really paid
 * @param equivalentCost what the same time would have cost
 */
public record TierTotals(Amount effectiveCost, Amount equivalentCost) {

    /** Nothing rests on the tier. */
    static final TierTotals ZERO = new TierTotals(Amount.ZERO, Amount.ZERO);

    TierTotals plus(TierTotals other) {
        return new TierTotals(effectiveCost.plus(other.effectiveCost), equivalentCost.plus(other.equivalentCost));
    }

    /**
     * Equivalent minus effective cost; negative where the account paid more.
     *
     * @return the savings
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Amount savings() {
        return equivalentCost.minus(effectiveCost);
    }
}
