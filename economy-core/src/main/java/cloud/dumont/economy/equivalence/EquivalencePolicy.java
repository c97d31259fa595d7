package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import java.util.Optional;

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
     * What tells this policy from every other: two policies of one identity give the same answer to every question. Answers that are
     * kept beside a database, such as rollups, are used under the same identity only.
     *
     * @return its identity, at most 100 characters; empty for a policy that does not know it, such as a lambda: its answers cannot be
     *     kept beyond this process. {@link #identifiedBy} gives it one
     */
    default Optional<String> identity() {
        return Optional.empty();
    }

    /**
     * This policy under an identity that the host vouches for.
     *
     * @param identity a name of these rules and their edition, such as {@code no-preemptible 3}: 1 to 100 characters; another one whenever
     *     the rules change
     * @return a policy that gives the same answers
     * @throws IllegalArgumentException if the identity is blank or too long
     */
    default EquivalencePolicy identifiedBy(String identity) {
        return new IdentifiedEquivalencePolicy(this, identity);
    }

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
        return new FloorEquivalencePolicy(this);
    }
}
