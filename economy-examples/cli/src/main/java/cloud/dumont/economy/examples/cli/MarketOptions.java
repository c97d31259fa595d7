package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose prices, where, under which terms. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before they are read
final class MarketOptions {

    @Mixin
    private CatalogOption catalogOption;

    @Option(names = "--provider", required = true, paramLabel = "P", description = "Whose prices, such as aws.")
    private Provider provider;

    @Option(names = "--region", paramLabel = "R", description = "Where; the provider's reference region unless given.")
    private @Nullable Region region;

    @Option(
            names = "--option",
            paramLabel = "O",
            defaultValue = "ON_DEMAND",
            description = "Terms: ${COMPLETION-CANDIDATES}.")
    private PurchaseOption option;

    Provider provider() {
        return provider;
    }

    Optional<Region> region() {
        return Optional.ofNullable(region).map(named -> RegionNames.meant(provider, named));
    }

    PurchaseOption purchaseOption() {
        return option;
    }

    /** The catalog, if it knows the provider. */
    PriceCatalog catalog() {
        PriceCatalog catalog = catalogOption.load();
        if (!catalog.providers().contains(provider)) {
            throw new NotFoundException("unknown provider '" + provider + "'; known: "
                    + catalog.providers().stream().map(Provider::id).collect(Collectors.joining(", ")));
        }
        return catalog;
    }
}
