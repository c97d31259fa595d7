package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the prices CSV: {@code provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,memory_gib,
 * purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of}. A line that cannot be a price is refused with its
 * number and reason; the good lines stay good. A blank region means one price for all regions ({@link Region#GLOBAL}).
 *
 * @param rows the good lines' facts, in the file's order
 * @param refused the others
 */
public record PriceCsv(List<PriceRow> rows, List<Refused> refused) {

    private static final List<String> COLUMNS = List.of(
            "provider",
            "region",
            "instance_type",
            "gpu_model",
            "gpu_count",
            "gpu_memory_gib_each",
            "vcpus",
            "memory_gib",
            "purchase_option",
            "usd_per_hour",
            "source_repo",
            "source_path",
            "source_commit",
            "as_of");

    /** Published as 0.333333, meant as 1/3: some clouds print slices of a GPU with six decimals. */
    private static final int FINEST_SLICE = 64;

    /**
     * A line that was refused.
     *
     * @param line its number, counted from 1
     * @param reason why, naming the value and what is allowed
     */
    public record Refused(long line, String reason) {}

    /** Copies both lists. */
    public PriceCsv {
        rows = List.copyOf(rows);
        refused = List.copyOf(refused);
    }

    /**
     * Reads a file.
     *
     * @param file a prices CSV, UTF-8, with its header line
     * @param gpus the models that GPU names are looked up in
     * @param today prices may not be dated after this day
     * @return its rows and refused lines
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no prices CSV: a column is missing
     */
    public static PriceCsv read(Path file, GpuCatalog gpus, LocalDate today) throws IOException {
        List<PriceRow> rows = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        Map<List<Object>, PriceRow> seen = new HashMap<>();
        CsvLine.read(
                file,
                "prices",
                COLUMNS,
                line -> {
                    PriceRow row = row(line, gpus, today);
                    PriceRow same = seen.putIfAbsent(List.of(row.sku(), row.effectiveFrom()), row);
                    if (same == null) {
                        rows.add(row);
                    } else if (!same.rate().equals(row.rate())) {
                        throw new IllegalArgumentException(
                                "the same key has another price, " + same.rate() + ", on an earlier line");
                    }
                },
                (line, reason) -> refused.add(new Refused(line, reason)));
        return new PriceCsv(rows, refused);
    }

    private static PriceRow row(CsvLine line, GpuCatalog gpus, LocalDate today) {
        LocalDate asOf = date(line.text("as_of"));
        if (asOf.isAfter(today)) {
            throw new IllegalArgumentException("as_of " + asOf + " lies in the future (today is " + today + ")");
        }
        BigDecimal usd =
                line.decimal("usd_per_hour").orElseThrow(() -> new IllegalArgumentException("usd_per_hour is blank"));
        if (usd.signum() <= 0) {
            throw new IllegalArgumentException("usd_per_hour must be above 0, not " + usd.toPlainString());
        }
        return new PriceRow(
                spec(line, gpus),
                line.optional("region").map(Region::of).orElse(Region.GLOBAL),
                PurchaseOption.parse(line.text("purchase_option")),
                rate(usd),
                asOf.atStartOfDay(ZoneOffset.UTC).toInstant(),
                new Provenance(line.text("source_repo"), line.text("source_path"), line.text("source_commit"), asOf));
    }

    private static HourlyRate rate(BigDecimal usd) {
        HourlyRate rate;
        try {
            rate = HourlyRate.usd(usd);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("usd_per_hour: " + e.getMessage(), e);
        }
        if (rate.equals(HourlyRate.ZERO)) {
            throw new IllegalArgumentException("usd_per_hour " + usd + " is less than a nano-dollar");
        }
        return rate;
    }

    private static InstanceSpec spec(CsvLine line, GpuCatalog gpus) {
        Optional<BigDecimal> gpuMemory = line.decimal("gpu_memory_gib_each");
        Optional<BigDecimal> count = line.decimal("gpu_count");
        boolean none = count.isPresent() && count.get().signum() == 0;
        String gpuName = line.text("gpu_model");
        if (none && !gpuName.isEmpty()) {
            throw new IllegalArgumentException("gpu_count is 0, but gpu_model is " + gpuName);
        }
        Optional<String> model = gpuName.isEmpty()
                ? Optional.empty()
                : Optional.of(resolve(gpus, gpuName, gpuMemory).name());
        return new InstanceSpec(
                Provider.of(line.text("provider")),
                InstanceType.of(line.text("instance_type")),
                model,
                none ? Optional.empty() : count.map(PriceCsv::slice),
                gpuMemory,
                line.decimal("vcpus").map(PriceCsv::whole),
                line.decimal("memory_gib"));
    }

    private static GpuModel resolve(GpuCatalog gpus, String name, Optional<BigDecimal> memory) {
        GpuResolution resolution = gpus.resolve(name);
        // Memory only tells namesakes apart: of a fractional machine it is the slice's, not the model's.
        if (resolution instanceof GpuResolution.Ambiguous && memory.isPresent()) {
            resolution = gpus.resolve(name, memory.get());
        }
        if (resolution instanceof GpuResolution.Known known) {
            return known.gpu();
        }
        throw new IllegalArgumentException("gpu_model '" + name + "' is "
                + (resolution instanceof GpuResolution.Ambiguous ambiguous
                        ? "ambiguous: " + ambiguous.choices()
                        : "unknown"));
    }

    private static GpuCount slice(BigDecimal count) {
        if (count.scale() == 6) {
            for (int parts = 2; parts <= FINEST_SLICE; parts++) {
                if (count.compareTo(BigDecimal.ONE.divide(BigDecimal.valueOf(parts), 6, RoundingMode.HALF_UP)) == 0) {
                    return new GpuCount(1, parts);
                }
            }
        }
        return GpuCount.parse(count.toPlainString());
    }

    private static int whole(BigDecimal value) {
        try {
            return value.intValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("vcpus must be a whole number, not " + value.toPlainString(), e);
        }
    }

    private static LocalDate date(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("as_of is blank: an undated price cannot be placed in time");
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("as_of '" + text + "' is not a day such as 2026-07-20", e);
        }
    }
}
