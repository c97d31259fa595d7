package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What of {@link SavingsTotals} adds up over time, by tier: all but the counts of instances and what is divided by them.
 *
 * @param tiers what rests on each tier; {@link Tier#NONE} is the time that was not compared, and what it is known to have cost
 */
public record SavingsSums(Map<Tier, UsageSums> tiers) {

    /** Nothing. */
    public static final SavingsSums ZERO = new SavingsSums(Map.of());

    /** Copies the tiers, but for those on which nothing rests: so equal sums are equal. */
    public SavingsSums {
        Map<Tier, UsageSums> some = new EnumMap<>(Tier.class);
        tiers.forEach((tier, sums) -> {
            if (!sums.equals(UsageSums.ZERO)) {
                some.put(tier, sums);
            }
        });
        tiers = Map.copyOf(some);
    }

    /**
     * Adds up.
     *
     * @param all any number of sums
     * @return their exact sum
     * @throws ArithmeticException if a part does not fit
     */
    public static SavingsSums sum(Collection<SavingsSums> all) {
        return all.stream().reduce(ZERO, SavingsSums::plus);
    }

    /**
     * The exact sum.
     *
     * @param other what to add
     * @return this plus the other
     * @throws ArithmeticException if a part does not fit
     */
    public SavingsSums plus(SavingsSums other) {
        Map<Tier, UsageSums> both = new EnumMap<>(Tier.class);
        both.putAll(tiers);
        other.tiers.forEach((tier, sums) -> both.merge(tier, sums, UsageSums::plus));
        return new SavingsSums(both);
    }

    /**
     * What rests on a tier.
     *
     * @param tier the tier
     * @return its sums, zero where nothing rests on it
     */
    public UsageSums tier(Tier tier) {
        return tiers.getOrDefault(tier, UsageSums.ZERO);
    }

    private Amount compared(Function<UsageSums, Amount> part) {
        return tiers.entrySet().stream()
                .filter(entry -> entry.getKey() != Tier.NONE)
                .map(entry -> part.apply(entry.getValue()))
                .reduce(Amount.ZERO, Amount::plus);
    }

    /**
     * What the compared time really cost.
     *
     * @return the sum over the tiers
     */
    public Amount effectiveCost() {
        return compared(UsageSums::effectiveCost);
    }

    /**
     * What the compared time would have cost.
     *
     * @return the sum over the tiers
     */
    public Amount equivalentCost() {
        return compared(UsageSums::equivalentCost);
    }

    /**
     * Equivalent minus effective cost, exactly; negative where the account paid more.
     *
     * @return the savings
     */
    public Amount savings() {
        return equivalentCost().minus(effectiveCost());
    }

    /**
     * What the rest is known to have cost.
     *
     * @return the cost of what is not compared
     */
    public Amount uncomparedCost() {
        return tier(Tier.NONE).effectiveCost();
    }

    /**
     * Billable time, compared or not.
     *
     * @return seconds
     */
    public long billableSeconds() {
        return tiers.values().stream().mapToLong(UsageSums::seconds).reduce(0, Math::addExact);
    }

    /**
     * Billable time that both sides have a price for.
     *
     * @return seconds
     */
    public long comparedSeconds() {
        return Math.subtractExact(billableSeconds(), tier(Tier.NONE).seconds());
    }

    /**
     * Which part of the billable time could be compared.
     *
     * @return 0 to 1 with nine decimals; empty where there is no billable time
     */
    public Optional<BigDecimal> coverage() {
        long all = billableSeconds();
        return all == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(comparedSeconds())
                        .divide(BigDecimal.valueOf(all), 9, RoundingMode.HALF_EVEN));
    }
}
