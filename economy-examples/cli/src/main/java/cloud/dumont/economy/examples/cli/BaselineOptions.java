package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a command compares with. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before they are read
final class BaselineOptions {

    @Mixin
    private MarketOptions market;

    @Option(names = "--sizing", paramLabel = "S", defaultValue = "GPU_SHARE", description = "${COMPLETION-CANDIDATES}.")
    private Sizing sizing;

    @Option(
            names = "--discount",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "What is negotiated off the list price; none unless given.")
    private BigDecimal discount;

    @Option(
            names = "--host-match",
            paramLabel = "M",
            defaultValue = "GPUS_ONLY",
            description = "Whether vCPUs and memory count too: ${COMPLETION-CANDIDATES}.")
    private HostMatch hostMatch;

    @Mixin
    private OverlayOption overlay;

    Baseline baseline() {
        return new Baseline(market.provider(), market.region(), market.purchaseOption(), sizing, discount, hostMatch);
    }

    /** The catalog, if it knows what is compared with. */
    PriceCatalog catalog() {
        PriceCatalog catalog = market.catalog();
        market.region()
                .filter(region -> !catalog.regions(market.provider()).contains(region))
                .ifPresent(region -> {
                    throw new NotFoundException("unknown region '" + region + "' of " + market.provider() + "; known: "
                            + catalog.regions(market.provider()).stream()
                                    .map(Region::id)
                                    .collect(Collectors.joining(", ")));
                });
        return catalog;
    }

    boolean hasOverlay() {
        return overlay.isGiven();
    }

    /** What an account, or {@code *}, knows better. */
    Function<String, PriceOverlay> overlays() throws IOException {
        return overlay.overlays();
    }
}
