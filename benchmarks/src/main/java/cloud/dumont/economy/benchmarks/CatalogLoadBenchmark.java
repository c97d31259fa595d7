package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceCsv;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.PurchaseOption;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take until prices can be looked up?
 *
 * <p>Data: the bundled catalog, and {@link PriceList}'s 60,000 made-up prices in three forms: the library's own file, a prices CSV of
 * 14 columns, and a JSON array of objects with five of them. All are in memory but the CSV that our reader takes, which is a file in the
 * page cache. The plain-Java ways put each price into a {@code HashMap}: one splits lines at commas, one reads Jackson's tree. They
 * keep the price alone; ours keep the machine, the dates and the source too.
 *
 * <p>{@code csvEconomy} is what {@code catalog import} does once, so that {@code ownFormat} is what every start does: it checks each
 * line, resolves its GPU, refuses contradictions, and compiles.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar CatalogLoad</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx2g"})
public class CatalogLoadBenchmark {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-23");

    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final GpuCatalog gpus = GpuCatalog.bundled();
    private Path csvFile;
    private byte[] ownFormat;
    private byte[] csv;
    private byte[] json;

    /** Filled by {@link #prepare()}. */
    public CatalogLoadBenchmark() {}

    /**
     * Draws the prices and writes them in each form.
     *
     * @throws IOException if there is no room for temporary files
     */
    @Setup
    public void prepare() throws IOException {
        List<PriceRow> rows = PriceList.rows(1);
        Path own = Files.createTempFile("benchmark", ".catalog");
        PriceCatalog.of(rows).write(own);
        ownFormat = Files.readAllBytes(own);
        Files.delete(own);
        csv = csv(rows).getBytes(StandardCharsets.UTF_8);
        csvFile = Files.createTempFile("benchmark", ".csv");
        Files.write(csvFile, csv);
        json = mapper.writeValueAsBytes(json(rows));
    }

    /**
     * Takes the temporary file away.
     *
     * @throws IOException if it is gone already
     */
    @TearDown
    public void delete() throws IOException {
        Files.delete(csvFile);
    }

    private static String csv(List<PriceRow> rows) {
        String header = "provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,memory_gib,"
                + "purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of\n";
        return rows.stream()
                .map(row -> String.join(
                        ",",
                        row.spec().provider().id(),
                        row.region().id(),
                        row.spec().instanceType().name(),
                        row.spec().gpuModel().orElseThrow(),
                        row.spec().gpuCount().orElseThrow().toString(),
                        row.spec().gpuMemoryGib().orElseThrow().toPlainString(),
                        row.spec().vcpus().orElseThrow().toString(),
                        row.spec().memoryGib().orElseThrow().toPlainString(),
                        row.purchaseOption().name(),
                        row.rate().toUsd().stripTrailingZeros().toPlainString(),
                        row.provenance().source(),
                        row.provenance().path(),
                        row.provenance().revision(),
                        row.provenance().readOn().orElseThrow().toString()))
                .collect(Collectors.joining("\n", header, "\n"));
    }

    private ArrayNode json(List<PriceRow> rows) {
        ArrayNode array = mapper.createArrayNode();
        for (PriceRow row : rows) {
            array.addObject()
                    .put("provider", row.spec().provider().id())
                    .put("region", row.region().id())
                    .put("instance_type", row.spec().instanceType().name())
                    .put("purchase_option", row.purchaseOption().name())
                    .put("usd_per_hour", row.rate().toUsd().stripTrailingZeros());
        }
        return array;
    }

    /**
     * The prices that come with the library.
     *
     * @return the catalog
     */
    @Benchmark
    public PriceCatalog bundled() {
        return PriceSource.bundled().load();
    }

    /**
     * 60,000 prices from the library's own form.
     *
     * @return the catalog
     */
    @Benchmark
    @Goal(question = "Load 60,000 prices, own format", against = "csvSplit", lead = 5, nanos = 3_000_000)
    public PriceCatalog ownFormat() {
        return PriceCatalog.read(ownFormat, "benchmark");
    }

    /**
     * 60,000 prices from a CSV, checked and compiled.
     *
     * @return the catalog
     * @throws IOException if the file is gone
     */
    @Benchmark
    @Goal(question = "Import 60,000 prices, CSV", against = "csvSplit", lead = 1.67)
    public PriceCatalog csvEconomy() throws IOException {
        PriceCsv read = PriceCsv.read(csvFile, gpus, TODAY);
        if (!read.refused().isEmpty()) {
            throw new IllegalStateException("refused: " + read.refused().get(0));
        }
        return PriceCatalog.of(read.rows());
    }

    /**
     * 60,000 prices from a CSV, by splitting its lines.
     *
     * @return the prices
     * @throws IOException never
     */
    @Benchmark
    @Rival
    public Map<PriceList.Key, BigDecimal> csvSplit() throws IOException {
        Map<PriceList.Key, BigDecimal> prices = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(",", -1);
                prices.put(
                        new PriceList.Key(fields[0], fields[1], fields[2], PurchaseOption.valueOf(fields[8])),
                        new BigDecimal(fields[9]));
            }
        }
        return prices;
    }

    /**
     * 60,000 prices from JSON, by Jackson's tree.
     *
     * @return the prices
     * @throws IOException never
     */
    @Benchmark
    @Rival
    public Map<PriceList.Key, BigDecimal> jsonTree() throws IOException {
        Map<PriceList.Key, BigDecimal> prices = new HashMap<>();
        for (JsonNode row : mapper.readTree(json)) {
            prices.put(
                    new PriceList.Key(
                            row.path("provider").asText(),
                            row.path("region").asText(),
                            row.path("instance_type").asText(),
                            PurchaseOption.valueOf(row.path("purchase_option").asText())),
                    row.path("usd_per_hour").decimalValue());
        }
        return prices;
    }
}
