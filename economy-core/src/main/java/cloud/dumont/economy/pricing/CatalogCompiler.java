package cloud.dumont.economy.pricing;

import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Collects price rows, refuses contradictions, and interns everything into {@link CatalogTables}. */
final class CatalogCompiler {

    /** Prices are seen a day at a time: what two sources say of one day may differ, as the price may change within it. */
    private static final long DAY_SECONDS = 86_400;

    /** Most SKUs were seen once or twice. */
    private static final int FEW = 2;

    record TypeKey(Provider provider, InstanceType type) {}

    private record RegionKey(Provider provider, Region region) {}

    /** Type and region by their numbers: first in the order they are told of, in the end in the order of their names. */
    private record SkuKey(int type, int region, int option) {}

    private record TrustKey(int type, String source) {}

    private static final Comparator<TypeKey> TYPE_ORDER =
            Comparator.comparing(TypeKey::provider).thenComparing(TypeKey::type);
    private static final Comparator<RegionKey> REGION_ORDER =
            Comparator.comparing(RegionKey::provider).thenComparing(RegionKey::region);
    private static final Comparator<Priced> SKU_ORDER = Comparator.comparing(
            Priced::sku,
            Comparator.comparingInt(SkuKey::type)
                    .thenComparingInt(SkuKey::region)
                    .thenComparingInt(SkuKey::option));

    private record Priced(SkuKey sku, List<PricePeriod> oldestFirst) {}

    private final ProviderRules rules;
    private final Numbers<TypeKey> types = new Numbers<>();
    private final Numbers<RegionKey> regions = new Numbers<>();

    /** By the type's number. */
    private final List<InstanceSpec> specs = new ArrayList<>();

    private final Map<TrustKey, Trust> trusts = new HashMap<>();

    /** What was seen of each SKU, oldest first, no two of one moment. */
    private final Map<SkuKey, List<PricePeriod>> sightings = new LinkedHashMap<>();

    CatalogCompiler(ProviderRules rules) {
        this.rules = rules;
    }

    /** Numbers for things, in the order they are first told of. */
    private static final class Numbers<T> {

        private final Map<T, Integer> numbers = new HashMap<>();
        private final List<T> things = new ArrayList<>();

        int of(T thing) {
            Integer known = numbers.putIfAbsent(thing, things.size());
            if (known == null) {
                things.add(thing);
                return things.size() - 1;
            }
            return known;
        }

        OptionalInt known(T thing) {
            Integer number = numbers.get(thing);
            return number == null ? OptionalInt.empty() : OptionalInt.of(number);
        }

        T get(int number) {
            return things.get(number);
        }

        /** The numbers in another order: at a thing's number its place there. */
        int[] places(Comparator<T> order) {
            List<T> ordered = things.stream().sorted(order).toList();
            int[] places = new int[things.size()];
            for (int place = 0; place < places.length; place++) {
                places[of(ordered.get(place))] = place;
            }
            return places;
        }
    }

    /** A price of a list. Google's list prices GPUs also for regions that do not have them: those are left out. */
    void add(PriceRow row) {
        if (!rules.isSoldIn(row.spec().instanceType(), row.region())) {
            return;
        }
        int type = type(row);
        add(
                row,
                type,
                trusts.computeIfAbsent(
                        new TrustKey(type, row.provenance().source()),
                        key -> rules.trust(row.spec().provider(), row.spec().instanceType(), key.source())));
    }

    /** A price of the host's own. */
    void addOwn(PriceRow row) {
        add(row, type(row), Trust.HOST);
    }

    private int type(PriceRow row) {
        InstanceSpec spec = row.spec();
        if (row.rate().nanoUsdPerHour() <= 0) {
            throw new IllegalArgumentException("price of " + row.sku() + " must be above 0, not " + row.rate());
        }
        int type = types.of(new TypeKey(spec.provider(), spec.instanceType()));
        describe(type, spec);
        return type;
    }

    private void describe(int type, InstanceSpec spec) {
        if (type == specs.size()) {
            specs.add(spec);
        } else if (!specs.get(type).equals(spec)) {
            specs.set(type, specs.get(type).mergedWith(spec));
        }
    }

