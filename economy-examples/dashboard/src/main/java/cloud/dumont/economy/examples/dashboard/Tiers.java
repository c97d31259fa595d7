package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.savings.TierTotals;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What of a total rests on which tier of matches; every tier is told, the best first. */
final class Tiers {

    private static final List<Tier> ALL = List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST);

    private Tiers() {}

    static Map<Tier, BigDecimal> savings(SavingsTotals totals) {
        return each(totals, TierTotals::savings);
    }

    static Map<Tier, BigDecimal> costs(SavingsTotals totals) {
        return each(totals, TierTotals::equivalentCost);
    }

    private static Map<Tier, BigDecimal> each(SavingsTotals totals, Function<TierTotals, Amount> what) {
        Map<Tier, BigDecimal> figures = new EnumMap<>(Tier.class);
        ALL.forEach(tier -> figures.put(tier, what.apply(totals.tier(tier)).toUsd()));
        return figures;
    }
}
