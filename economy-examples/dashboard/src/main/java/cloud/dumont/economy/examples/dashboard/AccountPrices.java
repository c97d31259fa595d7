package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.Trust;
import cloud.dumont.economy.provider.Provider;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Prices as an account sees them.
 *
 * @param catalog the price list with what the account knows better laid over it
 * @param onOwnTerms whose prices are not the public ones alone: some are the account's own, or less what it has negotiated
 */
record AccountPrices(PriceCatalog catalog, Set<Provider> onOwnTerms) {

    static AccountPrices listed(PriceCatalog list) {
        return new AccountPrices(list, Set.of());
    }

    static AccountPrices of(PriceCatalog overlaid) {
        return new AccountPrices(
                overlaid,
                overlaid.offers()
                        .filter(AccountPrices::isOnOwnTerms)
                        .map(offer -> offer.sku().provider())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static boolean isOnOwnTerms(Offer offer) {
        return offer.negotiated().isPresent()
                || offer.history().prices().stream().anyMatch(price -> price.trust() == Trust.HOST);
    }
}
