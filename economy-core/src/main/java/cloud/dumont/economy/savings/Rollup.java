package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.pricing.BillingRule;
import java.time.Instant;
import java.util.List;

/**
 * What an account's usage came to, hour by hour (of UTC) and GPU model by GPU model: small enough to be kept, exact enough to be added
 * up to every figure that {@link SavingsSums} has.
 *
 * <p>Of the past, no more than the billing rule remembers has a say: where runs are not rounded, the rows from some moment on are the
 * same without the facts that have ended a minimum before that moment, or earlier.
 *
 * @param catalogVersion version of the price catalog that every sum rests on
 * @param billing how the baseline's provider counts the time of runs
 * @param rows in order of time, then of GPU names and tiers; only what is not zero
 */
public record Rollup(String catalogVersion, BillingRule billing, List<Row> rows) {

    /** Copies the rows. */
    public Rollup {
        rows = List.copyOf(rows);
    }

    /**
     * The usage of one GPU model in one hour, on one tier; or in a part of an hour, where that was asked for.
     *
     * @param hour when the hour, or the part of one, begins
     * @param gpuName the canonical GPU model, or the name as it was told where it means none, or {@code unknown}
     * @param tier what the sums rest on; {@link Tier#NONE} for what is not compared
     * @param sums what it came to
     */
    public record Row(Instant hour, String gpuName, Tier tier, UsageSums sums) {}
}
