package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * Keeps usage intervals. What is told twice, late, in pieces or in another order gives the same history; what disagrees is refused,
 * unless it is told as a correction.
 *
 * <p>Nothing that was told is ever lost. Each {@linkplain InstanceTimeline#facts() fact} is kept with when it was told and, once others
 * have taken its place, with when it was withdrawn: so a store can be asked what it would have answered at any moment, beside what
 * it answers now. These times are a clock's, cut to microseconds, but never go back within an account: what is told while the clock
 * shows less than before counts as told at the greatest time it has shown. Of several changes at one time, the last one counts.
 *
 * <p>Implementations are safe for use by many threads.
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
     * Puts right what was told wrong, all of it or none: whatever is known of the time of each interval gives way to it, as
     * {@link InstanceTimeline#corrected} says. What was known before stays to be asked for.
     *
     * <p>A {@link cloud.dumont.economy.usage.UsageLedger} that has a corrected instance open still goes by what it was told itself:
     * have it {@linkplain cloud.dumont.economy.usage.UsageLedger#resume(Collection) take up} what is open now.
     *
     * @param truth observed intervals of any accounts and instances, in any order
     * @throws cloud.dumont.economy.usage.UsageConflictException if two of them disagree; the message names both
     * @throws IllegalArgumentException if one is inferred
     * @throws HistoryStoreException if they could not be stored
     */
    void correct(Collection<UsageInterval> truth);

    /**
     * All that is known of an account.
     *
     * @param account whose
     * @return one timeline per instance, in order of instance ids; empty for an unknown account
     * @throws HistoryStoreException if it could not be read
     */
    List<InstanceTimeline> timelines(AccountId account);

    /**
     * All that was known of an account at some moment: what {@link #timelines(AccountId)} would have answered once all that was told
     * up to then was stored.
     *
     * @param account whose
     * @param asTold the moment; what was told then is included
     * @return one timeline per instance, in order of instance ids; empty if nothing was known
     * @throws HistoryStoreException if it could not be read
     */
    List<InstanceTimeline> timelines(AccountId account, Instant asTold);

    /**
     * Every account of which anything is known.
     *
     * @return the accounts in order
     * @throws HistoryStoreException if they could not be read
     */
    SortedSet<AccountId> accounts();
}
