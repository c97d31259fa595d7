package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import java.util.stream.Collectors;

/**
 * A question by somebody who may ask it.
 *
 * @param account whose figures are asked for: the token's account, and no parameter changes that
 * @param query what exactly
 * @param prefersCsv whether the Accept header asks for CSV
 */
record ApiRequest(AccountId account, Query query, boolean prefersCsv) {

    boolean demo() {
        return account.equals(DemoFleet.ACCOUNT);
    }

    /** Whom to compare with. */
    Provider provider(PriceCatalog catalog) {
        return query.text("provider").map(text -> known(text, catalog, "")).orElse(Provider.AWS);
    }

    static Provider known(String text, PriceCatalog catalog, String orElse) {
        Provider provider = Provider.of(text);
        if (!catalog.providers().contains(provider)) {
            String known = catalog.providers().stream().map(Provider::id).collect(Collectors.joining(", "));
            throw HttpProblem.badParameter("provider", text, known + orElse);
        }
        return provider;
    }
}
