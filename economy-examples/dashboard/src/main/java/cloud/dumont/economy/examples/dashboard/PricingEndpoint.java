package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list prices in effect at a moment, those of restricted types and regions too. */
final class PricingEndpoint implements Endpoint {

    private final Economy economy;
    private final GpuCatalog gpus = GpuCatalog.bundled();

    PricingEndpoint(Economy economy) {
        this.economy = economy;
    }

    @Override
    public Content answer(ApiRequest request) {
        PriceCatalog catalog = economy.catalog();
        Query query = request.query();
        Instant now = economy.now().truncatedTo(ChronoUnit.SECONDS);
        Instant at = query.moment("at", ZoneOffset.UTC).orElse(now);
        List<Provider> providers = providers(query, catalog);
        Optional<String> gpu = request.gpu(gpus).map(GpuModel::name);
        Optional<Region> region = query.text("region").map(text -> region(text, providers, catalog));
        Optional<PurchaseOption> option = request.purchaseOption();

        Predicate<Offer> wanted = offer -> matches(gpu, offer.spec().gpuModel())
                && matches(region, Optional.of(offer.sku().region()))
                && matches(option, Optional.of(offer.sku().purchaseOption()));
        Stream<Offer> offers = providers.stream().flatMap(catalog::offers).filter(wanted);
        return new JsonContent(PricingView.of(offers, at, now, request.demo()));
    }

    private static <T> boolean matches(Optional<T> wanted, Optional<T> is) {
        return wanted.isEmpty() || wanted.equals(is);
    }

    private static List<Provider> providers(Query query, PriceCatalog catalog) {
        return query.text("provider")
                .filter(text -> !text.equalsIgnoreCase("all"))
                .map(text -> List.of(ApiRequest.known(text, catalog, ", all")))
                .orElseGet(() -> List.copyOf(catalog.providers()));
    }

    private static Region region(String text, List<Provider> providers, PriceCatalog catalog) {
        Region region = Region.of(text);
        TreeSet<Region> known = providers.stream()
                .flatMap(provider -> catalog.regions(provider).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!known.contains(region)) {
            throw HttpProblem.badParameter("region", text, join(known));
        }
        return region;
    }

    private static String join(Collection<?> known) {
        return known.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
