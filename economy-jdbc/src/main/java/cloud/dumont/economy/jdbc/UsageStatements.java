package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;

/** How what is known of instances is read and written, in the words of one kind of database. */
interface UsageStatements {

    /**
     * Makes sure of the rows of accounts and counts them up, in their order, which locks them until the transaction ends.
     *
     * @return for each account the number of this write, and when the last one that changed something was told
     */
    Map<AccountId, Write> lock(SortedSet<AccountId> accounts);

    /**
     * Facts of some instances: at least all that last, and all that overlap with the time that is asked for, or touch it in a state that is
     * told. What else there is makes no difference to that time.
     */
    List<UsageInterval> touching(List<TouchedTime> times);

    /** What {@link #lock} answers, and what was stored then. */
    record Locked(Map<AccountId, Write> writes, UsageRows known) {}

    /**
     * Locks the accounts of some instances and reads all that is kept of these: their facts as {@link #touching} finds them, at least all
     * pushes that lie in the time that is asked for or later and the last one before it that no correction has replaced, and what sources
     * last showed.
     */
    Locked lockAndRead(SortedSet<AccountId> accounts, List<TouchedTime> times);

    /** The times without those of accounts that nobody has written to before: nothing is stored of them. */
    static List<TouchedTime> withoutNewcomers(List<TouchedTime> times, Map<AccountId, Write> writes) {
        return times.stream()
                .filter(time ->
                        Objects.requireNonNull(writes.get(time.key().account())).number() > 1)
                .toList();
    }

    /** Writes what is new. */
    void write(UsageNews news);
}
