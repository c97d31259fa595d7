package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stays in memory, measured as the difference of the heap in use before and after.
 *
 * @param what of what one is counted
 * @param ours bytes of one, our way
 * @param plain bytes of one, the plain way
 */
record Footprint(String what, double ours, double plain) {

    private static final int INSTANCES = 100_000;

    static List<Footprint> measure() {
        List<PriceRow> rows = PriceList.rows(1);
        return List.of(
                new Footprint(
                        "a price of 60,000: PriceCatalog with dates and sources, against a HashMap of prices",
                        bytes(() -> PriceCatalog.of(rows)) / rows.size(),
                        bytes(() -> map(rows)) / rows.size()),
                new Footprint(
                        "a running instance of 100,000: SavingsMeter with all facts and changes to come, against records",
                        bytes(() -> Fleet.meter(INSTANCES)) / INSTANCES,
                        bytes(() -> new Fleet.PlainService(INSTANCES)) / INSTANCES));
    }

    /** The strings are the rows' own: they cost the map nothing here. */
    private static Map<PriceList.Key, BigDecimal> map(List<PriceRow> rows) {
        Map<PriceList.Key, BigDecimal> prices = new HashMap<>();
        rows.forEach(row -> prices.put(PriceList.Key.of(row), row.rate().toUsd()));
        return prices;
    }

    private static double bytes(Supplier<Object> made) {
        @Nullable Object[] kept = {made.get(), null}; // the first pays for what is made once for all
        try {
            long before = inUse();
            kept[1] = made.get();
            return inUse() - before;
        } finally {
            Reference.reachabilityFence(kept);
        }
    }

    private static long inUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
