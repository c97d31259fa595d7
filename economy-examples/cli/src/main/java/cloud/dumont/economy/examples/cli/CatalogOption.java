package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceCsv.Undated;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which prices a command works on. */
final class CatalogOption {

    @Option(names = "--catalog", paramLabel = "FILE", description = "A catalog file; the bundled prices unless given.")
    private @Nullable Path file;

    @Option(names = "--undated", description = "Use prices whose source tells no day, too.")
    private boolean undated;

    PriceCatalog load() {
        if (file != null) {
            return PriceSource.file(file).load();
        }
        return (undated ? PriceSource.bundledWithUndated() : PriceSource.bundled()).load();
    }

    Undated undated() {
        return undated ? Undated.TAKEN : Undated.REFUSED;
    }
}
