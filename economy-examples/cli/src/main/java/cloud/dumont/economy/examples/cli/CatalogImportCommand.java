package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuSpecCsv;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.FileOrigin;
import cloud.dumont.economy.pricing.source.PriceCsv.Undated;
import cloud.dumont.economy.pricing.source.PriceImport;
import cloud.dumont.economy.pricing.source.PriceImport.Absurd;
import cloud.dumont.economy.pricing.source.PriceImport.Note;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a catalog, or adds prices to one. */
@Command(
        name = "import",
        description = {
            "Adds prices to a catalog, which is made if it does not exist; or makes the GPU table out of a specifications CSV.",
            "A line that cannot be a price is refused, and then nothing is written. A price that is absurd beside what is"
                    + " known is held, and the last good one stays."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogImportCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Prices, prices over time, price changes, or GPU specifications, as CSV.")
    private List<Path> from = List.of();

    @Option(
            names = "--from-gcp-skus",
            paramLabel = "SKUS.json",
            description = "SKUs of Google's Cloud Billing Catalog: the GPUs that go with N1 machines.")
    private @Nullable Path gcpSkus;

    @Option(
            names = "--origin",
            split = ",",
            paramLabel = "SOURCE[,PATH[,REVISION]]",
            description = "Where a file comes from that does not tell it itself.")
    private List<String> origin = List.of();

    @Option(names = "--to", required = true, paramLabel = "CATALOG", description = "What to write.")
    private Path to;

    @Option(names = "--fresh", description = "Start from nothing instead of from what CATALOG knows.")
    private boolean fresh;

    @Option(names = "--skip-refused", description = "Leave refused lines out instead of writing nothing.")
    private boolean skipRefused;

    @Option(names = "--undated", description = "Take prices without a day, too.")
    private boolean undated;

    @Option(names = "--confirm", description = "Take absurd prices too, after you have checked them.")
    private boolean confirm;

    @Override
    public Integer call() throws IOException {
        if (from.isEmpty() && gcpSkus == null) {
            throw new ParameterException(spec.commandLine(), "what to import? --from or --from-gcp-skus");
        }
        if (from.size() == 1 && GpuSpecCsv.isSpecs(from.get(0))) {
            return importSpecs(from.get(0));
        }
        PriceCatalog known = fresh || Files.notExists(to) ? PriceCatalog.of(List.of()) : PriceCatalog.read(to);
        PriceImport prices = new PriceImport(
                known, GpuCatalog.bundled(), CatalogCommand.today(), undated ? Undated.TAKEN : Undated.REFUSED);
        for (Path file : from) {
            prices.read(file);
        }
        if (gcpSkus != null) {
            prices.readGcpSkus(gcpSkus, origin());
        }
        PriceImport.Result result = prices.finish(confirm ? Absurd.CONFIRMED : Absurd.HELD);
        result.refused().forEach(note -> report(note, "refused"));
        if (!result.refused().isEmpty() && !skipRefused) {
            return nothingWritten();
        }
        result.held().forEach(note -> report(note, "held"));
        result.told().forEach(note -> report(note, "taken, but look at it"));
        result.vanished().forEach(spec.commandLine().getErr()::println);
        result.catalog().write(to);
        parent.output().print(answer(result));
        return 0;
    }

    private FileOrigin origin() {
        if (origin.isEmpty() || origin.size() > 3) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--from-gcp-skus needs --origin: SOURCE, PATH and REVISION, the last two if known");
        }
        return new FileOrigin(
                origin.get(0), origin.size() > 1 ? origin.get(1) : "", origin.size() > 2 ? origin.get(2) : "");
    }

    private Map<String, Object> answer(PriceImport.Result result) throws IOException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("catalog", to.toString());
        answer.put("version", result.catalog().version());
        answer.put("rows", result.taken());
        answer.put("skus", result.catalog().size());
        answer.put("refused", notes(result.refused()));
        answer.put("quarantined", notes(result.held()));
        answer.put("told", notes(result.told()));
        answer.put("left_out", notes(result.leftOut()));
        answer.put("doubted", notes(result.doubted()));
        answer.put("vanished", result.vanished());
        answer.put("bytes", Files.size(to));
        return answer;
    }

    private static List<Map<String, Object>> notes(List<Note> notes) {
        return notes.stream()
                .map(note -> {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    fields.put("file", note.file().toString());
                    fields.put("line", note.line());
                    fields.put("reason", note.reason());
                    return fields;
                })
                .toList();
    }

    private int importSpecs(Path specs) throws IOException {
        GpuSpecCsv csv = GpuSpecCsv.read(specs);
        csv.refused().forEach(line -> report(new Note(specs, line.line(), line.reason()), "refused"));
        if (!csv.refused().isEmpty() && !skipRefused) {
            return nothingWritten();
        }
        Files.writeString(to, csv.table(), StandardCharsets.UTF_8);
        parent.output()
                .print(Map.of("gpus", csv.models(), "refused", csv.refused().size()));
        return 0;
    }

    private void report(Note note, String what) {
        spec.commandLine().getErr().println(note.file() + ":" + note.line() + ": " + what + ": " + note.reason());
    }

    private int nothingWritten() {
        spec.commandLine().getErr().println("nothing was written to " + to + "; --skip-refused leaves these lines out");
        return EconomyCli.REFUSED;
    }
}
