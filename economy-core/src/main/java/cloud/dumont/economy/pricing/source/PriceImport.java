package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceCsv.Refused;
import cloud.dumont.economy.pricing.source.PriceCsv.Undated;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds the prices of files to a catalog. What cannot be a price is refused, with file, line and reason; what is absurd beside what is
 * known is held, and the last good price stays. Nothing that the catalog knows is lost but what is known to be wrong by now.
 *
 * <p>Not thread-safe.
 */
public final class PriceImport {

    /** What becomes of absurd prices. */
    public enum Absurd {
        /** They are held until somebody confirms them. */
        HELD,
        /** Somebody has looked and confirms them. */
        CONFIRMED
    }

    /**
     * A line that is told of.
     *
     * @param file where it stands
     * @param line its number there, counted from 1; in a JSON file its place in the list
     * @param reason why
     */
    public record Note(Path file, long line, String reason) {}

    /**
     * What came of an import.
     *
     * @param catalog the catalog with what was taken
     * @param taken how many prices were taken
     * @param refused lines that cannot be prices
     * @param held prices that are absurd; the last good ones stay
     * @param told prices that were taken and should be looked at: spot and commitments above on demand
     * @param leftOut lines that are prices of something else, such as Windows, and lines that are known to be wrong in their source
     * @param doubted lines that their own file doubts, which were passed over
     * @param vanished GPUs that were known somewhere and are no longer listed there, in words
     */
    public record Result(
            PriceCatalog catalog,
            int taken,
            List<Note> refused,
            List<Note> held,
            List<Note> told,
            List<Note> leftOut,
            List<Note> doubted,
            List<String> vanished) {

        /** Copies the lists. */
        public Result {
            refused = List.copyOf(refused);
            held = List.copyOf(held);
            told = List.copyOf(told);
            leftOut = List.copyOf(leftOut);
            doubted = List.copyOf(doubted);
            vanished = List.copyOf(vanished);
        }
    }

    private record Told(Path file, long line, PriceRow row) {

        Note note(String reason) {
            return new Note(file, line, reason);
        }
    }

    private record Type(Provider provider, InstanceType name) {

        static Type of(PriceRow row) {
            return new Type(row.spec().provider(), row.spec().instanceType());
        }
    }

    private final PriceCatalog known;
    private final GpuCatalog gpus;
    private final LocalDate today;
    private final Undated undated;
    private final Map<Type, InstanceSpec> described = new HashMap<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Told> changes = new ArrayList<>();
    private final List<Note> refused = new ArrayList<>();
    private final List<Note> leftOut = new ArrayList<>();
    private final List<Note> doubted = new ArrayList<>();

    /**
     * An import that has read nothing yet.
     *
     * @param known what is known so far; a catalog of nothing for a start from scratch
     * @param gpus the models that GPU names are looked up in
     * @param today prices may not be dated after this day
     * @param undated what becomes of prices without a day
     */
    public PriceImport(PriceCatalog known, GpuCatalog gpus, LocalDate today, Undated undated) {
        this.known = KnownErrors.mended(known);
        this.gpus = Objects.requireNonNull(gpus, "gpus");
        this.today = Objects.requireNonNull(today, "today");
        this.undated = Objects.requireNonNull(undated, "undated");
    }

    /**
     * A catalog without what is known to be wrong in public lists of prices by now: for prices that an earlier version of this library may have
     * written.
     *
     * @param catalog the prices as they were kept
     * @return the same catalog if nothing in it is known to be wrong, else one that is put right
     */
    public static PriceCatalog withoutKnownErrors(PriceCatalog catalog) {
        return KnownErrors.mended(Objects.requireNonNull(catalog, "catalog"));
    }

    /**
     * Reads a CSV file: prices on one day or over time, as {@link PriceCsv} has them, or price changes; which, its header tells. Some
     * files name types without describing them: read those that describe them first.
     *
     * @param file a CSV file, UTF-8
     * @return this import
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is none of these: a column is missing
     */
    public PriceImport read(Path file) throws IOException {
        if (PriceChangesCsv.isOne(CsvLine.header(file))) {
            PriceChangesCsv csv = PriceChangesCsv.read(file, today);
            add(file, csv.lines(), changes);
            note(file, csv.refused(), refused);
            note(file, csv.doubted(), doubted);
        } else {
            PriceCsv csv = PriceCsv.read(file, gpus, today, undated, this::gpuMemoryGib);
            add(file, csv.lines(), told);
            note(file, csv.refused(), refused);
            note(file, csv.leftOut(), leftOut);
        }
        return this;
    }

    /**
     * Reads the GPUs that Google Cloud sells by themselves from SKUs of its Cloud Billing Catalog. They become part of machines where
     * prices of N1 machines are known.
     *
     * @param file a JSON file: an array of SKUs, or an answer that holds it as {@code skus}
     * @param origin where the file comes from
     * @return this import
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds no SKUs
     */
    public PriceImport readGcpSkus(Path file, FileOrigin origin) throws IOException {
        GcpSkus skus = GcpSkus.read(file, gpus, today, origin);
        add(file, skus.lines(), told);
        note(file, skus.refused(), refused);
        return this;
    }

