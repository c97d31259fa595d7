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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Collects price rows, refuses contradictions, and interns everything into {@link CatalogTables}. */
final class CatalogCompiler {

    private record TypeKey(Provider provider, InstanceType type) {}

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
    private final Map<Sku, NavigableMap<Instant, PriceRow>> prices = new HashMap<>();

    CatalogCompiler(ProviderRules rules) {
        this.rules = rules;
    }

    void add(PriceRow row) {
        InstanceSpec spec = row.spec();
        if (row.rate().nanoUsdPerHour() <= 0) {
            throw new IllegalArgumentException("price of " + row.sku() + " must be above 0, not " + row.rate());
        }
        InstanceSpec known = specs.putIfAbsent(new TypeKey(spec.provider(), spec.instanceType()), spec);
        if (known != null && !known.equals(spec)) {
            throw new IllegalArgumentException(
                    spec.provider() + " " + spec.instanceType() + " is described twice: " + known + " and " + spec);
        }
        PriceRow same = prices.computeIfAbsent(row.sku(), sku -> new TreeMap<>())
                .putIfAbsent(row.effectiveFrom().truncatedTo(ChronoUnit.SECONDS), row);
        if (same != null && !same.rate().equals(row.rate())) {
            throw new IllegalArgumentException(row.sku() + " has two prices from " + row.effectiveFrom() + ": "
                    + same.rate() + " (" + same.provenance() + ") and " + row.rate() + " (" + row.provenance() + ")");
        }
    }

    CatalogTables compile() {
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
            typeRows.add(
                    new TypeRow(row(providers, key.provider()), spec, rules.restriction(key.provider(), key.type())));
        });

        NavigableMap<RegionKey, Integer> regions = new TreeMap<>(REGION_ORDER);
        prices.keySet().forEach(sku -> regions.put(new RegionKey(sku.provider(), sku.region()), 0));
        List<RegionRow> regionRows = new ArrayList<>();
        regions.replaceAll((key, row) -> {
            regionRows.add(new RegionRow(
                    row(providers, key.provider()), key.region(), rules.restriction(key.provider(), key.region())));
            return regionRows.size() - 1;
        });

        NavigableMap<SkuKey, List<PriceRow>> byKey = new TreeMap<>(SKU_ORDER);
        prices.forEach((sku, history) -> byKey.put(
                new SkuKey(
                        row(types, new TypeKey(sku.provider(), sku.instanceType())),
                        row(regions, new RegionKey(sku.provider(), sku.region())),
                        CatalogTables.optionNumber(sku.purchaseOption())),
                periods(history)));
        return columns(providerRows, regionRows, typeRows, byKey);
    }

    private static <K> int row(Map<K, Integer> rows, K key) {
        Integer row = rows.get(key);
        if (row == null) {
            throw new IllegalStateException("not interned: " + key);
        }
        return row;
    }

    /** Newest first; a price that was merely read again keeps its first day of effect and takes the newer provenance. */
    private static List<PriceRow> periods(NavigableMap<Instant, PriceRow> history) {
        List<PriceRow> oldestFirst = new ArrayList<>();
        for (PriceRow row : history.values()) {
            PriceRow last = oldestFirst.isEmpty() ? null : oldestFirst.get(oldestFirst.size() - 1);
            if (last != null && last.rate().equals(row.rate())) {
                oldestFirst.set(
                        oldestFirst.size() - 1,
                        new PriceRow(
                                row.spec(),
                                row.region(),
                                row.purchaseOption(),
                                row.rate(),
                                last.effectiveFrom(),
                                row.provenance()));
            } else {
                oldestFirst.add(row);
            }
        }
        List<PriceRow> newestFirst = new ArrayList<>(oldestFirst);
        java.util.Collections.reverse(newestFirst);
        return newestFirst;
    }

    private static CatalogTables columns(
            List<ProviderRow> providers,
            List<RegionRow> regions,
            List<TypeRow> types,
            NavigableMap<SkuKey, List<PriceRow>> byKey) {
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
        int sku = 0;
        int at = 0;
        for (Map.Entry<SkuKey, List<PriceRow>> entry : byKey.entrySet()) {
            type[sku] = entry.getKey().type();
            region[sku] = entry.getKey().region();
            option[sku] = entry.getKey().option();
            for (PriceRow price : entry.getValue()) {
                Provenance provenance = price.provenance();
                rate[at] = price.rate().nanoUsdPerHour();
                from[at] = price.effectiveFrom().getEpochSecond();
                readOn[at] = Math.toIntExact(provenance.readOn().toEpochDay());
                source[at] = sources.computeIfAbsent(
                        new SourceRow(provenance.source(), provenance.path(), provenance.revision()), added -> {
                            sourceRows.add(added);
                            return sourceRows.size() - 1;
                        });
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
                new PriceColumns(firstPrice, rate, from, PackedColumn.of(readOn), PackedColumn.of(source)));
    }
}
