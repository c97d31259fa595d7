package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What accounts know better than the price list. */
final class OverlayOption {

    @Option(
            names = "--overlay",
            paramLabel = "FILE",
            description = "What accounts know better than the price list: discounts, own prices, exclusions, as CSV.")
    private @Nullable Path overlay;

    boolean isGiven() {
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
