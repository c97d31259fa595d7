package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.CatalogCodec.Decoded;
import cloud.dumont.economy.pricing.CatalogCodec.Section;
import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** Reads what {@link CatalogWriter} wrote, and refuses what it cannot have written. */
final class CatalogReader {

    private static final int QUARTERS = 4;

    /** Years 1 to 9999, which every time of this library lies in. */
    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();

    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long FIRST_SECOND = FIRST_DAY * 86_400;
    private static final long LAST_SECOND = (LAST_DAY + 1) * 86_400 - 1;

    private final ByteBuffer file;
    private final String origin;
    private Section section = Section.STRINGS;

    CatalogReader(byte[] file, String origin) {
        this.file = ByteBuffer.wrap(file);
        this.origin = origin;
    }

    Decoded read() {
        int headerLength = CatalogCodec.MAGIC.length + CatalogCodec.HASH_LENGTH + Section.values().length * 8;
        byte[] magic = new byte[Math.min(CatalogCodec.MAGIC.length, file.remaining())];
        file.get(magic);
        if (!Arrays.equals(magic, CatalogCodec.MAGIC)) {
            throw new CatalogFormatException(origin + ": not a price catalog: byte 0 should begin "
                    + new String(CatalogCodec.MAGIC, StandardCharsets.US_ASCII));
        }
        if (file.limit() < headerLength) {
            throw new CatalogFormatException(
                    origin + ": cut off at byte " + file.limit() + ", inside the header of " + headerLength + " bytes");
        }
        byte[] hash = new byte[CatalogCodec.HASH_LENGTH];
        file.get(hash);
        Map<Section, ByteBuffer> bodies = bodies(headerLength);
        checkHash(hash, headerLength);

        String[] strings = strings(body(bodies, Section.STRINGS));
        List<SourceRow> sources = sources(body(bodies, Section.SOURCES), strings);
        List<ProviderRow> providers = providers(body(bodies, Section.PROVIDERS), strings);
        List<RegionRow> regions = regions(body(bodies, Section.REGIONS), strings, providers.size());
        List<TypeRow> types = types(body(bodies, Section.TYPES), strings, providers);
        CatalogTables tables = skusAndPrices(bodies, sources, providers, regions, types);
        return new Decoded(tables, HexFormat.of().formatHex(hash));
    }

    /** Checksums find slips; the hash finds a change that was made with care, for the version that receipts name is this hash. */
    private void checkHash(byte[] hash, int headerLength) {
        byte[] content = CatalogCodec.sha256(file.slice(headerLength, file.limit() - headerLength));
        if (!Arrays.equals(hash, Arrays.copyOf(content, CatalogCodec.HASH_LENGTH))) {
            throw new CatalogFormatException(origin + ": its content is not what its version "
                    + HexFormat.of().formatHex(hash)
                    + " says: it was changed after it was written; make it again by an import");
        }
    }

    private Map<Section, ByteBuffer> bodies(int headerLength) {
        Map<Section, ByteBuffer> bodies = new EnumMap<>(Section.class);
        Map<Section, Integer> crcs = new EnumMap<>(Section.class);
        int at = headerLength;
        for (Section s : Section.values()) {
            int length = file.getInt();
            crcs.put(s, file.getInt());
            if (length < 4 || length > file.limit() - at) {
                throw new CatalogFormatException(origin + ": section " + s + " at byte " + at + " should hold " + length
                        + " bytes, the file ends at byte " + file.limit());
            }
            bodies.put(s, file.slice(at, length));
            at += length;
        }
        if (at != file.limit()) {
            throw new CatalogFormatException(
                    origin + ": " + (file.limit() - at) + " bytes too many after the last section, at byte " + at);
        }
        at = headerLength;
        for (Section s : Section.values()) {
            ByteBuffer body = body(bodies, s);
            if (CatalogCodec.crc(body.duplicate()) != Objects.requireNonNull(crcs.get(s))) {
                throw new CatalogFormatException(origin + ": section " + s + " (bytes " + at + " to "
                        + (at + body.limit() - 1) + ") is damaged: its checksum does not match");
            }
            at += body.limit();
        }
        return bodies;
    }

    private static ByteBuffer body(Map<Section, ByteBuffer> bodies, Section section) {
        return Objects.requireNonNull(bodies.get(section));
    }

    private CatalogFormatException damaged(String what) {
        return new CatalogFormatException(origin + ": section " + section + ": " + what);
    }

    private int begin(Section next, ByteBuffer body, int bytesPerRow) {
        section = next;
        int rows = body.getInt();
        if (rows < 0 || (long) rows * bytesPerRow > body.remaining()) {
            throw damaged(rows + " rows do not fit " + body.limit() + " bytes");
        }
        return rows;
    }

