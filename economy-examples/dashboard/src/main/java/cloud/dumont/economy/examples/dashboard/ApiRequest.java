package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A question by somebody who may ask it.
 *
 * @param account whose figures are asked for: the token's account, and no parameter changes that
 * @param prices what the account is compared with
 * @param query what exactly
 * @param id what stands in the path for an id, undecoded; empty where the route has none
 * @param call the request itself
 */
record ApiRequest(AccountId account, AccountPrices prices, Query query, String id, Call call) {

    private enum Format {
        JSON,
        CSV
    }

    static final Parameter FORMAT = Parameter.choice(
            "format",
            "json or csv; what the Accept header asks for unless given, and json otherwise.",
            Format.values());

    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,4})?");

    PriceCatalog catalog() {
        return prices.catalog();
    }

    boolean demo() {
        return account.equals(DemoFleet.ACCOUNT);
    }

    /** What stands in the path for an id, decoded. */
    String decodedId() {
        try {
            // A plus is a plus here: it means a blank in queries only.
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.notFound("'" + id + "' is no percent-encoded UTF-8");
        }
    }

    /** Whom to compare with. */
    Provider provider() {
        return query.text("provider").map(text -> known(text, catalog(), "")).orElse(Provider.AWS);
    }

    static Provider known(String text, PriceCatalog catalog, String orElse) {
        Provider provider;
        try {
            provider = Provider.of(text);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badParameter("provider", text, join(catalog.providers()) + orElse);
        }
        if (!catalog.providers().contains(provider)) {
            throw HttpProblem.badParameter("provider", text, join(catalog.providers()) + orElse);
        }
        return provider;
    }

    /** What 'would have been paid' means, by the parameters that every comparison takes. */
    Baseline baseline() {
        Provider provider = provider();
        Baseline anywhere = baseline(provider);
        return query.text("region")
                .map(text -> anywhere.withRegion(
                        region(text, provider).orElseThrow(() -> unknownRegion(text, List.of(provider)))))
                .orElse(anywhere);
    }

    /** The same against any provider, in its reference region. */
    Baseline baseline(Provider provider) {
        return new Baseline(
                provider,
                Optional.empty(),
                purchaseOption().orElse(PurchaseOption.ON_DEMAND),
                query.choice("sizing", Sizing.GPU_SHARE),
                discount(),
                query.choice("host_match", HostMatch.GPUS_ONLY));
    }

    /** The region of that name at a provider; empty where it has none. */
    Optional<Region> region(String text, Provider provider) {
        Region named;
        try {
            named = Region.of(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(RegionNames.meant(provider, named))
                .filter(region -> catalog().regions(provider).contains(region));
    }

    HttpProblem unknownRegion(String text, Collection<Provider> providers) {
        return HttpProblem.badParameter(
                "region",
                text,
                join(providers.stream()
                        .flatMap(provider -> catalog().regions(provider).stream())
                        .collect(Collectors.toCollection(TreeSet::new))));
    }

    private BigDecimal discount() {
        return query.text("discount")
                .map(text -> Optional.of(text)
                        .filter(percent -> PERCENT.matcher(percent).matches())
                        .map(BigDecimal::new)
                        .filter(percent -> percent.compareTo(BigDecimal.valueOf(100)) <= 0)
                        .orElseThrow(() -> HttpProblem.badParameter(
                                "discount",
                                text,
                                "a percentage from 0 to 100 with at most four decimals, such as 12.5")))
                .orElse(BigDecimal.ZERO);
    }

    /** Which GPU is asked for, by any of its names. */
    Optional<GpuModel> gpu(GpuCatalog gpus) {
        return query.text("gpu").map(text -> gpu(text, gpus));
    }

    static GpuModel gpu(String text, GpuCatalog gpus) {
        GpuResolution resolution = gpus.resolve(text);
        if (resolution instanceof GpuResolution.Known known) {
            return known.gpu();
        }
        throw notOneGpu(text, resolution, gpus);
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

    /** Whether the answer is to be CSV: the parameter decides, else the Accept header. */
    boolean wantsCsv() {
        return query.choice("format", prefersCsv() ? Format.CSV : Format.JSON) == Format.CSV;
    }

    private boolean prefersCsv() {
        return call.headers("Accept").stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(range -> range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter(type -> type.equals("text/csv") || type.equals("application/json"))
                .findFirst()
                .filter(type -> type.equals("text/csv"))
                .isPresent();
    }

    static String join(Collection<?> known) {
        return known.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
