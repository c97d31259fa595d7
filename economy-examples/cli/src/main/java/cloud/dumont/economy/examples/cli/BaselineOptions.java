package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
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
        market.region().ifPresent(region -> catalog.checkRegion(market.provider(), region));
        return catalog;
    }

    boolean hasOverlay() {
        return overlay.isGiven();
    }

    /** What accounts know better than this list; what should be looked at is told. */
    OverlayCsv overlays(PriceCatalog list, PrintWriter err) throws IOException {
        return overlay.read(list, err);
    }
}
