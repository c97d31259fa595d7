package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.pricing.PriceCatalog;
import java.util.Optional;

/** A policy whose nearest matches are priced at their floor. */
final class FloorEquivalencePolicy implements EquivalencePolicy {

    private final EquivalencePolicy policy;

    FloorEquivalencePolicy(EquivalencePolicy policy) {
        this.policy = policy;
    }

    @Override
    public Equivalent decide(PriceCatalog catalog, EquivalenceQuery query) {
        return policy.decide(catalog, query).atFloor();
    }

    @Override
    public Optional<String> identity() {
        return policy.identity().map(identity -> identity + ", at the floor");
    }
}
