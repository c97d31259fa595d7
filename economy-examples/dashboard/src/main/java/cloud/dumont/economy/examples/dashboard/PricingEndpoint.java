package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The list prices in effect at a moment, those of restricted types and regions too, each with what the account has negotiated. */
final class PricingEndpoint implements Endpoint {

    /** As prices are at a moment. */
    private static Listed<Offer> listed(Instant at) {
        return new Listed<Offer>()
                .text("provider", offer -> Optional.of(offer.sku().provider().id()))
                .text("region", offer -> Optional.of(offer.sku().region().id()))
                .text(
                        "instance_type",
                        offer -> Optional.of(offer.sku().instanceType().name()))
                .text("gpu_model", offer -> offer.spec().gpuModel())
                .by("gpu_count", offer -> offer.spec().gpuCount().map(Decimals::gpus))
                .by("vcpus", offer -> offer.spec().vcpus())
                .by("memory_gib", offer -> offer.spec().memoryGib())
                .by("purchase_option", offer -> Optional.of(offer.sku().purchaseOption()))
                .by("read_on", offer -> offer.history().at(at).provenance().readOn())
                .by("usd_per_hour", offer -> Optional.of(offer.history().at(at).rate()))
                .by(
                        "usd_per_gpu_hour",
                        offer -> offer.spec()
                                .gpuCount()
                                .map(count ->
                                        PricingView.Row.perGpu(offer.history().at(at), count)));
    }

    static final List<Parameter> PARAMETERS = Parameter.list(
            List.of(
                    Parameter.text("provider", "Whose prices: all, or one provider in any case; all unless given."),
                    Parameter.text("gpu", "Only machines with this GPU, by any of its names."),
                    Parameter.text("region", "Only this region."),
                    Parameter.text("option", "Only these terms, such as SPOT."),
                    Parameter.text("instance_type", "Only this type; may hold * for any characters."),
                    Parameter.text("at", "The prices in effect at this day or instant; now unless given."),
                    ApiRequest.FORMAT),
            listed(Instant.EPOCH).parameters());

    private final Figures figures;
    private final GpuCatalog gpus = GpuCatalog.bundled();

    PricingEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        PriceCatalog catalog = request.catalog();
        Query query = request.query();
        Instant now = figures.now();
        Instant at = query.moment("at", ZoneOffset.UTC).orElse(now);
        boolean csv = request.wantsCsv();
        List<Provider> providers = providers(query, catalog);
        Optional<String> gpu = request.gpu(gpus).map(GpuModel::name);
        Optional<PurchaseOption> option = request.purchaseOption();
        OfferFilter filter = new OfferFilter(
                Optional.empty(),
                query.text("instance_type"),
                query.text("region").map(text -> region(text, providers, request)),
                option);

        List<Offer> offers = providers.stream()
                .flatMap(provider -> offers(catalog, provider, option))
                .filter(offer -> gpu.isEmpty() || gpu.equals(offer.spec().gpuModel()))
                .filter(offer -> filter.matches(offer.sku()))
                .toList();
        Page<Offer> page = listed(at).page(query, offers);
        return csv
                ? new TableCsv(
                        "prices",
                        PricingView.Row.class,
                        page.all().stream()
                                .map(offer -> PricingView.Row.of(offer, at))
                                .toList())
                : new JsonContent(PricingView.of(page, at, now, request.demo()));
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

    private static Region region(String text, List<Provider> providers, ApiRequest request) {
        return providers.stream()
                .flatMap(provider -> request.region(text, provider).stream())
                .findFirst()
                .orElseThrow(() -> request.unknownRegion(text, providers));
    }
}
