package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.usage.AccountId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A question by somebody who may ask it.
 *
 * @param account whose figures are asked for: the token's account, and no parameter changes that
 * @param prices what the account is compared with
 * @param query what exactly
 * @param prefersCsv whether the Accept header asks for CSV
 */
record ApiRequest(AccountId account, AccountPrices prices, Query query, boolean prefersCsv) {

    PriceCatalog catalog() {
        return prices.catalog();
    }

    boolean demo() {
        return account.equals(DemoFleet.ACCOUNT);
    }

    /** Whom to compare with. */
    Provider provider() {
        return query.text("provider").map(text -> known(text, catalog(), "")).orElse(Provider.AWS);
    }

    static Provider known(String text, PriceCatalog catalog, String orElse) {
        Provider provider = Provider.of(text);
        if (!catalog.providers().contains(provider)) {
            throw HttpProblem.badParameter("provider", text, join(catalog.providers()) + orElse);
        }
        return provider;
    }

    /** Which GPU is asked for, by any of its names. */
    Optional<GpuModel> gpu(GpuCatalog gpus) {
        return query.text("gpu").map(text -> {
            GpuResolution resolution = gpus.resolve(text);
            if (resolution instanceof GpuResolution.Known known) {
                return known.gpu();
            }
            throw notOneGpu(text, resolution, gpus);
        });
    }

    private static HttpProblem notOneGpu(String text, GpuResolution resolution, GpuCatalog gpus) {
        if (resolution instanceof GpuResolution.Ambiguous ambiguous) {
            return HttpProblem.badParameter("gpu", text, "one of those it may mean, " + join(ambiguous.choices()));
        }
        if (resolution instanceof GpuResolution.Shared) {
            return HttpProblem.badParameter(
                    "gpu",
                    text,
                    "the name of the card itself; this one says that replicas share it, which are not counted as cards");
        }
        String reason = resolution instanceof GpuResolution.Unknown unknown ? unknown.reason() + "; " : "";
        return HttpProblem.badParameter(
                "gpu '" + text + "' is not allowed: " + reason + "allowed: " + join(gpus.models()));
    }

    /** Under which terms. */
    Optional<PurchaseOption> purchaseOption() {
        return query.text("option").map(text -> {
            try {
                return PurchaseOption.parse(text);
            } catch (IllegalArgumentException e) {
                throw HttpProblem.badParameter("option", text, join(Arrays.asList(PurchaseOption.values())));
            }
        });
    }

    static String join(Collection<?> known) {
        return known.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
