package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.SavingsTotals;

/** What a group used: the sums that a difference of two moments can be taken of. */
record Usage(
        long billableSeconds,
        long comparedSeconds,
        long provisionalSeconds,
        long inferredSeconds,
        Amount effectiveCost,
        Amount equivalentCost) {

    static final Usage NONE = new Usage(0, 0, 0, 0, Amount.ZERO, Amount.ZERO);

    static Usage of(SavingsTotals totals) {
        return new Usage(
                totals.billableSeconds(),
                totals.comparedSeconds(),
                totals.provisionalSeconds(),
                totals.inferredSeconds(),
                totals.effectiveCost(),
                totals.equivalentCost());
    }

    Usage plus(Usage other) {
        return new Usage(
                billableSeconds + other.billableSeconds,
                comparedSeconds + other.comparedSeconds,
                provisionalSeconds + other.provisionalSeconds,
                inferredSeconds + other.inferredSeconds,
                effectiveCost.plus(other.effectiveCost),
                equivalentCost.plus(other.equivalentCost));
    }

    Usage minus(Usage earlier) {
        return new Usage(
                billableSeconds - earlier.billableSeconds,
                comparedSeconds - earlier.comparedSeconds,
                provisionalSeconds - earlier.provisionalSeconds,
                inferredSeconds - earlier.inferredSeconds,
                effectiveCost.minus(earlier.effectiveCost),
                equivalentCost.minus(earlier.equivalentCost));
    }

    Amount savings() {
        return equivalentCost.minus(effectiveCost);
    }
}
