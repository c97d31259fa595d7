package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A catalog's facts as tables whose rows name each other by number. Regions and types lie provider by provider, in order of their
 * names.
 *
 * @param sources where prices were read, without the day
 * @param providers who sells
 * @param regions where
 * @param types what
 * @param skus what is priced
 * @param prices what it costs
 */
record CatalogTables(
        List<SourceRow> sources,
        List<ProviderRow> providers,
        List<RegionRow> regions,
        List<TypeRow> types,
        SkuColumns skus,
        PriceColumns prices) {

    /** The numbers of purchase options in columns and files: append only, whatever order the enum takes. */
    static final List<PurchaseOption> OPTIONS = List.of(
            PurchaseOption.ON_DEMAND,
            PurchaseOption.SPOT,
            PurchaseOption.RESERVED_1Y,
            PurchaseOption.RESERVED_3Y,
            PurchaseOption.COMMITTED_1Y,
            PurchaseOption.COMMITTED_3Y,
            PurchaseOption.SAVINGS_PLAN_1Y,
            PurchaseOption.SAVINGS_PLAN_3Y,
            PurchaseOption.CAPACITY_BLOCK);

    /** Stands for the day of a price whose source tells none. */
    static final int UNDATED = Integer.MIN_VALUE;

    private static final Map<PurchaseOption, Integer> NUMBERS = new EnumMap<>(PurchaseOption.class);

    static {
        OPTIONS.forEach(option -> NUMBERS.put(option, NUMBERS.size()));
    }

    record SourceRow(String name, String path, String revision, Trust trust) {}

    record ProviderRow(Provider provider, Optional<Region> referenceRegion, BillingRule billing) {}

    record RegionRow(int provider, Region region, Optional<String> restriction) {}

    record TypeRow(
            int provider,
            InstanceSpec spec,
            Optional<String> restriction,
            Optional<SustainedUseDiscount> sustainedUse) {}

    static int optionNumber(PurchaseOption option) {
        return Objects.requireNonNull(NUMBERS.get(option), "purchaseOption");
    }
}
