package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description = "What accounts know better than the price list: discounts, own prices, exclusions, as CSV.")
    private @Nullable Path overlay;

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
        return overlay != null;
    }

    /** What an account, or {@code *}, knows better. */
    Function<String, PriceOverlay> overlays() throws IOException {
        if (overlay == null) {
            return account -> PriceOverlay.NONE;
        }
        OverlayCsv csv = OverlayCsv.read(overlay, GpuCatalog.bundled());
        if (!csv.refused().isEmpty()) {
            throw new IllegalArgumentException(csv.refused().stream()
                    .map(line -> overlay + ":" + line.line() + ": refused: " + line.reason())
                    .collect(Collectors.joining("\n")));
        }
        return csv::of;
    }
}
