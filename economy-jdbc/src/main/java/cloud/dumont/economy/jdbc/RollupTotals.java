package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.savings.SavingsSums;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an account's usage came to, since ever.
 *
 * @param catalogVersion version of the price catalog that every figure rests on, but those of days whose intervals were dropped
 * @param byGpu by canonical GPU model, or by the name as it was told where it means none; in order of names
 */
public record RollupTotals(String catalogVersion, SortedMap<String, SavingsSums> byGpu) {

    /** Copies the sums. */
    public RollupTotals {
        byGpu = Collections.unmodifiableSortedMap(new TreeMap<>(byGpu));
    }

    /**
     * All of them.
     *
     * @return the exact sum
     */
    public SavingsSums total() {
        return SavingsSums.sum(byGpu.values());
    }
}