    /**
     * Takes prices that were read elsewhere, such as from a seller's interface.
     *
     * @param origin what notes name as the file
     * @param rows the prices; notes number them from 1
     * @return this import
     */
    public PriceImport rows(Path origin, List<PriceRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            long number = i + 1L;
            Optional<PriceRow> mended = KnownErrors.mended(rows.get(i));
            if (mended.isPresent()) {
                add(origin, List.of(new PriceCsv.Line(number, mended.get())), told);
            } else {
                leftOut.add(new Note(origin, number, "known to be wrong in its source"));
            }
        }
        return this;
    }

    private Optional<BigDecimal> gpuMemoryGib(Provider provider, InstanceType type) {
        return Optional.ofNullable(described.get(new Type(provider, type)))
                .or(() -> known.spec(provider, type))
                .flatMap(InstanceSpec::gpuMemoryGib);
    }

    private void add(Path file, List<PriceCsv.Line> lines, List<Told> to) {
        for (PriceCsv.Line line : lines) {
            to.add(new Told(file, line.number(), known.spelledAsHere(line.row())));
            if (line.row().spec().gpuMemoryGib().isPresent()) {
                described.put(Type.of(line.row()), line.row().spec());
            }
        }
    }

    private static void note(Path file, List<Refused> lines, List<Note> to) {
        lines.forEach(line -> to.add(new Note(file, line.line(), line.reason())));
    }

    /**
     * Puts what was read beside what was known.
     *
     * @param absurd what becomes of absurd prices
     * @return the new catalog, and what did not get into it
     */
    public Result finish(Absurd absurd) {
        List<Note> refusedToo = new ArrayList<>(refused);
        List<Note> held = new ArrayList<>();
        List<Note> doubtful = new ArrayList<>();
        CatalogCheck check = new CatalogCheck(known, PriceSource.bundled().load());
        List<Told> sane = withoutContradictions(withKnownTypes(refusedToo), refusedToo);
        if (absurd == Absurd.HELD) {
            Map<PriceRow, String> reasons =
                    check.absurd(sane.stream().map(Told::row).toList());
            sane.stream()
                    .filter(line -> reasons.containsKey(line.row()))
                    .forEach(line -> held.add(line.note(line.row().sku() + ": " + reasons.get(line.row()))));
            sane = sane.stream()
                    .filter(line -> !reasons.containsKey(line.row()))
                    .toList();
        }
        List<PriceRow> rows = sane.stream().map(Told::row).toList();
        Map<PriceRow, String> doubts = check.doubtful(rows);
        sane.stream()
                .filter(line -> doubts.containsKey(line.row()))
                .forEach(line -> doubtful.add(line.note(line.row().sku() + ": " + doubts.get(line.row()))));
        List<PriceRow> listed = told.stream().map(Told::row).toList();
        return new Result(
                PriceCatalog.of(Stream.concat(known.rows(), rows.stream()).toList()),
                rows.size(),
                refusedToo.stream().distinct().toList(), // a change is one line and two sightings
                held.stream().distinct().toList(),
                doubtful.stream().distinct().toList(),
                leftOut,
                doubted,
                check.vanished(listed));
    }

    private List<Told> withKnownTypes(List<Note> refusedToo) {
        Set<Type> priced = Stream.concat(known.rows(), told.stream().map(Told::row))
                .map(Type::of)
                .collect(Collectors.toSet());
        List<Told> all = new ArrayList<>(told);
        for (Told change : changes) {
            if (priced.contains(Type.of(change.row()))) {
                all.add(change);
            } else {
                refusedToo.add(
                        change.note("nothing is known of " + change.row().sku().provider() + " "
                                + change.row().sku().instanceType() + " but its change: read its prices too"));
            }
        }
        return all;
    }

    /** A line that contradicts what is known, or what was told before it, is refused; the others of its type stay good. */
    private List<Told> withoutContradictions(List<Told> lines, List<Note> refusedToo) {
        Map<Type, List<Told>> byType = lines.stream()
                .collect(Collectors.groupingBy(line -> Type.of(line.row()), LinkedHashMap::new, Collectors.toList()));
        if (contradiction(known.rows().toList(), lines).isEmpty()) {
            return byType.values().stream().flatMap(List::stream).toList(); // as it should be: no need to look closer
        }
        Map<Type, List<PriceRow>> knownByType = known.rows().collect(Collectors.groupingBy(Type::of));
        List<Told> sane = new ArrayList<>();
        byType.forEach((type, ofType) -> {
            List<PriceRow> agreed = new ArrayList<>(knownByType.getOrDefault(type, List.of()));
            if (contradiction(agreed, ofType).isEmpty()) {
                sane.addAll(ofType);
                return;
            }
            for (Told line : ofType) {
                Optional<String> reason = contradiction(agreed, List.of(line));
                if (reason.isPresent()) {
                    refusedToo.add(line.note(reason.get()));
                } else {
                    agreed.add(line.row());
                    sane.add(line);
                }
            }
        });
        return sane;
    }

    private static Optional<String> contradiction(List<PriceRow> agreed, List<Told> added) {
        try {
            PriceCatalog.of(Stream.concat(agreed.stream(), added.stream().map(Told::row))
                    .toList());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
