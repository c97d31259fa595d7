package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.pricing.NegotiatedDiscount;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param hostMatch whether vCPUs and memory count too
 */
public record Baseline(
        Provider provider,
        Optional<Region> region,
        PurchaseOption purchaseOption,
        Sizing sizing,
        BigDecimal discountPercent,
        HostMatch hostMatch) {

    /**
     * Takes trailing zeros off the discount and the region by the name that the provider's interfaces write ({@code East US} is {@code eastus}), so
     * that equal baselines are equal.
     *
     * @throws IllegalArgumentException if the discount is out of range or too fine
     */
    public Baseline {
        discountPercent = NegotiatedDiscount.checked(discountPercent);
        Provider seller = provider;
        region = region.map(named -> RegionNames.meant(seller, named));
    }

    /**
     * The default baseline: on demand, by GPU share, in the provider's reference region.
     *
     * @param provider who is compared with
     * @return the baseline
     */
    public static Baseline onDemand(Provider provider) {
        return new Baseline(
                provider,
                Optional.empty(),
                PurchaseOption.ON_DEMAND,
                Sizing.GPU_SHARE,
                BigDecimal.ZERO,
                HostMatch.GPUS_ONLY);
    }

    /**
     * The same in a region of choice.
     *
     * @param other the region
     * @return a copy
     */
    public Baseline withRegion(Region other) {
        return new Baseline(provider, Optional.of(other), purchaseOption, sizing, discountPercent, hostMatch);
    }

    /**
     * The same under other terms.
     *
     * @param other the purchase option
     * @return a copy
     */
    public Baseline withPurchaseOption(PurchaseOption other) {
        return new Baseline(provider, region, other, sizing, discountPercent, hostMatch);
    }

    /**
     * The same with other sizing.
     *
     * @param other the sizing
     * @return a copy
     */
    public Baseline withSizing(Sizing other) {
        return new Baseline(provider, region, purchaseOption, other, discountPercent, hostMatch);
    }

    /**
     * The same less what the host has negotiated.
     *
     * @param percent off the list price, 0 to 100, at most four decimals
     * @return a copy
     * @throws IllegalArgumentException if the discount is out of range or too fine
     */
    public Baseline withDiscount(BigDecimal percent) {
        return new Baseline(provider, region, purchaseOption, sizing, percent, hostMatch);
    }

    /**
     * The same with vCPUs and memory counting, or not.
     *
     * @param other whether they count
     * @return a copy
     */
    public Baseline withHostMatch(HostMatch other) {
        return new Baseline(provider, region, purchaseOption, sizing, discountPercent, other);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("discountPercent")
    String getDiscountPercent() {
        return discountPercent.toPlainString();
    }
}
