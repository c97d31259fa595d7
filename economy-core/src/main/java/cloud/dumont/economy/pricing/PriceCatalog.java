package cloud.dumont.economy.pricing;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.pricing.Offer.Restriction;
import cloud.dumont.economy.pricing.Offer.Scope;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An immutable snapshot of dated list prices, compiled: identifiers are interned to numbers, prices are columns, a look-up is a
 * binary search over them.
 *
 * <p>One snapshot serves one report, so that no report mixes two versions.
 *
 * <p>This class is immutable and thread-safe; look-ups take no lock.
 */
public final class PriceCatalog {

    private final CatalogTables tables;
    private final String version;
    private final Map<Provider, Integer> providers = new HashMap<>();
    private final List<Map<Region, Integer>> regions;
    private final List<Map<InstanceType, Integer>> types;

    private PriceCatalog(CatalogTables tables, String version) {
        this.tables = tables;
        this.version = version;
        for (ProviderRow row : tables.providers()) {
            providers.put(row.provider(), providers.size());
        }
        regions = Stream.<Map<Region, Integer>>generate(HashMap::new)
                .limit(providers.size())
                .toList();
        types = Stream.<Map<InstanceType, Integer>>generate(HashMap::new)
                .limit(providers.size())
                .toList();
        for (int row = 0; row < tables.regions().size(); row++) {
            RegionRow region = tables.regions().get(row);
            regions.get(region.provider()).put(region.region(), row);
        }
        for (int row = 0; row < tables.types().size(); row++) {
            TypeRow type = tables.types().get(row);
            types.get(type.provider()).put(type.spec().instanceType(), row);
        }
    }

    /**
     * A catalog of these facts. Restrictions, billing rules and reference regions come from the rules that the library knows.
     *
     * @param rows the facts, in any order
     * @return the compiled catalog
     * @throws IllegalArgumentException if two rows contradict each other; the message names both
     */
    public static PriceCatalog of(Collection<PriceRow> rows) {
        CatalogCompiler compiler = new CatalogCompiler(ProviderRules.bundled());
        rows.forEach(compiler::add);
        return read(CatalogCodec.encode(compiler.compile()), "compiled catalog");
    }

