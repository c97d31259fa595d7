package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.zip.CRC32;

/**
 * The catalog's own compact file format, big endian:
 *
 * <pre>
 * magic "ECONCAT2"  version hash (16 bytes of the bodies' SHA-256)
 * per section, in the order of {@link Section}: length (int), CRC-32 (int)
 * the sections' bodies, column by column
 * </pre>
 *
 * Every number that names a row of another table is checked on reading, so that a damaged file is refused with the place of the
 * damage and never half understood.
 */
final class CatalogCodec {

    private static final byte[] MAGIC = "ECONCAT2".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_LENGTH = 16;
    private static final BigDecimal MILLI = BigDecimal.valueOf(1000);
    private static final int ABSENT = -1;
    private static final int QUARTERS = 4;

    /** The numbers of {@link Trust} in files: append only, whatever order the enum takes. */
    private static final List<Trust> TRUSTS = List.of(
            Trust.PRICE_LIST, Trust.HOST, Trust.UNRATED, Trust.COLLECTED, Trust.MARKET_OFFER, Trust.UNCONFIRMED);

    private enum Section {
        STRINGS,
        SOURCES,
        PROVIDERS,
        REGIONS,
        TYPES,
        SKUS,
        PRICES
    }

    private CatalogCodec() {}

    /** A catalog's tables and the version they were written under. */
    record Decoded(CatalogTables tables, String version) {}

