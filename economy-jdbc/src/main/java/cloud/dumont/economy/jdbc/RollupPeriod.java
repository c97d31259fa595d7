package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.savings.SavingsSums;
import java.time.Instant;

/**
 * What one stretch of time came to.
 *
 * @param start when it begins
 * @param end when the next begins
 * @param sums what it came to; zero where nothing ran
 */
public record RollupPeriod(Instant start, Instant end, SavingsSums sums) {}
