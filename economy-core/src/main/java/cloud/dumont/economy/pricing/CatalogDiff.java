package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the newest prices of two catalogs have not in common, each list in the catalogs' order.
 *
 * @param added prices of SKUs that only the newer one has
 * @param removed prices of SKUs that only the older one has
 * @param changed SKUs that cost something else
 */
public record CatalogDiff(List<ListPrice> added, List<ListPrice> removed, List<Change> changed) {

    /**
     * A SKU that costs something else.
     *
     * @param before its newest price in the older catalog
     * @param after its newest price in the newer one
     */
    public record Change(ListPrice before, ListPrice after) {}

    /** Copies the lists. */
    public CatalogDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    static CatalogDiff between(PriceCatalog older, PriceCatalog newer) {
        Map<Sku, ListPrice> before = latest(older);
        Map<Sku, ListPrice> after = latest(newer);
        List<Change> changed = new ArrayList<>();
        newer.offers()
                .map(offer -> offer.history().latest())
                .forEach(price -> Optional.ofNullable(before.get(price.sku()))
                        .filter(old -> !old.rate().equals(price.rate()))
                        .ifPresent(old -> changed.add(new Change(old, price))));
        return new CatalogDiff(without(newer, before), without(older, after), changed);
    }

    private static Map<Sku, ListPrice> latest(PriceCatalog catalog) {
        return catalog.offers()
                .map(offer -> offer.history().latest())
                .collect(Collectors.toMap(ListPrice::sku, Function.identity()));
    }

    private static List<ListPrice> without(PriceCatalog catalog, Map<Sku, ListPrice> others) {
        return catalog.offers()
                .map(offer -> offer.history().latest())
                .filter(price -> !others.containsKey(price.sku()))
                .toList();
    }

    /**
     * Whether the newest prices are the same.
     *
     * @return true if there is nothing to tell
     */
    @JsonIgnore
    public boolean isEmpty() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
}
