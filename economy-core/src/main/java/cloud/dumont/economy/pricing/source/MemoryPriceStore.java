package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.pricing.PriceCatalog;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps prices in memory. Thread-safe. */
final class MemoryPriceStore implements PriceStore {

    private final PriceSource first;
    private @Nullable KeptPrices kept;

    MemoryPriceStore(PriceSource first) {
        this.first = first;
    }

    private synchronized KeptPrices kept() {
        KeptPrices current = kept;
        if (current == null) {
            current = new KeptPrices(
                    Objects.requireNonNull(first.load(), "the price source gave null instead of a catalog"), List.of());
            kept = current;
        }
        return current;
    }

    @Override
    public PriceCatalog load() {
        return kept().catalog();
    }

    @Override
    public List<HeldPrice> held() {
        return kept().held();
    }

    @Override
    public synchronized KeptPrices update(UnaryOperator<KeptPrices> change) {
        KeptPrices changed = Objects.requireNonNull(change.apply(kept()), "change");
        kept = changed;
        return changed;
    }
}
