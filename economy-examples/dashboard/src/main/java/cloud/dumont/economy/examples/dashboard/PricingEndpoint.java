package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list prices in effect at a moment, those of restricted types and regions too, each with what the account has negotiated. */
final class PricingEndpoint implements Endpoint {

    private static final int MOST_ROWS = 20_000;

    private final Economy economy;
    private final GpuCatalog gpus = GpuCatalog.bundled();

    PricingEndpoint(Economy economy) {
        this.economy = economy;
    }

    @Override
    public Content answer(ApiRequest request) {
        PriceCatalog catalog = request.catalog();
        Query query = request.query();
        Instant now = economy.now().truncatedTo(ChronoUnit.SECONDS);
        Instant at = query.moment("at", ZoneOffset.UTC).orElse(now);
        PricingView.Page page = new PricingView.Page(
                query.wholeNumber("offset", 0, Integer.MAX_VALUE, 0),
                query.wholeNumber("limit", 1, MOST_ROWS, MOST_ROWS));
        List<Provider> providers = providers(query, catalog);
        Optional<String> gpu = request.gpu(gpus).map(GpuModel::name);
        Optional<PurchaseOption> option = request.purchaseOption();
        OfferFilter filter = new OfferFilter(
                Optional.empty(),
                query.text("instance_type"),
                query.text("region").map(text -> region(text, providers, catalog)),
                option);

        List<Offer> offers = providers.stream()
                .flatMap(provider -> offers(catalog, provider, option))
                .filter(offer -> gpu.isEmpty() || gpu.equals(offer.spec().gpuModel()))
                .filter(offer -> filter.matches(offer.sku()))
                .toList();
        return new JsonContent(PricingView.of(offers, page, at, now, request.demo()));
    }

    private static Stream<Offer> offers(PriceCatalog catalog, Provider provider, Optional<PurchaseOption> option) {
        return option.map(terms -> catalog.offers(provider, terms)).orElseGet(() -> catalog.offers(provider));
    }

    private static List<Provider> providers(Query query, PriceCatalog catalog) {
        return query.text("provider")
                .filter(text -> !text.equalsIgnoreCase("all"))
                .map(text -> List.of(ApiRequest.known(text, catalog, ", all")))
                .orElseGet(() -> List.copyOf(catalog.providers()));
    }

    private static Region region(String text, List<Provider> providers, PriceCatalog catalog) {
        Region named = Region.of(text);
        TreeSet<Region> known = providers.stream()
                .flatMap(provider -> catalog.regions(provider).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Region region = providers.stream()
                .map(provider -> RegionNames.meant(provider, named))
                .filter(known::contains)
                .findFirst()
                .orElse(named);
        if (!known.contains(region)) {
            throw HttpProblem.badParameter("region", text, ApiRequest.join(known));
        }
        return region;
    }
}
