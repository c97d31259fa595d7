package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.UsageSums;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a recomputation says of rollups: by the facts that they were made of, to the quantum.
 *
 * @param rollups what was checked
 * @param checked how many buckets
 * @param recomputedCatalogVersion the catalog of the recomputation. If it is another than that of the rollups, then they are waiting to be
 *     rebuilt, and differences say nothing
 * @param recomputedSavings what the savings of all hours come to, beside {@link RollupStatus#savings}
 * @param differences every bucket that differs, in order
 */
public record RollupCheck(
        RollupStatus rollups,
        int checked,
        String recomputedCatalogVersion,
        Amount recomputedSavings,
        List<Difference> differences) {

    /** Copies the differences. */
    public RollupCheck {
        differences = List.copyOf(differences);
    }

    /**
     * A bucket that differs.
     *
     * @param granularity HOUR or DAY, of UTC; empty for all closed hours together
     * @param start when it begins; without meaning for all hours together
     * @param gpuName which GPU model it speaks of
     * @param tier what the sums rest on
     * @param stored what the database holds; zero if it holds nothing
     * @param recomputed what it should be; zero if there should be nothing
     */
    public record Difference(
            Optional<Granularity> granularity,
            Instant start,
            String gpuName,
            Tier tier,
            UsageSums stored,
            UsageSums recomputed) {}

    /**
     * Whether the rollups were made under the catalog of the recomputation.
     *
     * @return false if they wait to be rebuilt
     */
    public boolean isCurrent() {
        return rollups.catalogVersion().equals(recomputedCatalogVersion);
    }

    /**
     * Whether all is as it should be.
     *
     * @return true if everything stored is what was recomputed
     */
    public boolean agrees() {
        return isCurrent() && differences.isEmpty() && rollups.savings().equals(recomputedSavings);
    }
}
