package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.usage.AccountId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Lays what accounts know better over the price list, and keeps what comes of it: it takes as long as compiling the list. */
final class Overlays {

    private record Laid(PriceCatalog list, AccountPrices prices) {}

    private final Function<AccountId, PriceOverlay> ofAccount;
    private final Map<PriceOverlay, Laid> kept = new ConcurrentHashMap<>();

    Overlays(Function<AccountId, PriceOverlay> ofAccount) {
        this.ofAccount = ofAccount;
    }

    AccountPrices prices(AccountId account, PriceCatalog list) {
        PriceOverlay wanted = ofAccount.apply(account);
        if (wanted.equals(PriceOverlay.NONE)) {
            return AccountPrices.listed(list);
        }
        return kept.compute(
                        wanted,
                        (overlay, laid) -> laid != null && laid.list() == list
                                ? laid
                                : new Laid(list, AccountPrices.of(list.with(overlay))))
                .prices();
    }
}