    /**
     * Reads a catalog file.
     *
     * @param file a file that {@link #write} made
     * @return the catalog
     * @throws CatalogFormatException if it cannot be read, or is damaged; the message says where
     */
    public static PriceCatalog read(Path file) {
        try {
            return read(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new CatalogFormatException(file + ": cannot be read: " + e, e);
        }
    }

    /**
     * Reads a catalog from its bytes.
     *
     * @param bytes the content of a file that {@link #write} made
     * @param origin what to call it in errors
     * @return the catalog
     * @throws CatalogFormatException if it is damaged; the message says where
     */
    public static PriceCatalog read(byte[] bytes, String origin) {
        CatalogCodec.Decoded decoded = CatalogCodec.decode(bytes, origin);
        return new PriceCatalog(decoded.tables(), decoded.version());
    }

    /**
     * Writes the catalog to a file, whole or not at all: a reader sees the old content until the new one is complete.
     *
     * @param file where to; replaced if it exists
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        Path target = file.toAbsolutePath();
        try {
            // Not a temporary file of the JDK's: those are readable by their owner alone.
            Path partial = target.resolveSibling(
                    target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Files.write(partial, CatalogCodec.encode(tables));
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * The content's hash: two catalogs with the same facts have the same version.
     *
     * @return 32 hexadecimal digits
     */
    public String version() {
        return version;
    }

    /**
     * How many SKUs have a price.
     *
     * @return their number
     */
    public int size() {
        return tables.skuKeys().length;
    }

    /**
     * Who sells anything here.
     *
     * @return the providers in order of their names
     */
    public SortedSet<Provider> providers() {
        return new TreeSet<>(providers.keySet());
    }

    /**
     * Where a provider sells anything.
     *
     * @param provider a provider
     * @return its regions in order of their names; empty if the provider is unknown
     */
    public SortedSet<Region> regions(Provider provider) {
        Integer row = providers.get(provider);
        return row == null ? new TreeSet<>() : new TreeSet<>(regions.get(row).keySet());
    }

    /**
     * What a provider sells.
     *
     * @param provider a provider
     * @return its instance types in order of their names; empty if the provider is unknown
     */
    public SortedSet<InstanceType> instanceTypes(Provider provider) {
        Integer row = providers.get(provider);
        return row == null ? new TreeSet<>() : new TreeSet<>(types.get(row).keySet());
    }

    /**
     * What an instance type is made of.
     *
     * @param provider who sells it
     * @param instanceType its name
     * @return its specification, or empty if it is unknown
     */
    public Optional<InstanceSpec> spec(Provider provider, InstanceType instanceType) {
        Integer row = providers.get(provider);
        Integer type = row == null ? null : types.get(row).get(instanceType);
        return type == null
                ? Optional.empty()
                : Optional.of(tables.types().get(type).spec());
    }

    /**
     * The region a baseline compares with unless it names one.
     *
     * @param provider a provider
     * @return its reference region; {@link Region#GLOBAL} where the provider has one price for all; empty where neither is known
     */
    public Optional<Region> referenceRegion(Provider provider) {
        Integer row = providers.get(provider);
        if (row == null) {
            return Optional.empty();
        }
        return tables.providers()
                .get(row)
                .referenceRegion()
                .or(() -> regions.get(row).containsKey(Region.GLOBAL) ? Optional.of(Region.GLOBAL) : Optional.empty());
    }

    /**
     * How a provider counts the time of a launch.
     *
     * @param provider a provider
     * @return its rule; {@link BillingRule#PER_SECOND} where none is known
     */
    public BillingRule billingRule(Provider provider) {
        Integer row = providers.get(provider);
        return row == null
                ? BillingRule.PER_SECOND
                : tables.providers().get(row).billing();
    }

    /**
     * All prices of a SKU.
     *
     * @param sku what is priced
     * @return its history, or empty if it has no price
     */
    public Optional<PriceHistory> history(Sku sku) {
        int index = index(sku);
        return index < 0 ? Optional.empty() : Optional.of(historyAt(index));
    }

    /**
     * The price of a SKU at a moment.
     *
     * @param sku what is priced
     * @param at the moment
     * @return the price in effect then (the first known one where the moment lies before it)
     * @throws PriceNotFoundException if it has none; the message names what is known instead
     */
    public ListPrice price(Sku sku, Instant at) {
        return history(sku).orElseThrow(() -> notFound(sku)).at(at);
    }

    private int index(Sku sku) {
        Integer provider = providers.get(sku.provider());
        if (provider == null) {
            return -1;
        }
        Integer region = regions.get(provider).get(sku.region());
        Integer type = types.get(provider).get(sku.instanceType());
        if (region == null || type == null) {
            return -1;
        }
        return Arrays.binarySearch(tables.skuKeys(), CatalogTables.key(type, region, sku.purchaseOption()));
    }

    private PriceNotFoundException notFound(Sku sku) {
        Provider provider = sku.provider();
        if (!providers.containsKey(provider)) {
            return new PriceNotFoundException("unknown provider '" + provider + "'; known: " + join(providers()));
        }
        if (!instanceTypes(provider).contains(sku.instanceType())) {
            return new PriceNotFoundException("unknown instance type '" + sku.instanceType() + "' of " + provider
                    + "; known: " + join(instanceTypes(provider)));
        }
        List<Sku> sold = offers(provider)
                .map(Offer::sku)
                .filter(other -> other.instanceType().equals(sku.instanceType()))
                .toList();
        if (!regions(provider).contains(sku.region())) {
            return new PriceNotFoundException("unknown region '" + sku.region() + "' of " + provider + "; "
                    + sku.instanceType() + " is known in: "
                    + join(sold.stream().map(Sku::region).collect(Collectors.toCollection(TreeSet::new))));
        }
        return new PriceNotFoundException("no " + sku.purchaseOption() + " price of " + provider + " "
                + sku.instanceType() + " in " + sku.region() + "; known: "
                + sold.stream()
                        .map(other -> other.region() + " " + other.purchaseOption())
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }

    private static String join(Collection<?> known) {
        return known.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /**
     * Everything a provider offers, restricted offers too.
     *
     * @param provider a provider
     * @return its offers, ordered by instance type, region and option; empty if the provider is unknown
     */
    public Stream<Offer> offers(Provider provider) {
        Integer wanted = providers.get(provider);
        return wanted == null
                ? Stream.empty()
                : IntStream.range(0, size())
                        .filter(sku -> tables.types()
                                        .get(CatalogTables.type(tables.skuKeys()[sku]))
                                        .provider()
                                == wanted)
                        .mapToObj(this::offerAt);
    }

    /**
     * Everything that is offered, ordered by provider, instance type, region and option.
     *
     * @return all offers
     */
    public Stream<Offer> offers() {
        return IntStream.range(0, size()).mapToObj(this::offerAt);
    }

    private Offer offerAt(int sku) {
        long key = tables.skuKeys()[sku];
        TypeRow type = tables.types().get(CatalogTables.type(key));
        Optional<Restriction> restriction = type.restriction()
                .map(reason -> new Restriction(Scope.TYPE, reason))
                .or(() -> tables.regions()
                        .get(CatalogTables.region(key))
                        .restriction()
                        .map(reason -> new Restriction(Scope.REGION, reason)));
        return new Offer(type.spec(), historyAt(sku), restriction);
    }

    private PriceHistory historyAt(int index) {
        long key = tables.skuKeys()[index];
        TypeRow type = tables.types().get(CatalogTables.type(key));
        Sku sku = new Sku(
                type.spec().provider(),
                tables.regions().get(CatalogTables.region(key)).region(),
                type.spec().instanceType(),
                CatalogTables.option(key));
        int first = tables.firstPrice()[index];
        List<ListPrice> prices = IntStream.range(first, tables.firstPrice()[index + 1])
                .mapToObj(price -> new ListPrice(
                        sku,
                        HourlyRate.ofNanoUsd(tables.nanoUsdPerHour()[price]),
                        Instant.ofEpochSecond(tables.effectiveFrom()[price]),
                        price == first
                                ? Optional.empty()
                                : Optional.of(Instant.ofEpochSecond(tables.effectiveFrom()[price - 1])),
                        provenance(price)))
                .toList();
        return new PriceHistory(sku, prices);
    }

    private Provenance provenance(int price) {
        SourceRow source = tables.sources().get(tables.source()[price]);
        return new Provenance(
                source.name(), source.path(), source.revision(), LocalDate.ofEpochDay(tables.readOn()[price]));
    }

    /**
     * The day the newest price was read.
     *
     * @return the day, or empty for a catalog without prices
     */
    public Optional<LocalDate> newestReadOn() {
        return Arrays.stream(tables.readOn())
                .boxed()
                .max(Comparator.naturalOrder())
                .map(LocalDate::ofEpochDay);
    }

    @Override
    public String toString() {
        return "price catalog " + version + " (" + size() + " SKUs of " + providers.size() + " providers)";
    }
}
