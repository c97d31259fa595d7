package cloud.dumont.economy.pricing;

import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.pricing.Offer.Restriction;
import cloud.dumont.economy.pricing.Offer.Scope;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An immutable snapshot of dated list prices, compiled: identifiers are interned to numbers, prices are columns. Who asks often
 * resolves a SKU to its {@linkplain #indexOf index} once and then reads prices by index.
 *
 * <p>One snapshot serves one report, so that no report mixes two versions.
 *
 * <p>This class is immutable and thread-safe; look-ups take no lock.
 */
public final class PriceCatalog {

    private static final int NONE = -1;

    private final CatalogTables tables;
    private final PriceOverlay overlay;
    private final String version;
    private final NameIndex providers;
    private final NameIndex regions;
    private final NameIndex types;

    private PriceCatalog(CatalogTables tables, PriceOverlay overlay, String version) {
        this.tables = tables;
        this.overlay = overlay;
        this.version = version;
        int sellers = tables.providers().size();
        this.providers = NameIndex.of(
                1, tables.providers(), row -> 0, row -> row.provider().id());
        this.regions = NameIndex.of(
                sellers,
                tables.regions(),
                RegionRow::provider,
                row -> row.region().id());
        this.types = NameIndex.of(
                sellers,
                tables.types(),
                TypeRow::provider,
                row -> row.spec().instanceType().name());
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
        OneSpelling.of(rows).forEach(compiler::add);
        return decoded(CatalogCodec.encode(compiler.compile()), "compiled catalog");
    }

    /**
     * Reads a catalog file. Nothing in it is believed unseen: its version is the hash of its content, which is computed here.
     *
     * @param file a file that {@link #write} made, at most 8 MiB
     * @return the catalog
     * @throws CatalogFormatException if it cannot be read, is too large, is damaged or was changed; the message says where
     */
    public static PriceCatalog read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(CatalogCodec.MOST_BYTES + 1), file.toString());
        } catch (IOException e) {
            throw new CatalogFormatException(file + ": cannot be read: " + e, e);
        }
    }

    /**
     * Reads a catalog from its bytes.
     *
     * @param bytes the content of a file that {@link #write} made, at most 8 MiB
     * @param origin what to call it in errors
     * @return the catalog
     * @throws CatalogFormatException if it is too large, is damaged or was changed; the message says where
     */
    public static PriceCatalog read(byte[] bytes, String origin) {
        if (bytes.length > CatalogCodec.MOST_BYTES) {
            throw new CatalogFormatException(origin + ": not a price catalog: more than " + CatalogCodec.MOST_BYTES
                    + " bytes, the most there can be");
        }
        return decoded(bytes, origin);
    }

    private static PriceCatalog decoded(byte[] bytes, String origin) {
        CatalogCodec.Decoded decoded = CatalogCodec.decode(bytes, origin);
        return new PriceCatalog(decoded.tables(), PriceOverlay.NONE, decoded.version());
    }

    /**
     * This catalog with what an account knows better laid over it. Its {@link #version} tells both apart: the same list under the same
     * overlay has the same version. Making one takes about as long as reading a catalog, or, with prices of the account's own, as
     * compiling one: keep it.
     *
     * @param other what the account knows better; takes the place of an overlay that was laid over before
     * @return a catalog of its own; this one where the overlay says nothing
     * @throws IllegalArgumentException if a price of the account's own contradicts the list's description of its type
     */
    public PriceCatalog with(PriceOverlay other) {
        if (other.equals(overlay)) {
            return this;
        }
        if (!overlay.equals(PriceOverlay.NONE)) {
            throw new IllegalStateException("lay an overlay over the list itself, not over " + this);
        }
        String overlaid = CatalogCodec.hash(version, other.content());
        if (other.prices().isEmpty()) {
            return new PriceCatalog(tables, other, overlaid);
        }
        List<PriceRow> own = other.prices().stream().map(this::spelledAsHere).toList();
        Map<Sku, Instant> ownSince =
                own.stream().collect(Collectors.toMap(PriceRow::sku, PriceRow::effectiveFrom, PriceCatalog::earlier));
        CatalogCompiler compiler = new CatalogCompiler(ProviderRules.bundled());
        rows().flatMap(row -> row.before(ownSince.getOrDefault(row.sku(), Instant.MAX)).stream())
                .forEach(compiler::add);
        own.forEach(compiler::addOwn);
        return new PriceCatalog(compiler.compile(), other, overlaid);
    }

    /**
     * A price under the name that this catalog has for its type, where case does not count.
     *
     * @param row a price as a file or a host writes it
     * @return the same price, under the catalog's name of its type if it has one
     */
    public PriceRow spelledAsHere(PriceRow row) {
        return spec(row.spec().provider(), row.spec().instanceType())
                .map(spec -> row.named(spec.instanceType()))
                .orElse(row);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * What has changed since an older snapshot.
     *
     * @param older the older one
     * @return the newest prices that are not in both
     */
    public CatalogDiff changesSince(PriceCatalog older) {
        return CatalogDiff.between(older, this);
    }

    /**
     * Writes the catalog to a file, whole or not at all: a reader sees the old content until the new one is complete.
     *
     * @param file where to; replaced if it exists
     * @throws UncheckedIOException if it cannot be written
     * @throws IllegalStateException if it is larger than the 8 MiB that {@link #read} takes, or if an overlay is laid over it: what an account knows better is no price list
     */
    public void write(Path file) {
        if (!overlay.equals(PriceOverlay.NONE)) {
            throw new IllegalStateException("write the list itself, not what an account has laid over it");
        }
        byte[] bytes = CatalogCodec.encode(tables);
        if (bytes.length > CatalogCodec.MOST_BYTES) {
            throw new IllegalStateException("a catalog of " + bytes.length + " bytes could not be read again: at most "
                    + CatalogCodec.MOST_BYTES + "; split it by provider");
        }
        Path target = file.toAbsolutePath();
        try {
            // Not a temporary file of the JDK's: those are readable by their owner alone.
            Path partial = target.resolveSibling(
                    target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                Files.write(partial, bytes);
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
    @JsonValue
    public String version() {
        return version;
    }

    /**
     * How many SKUs have a price.
     *
     * @return their number
     */
    public int size() {
        return tables.skus().size();
    }

    /**
     * Who sells anything here.
     *
     * @return the providers in order of their names
     */
    public SortedSet<Provider> providers() {
        return tables.providers().stream().map(ProviderRow::provider).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Where a provider sells anything.
     *
     * @param provider a provider
     * @return its regions in order of their names; empty if the provider is unknown
     */
    public SortedSet<Region> regions(Provider provider) {
        return rowsOf(provider, regions, tables.regions())
                .map(RegionRow::region)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Makes sure that something is sold there.
     *
     * @param provider who is asked for
     * @param region where
     * @throws PriceNotFoundException if the provider or the region is unknown; the message names those that come nearest
     */
    public void checkRegion(Provider provider, Region region) {
        if (row(provider) < 0) {
            throw new PriceNotFoundException(
                    "unknown provider '" + Given.shown(provider) + "'; known: " + join(providers()));
        }
        if (!regions(provider).contains(region)) {
            throw new PriceNotFoundException("unknown region '" + Given.shown(region) + "' of " + provider + "; "
                    + NearestNames.suggest(
                            region.id(), regions(provider).stream().map(Region::id)));
        }
    }

    /**
     * What a provider sells.
     *
     * @param provider a provider
     * @return its instance types in order of their names; empty if the provider is unknown
     */
    public SortedSet<InstanceType> instanceTypes(Provider provider) {
        return rowsOf(provider, types, tables.types())
                .map(row -> row.spec().instanceType())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private <T> Stream<T> rowsOf(Provider provider, NameIndex names, List<T> rows) {
        int row = row(provider);
        return row < 0 ? Stream.empty() : rows.subList(names.first(row), names.first(row + 1)).stream();
    }

    private int row(Provider provider) {
        return providers.find(0, provider.id());
    }

    /**
     * What an instance type is made of.
     *
     * @param provider who sells it
     * @param instanceType its name
     * @return its specification, or empty if it is unknown
     */
    public Optional<InstanceSpec> spec(Provider provider, InstanceType instanceType) {
        int row = row(provider);
        int type = row < 0 ? NONE : type(row, instanceType.name());
        return type < 0
                ? Optional.empty()
                : Optional.of(tables.types().get(type).spec());
    }

    /**
     * Under which name a provider is known to sell a GPU. That there is such a family does not mean that its price is known.
     *
     * @param provider who sells it
     * @param gpuModel the canonical name of the GPU
     * @return the provider's name of the family, such as {@code a4x}; empty where none is known
     */
    public Optional<String> knownFamily(Provider provider, String gpuModel) {
        return ProviderRules.bundled().family(provider, gpuModel);
    }

    /**
     * The region a baseline compares with unless it names one.
     *
     * @param provider a provider
     * @return its reference region; {@link Region#GLOBAL} where the provider has one price for all; empty where neither is known
     */
    public Optional<Region> referenceRegion(Provider provider) {
        int row = row(provider);
        return row < 0
                ? Optional.empty()
                : tables.providers()
                        .get(row)
                        .referenceRegion()
                        .or(() -> Optional.of(Region.GLOBAL).filter(global -> regions.find(row, global.id()) >= 0));
    }

    /**
     * How a provider counts the time of a launch.
     *
     * @param provider a provider
     * @return its rule; {@link BillingRule#PER_SECOND} where none is known
     */
    public BillingRule billingRule(Provider provider) {
        int row = row(provider);
        return row < 0 ? BillingRule.PER_SECOND : tables.providers().get(row).billing();
    }

    /**
     * All prices of a SKU.
     *
     * @param sku what is priced
     * @return its history, or empty if it has no price
     */
    public Optional<PriceHistory> history(Sku sku) {
        int index = indexOf(sku);
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

    /**
     * The index of a SKU in this snapshot, for those who ask for its price many times: a price by index is an array read. An
     * index belongs to this snapshot alone: in a catalog of another {@link #version} the same number is another SKU, or none.
     *
     * <p>Allocates nothing where the names are written as the catalog has them (provider in upper case, region in lower
     * case); other letter case, blanks around and unknown names are found out at the cost of a copy.
     *
     * @param provider who sells it, in any case
     * @param region where, in any case
     * @param instanceType what; case counts, but for Azure's
     * @param option under which terms
     * @return its index, 0 to {@link #size} - 1; -1 if it has no price here
     */
    public int indexOf(String provider, String region, String instanceType, PurchaseOption option) {
        int seller = find(providers, 0, provider, PriceCatalog::normalisedProvider);
        return seller < 0
                ? NONE
                : find(
                        find(regions, seller, region, PriceCatalog::normalisedRegion),
                        instanceType.isBlank() ? NONE : type(seller, instanceType),
                        option);
    }

    /**
     * The index of a SKU in this snapshot, as {@link #indexOf(String, String, String, PurchaseOption)} has it. Allocates nothing.
     *
     * @param sku what is priced
     * @return its index, 0 to {@link #size} - 1; -1 if it has no price here
     */
    public int indexOf(Sku sku) {
        int seller = row(sku.provider());
        return seller < 0
                ? NONE
                : find(
                        regions.find(seller, sku.region().id()),
                        type(seller, sku.instanceType().name()),
                        sku.purchaseOption());
    }

    /** The row of a type; one that is not found as it is written is looked for without blanks, and without case where that does not count. */
    private int type(int seller, String name) {
        int row = types.find(seller, name);
        if (row >= 0) {
            return row;
        }
        String stripped = name.strip();
        if (!tables.providers().get(seller).provider().ignoresCaseOfTypes()) {
            return types.find(seller, stripped);
        }
        for (int type = types.first(seller); type < types.first(seller + 1); type++) {
            if (tables.types().get(type).spec().instanceType().name().equalsIgnoreCase(stripped)) {
                return type;
            }
        }
        return NONE;
    }

    private int find(int region, int type, PurchaseOption option) {
        return region < 0 || type < 0 ? NONE : tables.skus().find(type, region, CatalogTables.optionNumber(option));
    }

    /** Most callers write a name as the catalog does: only one that is not found is normalised, and looked for again. */
    private static int find(NameIndex names, int owner, String name, UnaryOperator<String> normalised) {
        int row = names.find(owner, name);
        return row >= 0 || name.isBlank() ? row : names.find(owner, normalised.apply(name));
    }

    private static String normalisedProvider(String name) {
        return Provider.of(name).id();
    }

    private static String normalisedRegion(String name) {
        return Region.of(name).id();
    }

    /**
     * The SKU of an index.
     *
     * @param index of this snapshot, 0 to {@link #size} - 1
     * @return the SKU
     * @throws IndexOutOfBoundsException if there is no such index; the message names it
     */
    public Sku sku(int index) {
        SkuColumns skus = tables.skus();
        InstanceSpec spec = tables.types().get(skus.type(checked(index))).spec();
        return new Sku(
                spec.provider(),
                tables.regions().get(skus.region(index)).region(),
                spec.instanceType(),
                CatalogTables.OPTIONS.get(skus.option(index)));
    }

    /**
     * The newest price of an index. Allocates nothing.
     *
     * @param index of this snapshot, 0 to {@link #size} - 1
     * @return nano-USD per hour
     * @throws IndexOutOfBoundsException if there is no such index; the message names it
     */
    public long nanoUsdPerHour(int index) {
        return tables.prices().newest(checked(index));
    }

    /**
     * The price of an index at a moment. Allocates nothing.
     *
     * @param index of this snapshot, 0 to {@link #size} - 1
     * @param epochSecond the moment, in seconds since 1970; any value
     * @return nano-USD per hour in effect then (the first known price where the moment lies before it)
     * @throws IndexOutOfBoundsException if there is no such index; the message names it
     */
    public long nanoUsdPerHourAt(int index, long epochSecond) {
        return tables.prices().at(checked(index), epochSecond);
    }

    private int checked(int index) {
        return Objects.checkIndex(index, size());
    }

    private PriceNotFoundException notFound(Sku sku) {
        Provider provider = sku.provider();
        if (row(provider) < 0) {
            return new PriceNotFoundException(
                    "unknown provider '" + Given.shown(provider) + "'; known: " + join(providers()));
        }
        int type = type(row(provider), sku.instanceType().name());
        if (type < 0) {
            return new PriceNotFoundException(
                    "unknown instance type '" + Given.shown(sku.instanceType()) + "' of " + provider + "; "
                            + NearestNames.suggest(
                                    sku.instanceType().name(),
                                    instanceTypes(provider).stream().map(InstanceType::name)));
        }
        List<Sku> sold = IntStream.range(
                        tables.skus().first(type), tables.skus().first(type + 1))
                .mapToObj(this::sku)
                .toList();
        if (!regions(provider).contains(sku.region())) {
            return new PriceNotFoundException(
                    "unknown region '" + Given.shown(sku.region()) + "' of " + provider + "; of those with "
                            + sku.instanceType() + " "
                            + NearestNames.suggest(
                                    sku.region().id(),
                                    sold.stream().map(one -> one.region().id())));
        }
        return new PriceNotFoundException("the catalog has no " + sku.purchaseOption() + " price of " + provider + " "
                + sku.instanceType() + " in " + sku.region() + "; "
                + NearestNames.suggest(
                        sku.region() + " " + sku.purchaseOption(),
                        sold.stream().map(other -> other.region() + " " + other.purchaseOption())));
    }

    /**
     * Why a rule for what is on sale reaches nothing here, by the first of its parts that nothing has.
     *
     * @param which a filter that no offer of this catalog {@linkplain OfferFilter#matches matches}
     * @return the reason, with the names that come nearest
     */
    public String unmatched(OfferFilter which) {
        if (which.provider().filter(provider -> row(provider) < 0).isPresent()) {
            return "nobody called '" + Given.shown(which.provider().get()) + "' sells anything here; "
                    + NearestNames.suggest(
                            which.provider().get().id(), providers().stream().map(Provider::id));
        }
        List<Sku> skus = IntStream.range(0, size())
                .mapToObj(this::sku)
                .filter(sku -> which.provider()
                        .filter(asked -> !asked.equals(sku.provider()))
                        .isEmpty())
                .toList();
        OfferFilter types =
                new OfferFilter(which.provider(), which.instanceTypes(), Optional.empty(), Optional.empty());
        if (skus.stream().noneMatch(types::matches)) {
            return "no instance type is called '"
                    + Given.shown(which.instanceTypes().orElseThrow()) + "'; "
                    + NearestNames.suggest(
                            which.instanceTypes().orElseThrow(),
                            skus.stream().map(sku -> sku.instanceType().name()));
        }
        OfferFilter places = new OfferFilter(which.provider(), which.instanceTypes(), which.region(), Optional.empty());
        if (skus.stream().noneMatch(places::matches)) {
            return "nothing of it is on sale in '" + Given.shown(which.region().orElseThrow()) + "'; "
                    + NearestNames.suggest(
                            which.region().orElseThrow().id(),
                            skus.stream()
                                    .filter(types::matches)
                                    .map(sku -> sku.region().id()));
        }
        return "nothing of it is on sale under " + which.purchaseOption().orElseThrow() + "; "
                + NearestNames.suggest(
                        which.purchaseOption().orElseThrow().name(),
                        skus.stream()
                                .filter(places::matches)
                                .map(sku -> sku.purchaseOption().name()));
    }

    /**
     * Why a price of a host's own stands beside nothing of this list and cannot stand for itself.
     *
     * @param own the price
     * @return the reason, with the names that come nearest; empty for a price that counts: of a type or a seller that is known here, or with its
     *     own GPU and count
     */
    public Optional<String> unreachable(PriceRow own) {
        InstanceSpec spec = own.spec();
        boolean standsAlone = spec.gpuModel().isPresent() && spec.gpuCount().isPresent();
        int seller = row(spec.provider());
        if (seller < 0) {
            return standsAlone
                    ? Optional.empty()
                    : Optional.of(unmatched(OfferFilter.of(spec.provider()))
                            + "; a seller of your own needs gpu_model and gpu_count");
        }
        if (type(seller, spec.instanceType().name()) < 0 && !standsAlone) {
            return Optional.of(unmatched(OfferFilter.of(spec.provider())
                            .withInstanceTypes(spec.instanceType().name()))
                    + "; a type that no list has needs gpu_model and gpu_count");
        }
        return own.region().equals(Region.GLOBAL) || regions(spec.provider()).contains(own.region())
                ? Optional.empty()
                : Optional.of("unknown region '" + Given.shown(own.region()) + "' of " + spec.provider() + "; "
                        + NearestNames.suggest(
                                own.region().id(),
                                regions(spec.provider()).stream().map(Region::id)));
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
        int row = row(provider);
        return row < 0 ? Stream.empty() : offers(types.first(row), types.first(row + 1));
    }

    /**
     * Everything that is offered, ordered by provider, instance type, region and option.
     *
     * @return all offers
     */
    public Stream<Offer> offers() {
        return offers(0, tables.types().size());
    }

    /**
     * Everything a provider offers under some terms, restricted offers too. What is sold under other terms costs nothing to skip.
     *
     * @param provider a provider
     * @param option under which terms
     * @return its offers, ordered by instance type and region; empty if the provider is unknown
     */
    public Stream<Offer> offers(Provider provider, PurchaseOption option) {
        int row = row(provider);
        return row < 0
                ? Stream.empty()
                : offers(types.first(row), types.first(row + 1), option, type -> true, region -> true);
    }

    /**
     * The same of some types in some regions only, for those who look for few of many: of the others not even the prices are put
     * together.
     *
     * @param provider a provider
     * @param option under which terms
     * @param which types
     * @param where the regions
     * @return their offers, ordered by instance type and region; empty if the provider is unknown
     */
    public Stream<Offer> offers(
            Provider provider, PurchaseOption option, Predicate<InstanceSpec> which, Predicate<Region> where) {
        int row = row(provider);
        return row < 0 ? Stream.empty() : offers(types.first(row), types.first(row + 1), option, which, where);
    }

    /**
     * What a GPU costs everywhere under some terms, cheapest first: by the list price of one whole GPU at a moment, less what is
     * negotiated; ties in the catalog's order. Slices of the GPU count by what a whole one of them would cost. Restricted offers are in
     * it, and say so; offers whose GPU count no source tells are not.
     *
     * @param gpuModel canonical name of the GPU
     * @param option under which terms
     * @param at the moment
     * @return the offers; empty where nobody sells it
     */
    public List<Offer> cheapestFirst(String gpuModel, PurchaseOption option, Instant at) {
        record Priced(Offer offer, BigDecimal usdPerGpuHour) {}
        Optional<String> wanted = Optional.of(gpuModel);
        return offers(
                        0,
                        tables.types().size(),
                        option,
                        type -> type.gpuModel().equals(wanted)
                                && type.gpuCount().isPresent(),
                        region -> true)
                .map(offer -> new Priced(offer, offer.usdPerGpuHour(at)))
                .sorted(Comparator.comparing(Priced::usdPerGpuHour))
                .map(Priced::offer)
                .toList();
    }

    private Stream<Offer> offers(
            int fromType, int toType, PurchaseOption option, Predicate<InstanceSpec> which, Predicate<Region> where) {
        SkuColumns skus = tables.skus();
        int wanted = CatalogTables.optionNumber(option);
        return IntStream.range(fromType, toType)
                .filter(type -> which.test(tables.types().get(type).spec()))
                .flatMap(type -> IntStream.range(skus.first(type), skus.first(type + 1)))
                .filter(sku -> skus.option(sku) == wanted
                        && where.test(tables.regions().get(skus.region(sku)).region()))
                .mapToObj(this::offerAt);
    }

    private Stream<Offer> offers(int fromType, int toType) {
        SkuColumns skus = tables.skus();
        return IntStream.range(skus.first(fromType), skus.first(toType)).mapToObj(this::offerAt);
    }

    private Offer offerAt(int index) {
        SkuColumns skus = tables.skus();
        TypeRow type = tables.types().get(skus.type(index));
        Sku sku = sku(index);
        Optional<Restriction> restriction = overlay.exclusion(sku)
                .or(type::restriction)
                .or(() -> aboveOnDemand(index))
                .map(reason -> new Restriction(Scope.TYPE, reason))
                .or(() -> tables.regions()
                        .get(skus.region(index))
                        .restriction()
                        .map(reason -> new Restriction(Scope.REGION, reason)));
        boolean isOnDemand = CatalogTables.OPTIONS.get(skus.option(index)) == PurchaseOption.ON_DEMAND;
        return new Offer(
                type.spec(),
                historyAt(index, sku),
                restriction,
                type.sustainedUse().filter(discount -> isOnDemand),
                overlay.discount(sku));
    }

    /** Nobody buys spare capacity above the price of what is not taken away: such a price is no figure to compare with. */
    private Optional<String> aboveOnDemand(int index) {
        SkuColumns skus = tables.skus();
        if (CatalogTables.OPTIONS.get(skus.option(index)) != PurchaseOption.SPOT) {
            return Optional.empty();
        }
        int listed =
                skus.find(skus.type(index), skus.region(index), CatalogTables.optionNumber(PurchaseOption.ON_DEMAND));
        return listed < 0 || nanoUsdPerHour(index) <= nanoUsdPerHour(listed)
                ? Optional.empty()
                : Optional.of("spot at " + HourlyRate.ofNanoUsd(nanoUsdPerHour(index))
                        + " is above the on-demand price, " + HourlyRate.ofNanoUsd(nanoUsdPerHour(listed)));
    }

    private PriceHistory historyAt(int index) {
        return historyAt(index, sku(index));
    }

    private PriceHistory historyAt(int index, Sku sku) {
        PriceColumns columns = tables.prices();
        List<ListPrice> prices = IntStream.range(0, columns.count(index))
                .mapToObj(age -> new ListPrice(
                        sku,
                        HourlyRate.ofNanoUsd(columns.nanoUsdPerHour(index, age)),
                        Instant.ofEpochSecond(columns.effectiveFrom(index, age)),
                        age == 0
                                ? Optional.empty()
                                : Optional.of(Instant.ofEpochSecond(columns.effectiveFrom(index, age - 1))),
                        window(index, age),
                        provenance(columns.firstPrice(index) + age),
                        tables.sources()
                                .get(columns.source(columns.firstPrice(index) + age))
                                .trust()))
                .toList();
        return new PriceHistory(sku, prices);
    }

    private Optional<ChangeWindow> window(int index, int age) {
        long from = tables.prices().effectiveFrom(index, age);
        int seconds = tables.prices().window(index, age);
        return seconds == 0
                ? Optional.empty()
                : Optional.of(new ChangeWindow(
                        Instant.ofEpochSecond(from + Math.min(seconds, 0)),
                        Instant.ofEpochSecond(from + Math.max(seconds, 0))));
    }

    private Provenance provenance(int price) {
        SourceRow source = tables.sources().get(tables.prices().source(price));
        return new Provenance(
                source.name(),
                source.path(),
                source.revision(),
                Optional.of(tables.prices().readOn(price))
                        .filter(day -> day != CatalogTables.UNDATED)
                        .map(LocalDate::ofEpochDay));
    }

    /**
     * The facts that this catalog was made of, as far as they are kept: of a price that was seen several times, the first and the last
     * sighting. What is composed of others is left out. A catalog of these rows has the same prices.
     *
     * @return the rows, ordered by provider, instance type, region and option, the newest price of each first
     */
    public Stream<PriceRow> rows() {
        return IntStream.range(0, size()).boxed().flatMap(this::rows);
    }

    private Stream<PriceRow> rows(int index) {
        InstanceSpec spec = tables.types().get(tables.skus().type(index)).spec();
        if (spec.composition().isPresent()) {
            return Stream.empty();
        }
        int first = tables.prices().firstPrice(index);
        PriceHistory history = historyAt(index);
        return IntStream.range(0, history.prices().size())
                .mapToObj(age ->
                        row(spec, history.prices().get(age), tables.prices().isSeen(first + age)));
    }

    private static PriceRow row(InstanceSpec spec, ListPrice price, boolean isSeen) {
        Instant firstSeen = price.window().map(ChangeWindow::until).orElse(price.effectiveFrom());
        Instant seenUntil = PricePeriod.readUntil(price.provenance())
                .filter(firstSeen::isBefore)
                .orElse(firstSeen);
        return new PriceRow(
                spec,
                price.sku().region(),
                price.sku().purchaseOption(),
                price.rate(),
                firstSeen,
                Optional.of(seenUntil).filter(until -> isSeen),
                price.provenance());
    }

    /**
     * The day the newest price was read.
     *
     * @return the day, or empty for a catalog without dated prices
     */
    public Optional<LocalDate> newestReadOn() {
        PriceColumns prices = tables.prices();
        return IntStream.range(0, prices.firstPrice(size()))
                .mapToLong(prices::readOn)
                .filter(day -> day != CatalogTables.UNDATED)
                .mapToObj(LocalDate::ofEpochDay)
                .max(Comparator.naturalOrder());
    }

    @Override
    public String toString() {
        return "price catalog " + version + " (" + size() + " SKUs of "
                + tables.providers().size() + " providers)";
    }
}