    private void add(PriceRow row, int type, Trust trust) {
        int region = regions.of(new RegionKey(row.spec().provider(), row.region()));
        List<PricePeriod> seen = sightings.computeIfAbsent(
                new SkuKey(type, region, CatalogTables.optionNumber(row.purchaseOption())),
                sku -> new ArrayList<>(FEW));
        PricePeriod next = PricePeriod.of(row, trust);
        int at = seen.size();
        while (at > 0 && seen.get(at - 1).from().isAfter(next.from())) {
            at--;
        }
        if (at > 0 && seen.get(at - 1).from().equals(next.from())) {
            seen.set(at - 1, seen.get(at - 1).seenAgain(row.sku(), next));
        } else {
            seen.add(at, next);
        }
    }

    CatalogTables compile() {
        Map<SkuKey, List<PricePeriod>> prices = new LinkedHashMap<>();
        sightings.forEach((sku, seen) -> prices.put(sku, periods(sku, seen)));
        compose(prices);

        int[] typePlaces = types.places(TYPE_ORDER);
        int[] regionPlaces = regions.places(REGION_ORDER);
        Map<Provider, Integer> providers = new TreeMap<>();
        types.things.forEach(type -> providers.put(type.provider(), 0));
        List<ProviderRow> providerRows = new ArrayList<>();
        providers.replaceAll((provider, row) -> {
            providerRows.add(new ProviderRow(provider, rules.referenceRegion(provider), rules.billing(provider)));
            return providerRows.size() - 1;
        });
        List<TypeRow> typeRows = IntStream.range(0, typePlaces.length)
                .boxed()
                .sorted(Comparator.comparing(type -> typePlaces[type]))
                .map(type -> typeRow(types.get(type), specs.get(type), providers))
                .toList();
        List<RegionRow> regionRows = regions.things.stream()
                .sorted(REGION_ORDER)
                .map(key -> new RegionRow(
                        row(providers, key.provider()), key.region(), rules.restriction(key.provider(), key.region())))
                .toList();
        List<Priced> ordered = new ArrayList<>(prices.size());
        prices.forEach((sku, periods) -> ordered.add(
                new Priced(new SkuKey(typePlaces[sku.type()], regionPlaces[sku.region()], sku.option()), periods)));
        ordered.sort(SKU_ORDER);
        return columns(providerRows, regionRows, typeRows, ordered);
    }

    private TypeRow typeRow(TypeKey key, InstanceSpec spec, Map<Provider, Integer> providers) {
        return new TypeRow(
                row(providers, key.provider()),
                spec,
                rules.restriction(key.provider(), key.type()),
                rules.sustainedUse(key.provider(), key.type()));
    }

    private static int row(Map<Provider, Integer> rows, Provider provider) {
        return Objects.requireNonNull(rows.get(provider), () -> "not interned: " + provider);
    }

    private Sku sku(SkuKey key) {
        TypeKey type = types.get(key.type());
        return new Sku(
                type.provider(),
                regions.get(key.region()).region(),
                type.type(),
                CatalogTables.OPTIONS.get(key.option()));
    }

    /**
     * What was seen, as prices that follow one another, oldest first. A price that was merely seen again keeps its first day and
     * takes the newer provenance. Where nobody saw the change, the lower price counts between the two sightings.
     */
    private List<PricePeriod> periods(SkuKey sku, List<PricePeriod> seen) {
        if (seen.size() == 1) {
            return seen;
        }
        List<PricePeriod> periods = new ArrayList<>();
        for (PricePeriod next : seen) {
            if (next.isUndated()) {
                continue; // what has a day says more
            }
            int last = periods.size() - 1;
            if (last < 0) {
                periods.add(next);
            } else if (periods.get(last).nanoUsdPerHour() == next.nanoUsdPerHour()) {
                periods.set(last, periods.get(last).until(next));
            } else {
                PricePeriod before = periods.get(last);
                if (before.isSeen()
                        && before.seenUntil().getEpochSecond() - DAY_SECONDS
                                > next.from().getEpochSecond()) {
                    throw new IllegalArgumentException(
                            sku(sku) + " was " + before.inWords() + ", but also " + next.inWords());
                }
                periods.add(next.after(before));
            }
        }
        return periods;
    }