    static byte[] encode(CatalogTables tables) {
        try {
            return new Writer(tables).write();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
    }

    /** A version that stands for an overlay laid over a version. */
    static String hash(String version, String overlay) {
        byte[] hash =
                sha256(List.of(version.getBytes(StandardCharsets.UTF_8), overlay.getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(hash, 0, HASH_LENGTH);
    }

    private static byte[] sha256(List<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    static Decoded decode(byte[] file, String origin) {
        return new Reader(file, origin).read();
    }

    private static final class Writer {

        private final CatalogTables tables;
        private final Map<String, Integer> strings = new LinkedHashMap<>();

        Writer(CatalogTables tables) {
            this.tables = tables;
        }

        byte[] write() throws IOException {
            List<byte[]> bodies = new ArrayList<>();
            bodies.add(new byte[0]); // the strings, known only when all others are written
            bodies.add(sources());
            bodies.add(providers());
            bodies.add(regions());
            bodies.add(types());
            bodies.add(skus());
            bodies.add(prices());
            bodies.set(0, strings());

            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(MAGIC);
            out.write(sha256(bodies), 0, HASH_LENGTH);
            for (byte[] body : bodies) {
                out.writeInt(body.length);
                out.writeInt(crc(ByteBuffer.wrap(body)));
            }
            for (byte[] body : bodies) {
                out.write(body);
            }
            return bytes.toByteArray();
        }

        private int string(String text) {
            return strings.computeIfAbsent(text, t -> strings.size());
        }

        private int string(Optional<String> text) {
            return text.map(this::string).orElse(ABSENT);
        }

        /** One body: how many rows, then column after column. */
        private interface Columns {
            void writeTo(DataOutputStream out) throws IOException;
        }

        private static byte[] body(int rows, Columns columns) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(rows);
            columns.writeTo(out);
            return bytes.toByteArray();
        }

        private interface IntColumn<T> {
            int of(T row);
        }

        private static <T> void column(DataOutputStream out, List<T> rows, IntColumn<T> column) throws IOException {
            for (T row : rows) {
                out.writeInt(column.of(row));
            }
        }

        private byte[] strings() throws IOException {
            return body(strings.size(), out -> {
                for (String text : strings.keySet()) {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(utf8.length);
                    out.write(utf8);
                }
            });
        }

        private byte[] sources() throws IOException {
            return body(tables.sources().size(), out -> {
                column(out, tables.sources(), row -> string(row.name()));
                column(out, tables.sources(), row -> string(row.path()));
                column(out, tables.sources(), row -> string(row.revision()));
                column(out, tables.sources(), row -> TRUSTS.indexOf(row.trust()));
            });
        }

        private byte[] providers() throws IOException {
            return body(tables.providers().size(), out -> {
                column(out, tables.providers(), row -> string(row.provider().id()));
                column(
                        out,
                        tables.providers(),
                        row -> string(row.referenceRegion().map(Region::id)));
                column(out, tables.providers(), row -> row.billing().minimumSeconds());
                column(out, tables.providers(), row -> row.billing().incrementSeconds());
                column(out, tables.providers(), row -> string(row.billing().source()));
            });
        }

        private byte[] regions() throws IOException {
            return body(tables.regions().size(), out -> {
                column(out, tables.regions(), RegionRow::provider);
                column(out, tables.regions(), row -> string(row.region().id()));
                column(out, tables.regions(), row -> string(row.restriction()));
            });
        }

        private byte[] types() throws IOException {
            List<TypeRow> types = tables.types();
            return body(types.size(), out -> {
                column(out, types, TypeRow::provider);
                column(out, types, row -> string(row.spec().instanceType().name()));
                column(out, types, row -> string(row.spec().gpuModel()));
                column(out, types, row -> (int) row.spec()
                        .gpuCount()
                        .map(GpuCount::numerator)
                        .orElse(0L)
                        .longValue());
                column(out, types, row -> (int) row.spec()
                        .gpuCount()
                        .map(GpuCount::denominator)
                        .orElse(0L)
                        .longValue());
                column(out, types, row -> milli(row.spec().gpuMemoryGib()));
                column(out, types, row -> row.spec().vcpus().orElse(ABSENT));
                column(out, types, row -> milli(row.spec().memoryGib()));
                column(out, types, row -> string(row.restriction()));
                column(
                        out,
                        types,
                        row -> string(row.spec()
                                .composition()
                                .map(composition -> composition.machine().name())));
                column(
                        out,
                        types,
                        row -> string(row.spec()
                                .composition()
                                .map(composition -> composition.part().name())));
                column(
                        out,
                        types,
                        row -> row.spec().composition().map(Composition::count).orElse(ABSENT));
                column(
                        out,
                        types,
                        row -> row.sustainedUse().map(Writer::quarters).orElse(ABSENT));
                column(out, types, row -> string(row.sustainedUse().map(SustainedUseDiscount::source)));
            });
        }

        private static int quarters(SustainedUseDiscount discount) {
            return discount.quarterPercents().stream().reduce(0, (packed, percent) -> (packed << Byte.SIZE) | percent);
        }

        private static int milli(Optional<BigDecimal> gib) {
            return gib.map(value -> value.multiply(MILLI).intValueExact()).orElse(ABSENT);
        }

        private byte[] skus() throws IOException {
            SkuColumns skus = tables.skus();
            int count = skus.size();
            return body(count, out -> {
                packed(out, count, skus::type);
                packed(out, count, skus::region);
                packed(out, count, skus::option);
                packed(out, count, tables.prices()::count);
            });
        }

        /** Columns in as few bits as they need: the file is read whole, and most of its numbers are small. */
        private byte[] prices() throws IOException {
            PriceColumns prices = tables.prices();
            int skus = tables.skus().size();
            int count = prices.firstPrice(skus);
            int[] sku = new int[count];
            for (int row = 0; row < skus; row++) {
                Arrays.fill(sku, prices.firstPrice(row), prices.firstPrice(row + 1), row);
            }
            IntUnaryOperator age = price -> price - prices.firstPrice(sku[price]);
            return body(count, out -> {
                packed(out, count, price -> prices.nanoUsdPerHour(sku[price], age.applyAsInt(price)));
                packed(out, count, price -> prices.effectiveFrom(sku[price], age.applyAsInt(price)));
                packed(out, count, prices::readOn);
                packed(out, count, prices::source);
                packed(out, count, price -> prices.isSeen(price) ? 1 : 0);
                packed(out, prices.changes(), prices::window);
            });
        }

        private static void packed(DataOutputStream out, int rows, IntToLongFunction value) throws IOException {
            long[] values = new long[rows];
            Arrays.setAll(values, value);
            PackedColumn.of(values).writeTo(out);
        }
    }

    private static int crc(ByteBuffer body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return (int) crc.getValue();
    }

    private static final class Reader {

        private final ByteBuffer file;
        private final String origin;
        private Section section = Section.STRINGS;

        Reader(byte[] file, String origin) {
            this.file = ByteBuffer.wrap(file);
            this.origin = origin;
        }

        Decoded read() {
            int headerLength = MAGIC.length + HASH_LENGTH + Section.values().length * 8;
            byte[] magic = new byte[Math.min(MAGIC.length, file.remaining())];
            file.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new CatalogFormatException(origin + ": not a price catalog: byte 0 should begin "
                        + new String(MAGIC, StandardCharsets.US_ASCII));
            }
            if (file.limit() < headerLength) {
                throw new CatalogFormatException(origin + ": cut off at byte " + file.limit()
                        + ", inside the header of " + headerLength + " bytes");
            }
            byte[] hash = new byte[HASH_LENGTH];
            file.get(hash);
            Map<Section, ByteBuffer> bodies = bodies(headerLength);

            String[] strings = strings(body(bodies, Section.STRINGS));
            List<SourceRow> sources = sources(body(bodies, Section.SOURCES), strings);
            List<ProviderRow> providers = providers(body(bodies, Section.PROVIDERS), strings);
            List<RegionRow> regions = regions(body(bodies, Section.REGIONS), strings, providers.size());
            List<TypeRow> types = types(body(bodies, Section.TYPES), strings, providers);
            CatalogTables tables = skusAndPrices(bodies, sources, providers, regions, types);
            return new Decoded(tables, HexFormat.of().formatHex(hash));
        }

        private Map<Section, ByteBuffer> bodies(int headerLength) {
            Map<Section, ByteBuffer> bodies = new EnumMap<>(Section.class);
            Map<Section, Integer> crcs = new EnumMap<>(Section.class);
            int at = headerLength;
            for (Section s : Section.values()) {
                int length = file.getInt();
                crcs.put(s, file.getInt());
                if (length < 4 || length > file.limit() - at) {
                    throw new CatalogFormatException(origin + ": section " + s + " at byte " + at + " should hold "
                            + length + " bytes, the file ends at byte " + file.limit());
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
                if (crc(body.duplicate()) != Objects.requireNonNull(crcs.get(s))) {
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
        private int[] references(PackedColumn packed, int rows, int limit, String what) {
            int[] column = new int[rows];
            for (int row = 0; row < rows; row++) {
                long reference = packed.get(row);
                if (reference < 0 || reference >= limit) {
                    throw damaged("row " + row + ": " + what + " " + reference + " is not in 0 to " + (limit - 1));
                }
                column[row] = (int) reference;
            }
            return column;
        }

        /** A column of row numbers, each checked against the table it speaks of. */
        private int[] references(ByteBuffer body, int rows, int from, int limit, String what) {
            int[] column = ints(body, rows);
            for (int row = 0; row < rows; row++) {
                if (column[row] < from || column[row] >= limit) {
                    throw damaged("row " + row + ": " + what + " " + column[row] + " is not in " + from + " to "
                            + (limit - 1));
                }
            }
            return column;
        }

        private String[] strings(ByteBuffer body) {
            int rows = begin(Section.STRINGS, body, 4);
            String[] strings = new String[rows];
            for (int row = 0; row < rows; row++) {
                int length = body.remaining() < 4 ? ABSENT : body.getInt();
                if (length < 0 || length > body.remaining()) {
                    throw damaged("row " + row + ": a text of " + length + " bytes does not fit");
                }
                byte[] utf8 = new byte[length];
                body.get(utf8);
                strings[row] = new String(utf8, StandardCharsets.UTF_8);
            }
            return strings;
        }

        private IntFunction<String> texts(ByteBuffer body, int rows, String[] strings, String what) {
            int[] column = references(body, rows, 0, strings.length, what);
            return row -> strings[column[row]];
        }

        private IntFunction<Optional<String>> optionalTexts(ByteBuffer body, int rows, String[] strings, String what) {
            int[] column = references(body, rows, ABSENT, strings.length, what);
            return shared(column, text -> text == ABSENT ? Optional.empty() : Optional.of(strings[text]));
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
                    throw damaged(
                            "row " + row + ": " + name.apply(next) + " is not in order after " + name.apply(last));
                }
            }
            return rows;
        }

        private List<SourceRow> sources(ByteBuffer body, String[] strings) {
            int rows = begin(Section.SOURCES, body, 16);
            IntFunction<String> name = texts(body, rows, strings, "name");
            IntFunction<String> path = texts(body, rows, strings, "path");
            IntFunction<String> revision = texts(body, rows, strings, "revision");
            int[] trust = references(body, rows, 0, TRUSTS.size(), "trust");
            return rows(
                    rows,
                    row -> new SourceRow(
                            name.apply(row), path.apply(row), revision.apply(row), TRUSTS.get(trust[row])));
        }

        private List<ProviderRow> providers(ByteBuffer body, String[] strings) {
            int rows = begin(Section.PROVIDERS, body, 20);
            IntFunction<String> id = texts(body, rows, strings, "name");
            IntFunction<Optional<String>> region = optionalTexts(body, rows, strings, "reference region");
            int[] minimum = ints(body, rows);
            int[] increment = ints(body, rows);
            IntFunction<String> source = texts(body, rows, strings, "billing source");
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
            IntFunction<Optional<BigDecimal>> gpuMemory = shared(ints(body, rows), Reader::gib);
            IntFunction<Optional<Integer>> vcpus =
                    shared(ints(body, rows), cpus -> cpus == ABSENT ? Optional.empty() : Optional.of(cpus));
            IntFunction<Optional<BigDecimal>> memory = shared(ints(body, rows), Reader::gib);
            IntFunction<Optional<String>> restriction = optionalTexts(body, rows, strings, "restriction");
            IntFunction<Optional<Composition>> composition = compositions(body, rows, strings);
            IntFunction<Optional<SustainedUseDiscount>> sustainedUse = sustainedUse(body, rows, strings);
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
                            InstanceType.of(name),
                            InstanceType.of(part.apply(row).orElse("")),
                            count[row]));
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
            return milli == ABSENT
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
            int[] type = references(packed(body, rows), rows, types.size(), "type");
            int[] region = references(packed(body, rows), rows, regions.size(), "region");
            int[] option = references(packed(body, rows), rows, CatalogTables.OPTIONS.size(), "purchase option");
            int[] count = references(packed(body, rows), rows, Integer.MAX_VALUE, "number of prices");
            int[] firstPrice = new int[rows + 1];
            int[] sellerOfType = types.stream().mapToInt(TypeRow::provider).toArray();
            int[] sellerOfRegion =
                    regions.stream().mapToInt(RegionRow::provider).toArray();
            long last = -1;
            for (int row = 0; row < rows; row++) {
                if (sellerOfType[type[row]] != sellerOfRegion[region[row]]) {
                    throw damaged("row " + row + ": type " + type[row] + " and region " + region[row]
                            + " are of two providers");
                }
                long key = ((long) type[row] << 32) | SkuColumns.terms(region[row], option[row]);
                if (key <= last) {
                    throw damaged("row " + row + " is not in order");
                }
                last = key;
                firstPrice[row + 1] = firstPrice[row] + count[row];
                if (count[row] == 0) {
                    throw damaged("row " + row + " has no price");
                }
                if (firstPrice[row + 1] < 0) {
                    throw damaged("row " + row + ": its prices end after the last one there can be");
                }
            }
            SkuColumns skus = new SkuColumns(types.size(), type, region, option);
            return new CatalogTables(sources, providers, regions, types, skus, prices(bodies, sources, firstPrice));
        }

        private PriceColumns prices(Map<Section, ByteBuffer> bodies, List<SourceRow> sources, int[] firstPrice) {
            ByteBuffer body = body(bodies, Section.PRICES);
            int rows = begin(Section.PRICES, body, 0);
            int skus = firstPrice.length - 1;
            if (firstPrice[skus] != rows) {
                throw damaged("there are " + rows + " prices, the SKUs have " + firstPrice[skus]);
            }
            long[] rate = packed(body, rows).toArray(rows);
            long[] from = packed(body, rows).toArray(rows);
            PackedColumn readOn = packed(body, rows);
            PackedColumn source = packed(body, rows);
            PackedColumn seen = packed(body, rows);
            PackedColumn window = packed(body, rows - skus);
            references(source, rows, sources.size(), "source");
            for (int row = 0; row < rows; row++) {
                if (rate[row] <= 0) {
                    throw damaged("row " + row + ": a price of " + rate[row] + " nano-USD/h is not above 0");
                }
            }
            for (int sku = 0; sku < skus; sku++) {
                for (int row = firstPrice[sku] + 1; row < firstPrice[sku + 1]; row++) {
                    if (from[row] >= from[row - 1]) {
                        throw damaged("row " + row + ": the prices of a SKU are not newest first");
                    }
                }
            }
            return new PriceColumns(firstPrice, rate, from, readOn, source, seen, window);
        }
    }
}