    /** A section holds its columns and nothing else: bytes that nobody reads could be anything. */
    private void end(ByteBuffer body) {
        if (body.hasRemaining()) {
            throw damaged(body.remaining() + " bytes too many after its last column");
        }
    }

    private static int[] ints(ByteBuffer body, int rows) {
        int[] column = new int[rows];
        body.asIntBuffer().get(column);
        body.position(body.position() + 4 * rows);
        return column;
    }

    private PackedColumn packed(ByteBuffer body, int rows) {
        try {
            return PackedColumn.read(body, rows);
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    /** A column of row numbers, each checked against the table it speaks of. */
    private int[] references(ByteBuffer body, int rows, int from, int limit, String what) {
        int[] column = ints(body, rows);
        for (int row = 0; row < rows; row++) {
            if (column[row] < from || column[row] >= limit) {
                throw damaged(
                        "row " + row + ": " + what + " " + column[row] + " is not in " + from + " to " + (limit - 1));
            }
        }
        return column;
    }

    private String[] strings(ByteBuffer body) {
        int rows = begin(Section.STRINGS, body, 4);
        String[] strings = new String[rows];
        for (int row = 0; row < rows; row++) {
            int length = body.remaining() < 4 ? CatalogCodec.ABSENT : body.getInt();
            if (length < 0 || length > body.remaining()) {
                throw damaged("row " + row + ": a text of " + length + " bytes does not fit");
            }
            byte[] utf8 = new byte[length];
            body.get(utf8);
            strings[row] = new String(utf8, StandardCharsets.UTF_8);
        }
        end(body);
        return strings;
    }

    private IntFunction<String> texts(ByteBuffer body, int rows, String[] strings, String what) {
        int[] column = references(body, rows, 0, strings.length, what);
        return row -> strings[column[row]];
    }

    private IntFunction<Optional<String>> optionalTexts(ByteBuffer body, int rows, String[] strings, String what) {
        int[] column = references(body, rows, CatalogCodec.ABSENT, strings.length, what);
        return shared(column, text -> text == CatalogCodec.ABSENT ? Optional.empty() : Optional.of(strings[text]));
    }

    /** Equal numbers of a column make one object: many types are alike in most respects. */
    private static <T> IntFunction<T> shared(int[] column, IntFunction<T> meaning) {
        Map<Integer, T> known = new HashMap<>();
        return row -> known.computeIfAbsent(column[row], meaning::apply);
    }

    /** Builds rows from columns; a value that its type refuses names the row. */
    private <T> List<T> rows(int rows, IntFunction<T> row) {
        List<T> list = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            try {
                list.add(row.apply(i));
            } catch (IllegalArgumentException e) {
                throw new CatalogFormatException(
                        origin + ": section " + section + ": row " + i + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(list);
    }

    /** Rows of one provider lie together, in order of their names, none twice: this is how they are found. */
    private <T> List<T> inOrder(List<T> rows, ToIntFunction<T> provider, Function<T, String> name) {
        for (int row = 1; row < rows.size(); row++) {
            T next = rows.get(row);
            T last = rows.get(row - 1);
            int step = provider.applyAsInt(next) - provider.applyAsInt(last);
            if (step < 0 || (step == 0 && name.apply(next).compareTo(name.apply(last)) <= 0)) {
                throw damaged("row " + row + ": " + name.apply(next) + " is not in order after " + name.apply(last));
            }
        }
        return rows;
    }

    private List<SourceRow> sources(ByteBuffer body, String[] strings) {
        int rows = begin(Section.SOURCES, body, 16);
        IntFunction<String> name = texts(body, rows, strings, "name");
        IntFunction<String> path = texts(body, rows, strings, "path");
        IntFunction<String> revision = texts(body, rows, strings, "revision");
        int[] trust = references(body, rows, 0, CatalogCodec.TRUSTS.size(), "trust");
        end(body);
        return rows(
                rows,
                row -> new SourceRow(
                        name.apply(row), path.apply(row), revision.apply(row), CatalogCodec.TRUSTS.get(trust[row])));
    }

    private List<ProviderRow> providers(ByteBuffer body, String[] strings) {
        int rows = begin(Section.PROVIDERS, body, 20);
        IntFunction<String> id = texts(body, rows, strings, "name");
        IntFunction<Optional<String>> region = optionalTexts(body, rows, strings, "reference region");
        int[] minimum = ints(body, rows);
        int[] increment = ints(body, rows);
        IntFunction<String> source = texts(body, rows, strings, "billing source");
        end(body);
        return inOrder(
                rows(
                        rows,
                        row -> new ProviderRow(
                                Provider.of(id.apply(row)),
                                region.apply(row).map(Region::of),
                                new BillingRule(minimum[row], increment[row], source.apply(row)))),
                row -> 0,
                row -> row.provider().id());
    }

    private List<RegionRow> regions(ByteBuffer body, String[] strings, int providers) {
        int rows = begin(Section.REGIONS, body, 12);
        int[] provider = references(body, rows, 0, providers, "provider");
        IntFunction<String> id = texts(body, rows, strings, "name");
        IntFunction<Optional<String>> restriction = optionalTexts(body, rows, strings, "restriction");
        end(body);
        return inOrder(
                rows(rows, row -> new RegionRow(provider[row], Region.of(id.apply(row)), restriction.apply(row))),
                RegionRow::provider,
                row -> row.region().id());
    }

    private List<TypeRow> types(ByteBuffer body, String[] strings, List<ProviderRow> providers) {
        int rows = begin(Section.TYPES, body, 56);
        int[] provider = references(body, rows, 0, providers.size(), "provider");
        IntFunction<String> name = texts(body, rows, strings, "name");
        IntFunction<Optional<String>> gpu = optionalTexts(body, rows, strings, "GPU model");
        IntFunction<Optional<GpuCount>> count = gpuCounts(ints(body, rows), ints(body, rows));
        IntFunction<Optional<BigDecimal>> gpuMemory = shared(ints(body, rows), CatalogReader::gib);
        IntFunction<Optional<Integer>> vcpus =
                shared(ints(body, rows), cpus -> cpus == CatalogCodec.ABSENT ? Optional.empty() : Optional.of(cpus));
        IntFunction<Optional<BigDecimal>> memory = shared(ints(body, rows), CatalogReader::gib);
        IntFunction<Optional<String>> restriction = optionalTexts(body, rows, strings, "restriction");
        IntFunction<Optional<Composition>> composition = compositions(body, rows, strings);
        IntFunction<Optional<SustainedUseDiscount>> sustainedUse = sustainedUse(body, rows, strings);
        end(body);
        return inOrder(
                rows(
                        rows,
                        row -> new TypeRow(
                                provider[row],
                                new InstanceSpec(
                                        providers.get(provider[row]).provider(),
                                        InstanceType.of(name.apply(row)),
                                        gpu.apply(row),
                                        count.apply(row),
                                        gpuMemory.apply(row),
                                        vcpus.apply(row),
                                        memory.apply(row),
                                        composition.apply(row)),
                                restriction.apply(row),
                                sustainedUse.apply(row))),
                TypeRow::provider,
                row -> row.spec().instanceType().name());
    }

    private IntFunction<Optional<Composition>> compositions(ByteBuffer body, int rows, String[] strings) {
        IntFunction<Optional<String>> machine = optionalTexts(body, rows, strings, "machine");
        IntFunction<Optional<String>> part = optionalTexts(body, rows, strings, "part");
        int[] count = ints(body, rows);
        return row -> machine.apply(row)
                .map(name -> new Composition(
                        InstanceType.of(name), InstanceType.of(part.apply(row).orElse("")), count[row]));
    }

    private IntFunction<Optional<SustainedUseDiscount>> sustainedUse(ByteBuffer body, int rows, String[] strings) {
        int[] quarters = ints(body, rows);
        IntFunction<Optional<String>> source = optionalTexts(body, rows, strings, "sustained use source");
        return row -> source.apply(row).map(text -> new SustainedUseDiscount(percents(quarters[row]), text));
    }

    private static List<Integer> percents(int packed) {
        List<Integer> percents = new ArrayList<>();
        for (int quarter = QUARTERS - 1; quarter >= 0; quarter--) {
            percents.add((packed >>> (quarter * Byte.SIZE)) & 0xFF);
        }
        return percents;
    }

    private static IntFunction<Optional<GpuCount>> gpuCounts(int[] numerator, int[] denominator) {
        Map<Long, Optional<GpuCount>> known = new HashMap<>();
        return row -> known.computeIfAbsent(
                ((long) numerator[row] << 32) | (denominator[row] & 0xFFFFFFFFL),
                fraction -> denominator[row] == 0
                        ? Optional.empty()
                        : Optional.of(new GpuCount(numerator[row], denominator[row])));
    }

    private static Optional<BigDecimal> gib(int milli) {
        return milli == CatalogCodec.ABSENT
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(milli, 3).stripTrailingZeros());
    }

    private CatalogTables skusAndPrices(
            Map<Section, ByteBuffer> bodies,
            List<SourceRow> sources,
            List<ProviderRow> providers,
            List<RegionRow> regions,
            List<TypeRow> types) {
        ByteBuffer body = body(bodies, Section.SKUS);
        int rows = begin(Section.SKUS, body, 0);
        PackedColumn type = packed(body, rows);
        PackedColumn region = packed(body, rows);
        PackedColumn option = packed(body, rows);
        PackedColumn count = packed(body, rows);
        end(body);
        checkSkus(rows, type, region, option, count, types, regions);
        int[] firstPrice = new int[rows + 1];
        for (int row = 0; row < rows; row++) {
            firstPrice[row + 1] = firstPrice[row] + (int) count.get(row);
        }
        SkuColumns skus = new SkuColumns(types.size(), ints(type, rows), ints(region, rows), ints(option, rows));
        return new CatalogTables(sources, providers, regions, types, skus, prices(bodies, sources, firstPrice));
    }

    private static int[] ints(PackedColumn column, int rows) {
        int[] ints = new int[rows];
        for (int row = 0; row < rows; row++) {
            ints[row] = (int) column.get(row);
        }
        return ints;
    }

    /**
     * Looks at the columns as they lie in the file: equal numbers take no bits, so a few bytes may claim two billion rows. As no two SKUs are
     * alike, a claim that is not covered by its columns fails at its second row, before memory is taken for it.
     */
    private void checkSkus(
            int rows,
            PackedColumn type,
            PackedColumn region,
            PackedColumn option,
            PackedColumn count,
            List<TypeRow> types,
            List<RegionRow> regions) {
        long last = -1;
        long prices = 0;
        for (int row = 0; row < rows; row++) {
            int ofType = reference(row, type.get(row), types.size(), "type");
            int ofRegion = reference(row, region.get(row), regions.size(), "region");
            int ofOption = reference(row, option.get(row), CatalogTables.OPTIONS.size(), "purchase option");
            if (types.get(ofType).provider() != regions.get(ofRegion).provider()) {
                throw damaged("row " + row + ": type " + ofType + " and region " + ofRegion + " are of two providers");
            }
            long key = ((long) ofType << 32) | SkuColumns.terms(ofRegion, ofOption);
            if (key <= last) {
                throw damaged("row " + row + " is not in order");
            }
            last = key;
            if (count.get(row) < 1 || count.get(row) > Integer.MAX_VALUE - 1 - prices) {
                throw damaged("row " + row + ": there cannot be " + count.get(row) + " prices of it");
            }
            prices += count.get(row);
        }
    }

    private int reference(int row, long reference, int limit, String what) {
        if (reference < 0 || reference >= limit) {
            throw damaged("row " + row + ": " + what + " " + reference + " is not in 0 to " + (limit - 1));
        }
        return (int) reference;
    }

    private PriceColumns prices(Map<Section, ByteBuffer> bodies, List<SourceRow> sources, int[] firstPrice) {
        ByteBuffer body = body(bodies, Section.PRICES);
        int rows = begin(Section.PRICES, body, 0);
        int skus = firstPrice.length - 1;
        if (firstPrice[skus] != rows) {
            throw damaged("there are " + rows + " prices, the SKUs have " + firstPrice[skus]);
        }
        PackedColumn rate = packed(body, rows);
        PackedColumn from = packed(body, rows);
        PackedColumn readOn = packed(body, rows);
        PackedColumn source = packed(body, rows);
        PackedColumn seen = packed(body, rows);
        PackedColumn window = packed(body, rows - skus);
        end(body);
        for (int sku = 0; sku < skus; sku++) {
            for (int row = firstPrice[sku]; row < firstPrice[sku + 1]; row++) {
                if (rate.get(row) <= 0) {
                    throw damaged("row " + row + ": a price of " + rate.get(row) + " nano-USD/h is not above 0");
                }
                reference(row, source.get(row), sources.size(), "source");
                reference(row, seen.get(row), 2, "seen");
                checkTimes(row, from.get(row), readOn.get(row));
                if (row > firstPrice[sku]) {
                    checkChange(row, from.get(row - 1) - from.get(row), window.get(row - 1 - sku));
                }
            }
        }
        return new PriceColumns(firstPrice, rate.toArray(rows), from.toArray(rows), readOn, source, seen, window);
    }

    private void checkTimes(int row, long from, long readOn) {
        if (from < FIRST_SECOND || from > LAST_SECOND) {
            throw damaged("row " + row + ": a price in effect from second " + from + " is out of range");
        }
        if (readOn != CatalogTables.UNDATED && (readOn < FIRST_DAY || readOn > LAST_DAY)) {
            throw damaged("row " + row + ": a price read on day " + readOn + " is out of range");
        }
    }

    private void checkChange(int row, long seconds, long window) {
        if (seconds <= 0) {
            throw damaged("row " + row + ": the prices of a SKU are not newest first");
        }
        if (window < Integer.MIN_VALUE || window > Integer.MAX_VALUE) {
            throw damaged("row " + row + ": a change within " + window + " seconds is out of range");
        }
    }
}