    /** What is sold in parts, put together. */
    private void compose(Map<SkuKey, List<PricePeriod>> prices) {
        Map<Integer, List<ProviderRules.Attachment>> fitting = new HashMap<>();
        for (SkuKey machine : List.copyOf(prices.keySet())) {
            for (ProviderRules.Attachment attachment :
                    fitting.computeIfAbsent(machine.type(), type -> attachments(specs.get(type)))) {
                compose(machine, attachment, prices);
            }
        }
    }

    private List<ProviderRules.Attachment> attachments(InstanceSpec machine) {
        return machine.gpuModel().isPresent()
                ? List.of()
                : rules.attachments(machine.provider()).stream()
                        .filter(attachment -> attachment.fits(machine))
                        .toList();
    }

    private void compose(SkuKey machine, ProviderRules.Attachment attachment, Map<SkuKey, List<PricePeriod>> prices) {
        RegionKey place = regions.get(machine.region());
        types.known(new TypeKey(place.provider(), attachment.part())).ifPresent(part -> {
            List<PricePeriod> partPrices = prices.get(new SkuKey(part, machine.region(), machine.option()));
            if (partPrices != null) {
                InstanceSpec composed = specs.get(machine.type())
                        .with(
                                specs.get(part),
                                new Composition(
                                        types.get(machine.type()).type(), attachment.part(), attachment.count()));
                int type = types.of(new TypeKey(place.provider(), composed.instanceType()));
                if (type == specs.size()) {
                    specs.add(composed);
                } else {
                    specs.set(type, composed);
                }
                prices.put(
                        new SkuKey(type, machine.region(), machine.option()),
                        PricePeriod.sum(Objects.requireNonNull(prices.get(machine)), partPrices, attachment.count()));
            }
        });
    }

    private static CatalogTables columns(
            List<ProviderRow> providers, List<RegionRow> regions, List<TypeRow> types, List<Priced> skus) {
        int priceCount =
                skus.stream().mapToInt(priced -> priced.oldestFirst().size()).sum();
        Map<SourceRow, Integer> sources = new HashMap<>();
        List<SourceRow> sourceRows = new ArrayList<>();
        int[] type = new int[skus.size()];
        int[] region = new int[skus.size()];
        int[] option = new int[skus.size()];
        int[] firstPrice = new int[skus.size() + 1];
        long[] rate = new long[priceCount];
        long[] from = new long[priceCount];
        long[] readOn = new long[priceCount];
        long[] source = new long[priceCount];
        long[] seen = new long[priceCount];
        long[] window = new long[priceCount - skus.size()];
        int sku = 0;
        int at = 0;
        int change = 0;
        for (Priced priced : skus) {
            type[sku] = priced.sku().type();
            region[sku] = priced.sku().region();
            option[sku] = priced.sku().option();
            List<PricePeriod> oldestFirst = priced.oldestFirst();
            for (int i = oldestFirst.size() - 1; i >= 0; i--) {
                PricePeriod price = oldestFirst.get(i);
                Provenance provenance = price.provenance();
                rate[at] = price.nanoUsdPerHour();
                from[at] = price.from().getEpochSecond();
                readOn[at] = provenance
                        .readOn()
                        .map(LocalDate::toEpochDay)
                        .map(Math::toIntExact)
                        .orElse(CatalogTables.UNDATED);
                source[at] = sources.computeIfAbsent(
                        new SourceRow(provenance.source(), provenance.path(), provenance.revision(), price.trust()),
                        added -> {
                            sourceRows.add(added);
                            return sourceRows.size() - 1;
                        });
                seen[at] = price.isSeen() ? 1 : 0;
                if (i > 0) {
                    window[change++] = price.windowSeconds();
                }
                at++;
            }
            firstPrice[++sku] = at;
        }
        return new CatalogTables(
                List.copyOf(sourceRows),
                providers,
                regions,
                types,
                new SkuColumns(types.size(), type, region, option),
                new PriceColumns(
                        firstPrice,
                        rate,
                        from,
                        PackedColumn.of(readOn),
                        PackedColumn.of(source),
                        PackedColumn.of(seen),
                        PackedColumn.of(window)));
    }
}
