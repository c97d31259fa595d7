package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.pricing.PriceCatalog;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;

/** Keeps decisions: a fleet has few kinds of instances, and deciding for one walks the provider's whole catalog. */
final class CachedEquivalencePolicy implements EquivalencePolicy {

    private static final int MOST_DECISIONS = 10_000;

    private record Key(String catalogVersion, EquivalenceQuery query) {}

    private final EquivalencePolicy policy;
    private final Cache<Key, Equivalent> decisions =
            Caffeine.newBuilder().maximumSize(MOST_DECISIONS).build();

    CachedEquivalencePolicy(EquivalencePolicy policy) {
        this.policy = policy;
    }

    @Override
    public Equivalent decide(PriceCatalog catalog, EquivalenceQuery query) {
        return decisions.get(new Key(catalog.version(), query), key -> policy.decide(catalog, query));
    }

    @Override
    public Optional<String> identity() {
        return policy.identity();
    }

    @Override
    public EquivalencePolicy cached() {
        return this;
    }
}
