package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceHistory;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceCsv;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Tells where a catalog and a prices CSV disagree. */
@Command(name = "verify", description = "Compares a catalog with a prices CSV.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogVerifyCommand implements Callable<Integer> {

    private static final BigDecimal ONE_PERCENT = new BigDecimal("0.01");

    @ParentCommand
    private CatalogCommand parent;

    @Mixin
    private CatalogOption catalogOption;

    @Option(names = "--against", required = true, paramLabel = "PRICES.csv", description = "A prices CSV.")
    private Path against;

    @Override
    public Integer call() throws IOException {
        PriceCatalog catalog = catalogOption.load();
        PriceCsv csv =
                PriceCsv.read(against, GpuCatalog.bundled(), CatalogCommand.today(), catalogOption.undated(), catalog);
        int equal = 0;
        int near = 0;
        int missing = 0;
        List<Map<String, @Nullable Object>> differences = new ArrayList<>();
        List<Map<String, Object>> explained = new ArrayList<>(lines(csv.leftOut()));
        for (PriceCsv.Line line : csv.lines()) {
            PriceRow row = line.row();
            Optional<HourlyRate> known = known(catalog, row);
            if (known.equals(Optional.of(row.rate()))) {
                equal++;
                continue;
            }
            if (row.isUndated() && known.isPresent()) {
                explained.add(explained(
                        line, known.get() + " is known with a day, which says more than a price without one"));
                continue;
            }
            Optional<String> contradiction = known.isEmpty() ? contradiction(catalog, row) : Optional.empty();
            if (contradiction.isPresent()) {
                explained.add(explained(line, contradiction.get()));
                continue;
            }
            if (known.isEmpty()) {
                missing++;
            } else if (isNear(known.get(), row.rate())) {
                near++;
            }
            Map<String, @Nullable Object> difference = new LinkedHashMap<>();
            difference.put("line", line.number());
            difference.put("sku", row.sku().toString());
            difference.put("file_usd_per_hour", Output.plain(row.rate().toUsd()));
            difference.put(
                    "catalog_usd_per_hour",
                    known.map(rate -> Output.plain(rate.toUsd())).orElse(null));
            differences.add(difference);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("checked", csv.lines().size());
        answer.put("equal", equal);
        answer.put("within_1pct", near);
        answer.put("different", differences.size() - near - missing);
        answer.put("missing", missing);
        answer.put("differences", differences);
        answer.put("explained", explained);
        answer.put("refused", lines(csv.refused()));
        parent.output().print(answer);
        return 0;
    }

    /** What the line says of its type, where an import refuses it for that. */
    private static Optional<String> contradiction(PriceCatalog catalog, PriceRow row) {
        Stream<PriceRow> ofType = catalog.rows()
                .filter(known -> known.spec().provider().equals(row.spec().provider())
                        && known.spec().instanceType().equals(row.spec().instanceType()));
        try {
            PriceCatalog.of(Stream.concat(ofType, Stream.of(row)).toList());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> explained(PriceCsv.Line line, String reason) {
        return Map.of("line", line.number(), "reason", line.row().sku() + ": " + reason);
    }

    private static List<Map<String, Object>> lines(List<PriceCsv.Refused> lines) {
        return lines.stream()
                .map(line -> Map.<String, Object>of("line", line.line(), "reason", line.reason()))
                .toList();
    }

    /** What the catalog says of the time the file speaks of: at its beginning, or, where that agrees, at its end. */
    private static Optional<HourlyRate> known(PriceCatalog catalog, PriceRow row) {
        Optional<PriceHistory> history = catalog.history(row.sku());
        Instant last = row.seenUntil().map(until -> until.minusSeconds(1)).orElse(row.effectiveFrom());
        return history.map(prices -> prices.at(row.effectiveFrom()).rate())
                .filter(rate -> !rate.equals(row.rate()))
                .or(() -> history.map(prices -> prices.at(last).rate()));
    }

    private static boolean isNear(HourlyRate known, HourlyRate told) {
        return known.toUsd().subtract(told.toUsd()).abs().compareTo(told.toUsd().multiply(ONE_PERCENT)) <= 0;
    }
}
