package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * Keeps usage intervals. What is told twice, late, in pieces or in another order gives the same history; what disagrees is refused.
 * Implementations are safe for use by many threads.
 */
public interface HistoryStore {

    /**
     * Adds facts, all of them or none.
     *
     * @param intervals of any accounts and instances, in any order; an end and what follows it belong into one call
     * @throws cloud.dumont.economy.usage.UsageConflictException if one disagrees with what is known; the message names both
     * @throws HistoryStoreException if they could not be stored
     */
    void append(Collection<UsageInterval> intervals);

    /**
     * All that is known of an account.
     *
     * @param account whose
     * @return one timeline per instance, in order of instance ids; empty for an unknown account
     * @throws HistoryStoreException if it could not be read
     */
    List<InstanceTimeline> timelines(AccountId account);

    /**
     * Every account of which anything is known.
     *
     * @return the accounts in order
     * @throws HistoryStoreException if they could not be read
     */
    SortedSet<AccountId> accounts();
}
