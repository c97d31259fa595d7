package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.provider.Region;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/** Writes a catalog's tables as {@link CatalogCodec} has them. */
final class CatalogWriter {

    private static final BigDecimal MILLI = BigDecimal.valueOf(1000);

    private final CatalogTables tables;
    private final Map<String, Integer> strings = new LinkedHashMap<>();

    CatalogWriter(CatalogTables tables) {
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
        out.write(CatalogCodec.MAGIC);
        out.write(CatalogCodec.sha256(bodies), 0, CatalogCodec.HASH_LENGTH);
        for (byte[] body : bodies) {
            out.writeInt(body.length);
            out.writeInt(CatalogCodec.crc(ByteBuffer.wrap(body)));
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
        return text.map(this::string).orElse(CatalogCodec.ABSENT);
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
            column(out, tables.sources(), row -> CatalogCodec.TRUSTS.indexOf(row.trust()));
        });
    }

    private byte[] providers() throws IOException {
        return body(tables.providers().size(), out -> {
            column(out, tables.providers(), row -> string(row.provider().id()));
            column(out, tables.providers(), row -> string(row.referenceRegion().map(Region::id)));
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
            column(out, types, row -> (int)
                    row.spec().gpuCount().map(GpuCount::numerator).orElse(0L).longValue());
            column(out, types, row -> (int)
                    row.spec().gpuCount().map(GpuCount::denominator).orElse(0L).longValue());
            column(out, types, row -> milli(row.spec().gpuMemoryGib()));
            column(out, types, row -> row.spec().vcpus().orElse(CatalogCodec.ABSENT));
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
                    row -> row.spec().composition().map(Composition::count).orElse(CatalogCodec.ABSENT));
            column(
                    out,
                    types,
                    row -> row.sustainedUse().map(CatalogWriter::quarters).orElse(CatalogCodec.ABSENT));
            column(out, types, row -> string(row.sustainedUse().map(SustainedUseDiscount::source)));
        });
    }

    private static int quarters(SustainedUseDiscount discount) {
        return discount.quarterPercents().stream().reduce(0, (packed, percent) -> (packed << Byte.SIZE) | percent);
    }

    private static int milli(Optional<BigDecimal> gib) {
        return gib.map(value -> value.multiply(MILLI).intValueExact()).orElse(CatalogCodec.ABSENT);
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
