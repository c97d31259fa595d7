package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.CatalogFormatException;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Keeps prices in a catalog file, and held ones in a CSV file beside it. Thread-safe; for one process at a time. */
final class FilePriceStore implements PriceStore {

    private static final List<String> COLUMNS = List.of(
            "provider",
            "region",
            "instance_type",
            "purchase_option",
            "nano_usd_per_hour",
            "gpu_model",
            "gpu_count_numerator",
            "gpu_count_denominator",
            "gpu_memory_gib_each",
            "vcpus",
            "memory_gib",
            "effective_from",
            "seen_until",
            "source",
            "source_path",
            "source_revision",
            "read_on",
            "reason",
            "held_since",
            "state");

    private final Path catalog;
    private final Path heldFile;
    private final PriceSource first;

    FilePriceStore(Path catalog, PriceSource first) {
        this.catalog = catalog;
        this.first = first;
        heldFile = catalog.resolveSibling(catalog.getFileName() + ".held.csv");
    }

    @Override
    public synchronized PriceCatalog load() {
        return PriceImport.withoutKnownErrors(Files.exists(catalog) ? PriceCatalog.read(catalog) : first.load());
    }

    @Override
    public synchronized List<HeldPrice> held() {
        if (Files.notExists(heldFile)) {
            return List.of();
        }
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(Files.newBufferedReader(heldFile));
                Stream<NamedCsvRecord> rows = csv.stream()) {
            return rows.map(FilePriceStore::held).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CatalogFormatException(
                    heldFile + ": " + e.getMessage()
                            + "; mend the line, or delete the file: what is absurd is held again",
                    e);
        }
    }

    /** The held ones first: if the second file cannot be written, they are held once more and no price counts that should not. */
    @Override
    public synchronized KeptPrices update(UnaryOperator<KeptPrices> change) {
        KeptPrices before = new KeptPrices(load(), held());
        KeptPrices after = Objects.requireNonNull(change.apply(before), "change");
        if (!after.held().equals(before.held())) {
            write(after.held());
        }
        if (Files.notExists(catalog)
                || !after.catalog().version().equals(before.catalog().version())) {
            after.catalog().write(catalog);
        }
        return after;
    }

    private void write(List<HeldPrice> held) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(COLUMNS);
            held.forEach(price -> csv.writeRecord(fields(price)));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        Path written = heldFile.resolveSibling(heldFile.getFileName() + ".new");
        try {
            Files.writeString(written, text.toString(), StandardCharsets.UTF_8);
            try {
                Files.move(written, heldFile, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(written, heldFile, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fields(HeldPrice price) {
        PriceRow row = price.row();
        InstanceSpec spec = row.spec();
        return List.of(
                spec.provider().id(),
                row.region().id(),
                spec.instanceType().name(),
                row.purchaseOption().name(),
                String.valueOf(row.rate().nanoUsdPerHour()),
                spec.gpuModel().orElse(""),
                spec.gpuCount().map(count -> String.valueOf(count.numerator())).orElse(""),
                spec.gpuCount()
                        .map(count -> String.valueOf(count.denominator()))
                        .orElse(""),
                spec.gpuMemoryGib().map(BigDecimal::toPlainString).orElse(""),
                spec.vcpus().map(String::valueOf).orElse(""),
                spec.memoryGib().map(BigDecimal::toPlainString).orElse(""),
                row.effectiveFrom().toString(),
                row.seenUntil().map(Instant::toString).orElse(""),
                row.provenance().source(),
                row.provenance().path(),
                row.provenance().revision(),
                row.provenance().readOn().map(LocalDate::toString).orElse(""),
                price.reason(),
                price.since().toString(),
                price.state().name());
    }

    private static HeldPrice held(NamedCsvRecord row) {
        Optional<GpuCount> count = field(row, "gpu_count_numerator")
                .map(numerator -> new GpuCount(
                        Long.parseLong(numerator),
                        field(row, "gpu_count_denominator").map(Long::parseLong).orElse(1L)));
        InstanceSpec spec = new InstanceSpec(
                Provider.of(row.getField("provider")),
                InstanceType.of(row.getField("instance_type")),
                field(row, "gpu_model"),
                count,
                field(row, "gpu_memory_gib_each").map(BigDecimal::new),
                field(row, "vcpus").map(Integer::valueOf),
                field(row, "memory_gib").map(BigDecimal::new));
        return new HeldPrice(
                new PriceRow(
                        spec,
                        Region.of(row.getField("region")),
                        PurchaseOption.parse(row.getField("purchase_option")),
                        HourlyRate.ofNanoUsd(Long.parseLong(row.getField("nano_usd_per_hour"))),
                        Instant.parse(row.getField("effective_from")),
                        field(row, "seen_until").map(Instant::parse),
                        new Provenance(
                                row.getField("source"),
                                row.getField("source_path"),
                                row.getField("source_revision"),
                                field(row, "read_on").map(LocalDate::parse))),
                row.getField("reason"),
                Instant.parse(row.getField("held_since")),
                HeldPrice.State.valueOf(row.getField("state")));
    }

    private static Optional<String> field(NamedCsvRecord row, String name) {
        return Optional.of(row.getField(name)).filter(text -> !text.isEmpty());
    }
}
