package cloud.dumont.economy.pricing;

/**
 * What SKUs cost over time. The newest price, which most ask for, is a column of its own. Whoever asks for another moment searches
 * the SKU's changes, newest first; beside each stands the price that it ended. So a SKU whose price never changed has none of them.
 */
final class PriceColumns {

    private final long[] newest;

    /** Per SKU, and one more entry with the number of changes. */
    private final PackedColumn firstChange;

    private final long[] changedAt;
    private final long[] before;
    private final PackedColumn firstKnownSecond;

    /** Per price: those of SKU {@code s} begin at {@link #firstPrice}, newest first. */
    private final PackedColumn readOn;

    private final PackedColumn source;

    /** Per price: 1 where its source shows only what is in effect as it is read, 0 where the source tells since when it is. */
    private final PackedColumn seen;

    /**
     * Per change: for how many seconds it is not known which of the two prices was in effect; behind the change where the price fell
     * and counts early, negative, before the change, where it rose and counts late.
     */
    private final PackedColumn window;

    /**
     * Arranges the prices, which lie SKU by SKU, newest first.
     *
     * @param firstPrice the first price of each SKU, and one more entry with the number of prices
     * @param nanoUsdPerHour price column
     * @param effectiveFrom price column, epoch seconds
     * @param readOn price column, epoch days
     * @param source price column, row of the sources
     * @param seen price column, 1 where the source shows only what is in effect as it is read
     * @param window change column, which has no row for the oldest price of a SKU: seconds in which it is not known which of two prices was
     *     in effect
     */
    PriceColumns(
            int[] firstPrice,
            long[] nanoUsdPerHour,
            long[] effectiveFrom,
            PackedColumn readOn,
            PackedColumn source,
            PackedColumn seen,
            PackedColumn window) {
        int skus = firstPrice.length - 1;
        newest = new long[skus];
        changedAt = new long[nanoUsdPerHour.length - skus];
        before = new long[changedAt.length];
        long[] firstChanges = new long[skus + 1];
        long[] firstKnown = new long[skus];
        int change = 0;
        for (int sku = 0; sku < skus; sku++) {
            int price = firstPrice[sku];
            int last = firstPrice[sku + 1] - 1;
            newest[sku] = nanoUsdPerHour[price];
            for (; price < last; price++) {
                changedAt[change] = effectiveFrom[price];
                before[change] = nanoUsdPerHour[price + 1];
                change++;
            }
            firstKnown[sku] = effectiveFrom[last];
            firstChanges[sku + 1] = change;
        }
        this.firstChange = PackedColumn.of(firstChanges);
        this.firstKnownSecond = PackedColumn.of(firstKnown);
        this.readOn = readOn;
        this.source = source;
        this.seen = seen;
        this.window = window;
    }

    /** The newest price of a SKU, nano-USD per hour. */
    long newest(int sku) {
        return newest[sku];
    }

    /** The price of a SKU in effect at a second; before the first known one, that one. */
    long at(int sku, long epochSecond) {
        int first = firstChange(sku);
        int change = first; // in the end the first one that had happened by then
        int end = firstChange(sku + 1);
        while (change < end) {
            int middle = (change + end) >>> 1;
            // Branches, unlike in SkuColumns: these columns outgrow the caches, and a guess fetches ahead.
            if (changedAt[middle] > epochSecond) {
                change = middle + 1;
            } else {
                end = middle;
            }
        }
        return change == first ? newest[sku] : before[change - 1];
    }

    private int firstChange(int sku) {
        return (int) firstChange.get(sku);
    }

    /** How many prices the SKUs before this one have. */
    int firstPrice(int sku) {
        return firstChange(sku) + sku; // a price each, and one more for every change
    }

    /** How many prices a SKU has. */
    int count(int sku) {
        return firstPrice(sku + 1) - firstPrice(sku);
    }

    /** A price of a SKU, counted from the newest, 0; nano-USD per hour. */
    long nanoUsdPerHour(int sku, int age) {
        return age == 0 ? newest[sku] : before[firstChange(sku) + age - 1];
    }

    /** Since when a price of a SKU, counted from the newest, 0, is in effect; epoch seconds. */
    long effectiveFrom(int sku, int age) {
        int change = firstChange(sku) + age;
        return change < firstChange(sku + 1) ? changedAt[change] : firstKnownSecond.get(sku);
    }

    /** The epoch day a price was read, by its row. */
    long readOn(int price) {
        return readOn.get(price);
    }

    /** The source a price was read in, by its row. */
    int source(int price) {
        return (int) source.get(price);
    }

    /** Whether the source of a price shows only what is in effect as it is read, by the price's row. */
    boolean isSeen(int price) {
        return seen.get(price) == 1;
    }

    /** How many prices took the place of others. */
    int changes() {
        return changedAt.length;
    }

    /** See {@link #window}, by the change's row. */
    long window(int change) {
        return window.get(change);
    }

    /** In how many seconds a price of a SKU, counted from the newest, 0, took the place of the one before; see {@link #window}. */
    int window(int sku, int age) {
        int change = firstChange(sku) + age;
        return change < firstChange(sku + 1) ? (int) window.get(change) : 0;
    }
}
