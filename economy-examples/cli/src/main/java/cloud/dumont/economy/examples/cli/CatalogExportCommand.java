package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceCsv;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Sku;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes a catalog's prices as CSV, which the import reads again. */
@Command(
        name = "export",
        description = {
            "Writes the prices of a catalog as CSV, each with its source and the days it was seen.",
            "Machines that are put together from others are left out and counted: an import puts them together again."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogExportCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Mixin
    private CatalogOption catalogOption;

    @Option(names = "--to", required = true, paramLabel = "PRICES.csv", description = "What to write.")
    private Path to;

    @Option(names = "--provider", paramLabel = "P", description = "Whose prices; everybody's unless given.")
    private @Nullable Provider provider;

    @Option(names = "--newest", description = "Leave out the prices that others have taken the place of.")
    private boolean newest;

    @Override
    public Integer call() throws IOException {
        PriceCatalog catalog = catalogOption.load();
        Set<Sku> seen = new HashSet<>();
        List<PriceRow> rows = catalog.rows()
                .filter(row -> provider == null || row.spec().provider().equals(provider))
                .filter(row -> seen.add(row.sku()) || !newest)
                .toList();
        Files.writeString(to, PriceCsv.write(rows), StandardCharsets.UTF_8);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("rows", rows.size());
        answer.put("skus", seen.size());
        answer.put(
                "composed_left_out",
                catalog.offers()
                        .filter(offer ->
                                provider == null || offer.spec().provider().equals(provider))
                        .filter(offer -> offer.spec().composition().isPresent())
                        .count());
        parent.output().print(answer);
        return 0;
    }
}
