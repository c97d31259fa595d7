package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuSpecCsv;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceHistory;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceCsv;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The care of catalogs: what is in one, whether it agrees with a price file, and how one is made. */
@Command(name = "catalog", description = "What is in a catalog, and how one is made.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
final class CatalogCommand implements Runnable {

    private static final BigDecimal ONE_PERCENT = new BigDecimal("0.01");

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? stats, verify or import");
    }

    private Output output() {
        return cli.output(spec.commandLine().getOut());
    }

    private static LocalDate today() {
        return LocalDate.now(Clock.systemUTC());
    }

    @Command(name = "stats", description = "What is in a catalog.", mixinStandardHelpOptions = true)
    int stats(@Mixin CatalogOption catalogOption) {
        PriceCatalog catalog = catalogOption.load();
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("version", catalog.version());
        answer.put("skus", catalog.size());
        answer.put(
                "prices",
                catalog.offers()
                        .mapToInt(offer -> offer.history().prices().size())
                        .sum());
        answer.put(
                "providers",
                catalog.providers().stream()
                        .map(provider -> provider(catalog, provider))
                        .toList());
        answer.put("gpus", count(catalog, offer -> offer.spec().gpuModel().orElse("none")));
        answer.put(
                "purchase_options",
                count(catalog, offer -> offer.sku().purchaseOption().name()));
        answer.put(
                "read_on",
                count(
                        catalog,
                        offer -> offer.history().latest().provenance().readOn().toString()));
        answer.put(
                "unknown_gpu_count",
                catalog.offers()
                        .filter(offer -> offer.spec().gpuModel().isPresent()
                                && offer.spec().gpuCount().isEmpty())
                        .count());
        answer.put(
                "restricted",
                catalog.offers()
                        .filter(offer -> offer.restriction().isPresent())
                        .count());
        output().print(answer);
        return 0;
    }

    private static Map<String, Object> provider(PriceCatalog catalog, Provider provider) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("provider", provider.id());
        fields.put(
                "reference_region",
                catalog.referenceRegion(provider).map(Region::id).orElse("none"));
        fields.put("regions", catalog.regions(provider).size());
        fields.put("instance_types", catalog.instanceTypes(provider).size());
        fields.put("skus", catalog.offers(provider).count());
        fields.put(
                "billing",
                catalog.billingRule(provider).minimumSeconds() + " s minimum, "
                        + catalog.billingRule(provider).incrementSeconds() + " s increment");
        return fields;
    }

    private static Map<String, Long> count(PriceCatalog catalog, Function<Offer, String> by) {
        return catalog.offers().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }

    @Command(name = "verify", description = "Compares a catalog with a prices CSV.", mixinStandardHelpOptions = true)
    int verify(
            @Mixin CatalogOption catalogOption,
            @Option(names = "--against", required = true, paramLabel = "PRICES.csv", description = "A prices CSV.")
                    Path against)
            throws IOException {
        PriceCatalog catalog = catalogOption.load();
        PriceCsv csv = PriceCsv.read(against, GpuCatalog.bundled(), today());
        int equal = 0;
        int near = 0;
        int missing = 0;
        List<Map<String, @Nullable Object>> differences = new ArrayList<>();
        for (PriceRow row : csv.rows()) {
            Optional<ListPrice> known = catalog.history(row.sku()).map(history -> priceOn(history, row));
            if (known.isPresent() && known.get().rate().equals(row.rate())) {
                equal++;
                continue;
            }
            if (known.isEmpty()) {
                missing++;
            } else if (isNear(known.get(), row)) {
                near++;
            }
            Map<String, @Nullable Object> difference = new LinkedHashMap<>();
            difference.put("sku", row.sku().toString());
            difference.put("file_usd_per_hour", Output.plain(row.rate().toUsd()));
            difference.put(
                    "catalog_usd_per_hour",
                    known.map(price -> Output.plain(price.rate().toUsd())).orElse(null));
            differences.add(difference);
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("checked", csv.rows().size());
        answer.put("equal", equal);
        answer.put("within_1pct", near);
        answer.put("different", differences.size() - near - missing);
        answer.put("missing", missing);
        answer.put("differences", differences);
        answer.put("refused", refused(csv));
        output().print(answer);
        return 0;
    }

    private static ListPrice priceOn(PriceHistory history, PriceRow row) {
        return history.at(row.effectiveFrom());
    }

    private static boolean isNear(ListPrice known, PriceRow row) {
        BigDecimal difference =
                known.rate().toUsd().subtract(row.rate().toUsd()).abs();
        return difference.compareTo(row.rate().toUsd().multiply(ONE_PERCENT)) <= 0;
    }

    private static List<Map<String, Object>> refused(PriceCsv csv) {
        return csv.refused().stream()
                .map(line -> Map.<String, Object>of("line", line.line(), "reason", line.reason()))
                .toList();
    }

    @Command(
            name = "import",
            description = "Makes a catalog out of prices CSV files, or the GPU table out of a specifications CSV.",
            mixinStandardHelpOptions = true)
    int importFiles(
            @Option(
                            names = "--from",
                            required = true,
                            arity = "1..*",
                            paramLabel = "PRICES.csv",
                            description = "What to read.")
                    List<Path> from,
            @Option(names = "--to", required = true, paramLabel = "CATALOG", description = "What to write.") Path to,
            @Option(names = "--skip-refused", description = "Leave refused lines out instead of writing nothing.")
                    boolean skipRefused)
            throws IOException {
        if (from.size() == 1 && GpuSpecCsv.isSpecs(from.get(0))) {
            return importSpecs(from.get(0), to, skipRefused);
        }
        List<PriceRow> rows = new ArrayList<>();
        int refused = 0;
        for (Path file : from) {
            PriceCsv csv = PriceCsv.read(file, GpuCatalog.bundled(), today());
            rows.addAll(csv.rows());
            csv.refused().forEach(line -> refuse(file, line.line(), line.reason()));
            refused += csv.refused().size();
        }
        if (refused > 0 && !skipRefused) {
            return nothingWritten(to);
        }
        PriceCatalog catalog = PriceCatalog.of(rows);
        catalog.write(to);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("catalog", to.toString());
        answer.put("version", catalog.version());
        answer.put("rows", rows.size());
        answer.put("skus", catalog.size());
        answer.put("refused", refused);
        answer.put("bytes", Files.size(to));
        output().print(answer);
        return 0;
    }

    private int importSpecs(Path from, Path to, boolean skipRefused) throws IOException {
        GpuSpecCsv csv = GpuSpecCsv.read(from);
        csv.refused().forEach(line -> refuse(from, line.line(), line.reason()));
        if (!csv.refused().isEmpty() && !skipRefused) {
            return nothingWritten(to);
        }
        Files.writeString(to, csv.table(), StandardCharsets.UTF_8);
        output().print(Map.of("gpus", csv.models(), "refused", csv.refused().size()));
        return 0;
    }

    private void refuse(Path file, long line, String reason) {
        spec.commandLine().getErr().println(file + ":" + line + ": refused: " + reason);
    }

    private int nothingWritten(Path to) {
        spec.commandLine().getErr().println("nothing was written to " + to + "; --skip-refused leaves these lines out");
        return EconomyCli.REFUSED;
    }
}
