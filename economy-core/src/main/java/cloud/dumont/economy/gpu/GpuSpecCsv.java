package cloud.dumont.economy.gpu;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.input.Given;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Imports GPU specifications: reads {@code gpu_model,vendor,architecture,release_year,memory_gib,memory_type,memory_bandwidth_gbps,
 * fp32_tflops,fp16_tensor_tflops_dense,tdp_watts,form_factor,source} and gives the table that {@link GpuCatalog#bundled()} is made
 * of, {@code model,figure,value,source}: the figures that comparisons use, one a line, under canonical names and each with the
 * source of its own. The {@code source} read may differ by column, {@code "this; fp32_tflops: that; form_factor: a third"}.
 *
 * @param table the imported table, as CSV
 * @param models how many models it holds
 * @param refused the lines that could not be imported
 */
public record GpuSpecCsv(String table, int models, List<Refused> refused) {

    private static final List<String> COLUMNS = Stream.concat(
                    Stream.of("gpu_model", GpuTables.FORM_FACTOR, "source"),
                    Stream.of(GpuFigure.values()).map(GpuFigure::column))
            .toList();

    /** One column's source, or more of the one before. */
    private static final Pattern SOURCE_OF_COLUMN = Pattern.compile("([a-z0-9_]+): (.+)");

    private static final String ALL_OTHERS = "";

    private static final Map<String, String> SHORT_NAMES = Map.of("memory", GpuFigure.MEMORY_GIB.column());

    /**
     * A line that was refused.
     *
     * @param line its number, counted from 1
     * @param reason why
     */
    public record Refused(long line, String reason) {}

    /** Copies the list. */
    public GpuSpecCsv {
        refused = List.copyOf(refused);
    }

    /**
     * Whether a file is a table of GPU specifications, by its header.
     *
     * @param file a CSV file
     * @return true if it has the columns of one
     * @throws IOException if it cannot be read
     */
    public static boolean isSpecs(Path file) throws IOException {
        List<String> header = CsvLine.header(file);
        return header.size() > 1 && header.subList(0, 2).equals(List.of("gpu_model", "vendor"));
    }

    /**
     * Reads a file of specifications.
     *
     * @param file a CSV file with the columns above, UTF-8 or UTF-16 with its mark
     * @return the imported table
     * @throws IOException if it cannot be read
     */
    public static GpuSpecCsv read(Path file) throws IOException {
        Map<String, String> names = new HashMap<>();
        GpuTables.rows(GpuTables.MODELS).forEach(row -> names.put(row.getField("source_name"), row.getField("name")));
        List<Refused> refused = new ArrayList<>();
        List<List<List<String>>> models = new ArrayList<>();
        CsvLine.read(
                file,
                "GPU specifications",
                COLUMNS,
                line -> models.add(figures(line, names)),
                (line, reason) -> refused.add(new Refused(line, reason)));
        StringWriter table = new StringWriter();
        try (CsvWriter writer =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(table)) {
            writer.writeRecord("model", "figure", "value", "source");
            models.forEach(figures -> figures.forEach(writer::writeRecord));
        }
        return new GpuSpecCsv(table.toString(), models.size(), refused);
    }

    private static List<List<String>> figures(CsvLine line, Map<String, String> names) {
        String model = names.get(line.text("gpu_model"));
        if (model == null) {
            throw new IllegalArgumentException(
                    "gpu_model '" + Given.shown(line.text("gpu_model")) + "' has no canonical name");
        }
        Map<String, String> sources = sources(line.text("source"));
        List<List<String>> figures = new ArrayList<>();
        for (GpuFigure figure : GpuFigure.values()) {
            String column = figure.column();
            line.decimal(column).ifPresent(value -> {
                if (value.signum() <= 0) {
                    throw new IllegalArgumentException(column + " must be above 0, not " + line.text(column));
                }
                figures.add(List.of(model, column, line.text(column), source(sources, column)));
            });
        }
        line.optional(GpuTables.FORM_FACTOR)
                .ifPresent(formFactor -> figures.add(
                        List.of(model, GpuTables.FORM_FACTOR, formFactor, source(sources, GpuTables.FORM_FACTOR))));
        return figures;
    }

    private static String source(Map<String, String> sources, String column) {
        String source = sources.getOrDefault(column, sources.getOrDefault(ALL_OTHERS, ""));
        if (source.isEmpty()) {
            throw new IllegalArgumentException(column + " has no source");
        }
        return source;
    }

    /** The source of each column, and of those without one of their own. */
    private static Map<String, String> sources(String text) {
        Map<String, String> sources = new HashMap<>();
        String column = ALL_OTHERS;
        for (String part : text.split("; ")) {
            Matcher own = SOURCE_OF_COLUMN.matcher(part);
            boolean begins = own.matches();
            column = begins ? SHORT_NAMES.getOrDefault(own.group(1), own.group(1)) : column;
            sources.merge(column, begins ? own.group(2) : part, (said, more) -> said + "; " + more);
        }
        return sources;
    }
}
