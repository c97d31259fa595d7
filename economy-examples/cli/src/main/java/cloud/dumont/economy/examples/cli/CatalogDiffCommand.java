package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.CatalogDiff;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Tells what two catalogs have not in common. */
@Command(
        name = "diff",
        description = "What changed from one catalog to another, by the newest prices.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogDiffCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Parameters(index = "0", paramLabel = "A", description = "The older catalog file, or 'bundled'.")
    private Path older;

    @Parameters(index = "1", paramLabel = "B", description = "The newer catalog file, or 'bundled'.")
    private Path newer;

    @Override
    public Integer call() {
        CatalogDiff diff = source(newer).load().changesSince(source(older).load());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("added", diff.added().size());
        answer.put("removed", diff.removed().size());
        answer.put("changed", diff.changed().size());
        answer.put("added_prices", prices(diff.added()));
        answer.put("removed_prices", prices(diff.removed()));
        answer.put(
                "changed_prices",
                diff.changed().stream().map(CatalogDiffCommand::change).toList());
        parent.output().print(answer);
        return 0;
    }

    private static PriceSource source(Path file) {
        return file.toString().equals("bundled") ? PriceSource.bundled() : PriceSource.file(file);
    }

    private static List<Map<String, Object>> prices(List<ListPrice> prices) {
        return prices.stream()
                .map(price -> Map.<String, Object>of(
                        "sku",
                        price.sku().toString(),
                        "usd_per_hour",
                        Output.plain(price.rate().toUsd())))
                .toList();
    }

    private static Map<String, Object> change(CatalogDiff.Change change) {
        BigDecimal before = change.before().rate().toUsd();
        BigDecimal after = change.after().rate().toUsd();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("sku", change.after().sku().toString());
        fields.put("before_usd_per_hour", Output.plain(before));
        fields.put("after_usd_per_hour", Output.plain(after));
        fields.put(
                "percent",
                Output.plain(after.subtract(before).movePointRight(2).divide(before, 4, RoundingMode.HALF_EVEN)));
        fields.put("source", change.after().provenance().toString());
        return fields;
    }
}
