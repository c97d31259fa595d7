package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.pricing.PriceCatalog;
import java.util.Optional;

/** A host's policy under the identity that the host gives it. */
final class IdentifiedEquivalencePolicy implements EquivalencePolicy {

    private static final int MOST_CHARACTERS = 100;

    private final EquivalencePolicy policy;
    private final String identity;

    IdentifiedEquivalencePolicy(EquivalencePolicy policy, String identity) {
        if (identity.isBlank() || identity.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the identity of a policy must have 1 to " + MOST_CHARACTERS
                    + " characters and not be blank, not '" + Given.shown(identity) + "'");
        }
        this.policy = policy;
        this.identity = "host's " + identity; // never taken for one of the library's own
    }

    @Override
    public Equivalent decide(PriceCatalog catalog, EquivalenceQuery query) {
        return policy.decide(catalog, query);
    }

    @Override
    public Optional<String> identity() {
        return Optional.of(identity);
    }
}
