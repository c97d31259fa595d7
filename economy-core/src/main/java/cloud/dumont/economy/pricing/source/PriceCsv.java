package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.csv.CsvMeaning;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.pricing.source.KnownErrors.Correction;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads prices from CSV, in one of two forms: as they were on one day, {@code provider,region,instance_type,gpu_model,gpu_count,
 * gpu_memory_gib_each,vcpus,memory_gib,purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of}; or as they were
 * seen over time, with {@code first_seen,last_seen} instead of {@code as_of}, and memory and vCPUs optional. A line that cannot be a
 * price is refused with its number and reason; the good lines stay good. A blank region means one price for all regions
 * ({@link Region#GLOBAL}).
 *
 * <p>Columns that some lists have are looked at: {@code currency}, which must say USD, {@code unit}, which must be the hour, and {@code
 * operating_system}, {@code tenancy} and {@code license_model}: lines that are not Linux on shared hardware without a licence are left out.
 *
 * @param lines the good lines, in the file's order
 * @param refused lines that cannot be prices
 * @param leftOut lines that are prices of something else, such as Windows, and lines that are known to be wrong in their source
 */
public record PriceCsv(List<Line> lines, List<Refused> refused, List<Refused> leftOut) {

    private static final List<String> ON_ONE_DAY = List.of(
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

    private static final List<String> OVER_TIME = List.of(
            "provider",
            "region",
            "instance_type",
            "gpu_model",
            "gpu_count",
            "purchase_option",
            "usd_per_hour",
            "source_repo",
            "source_path",
            "source_commit",
            "first_seen",
            "last_seen");

    /** Published as 0.333333, meant as 1/3: some clouds print slices of a GPU with six decimals. */
    private static final int FINEST_SLICE = 64;

    /** What systems report of a GPU's memory differs by so much from what is advertised. */
    private static final BigDecimal MEMORY_TOLERANCE = new BigDecimal("0.1");

    private static final BigDecimal MOST_OF_MEMORY = new BigDecimal("1.5");

    /** One name may mean cards of which one has twice the memory of the other; none has more. */
    private static final BigDecimal FAR_TOO_MUCH_MEMORY = new BigDecimal("2.5");

    private static final int NANO_DECIMALS = 9;

    /** So many digits before the point and nine behind it fit a long. */
    private static final int MOST_PLAIN = 9;

    /** What becomes of a price without a day. */
    public enum Undated {
        /** It is refused: nobody knows when it was in effect. */
        REFUSED,
        /** It is taken for what it is. Who asks for this uses such prices. */
        TAKEN
    }

    /**
     * A good line.
     *
     * @param number its number, counted from 1
     * @param row what it says
     */
    public record Line(long number, PriceRow row) {}

    /**
     * A line that was refused, or left out.
     *
     * @param line its number, counted from 1
     * @param reason why, naming the value and what is allowed
     */
    public record Refused(long line, String reason) {}

    /** Copies the lists. */
    public PriceCsv {
        lines = List.copyOf(lines);
        refused = List.copyOf(refused);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * What the good lines say.
     *
     * @return the facts, in the file's order
     */
    public List<PriceRow> rows() {
        return lines.stream().map(Line::row).toList();
    }

    /**
     * Reads a file, without prices that have no day.
     *
     * @param file a prices CSV, UTF-8, with its header line
     * @param gpus the models that GPU names are looked up in
     * @param today prices may not be dated after this day
     * @return its rows and refused lines
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no prices CSV: a column is missing
     */
    public static PriceCsv read(Path file, GpuCatalog gpus, LocalDate today) throws IOException {
        return read(file, gpus, today, Undated.REFUSED);
    }

    /**
     * Reads a file.
     *
     * @param file a prices CSV, UTF-8, with its header line
     * @param gpus the models that GPU names are looked up in
     * @param today prices may not be dated after this day
     * @param undated what becomes of prices without a day
     * @return its rows and refused lines
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no prices CSV: a column is missing
     */
    public static PriceCsv read(Path file, GpuCatalog gpus, LocalDate today, Undated undated) throws IOException {
        return read(file, gpus, today, undated, (provider, type) -> Optional.empty());
    }

    /**
     * Reads a file beside a catalog: an ambiguous GPU name is told apart by what the catalog knows of its type. A file of price changes is
     * read too: each says two prices, the old one on the last day it was seen and the new one on its first; what the file itself doubts is
     * left out.
     *
     * @param file a prices CSV or price changes, UTF-8, with its header line
     * @param gpus the models that GPU names are looked up in
     * @param today prices may not be dated after this day
     * @param undated what becomes of prices without a day
     * @param known what is known of types
     * @return its rows and refused lines
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no prices CSV: a column is missing
     */
    public static PriceCsv read(Path file, GpuCatalog gpus, LocalDate today, Undated undated, PriceCatalog known)
            throws IOException {
        if (PriceChangesCsv.isOne(CsvLine.header(file))) {
            PriceChangesCsv changes = PriceChangesCsv.read(file, today);
            return new PriceCsv(changes.lines(), changes.refused(), changes.doubted());
        }
        return read(
                file,
                gpus,
                today,
                undated,
                (provider, type) -> known.spec(provider, type).flatMap(InstanceSpec::gpuMemoryGib));
    }

    /** How much memory each GPU of a type has, where that is known already. */
    @FunctionalInterface
    interface KnownTypes {
        Optional<BigDecimal> gpuMemoryGib(Provider provider, InstanceType type);
    }

    /** Reads a file; an ambiguous GPU name is told apart by what is known of its type. */
    static PriceCsv read(Path file, GpuCatalog gpus, LocalDate today, Undated undated, KnownTypes types)
            throws IOException {
        Map<Key, Line> lines = new LinkedHashMap<>();
        List<Refused> refused = new ArrayList<>();
        List<Refused> leftOut = new ArrayList<>();
        Rows rows = new Rows(gpus, today, undated, types);
        CsvLine.read(
                file,
                "prices",
                CsvLine.header(file).contains("first_seen") ? OVER_TIME : ON_ONE_DAY,
                line -> {
                    Optional<String> other = rows.leftOut(line);
                    if (other.isPresent()) {
                        leftOut.add(new Refused(line.number(), other.get()));
                        return;
                    }
                    Line next = new Line(line.number(), rows.of(line));
                    Key key = Key.of(next.row());
                    Line same = lines.putIfAbsent(key, next);
                    if (same != null && !same.row().rate().equals(next.row().rate())) {
                        boolean sameIsLinux = isLinuxPrice(same, next);
                        Line windows = sameIsLinux ? next : same;
                        Line linux = sameIsLinux ? same : next;
                        lines.put(key, linux);
                        leftOut.add(new Refused(
                                windows.number(),
                                "the price with Windows, "
                                        + WindowsMeter.words(next.row().purchaseOption()) + " above the one on line "
                                        + linux.number()));
                    }
                },
                (line, reason) -> refused.add(new Refused(line, reason)));
        return new PriceCsv(List.copyOf(lines.values()), refused, leftOut);
    }

    /** Whether the earlier of two prices of one key is the one without Windows. */
    private static boolean isLinuxPrice(Line earlier, Line later) {
        long before = earlier.row().rate().nanoUsdPerHour();
        long after = later.row().rate().nanoUsdPerHour();
        Optional<Integer> vcpus =
                later.row().spec().vcpus().or(() -> earlier.row().spec().vcpus());
        boolean isSpot = later.row().purchaseOption() == PurchaseOption.SPOT;
        if (isSpot
                ? WindowsMeter.isSpotUplift(after, before, Optional.empty(), vcpus)
                : WindowsMeter.isUplift(after, before, vcpus)) {
            return true;
        }
        if (isSpot
                ? WindowsMeter.isSpotUplift(before, after, Optional.empty(), vcpus)
                : WindowsMeter.isUplift(before, after, vcpus)) {
            return false;
        }
        throw new IllegalArgumentException("the same key has another price, "
                + earlier.row().rate() + ", on line " + earlier.number() + ": a file gives one price a key");
    }

    private record Key(Provider provider, Region region, String type, PurchaseOption option, Instant effectiveFrom) {

        static Key of(PriceRow row) {
            Provider provider = row.spec().provider();
            String type = row.spec().instanceType().name();
            return new Key(
                    provider,
                    row.region(),
                    provider.ignoresCaseOfTypes() ? type.toLowerCase(Locale.ROOT) : type,
                    row.purchaseOption(),
                    row.effectiveFrom());
        }
    }

    /** When a price was seen, and where. */
    private record Sighting(Optional<LocalDate> first, Optional<LocalDate> last, Provenance provenance) {}

    /** Makes rows of lines; what many lines share is one object. */
    private static final class Rows {

        private final CsvMeaning<Sighting> sightings;
        private final CsvMeaning<InstanceSpec> specs;
        private final CsvMeaning<Correction> corrections;
        private final CsvMeaning<Region> regions;
        private final CsvMeaning<PurchaseOption> options;

        Rows(GpuCatalog gpus, LocalDate today, Undated undated, KnownTypes types) {
            sightings = new CsvMeaning<>(
                    line -> sighting(line, today, undated),
                    "first_seen",
                    "as_of",
                    "last_seen",
                    "source_repo",
                    "source_path",
                    "source_commit");
            corrections = new CsvMeaning<>(
                    line -> KnownErrors.of(
                            Provider.of(line.text("provider")),
                            InstanceType.of(line.text("instance_type")),
                            line.text("source_repo")),
                    "provider",
                    "instance_type",
                    "source_repo");
            specs = new CsvMeaning<>(
                    line -> spec(line, gpus, types, corrections.of(line)),
                    "provider",
                    "instance_type",
                    "source_repo",
                    "gpu_model",
                    "gpu_count",
                    "gpu_memory_gib_each",
                    "vcpus",
                    "memory_gib");
            regions = new CsvMeaning<>(
                    line -> line.optional("region")
                            .map(name -> RegionNames.of(Provider.of(line.text("provider")), name))
                            .orElse(Region.GLOBAL),
                    "provider",
                    "region");
            options = new CsvMeaning<>(line -> PurchaseOption.parse(line.text("purchase_option")), "purchase_option");
        }

        Optional<String> leftOut(CsvLine line) {
            return corrections.of(line).leftOut().or(() -> PriceMeter.isOther(line));
        }

        PriceRow of(CsvLine line) {
            PriceMeter.checkUnit(line);
            Sighting sighting = sightings.of(line);
            InstanceSpec spec = specs.of(line);
            Region region = regions.of(line);
            PurchaseOption option = options.of(line);
            HourlyRate rate = rate(line, "usd_per_hour");
            Optional<LocalDate> first = sighting.first();
            return first.isPresent()
                    ? PriceRow.seen(
                            spec,
                            region,
                            option,
                            rate,
                            first.get(),
                            sighting.last().orElse(first.get()),
                            sighting.provenance())
                    : PriceRow.undated(spec, region, option, rate, sighting.provenance());
        }
    }

    private static Sighting sighting(CsvLine line, LocalDate today, Undated undated) {
        Optional<LocalDate> first = notLater(line, "first_seen", today).or(() -> notLater(line, "as_of", today));
        Optional<LocalDate> last = notLater(line, "last_seen", today).or(() -> first);
        if (first.isEmpty() && undated == Undated.REFUSED) {
            throw new IllegalArgumentException("as_of is blank: an undated price is used only where it is asked for");
        }
        return new Sighting(
                first, last, new Provenance(source(line), line.text("source_path"), line.text("source_commit"), last));
    }

    /** What is not in a repository is its own source, such as a page. */
    private static String source(CsvLine line) {
        return line.optional("source_repo").orElseGet(() -> line.text("source_path"));
    }

    private static Optional<LocalDate> notLater(CsvLine line, String column, LocalDate today) {
        Optional<LocalDate> day = line.day(column);
        if (day.filter(today::isBefore).isPresent()) {
            throw new IllegalArgumentException(
                    column + " " + day.get() + " lies in the future (today is " + today + ")");
        }
        return day;
    }

    /** A price: a rate above 0. */
    static HourlyRate rate(CsvLine line, String column) {
        long nanos = plainNanos(line.text(column));
        if (nanos > 0) {
            return HourlyRate.ofNanoUsd(nanos);
        }
        BigDecimal usd = line.decimal(column).orElseThrow(() -> new IllegalArgumentException(column + " is blank"));
        if (usd.signum() <= 0) {
            throw new IllegalArgumentException(column + " must be above 0, not " + usd.toPlainString());
        }
        return rate(usd, column);
    }

    /** A number such as 0.526 in billionths, as most prices are written; -1 for what needs a closer look. */
    private static long plainNanos(String text) {
        int point = text.indexOf('.');
        int decimals = point < 0 ? 0 : text.length() - point - 1;
        if ((point < 0 ? text.length() : point) > MOST_PLAIN || decimals > NANO_DECIMALS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (i != point) {
                if (digit < '0' || digit > '9') {
                    return -1;
                }
                number = 10 * number + (digit - '0');
            }
        }
        for (int i = decimals; i < NANO_DECIMALS; i++) {
            number *= 10;
        }
        return number;
    }

    private static HourlyRate rate(BigDecimal usd, String column) {
        HourlyRate rate;
        try {
            rate = HourlyRate.usd(usd);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(column + ": " + e.getMessage(), e);
        }
        if (rate.equals(HourlyRate.ZERO)) {
            throw new IllegalArgumentException(column + " " + usd + " is less than a nano-dollar");
        }
        return rate;
    }

    private static InstanceSpec spec(CsvLine line, GpuCatalog gpus, KnownTypes types, Correction correction) {
        Provider provider = Provider.of(line.text("provider"));
        InstanceType type = correction.instanceType().orElseGet(() -> InstanceType.of(line.text("instance_type")));
        Optional<BigDecimal> gpuMemory = line.decimal("gpu_memory_gib_each");
        Optional<BigDecimal> count = line.decimal("gpu_count").or(correction::gpuCount);
        boolean none = count.isPresent() && count.get().signum() == 0;
        String gpuName = line.text("gpu_model");
        if (none && !gpuName.isEmpty()) {
            throw new IllegalArgumentException("gpu_count is 0, but gpu_model is " + gpuName);
        }
        Optional<GpuModel> model = gpuName.isEmpty()
                ? Optional.empty()
                : correction
                        .gpuModel()
                        .flatMap(gpus::model)
                        .or(() -> Optional.of(
                                resolve(gpus, gpuName, gpuMemory.or(() -> types.gpuMemoryGib(provider, type)))));
        model.ifPresent(gpu -> gpuMemory.ifPresent(each -> checkMemory(gpu, each, count)));
        return new InstanceSpec(
                provider,
                type,
                model.map(GpuModel::name),
                none ? Optional.empty() : count.map(PriceCsv::slice),
                gpuMemory,
                line.decimal("vcpus").map(PriceCsv::whole),
                line.decimal("memory_gib"));
    }

    /** The memory of one GPU, not of all of them; whoever writes 640 for eight GPUs of 80 GiB has multiplied. */
    private static void checkMemory(GpuModel gpu, BigDecimal each, Optional<BigDecimal> count) {
        gpu.spec().memoryGib().ifPresent(memory -> {
            boolean isOfAll = count.filter(gpus -> gpus.compareTo(BigDecimal.ONE) > 0
                            && each.compareTo(memory.multiply(MOST_OF_MEMORY)) > 0
                            && each.subtract(memory.multiply(gpus)).abs().compareTo(each.multiply(MEMORY_TOLERANCE))
                                    <= 0)
                    .isPresent();
            if (isOfAll || each.compareTo(memory.multiply(FAR_TOO_MUCH_MEMORY)) > 0) {
                throw new IllegalArgumentException("gpu_memory_gib_each is " + each.toPlainString() + ", but one " + gpu
                        + " has " + memory.toPlainString() + " GiB: give the memory of one GPU, not of all of them");
            }
        });
    }

    private static GpuModel resolve(GpuCatalog gpus, String name, Optional<BigDecimal> memory) {
        Optional<GpuModel> canonical = gpus.model(name);
        if (canonical.isPresent()) {
            return canonical.get();
        }
        GpuResolution resolution = gpus.resolve(name);
        // Memory only tells namesakes apart: of a fractional machine it is the slice's, not the model's.
        if (resolution instanceof GpuResolution.Ambiguous && memory.isPresent()) {
            resolution = gpus.resolve(name, GpuMemory.ofGib(memory.get()));
        }
        if (resolution instanceof GpuResolution.Known known) {
            return known.gpu();
        }
        throw new IllegalArgumentException("gpu_model '" + Given.shown(name) + "' is "
                + (resolution instanceof GpuResolution.Ambiguous ambiguous
                        ? "ambiguous: " + ambiguous.choices()
                        : "unknown")
                + memory.map(gib -> ", with gpu_memory_gib_each " + gib.toPlainString())
                        .orElse(""));
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

    /**
     * Writes prices as CSV, in both forms at once: with the last day each was seen as {@code as_of}, and the first and the last. Reading
     * it gives the same prices.
     *
     * @param rows the prices, in the order they are to be written
     * @return the text, with a header line
     */
    public static String write(Collection<PriceRow> rows) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(Stream.concat(ON_ONE_DAY.stream(), Stream.of("first_seen", "last_seen"))
                    .toList());
            rows.forEach(row -> csv.writeRecord(fields(row)));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return text.toString();
    }

    private static List<String> fields(PriceRow row) {
        InstanceSpec spec = row.spec();
        String readOn = row.provenance().readOn().map(LocalDate::toString).orElse("");
        String since = row.isUndated()
                ? ""
                : row.effectiveFrom().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return List.of(
                spec.provider().id().toLowerCase(Locale.ROOT),
                row.region().equals(Region.GLOBAL) ? "" : row.region().id(),
                spec.instanceType().name(),
                spec.gpuModel().orElse(""),
                spec.gpuCount().map(PriceCsv::decimal).orElse(""),
                spec.gpuMemoryGib().map(BigDecimal::toPlainString).orElse(""),
                spec.vcpus().map(String::valueOf).orElse(""),
                spec.memoryGib().map(BigDecimal::toPlainString).orElse(""),
                row.purchaseOption().name().toLowerCase(Locale.ROOT),
                row.rate().toUsd().toPlainString(),
                row.provenance().source(),
                row.provenance().path(),
                row.provenance().revision(),
                readOn,
                since,
                readOn);
    }

    private static String decimal(GpuCount count) {
        return BigDecimal.valueOf(count.numerator())
                .divide(BigDecimal.valueOf(count.denominator()), 6, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }
}
