package cloud.dumont.economy.pricing;

import cloud.dumont.economy.pricing.CatalogTables.ProviderRow;
import cloud.dumont.economy.pricing.CatalogTables.RegionRow;
import cloud.dumont.economy.pricing.CatalogTables.SourceRow;
import cloud.dumont.economy.pricing.CatalogTables.TypeRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** Collects price rows, refuses contradictions, and interns everything into {@link CatalogTables}. */
final class CatalogCompiler {

    /** Prices are seen a day at a time: what two sources say of one day may differ, as the price may change within it. */
    private static final long DAY_SECONDS = 86_400;

    record TypeKey(Provider provider, InstanceType type) {}

    private record RegionKey(Provider provider, Region region) {}

    private record SkuKey(int type, int region, int option) {}

    private static final Comparator<TypeKey> TYPE_ORDER =
            Comparator.comparing(TypeKey::provider).thenComparing(TypeKey::type);
    private static final Comparator<RegionKey> REGION_ORDER =
            Comparator.comparing(RegionKey::provider).thenComparing(RegionKey::region);
    private static final Comparator<SkuKey> SKU_ORDER = Comparator.comparingInt(SkuKey::type)
            .thenComparingInt(SkuKey::region)
            .thenComparingInt(SkuKey::option);

    private final ProviderRules rules;
    private final NavigableMap<TypeKey, InstanceSpec> specs = new TreeMap<>(TYPE_ORDER);
    private final Map<Sku, NavigableMap<Instant, PricePeriod>> sightings = new HashMap<>();

    CatalogCompiler(ProviderRules rules) {
        this.rules = rules;
    }

    /** A price of a list. */
    void add(PriceRow row) {
        add(
                row,
                rules.trust(
                        row.spec().provider(),
                        row.spec().instanceType(),
                        row.provenance().source()));
    }

    /** A price of the host's own. */
    void addOwn(PriceRow row) {
        add(row, Trust.HOST);
    }

    private void add(PriceRow row, Trust trust) {
        InstanceSpec spec = row.spec();
        if (row.rate().nanoUsdPerHour() <= 0) {
            throw new IllegalArgumentException("price of " + row.sku() + " must be above 0, not " + row.rate());
        }
        specs.merge(new TypeKey(spec.provider(), spec.instanceType()), spec, InstanceSpec::mergedWith);
        PricePeriod seen = PricePeriod.of(row, trust);
        sightings
                .computeIfAbsent(row.sku(), sku -> new TreeMap<>())
                .merge(seen.from(), seen, (known, same) -> known.seenAgain(row.sku(), same));
    }

    CatalogTables compile() {
        Map<Sku, List<PricePeriod>> prices = new HashMap<>();
        sightings.forEach((sku, seen) -> {
            if (rules.isSoldIn(sku.instanceType(), sku.region())) {
                prices.put(sku, periods(sku, seen));
            }
        });
        compose(prices);

        Map<Provider, Integer> providers = new TreeMap<>();
        specs.keySet().forEach(key -> providers.put(key.provider(), 0));
        List<ProviderRow> providerRows = new ArrayList<>();
        providers.replaceAll((provider, row) -> {
            providerRows.add(new ProviderRow(provider, rules.referenceRegion(provider), rules.billing(provider)));
            return providerRows.size() - 1;
        });

        Map<TypeKey, Integer> types = new HashMap<>();
        List<TypeRow> typeRows = new ArrayList<>();
        specs.forEach((key, spec) -> {
            types.put(key, typeRows.size());
            typeRows.add(new TypeRow(
                    row(providers, key.provider()),
                    spec,
                    rules.restriction(key.provider(), key.type()),
                    rules.sustainedUse(key.provider(), key.type())));
        });

        NavigableMap<RegionKey, Integer> regions = new TreeMap<>(REGION_ORDER);
        prices.keySet().forEach(sku -> regions.put(new RegionKey(sku.provider(), sku.region()), 0));
        List<RegionRow> regionRows = new ArrayList<>();
        regions.replaceAll((key, row) -> {
            regionRows.add(new RegionRow(
                    row(providers, key.provider()), key.region(), rules.restriction(key.provider(), key.region())));
            return regionRows.size() - 1;
        });

        NavigableMap<SkuKey, List<PricePeriod>> byKey = new TreeMap<>(SKU_ORDER);
        prices.forEach((sku, history) -> byKey.put(
                new SkuKey(
                        row(types, new TypeKey(sku.provider(), sku.instanceType())),
                        row(regions, new RegionKey(sku.provider(), sku.region())),
                        CatalogTables.optionNumber(sku.purchaseOption())),
                history));
        return columns(providerRows, regionRows, typeRows, byKey);
    }

