package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;

/**
 * Decides what stands for a GPU in a comparison. The answer depends on nothing but the arguments, so that it can be decided once
 * and kept. Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface EquivalencePolicy {

    /**
     * The equivalent.
     *
     * @param catalog the prices to choose from
     * @param query what to find an equivalent for
     * @return the equivalent; of tier {@link Tier#NONE} where nothing qualifies, never null
     */
    Equivalent decide(PriceCatalog catalog, EquivalenceQuery query);

    /**
     * The library's own policy: the same GPU before the nearest, the reference region before others, exact counts before shares,
     * and the cheapest in each step, which is the choice that claims the least savings.
     *
     * @param gpus the GPU models that catalogs speak of
     * @return the policy
     */
    static EquivalencePolicy standard(GpuCatalog gpus) {
        return new StandardEquivalencePolicy(gpus);
    }

    /**
     * This policy, with each decision kept for as long as its catalog is in use.
     *
     * @return a policy that gives the same answers
     */
    default EquivalencePolicy cached() {
        return new CachedEquivalencePolicy(this);
    }

    /**
     * This policy with {@link Tier#NEAREST} matches priced at their floor, the cheapest GPU with enough memory at any speed: the least
     * that can be claimed.
     *
     * @return a policy that claims no more than this one
     */
    default EquivalencePolicy atFloor() {
        return (catalog, query) -> decide(catalog, query).atFloor();
    }
}
