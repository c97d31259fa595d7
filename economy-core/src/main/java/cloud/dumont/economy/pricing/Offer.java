package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Sku;
import java.util.Optional;

/**
 * A SKU with what it is made of and all its prices.
 *
 * @param spec the machine
 * @param history its prices
 * @param restriction why it is not sold to anyone (internal or preview type; GovCloud, local zone); empty where it is
 */
public record Offer(InstanceSpec spec, PriceHistory history, Optional<Restriction> restriction) {

    /**
     * What is offered.
     *
     * @return the SKU
     */
    public Sku sku() {
        return history.sku();
    }

    /**
     * Why an offer is not open to everyone.
     *
     * @param scope whether the type or the region is closed
     * @param reason in words
     */
    public record Restriction(Scope scope, String reason) {}

    /** What a restriction lies on. */
    public enum Scope {
        /** The type looks internal or preview: never an equivalent. */
        TYPE,
        /** The region is open to some only, or is a zone of its own kind: an equivalent only where the baseline names it. */
        REGION
    }
}
