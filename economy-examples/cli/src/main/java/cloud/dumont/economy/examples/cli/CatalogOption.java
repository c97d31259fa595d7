package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which prices a command works on. */
final class CatalogOption {

    @Option(names = "--catalog", paramLabel = "FILE", description = "A catalog file; the bundled prices unless given.")
    private @Nullable Path file;

    PriceCatalog load() {
        return (file == null ? PriceSource.bundled() : PriceSource.file(file)).load();
    }
}
