package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What 'would have been paid' means: whose prices, where, under which terms, how much of a machine, and less which discount.
 *
 * @param provider who is compared with
 * @param region the region to compare in; empty for the provider's reference region. Where the equivalent is not sold there, the
 *     cheapest region that sells it stands in, and the answer names it
 * @param purchaseOption under which terms
 * @param sizing how much of a machine is charged
 * @param discountPercent what the host has negotiated off the list price, in percent: 0 to 100, at most four decimals
 */
public record Baseline(
        Provider provider,
        Optional<Region> region,
        PurchaseOption purchaseOption,
        Sizing sizing,
        BigDecimal discountPercent) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int MOST_DECIMALS = 4;

    /**
     * Takes trailing zeros off the discount, so that equal baselines are equal.
     *
     * @throws IllegalArgumentException if the discount is out of range or too fine
     */
    public Baseline {
        discountPercent = discountPercent.signum() == 0 ? BigDecimal.ZERO : discountPercent.stripTrailingZeros();
        if (discountPercent.signum() < 0
                || discountPercent.compareTo(HUNDRED) > 0
                || discountPercent.scale() > MOST_DECIMALS) {
            throw new IllegalArgumentException("a discount must be 0 to 100 percent with at most " + MOST_DECIMALS
                    + " decimals, not " + discountPercent);
        }
    }

    /**
     * The default baseline: on demand, by GPU share, in the provider's reference region.
     *
     * @param provider who is compared with
     * @return the baseline
     */
    public static Baseline onDemand(Provider provider) {
        return new Baseline(provider, Optional.empty(), PurchaseOption.ON_DEMAND, Sizing.GPU_SHARE, BigDecimal.ZERO);
    }

    /**
     * The same in a region of choice.
     *
     * @param other the region
     * @return a copy
     */
    public Baseline withRegion(Region other) {
        return new Baseline(provider, Optional.of(other), purchaseOption, sizing, discountPercent);
    }

    /**
     * The same under other terms.
     *
     * @param other the purchase option
     * @return a copy
     */
    public Baseline withPurchaseOption(PurchaseOption other) {
        return new Baseline(provider, region, other, sizing, discountPercent);
    }

    /**
     * The same with other sizing.
     *
     * @param other the sizing
     * @return a copy
     */
    public Baseline withSizing(Sizing other) {
        return new Baseline(provider, region, purchaseOption, other, discountPercent);
    }

    /**
     * The same less what the host has negotiated.
     *
     * @param percent off the list price, 0 to 100, at most four decimals
     * @return a copy
     * @throws IllegalArgumentException if the discount is out of range or too fine
     */
    public Baseline withDiscount(BigDecimal percent) {
        return new Baseline(provider, region, purchaseOption, sizing, percent);
    }
}
