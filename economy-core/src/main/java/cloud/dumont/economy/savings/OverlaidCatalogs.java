package cloud.dumont.economy.savings;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Price lists with what accounts know better laid over them, kept: with prices of an account's own, making one is a compilation. */
final class OverlaidCatalogs {

    private static final int MOST_KEPT = 1_000;

    private record Key(String version, PriceOverlay overlay) {}

    private final Cache<Key, PriceCatalog> catalogs =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    PriceCatalog of(PriceCatalog list, PriceOverlay overlay) {
        return overlay.equals(PriceOverlay.NONE)
                ? list
                : catalogs.get(new Key(list.version(), overlay), key -> list.with(overlay));
    }
}
