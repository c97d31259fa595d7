package cloud.dumont.economy.savings;

import java.time.Instant;

/**
 * What one stretch of time came to.
 *
 * @param start when it begins
 * @param end when the next begins
 * @param observedUntil up to when all that lasts is vouched for, at most its end: what is counted after that is provisional
 * @param totals its totals; zero where nothing ran
 */
public record HistoryBucket(Instant start, Instant end, Instant observedUntil, SavingsTotals totals) {}
