package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import java.time.Instant;

/**
 * What a retention policy has taken away.
 *
 * @param account whose
 * @param until the beginning of the first day of which everything is still there
 * @param intervals how many facts were dropped; those of runs that go on behind that day stay whole
 * @param withdrawn how many facts that no longer held were dropped
 */
public record DroppedUsage(AccountId account, Instant until, long intervals, long withdrawn) {}
