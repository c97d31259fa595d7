package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does it take to find a price?
 *
 * <p>Data: {@link PriceList}: 60,000 made-up SKUs from a fixed seed, with one price each, or with 32 each for the methods that ask for
 * a price at a moment. Asked are 4,096 of them in random order, at random moments of those 32 periods, by strings that are equal
 * to the catalog's and not the same objects, as a request brings them. The plain-Java way is a {@code HashMap} with a record of the
 * four for its key, and in it a {@code TreeMap} by instant where prices change.
 *
 * <p>{@code price*} gives the whole price with its dates and its source; the others the figure alone. {@code strings*} looks a SKU up
 * each time; {@code handle*} has resolved it before, as a host does when an instance starts.
 *
 * <pre>java -jar benchmarks/target/benchmarks.jar CatalogLookup</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xbatch", "-Xmx3g"})
public class CatalogLookupBenchmark {

    private static final int QUERIES = 4_096;
    private static final int PERIODS = 32;

    /** Only its methods matter. */
    public CatalogLookupBenchmark() {}

    /** What is asked for: keys of foreign strings, and moments. */
    private static final class Queries {

        final PriceList.Key[] keys = new PriceList.Key[QUERIES];
        final Instant[] instants = new Instant[QUERIES];
        final long[] epochSeconds = new long[QUERIES];

        Queries(List<PriceRow> rows, int periods) {
            SplittableRandom random = new SplittableRandom(7);
            Instant first = PriceList.FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toInstant();
            Duration covered = PriceList.PERIOD.multipliedBy(periods);
            for (int i = 0; i < QUERIES; i++) {
                keys[i] =
                        PriceList.Key.of(rows.get(random.nextInt(rows.size()))).foreign();
                instants[i] = first.plusSeconds(random.nextLong(covered.toSeconds()));
                epochSeconds[i] = instants[i].getEpochSecond();
            }
        }

        int[] handles(PriceCatalog catalog) {
            int[] handles = new int[QUERIES];
            Arrays.setAll(handles, i -> {
                PriceList.Key key = keys[i];
                return catalog.indexOf(key.provider(), key.region(), key.instanceType(), key.option());
            });
            return handles;
        }

        Sku sku(int i) {
            PriceList.Key key = keys[i];
            return new Sku(
                    Provider.of(key.provider()),
                    Region.of(key.region()),
                    InstanceType.of(key.instanceType()),
                    key.option());
        }
    }

    /** A catalog of 60,000 prices. */
    @State(Scope.Benchmark)
    public static class OnePriceEach {

        private final PriceCatalog catalog;
        private final Queries queries;
        private final int[] handles;

        /** Draws the prices. */
        public OnePriceEach() {
            List<PriceRow> rows = PriceList.rows(1);
            catalog = PriceCatalog.of(rows);
            queries = new Queries(rows, 1);
            handles = queries.handles(catalog);
        }
    }

    /** The same prices in a map. */
    @State(Scope.Benchmark)
    public static class OnePriceEachInMap {

        private final Map<PriceList.Key, BigDecimal> prices = new HashMap<>();
        private final Queries queries;

        /** Draws the prices. */
        public OnePriceEachInMap() {
            List<PriceRow> rows = PriceList.rows(1);
            rows.forEach(row -> prices.put(PriceList.Key.of(row), row.rate().toUsd()));
            queries = new Queries(rows, 1);
        }
    }

    /** A catalog of 60,000 SKUs with 32 prices each. */
    @State(Scope.Benchmark)
    public static class ManyPricesEach {

        private final PriceCatalog catalog;
        private final Queries queries;
        private final int[] handles;

        /** Draws the prices. */
        public ManyPricesEach() {
            List<PriceRow> rows = PriceList.rows(PERIODS);
            catalog = PriceCatalog.of(rows);
            queries = new Queries(rows, PERIODS);
            handles = queries.handles(catalog);
        }
    }

    /** The same prices in a map of maps. */
    @State(Scope.Benchmark)
    public static class ManyPricesEachInMap {

        private final Map<PriceList.Key, NavigableMap<Instant, BigDecimal>> prices = new HashMap<>();
        private final Queries queries;

        /** Draws the prices. */
        public ManyPricesEachInMap() {
            List<PriceRow> rows = PriceList.rows(PERIODS);
            rows.forEach(row -> prices.computeIfAbsent(PriceList.Key.of(row), key -> new TreeMap<>())
                    .put(row.effectiveFrom(), row.rate().toUsd()));
            queries = new Queries(rows, PERIODS);
        }
    }

    /**
     * The whole price by strings, our way.
     *
     * @param data the catalog
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public void priceEconomy(OnePriceEach data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            hole.consume(data.catalog.price(data.queries.sku(i), data.queries.instants[i]));
        }
    }

    /**
     * The price by strings, our way.
     *
     * @param data the catalog
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    @Goal(question = "A price by strings", against = "stringsHashMap", lead = 1, bytes = 0, held = 0.4)
    public void stringsEconomy(OnePriceEach data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            PriceList.Key key = data.queries.keys[i];
            hole.consume(data.catalog.nanoUsdPerHour(
                    data.catalog.indexOf(key.provider(), key.region(), key.instanceType(), key.option())));
        }
    }

    /**
     * The newest price of what was resolved before.
     *
     * @param data the catalog
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    @Goal(question = "A price by handle, now", against = "stringsHashMap", lead = 25, bytes = 0, held = 8)
    public void handleNow(OnePriceEach data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            hole.consume(data.catalog.nanoUsdPerHour(data.handles[i]));
        }
    }

    /**
     * The price at a moment of what was resolved before.
     *
     * @param data the catalog
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    @Goal(question = "A price by handle, at a moment", against = "atTreeMap", lead = 10, bytes = 0, held = 3)
    public void handleAt(ManyPricesEach data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            hole.consume(data.catalog.nanoUsdPerHourAt(data.handles[i], data.queries.epochSeconds[i]));
        }
    }

    /**
     * The price by strings, from a map.
     *
     * @param data the map
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    @Rival
    public void stringsHashMap(OnePriceEachInMap data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            PriceList.Key key = data.queries.keys[i];
            hole.consume(
                    data.prices.get(new PriceList.Key(key.provider(), key.region(), key.instanceType(), key.option())));
        }
    }

    /**
     * The whole price at a moment by strings, our way.
     *
     * @param data the catalog
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public void priceAtEconomy(ManyPricesEach data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            ListPrice price = data.catalog.price(data.queries.sku(i), data.queries.instants[i]);
            hole.consume(price);
        }
    }

    /**
     * The price at a moment by strings, from a map of maps.
     *
     * @param data the map
     * @param hole takes the prices
     */
    @Benchmark
    @OperationsPerInvocation(QUERIES)
    @Rival
    public void atTreeMap(ManyPricesEachInMap data, Blackhole hole) {
        for (int i = 0; i < QUERIES; i++) {
            PriceList.Key key = data.queries.keys[i];
            NavigableMap<Instant, BigDecimal> history = Objects.requireNonNull(
                    data.prices.get(new PriceList.Key(key.provider(), key.region(), key.instanceType(), key.option())));
            hole.consume(history.floorEntry(data.queries.instants[i]));
        }
    }
}
