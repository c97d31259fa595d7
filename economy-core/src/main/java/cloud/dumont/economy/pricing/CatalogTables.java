package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.util.List;
import java.util.Optional;

/**
 * A catalog's facts as tables whose rows name each other by number. Prices are columns: those of SKU {@code s} lie at
 * {@code firstPrice[s]} to {@code firstPrice[s + 1]}, newest first.
 *
 * @param sources where prices were read, without the day
 * @param providers who sells
 * @param regions where
 * @param types what
 * @param skuKeys {@link #key} of each SKU, ascending
 * @param firstPrice the first price of each SKU, and one more entry with the number of prices
 * @param nanoUsdPerHour price column
 * @param effectiveFrom price column, epoch seconds
 * @param readOn price column, epoch days
 * @param source price column, row of {@code sources}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out: the columns are the point
record CatalogTables(
        List<SourceRow> sources,
        List<ProviderRow> providers,
        List<RegionRow> regions,
        List<TypeRow> types,
        long[] skuKeys,
        int[] firstPrice,
        long[] nanoUsdPerHour,
        long[] effectiveFrom,
        int[] readOn,
        int[] source) {

    /** The numbers of purchase options in keys and files: append only, whatever order the enum takes. */
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

    record SourceRow(String name, String path, String revision) {}

    record ProviderRow(Provider provider, Optional<Region> referenceRegion, BillingRule billing) {}

    record RegionRow(int provider, Region region, Optional<String> restriction) {}

    record TypeRow(int provider, InstanceSpec spec, Optional<String> restriction) {}

    static long key(int type, int region, PurchaseOption option) {
        return ((long) type << 32) | ((long) region << 8) | OPTIONS.indexOf(option);
    }

    static int type(long key) {
        return (int) (key >>> 32);
    }

    static int region(long key) {
        return (int) (key >>> 8) & 0xFFFFFF;
    }

    static int optionNumber(long key) {
        return (int) key & 0xFF;
    }

    static PurchaseOption option(long key) {
        return OPTIONS.get(optionNumber(key));
    }
}