    private static <K> int row(Map<K, Integer> rows, K key) {
        return Objects.requireNonNull(rows.get(key), () -> "not interned: " + key);
    }

    /**
     * What was seen, as prices that follow one another, oldest first. A price that was merely seen again keeps its first day and
     * takes the newer provenance. Where nobody saw the change, the lower price counts between the two sightings.
     */
    private static List<PricePeriod> periods(Sku sku, NavigableMap<Instant, PricePeriod> seen) {
        List<PricePeriod> periods = new ArrayList<>();
        for (PricePeriod next : seen.values()) {
            if (next.isUndated() && seen.size() > 1) {
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
                            sku + " was " + before.inWords() + ", but also " + next.inWords());
                }
                periods.add(next.after(before));
            }
        }
        return periods;
    }

    /** What is sold in parts, put together. */
    private void compose(Map<Sku, List<PricePeriod>> prices) {
        List<Sku> machines = List.copyOf(prices.keySet());
        for (Sku sku : machines) {
            InstanceSpec machine = specOf(sku);
            for (ProviderRules.Attachment attachment : rules.attachments(sku.provider())) {
                Sku part = new Sku(sku.provider(), sku.region(), attachment.part(), sku.purchaseOption());
                List<PricePeriod> partPrices = prices.get(part);
                if (partPrices != null && machine.gpuModel().isEmpty() && attachment.fits(machine)) {
                    InstanceSpec composed = machine.with(
                            specOf(part), new Composition(sku.instanceType(), attachment.part(), attachment.count()));
                    specs.put(new TypeKey(sku.provider(), composed.instanceType()), composed);
                    prices.put(
                            new Sku(sku.provider(), sku.region(), composed.instanceType(), sku.purchaseOption()),
                            PricePeriod.sum(Objects.requireNonNull(prices.get(sku)), partPrices, attachment.count()));
                }
            }
        }
    }

    private InstanceSpec specOf(Sku sku) {
        return Objects.requireNonNull(specs.get(new TypeKey(sku.provider(), sku.instanceType())));
    }

    private static CatalogTables columns(
            List<ProviderRow> providers,
            List<RegionRow> regions,
            List<TypeRow> types,
            NavigableMap<SkuKey, List<PricePeriod>> byKey) {
        int priceCount = byKey.values().stream().mapToInt(List::size).sum();
        Map<SourceRow, Integer> sources = new HashMap<>();
        List<SourceRow> sourceRows = new ArrayList<>();
        int[] type = new int[byKey.size()];
        int[] region = new int[byKey.size()];
        int[] option = new int[byKey.size()];
        int[] firstPrice = new int[byKey.size() + 1];
        long[] rate = new long[priceCount];
        long[] from = new long[priceCount];
        long[] readOn = new long[priceCount];
        long[] source = new long[priceCount];
        long[] seen = new long[priceCount];
        long[] window = new long[priceCount - byKey.size()];
        int sku = 0;
        int at = 0;
        int change = 0;
        for (Map.Entry<SkuKey, List<PricePeriod>> entry : byKey.entrySet()) {
            type[sku] = entry.getKey().type();
            region[sku] = entry.getKey().region();
            option[sku] = entry.getKey().option();
            List<PricePeriod> oldestFirst = entry.getValue();
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
