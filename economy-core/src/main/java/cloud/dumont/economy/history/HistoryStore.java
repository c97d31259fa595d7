package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.LedgerStore;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * Keeps usage intervals, and what a {@link cloud.dumont.economy.usage.UsageLedger} needs to make intervals of pushes and sightings. What is
 * recorded twice, late, in pieces or in another order gives the same history; what disagrees is refused, unless it is recorded as a
 * correction.
 *
 * <p>Nothing that was recorded is ever lost. Each {@linkplain InstanceTimeline#facts() fact} is kept with when it was recorded and, once
 * others have taken its place, with when it was withdrawn: so a store can be asked what it would have answered at any moment, beside
 * what it answers now. These times are a clock's, cut to microseconds, but never go back within an account: what is recorded while the
 * clock shows less than before counts as recorded at the greatest time it has shown. Of several changes at one time, the last one counts.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface HistoryStore extends LedgerStore {

    /**
     * Adds facts, all of them or none.
     *
     * @param intervals of any accounts and instances, in any order; an end and what follows it belong into one call
     * @throws cloud.dumont.economy.usage.UsageConflictException if one disagrees with what is known; the message names both
     * @throws IllegalArgumentException if one begins before 2000
     * @throws HistoryStoreException if they could not be stored
     */
    void append(Collection<UsageInterval> intervals);

    /**
     * Puts right what was told wrong, all of it or none: whatever is known of the time of each interval gives way to it, as
     * {@link InstanceTimeline#corrected} says. What was known before stays to be asked for.
     *
     * <p>From then on the correction counts as a push; a source that goes on to show what it showed before does not undo it.
     *
     * @param truth observed intervals of any accounts and instances, in any order
     * @throws cloud.dumont.economy.usage.UsageConflictException if two of them disagree; the message names both
     * @throws IllegalArgumentException if one is inferred
     * @throws HistoryStoreException if they could not be stored
     */
    default void correct(Collection<UsageInterval> truth) {
        change(InstanceChange.corrections(truth));
    }

    /**
     * All that is known of an account, and up to when what lasts is vouched for, at one moment.
     *
     * @param account whose
     * @return its usage; empty for an unknown account
     * @throws HistoryStoreException if it could not be read
     */
    AccountUsage usage(AccountId account);

    /**
     * All that was known of an account at some moment, and up to when what lasted was vouched for then.
     *
     * @param account whose
     * @param asTold the moment; what was recorded then is included
     * @return its usage; empty if nothing was known
     * @throws HistoryStoreException if it could not be read
     */
    AccountUsage usage(AccountId account, Instant asTold);

    /**
     * All that is known of an account.
     *
     * @param account whose
     * @return one timeline per instance, in order of instance ids; empty for an unknown account
     * @throws HistoryStoreException if it could not be read
     */
    default List<InstanceTimeline> timelines(AccountId account) {
        return usage(account).timelines();
    }

    /**
     * All that was known of an account at some moment: what {@link #timelines(AccountId)} would have answered once all that was told
     * up to then was stored.
     *
     * @param account whose
     * @param asTold the moment; what was told then is included
     * @return one timeline per instance, in order of instance ids; empty if nothing was known
     * @throws HistoryStoreException if it could not be read
     */
    default List<InstanceTimeline> timelines(AccountId account, Instant asTold) {
        return usage(account, asTold).timelines();
    }

    /**
     * Follows what is recorded of an account from now on. A store that does not say what has changed is read as a whole for each question
     * about it, which is right, and slow.
     *
     * @param account whose
     * @return a follower that has not been asked yet
     */
    default UsageFollower follow(AccountId account) {
        return new ReadingFollower(this, account);
    }

    /**
     * Every account of which anything is known.
     *
     * @return the accounts in order
     * @throws HistoryStoreException if they could not be read
     */
    SortedSet<AccountId> accounts();
}
