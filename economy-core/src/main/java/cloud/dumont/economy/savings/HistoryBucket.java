package cloud.dumont.economy.savings;

import java.time.Instant;

/**
 * What one stretch of time came to.
 *
 * @param start when it begins
 * @param end when the next begins
 * @param totals its totals; zero where nothing ran
 */
public record HistoryBucket(Instant start, Instant end, SavingsTotals totals) {}
