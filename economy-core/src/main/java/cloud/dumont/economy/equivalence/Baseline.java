package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.Optional;

/**
 * What 'would have been paid' means: whose prices, where, under which terms, and how much of a machine.
 *
 * @param provider who is compared with
 * @param region the region to compare in; empty for the provider's reference region. Where the equivalent is not sold there, the
 *     cheapest region that sells it stands in, and the answer names it
 * @param purchaseOption under which terms
 * @param sizing how much of a machine is charged
 */
public record Baseline(Provider provider, Optional<Region> region, PurchaseOption purchaseOption, Sizing sizing) {

    /**
     * The default baseline: on demand, by GPU share, in the provider's reference region.
     *
     * @param provider who is compared with
     * @return the baseline
     */
    public static Baseline onDemand(Provider provider) {
        return new Baseline(provider, Optional.empty(), PurchaseOption.ON_DEMAND, Sizing.GPU_SHARE);
    }

    /**
     * The same in a region of choice.
     *
     * @param other the region
     * @return a copy
     */
    public Baseline withRegion(Region other) {
        return new Baseline(provider, Optional.of(other), purchaseOption, sizing);
    }

    /**
     * The same under other terms.
     *
     * @param other the purchase option
     * @return a copy
     */
    public Baseline withPurchaseOption(PurchaseOption other) {
        return new Baseline(provider, region, other, sizing);
    }

    /**
     * The same with other sizing.
     *
     * @param other the sizing
     * @return a copy
     */
    public Baseline withSizing(Sizing other) {
        return new Baseline(provider, region, purchaseOption, other);
    }
}
