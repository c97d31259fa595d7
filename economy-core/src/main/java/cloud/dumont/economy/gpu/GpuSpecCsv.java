package cloud.dumont.economy.gpu;

import cloud.dumont.economy.csv.CsvLine;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Imports GPU specifications: reads {@code gpu_model,vendor,architecture,release_year,memory_gib,memory_type,memory_bandwidth_gbps,
 * fp32_tflops,fp16_tensor_tflops_dense,tdp_watts,form_factor,source} and gives the table that {@link GpuCatalog#bundled()} is made
 * of: canonical names, the figures that comparisons use, and the source of each.
 *
 * @param table the imported table, as CSV
 * @param models how many models it holds
 * @param refused the lines that could not be imported
 */
public record GpuSpecCsv(String table, int models, List<Refused> refused) {

    private static final List<String> FIGURES =
            List.of("memory_gib", "memory_bandwidth_gbps", "fp32_tflops", "fp16_tensor_tflops_dense");

    private static final List<String> COLUMNS = List.of(
            "gpu_model",
            "vendor",
            "memory_gib",
            "memory_bandwidth_gbps",
            "fp32_tflops",
            "fp16_tensor_tflops_dense",
            "form_factor",
            "source");

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
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(header -> header.startsWith("gpu_model,vendor,"))
                    .isPresent();
        }
    }

    /**
     * Reads a file of specifications.
     *
     * @param file a CSV file with the columns above, UTF-8
     * @return the imported table
     * @throws IOException if it cannot be read
     */
    public static GpuSpecCsv read(Path file) throws IOException {
        Map<String, String> names = new HashMap<>();
        GpuCatalog.rows("gpu-names.csv").forEach(row -> names.put(row.getField("source_name"), row.getField("name")));
        List<Refused> refused = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        CsvLine.read(
                file,
                "GPU specifications",
                COLUMNS,
                line -> rows.add(row(line, names)),
                (line, reason) -> refused.add(new Refused(line, reason)));
        StringWriter table = new StringWriter();
        try (CsvWriter writer =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(table)) {
            writer.writeRecord(
                    Stream.concat(Stream.of("name"), COLUMNS.stream().skip(1)).toList());
            rows.forEach(writer::writeRecord);
        }
        return new GpuSpecCsv(table.toString(), rows.size(), refused);
    }

    private static List<String> row(CsvLine line, Map<String, String> names) {
        String name = names.get(line.text("gpu_model"));
        if (name == null) {
            throw new IllegalArgumentException("gpu_model '" + line.text("gpu_model") + "' has no canonical name");
        }
        for (String column : FIGURES) {
            if (line.decimal(column).filter(figure -> figure.signum() <= 0).isPresent()) {
                throw new IllegalArgumentException(column + " must be above 0, not " + line.text(column));
            }
        }
        return Stream.concat(Stream.of(name), COLUMNS.stream().skip(1).map(line::text))
                .toList();
    }
}
