package cloud.dumont.economy.gpu;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        StringWriter table = new StringWriter();
        int models = 0;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file);
                CsvWriter writer =
                        CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(table)) {
            writer.writeRecord(
                    "name",
                    "vendor",
                    "memory_gib",
                    "memory_bandwidth_gbps",
                    "fp32_tflops",
                    "fp16_tensor_tflops_dense",
                    "form_factor",
                    "source");
            for (NamedCsvRecord line : reader) {
                try {
                    writer.writeRecord(row(line, names));
                    models++;
                } catch (IllegalArgumentException e) {
                    refused.add(new Refused(line.getStartingLineNumber(), String.valueOf(e.getMessage())));
                }
            }
        }
        return new GpuSpecCsv(table.toString(), models, refused);
    }

    private static List<String> row(NamedCsvRecord line, Map<String, String> names) {
        String source = line.getField("gpu_model");
        String name = names.get(source);
        if (name == null) {
            throw new IllegalArgumentException("gpu_model '" + source + "' has no canonical name");
        }
        List<String> fields = new ArrayList<>(List.of(name, line.getField("vendor")));
        for (String column : FIGURES) {
            String figure = line.getField(column).strip();
            if (!figure.isEmpty() && !isAboveZero(figure)) {
                throw new IllegalArgumentException(column + " '" + figure + "' is not a number above 0");
            }
            fields.add(figure);
        }
        fields.add(line.getField("form_factor"));
        fields.add(line.getField("source"));
        return fields;
    }

    private static boolean isAboveZero(String figure) {
        try {
            return new BigDecimal(figure).signum() > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
