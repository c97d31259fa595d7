package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Counts what is in a catalog: by provider, region, GPU, terms, day and trust. */
@Command(name = "stats", description = "What is in a catalog.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogStatsCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Mixin
    private CatalogOption catalogOption;

    @Override
    public Integer call() {
        PriceCatalog catalog = catalogOption.load();
        List<Offer> offers = catalog.offers().toList();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("version", catalog.version());
        answer.put("skus", catalog.size());
        answer.put(
                "prices",
                offers.stream()
                        .mapToInt(offer -> offer.history().prices().size())
                        .sum());
        answer.put(
                "providers",
                catalog.providers().stream()
                        .map(provider -> provider(catalog, provider))
                        .toList());
        answer.put(
                "regions",
                count(
                        offers,
                        offer -> offer.sku().provider() + " " + offer.sku().region()));
        answer.put("gpus", count(offers, offer -> offer.spec().gpuModel().orElse("none")));
        answer.put(
                "purchase_options",
                count(offers, offer -> offer.sku().purchaseOption().name()));
        answer.put(
                "read_on",
                count(
                        offers,
                        offer -> latest(offer)
                                .provenance()
                                .readOn()
                                .map(LocalDate::toString)
                                .orElse("undated")));
        answer.put("trust", count(offers, offer -> latest(offer).trust().name()));
        answer.put("composed", those(offers, offer -> offer.spec().composition().isPresent()));
        answer.put("unknown_gpu_count", those(offers, offer -> hasUnknownCount(offer.spec())));
        answer.put("restricted", those(offers, offer -> offer.restriction().isPresent()));
        answer.put(
                "changes_nobody_saw",
                offers.stream()
                        .flatMap(offer -> offer.history().prices().stream())
                        .filter(price -> price.window().isPresent())
                        .count());
        parent.output().print(answer);
        return 0;
    }

    private static ListPrice latest(Offer offer) {
        return offer.history().latest();
    }

    private static boolean hasUnknownCount(InstanceSpec spec) {
        return spec.gpuModel().isPresent() && spec.gpuCount().isEmpty();
    }

    private static Map<String, Object> provider(PriceCatalog catalog, Provider provider) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("provider", provider.id());
        fields.put(
                "reference_region",
                catalog.referenceRegion(provider).map(Region::id).orElse("none"));
        fields.put("regions", catalog.regions(provider).size());
        fields.put("instance_types", catalog.instanceTypes(provider).size());
        fields.put("skus", catalog.offers(provider).count());
        fields.put(
                "billing",
                catalog.billingRule(provider).minimumSeconds() + " s minimum, "
                        + catalog.billingRule(provider).incrementSeconds() + " s increment");
        return fields;
    }

    private static Map<String, Long> count(List<Offer> offers, Function<Offer, String> by) {
        return offers.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    private static long those(List<Offer> offers, Predicate<Offer> which) {
        return offers.stream().filter(which).count();
    }
}
