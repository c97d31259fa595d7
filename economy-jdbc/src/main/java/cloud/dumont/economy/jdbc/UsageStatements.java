package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Map;

/** How what is known of instances is read and written, in the words of one kind of database. */
interface UsageStatements {

    /**
     * Facts of some instances: at least all that last, and all that overlap with the time that is asked for, or touch it in a state that is
     * told. What else there is makes no difference to that time.
     */
    List<UsageInterval> touching(List<TouchedTime> times);

    /**
     * Pushes of some instances: at least all that lie in the time that is asked for or later, and the last one before it that no correction
     * has replaced.
     */
    List<KeptPush> pushes(List<TouchedTime> times);

    /** What sources last showed of some instances. */
    List<Sighting> sightings(List<InstanceKey> keys);

    /** Moves facts to where they can be asked for, but do no longer hold. */
    void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes);

    /** Adds rows that are not there. */
    <T> void insert(RowTable<T> table, List<T> rows);

    /** Adds rows, or writes them over those of the same keys. */
    <T> void put(RowTable<T> table, List<T> rows);
}
