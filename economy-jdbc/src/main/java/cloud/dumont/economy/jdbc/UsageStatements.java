package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.Map;

/** What an append or a correction does to {@code usage_interval} and {@code usage_interval_withdrawn}, in the words of one kind of database. */
interface UsageStatements {

    /**
     * Facts of some instances: at least all that last, and all that overlap with the time that is asked for, or touch it in a state that is
     * told. What else there is has no say in what is told of that time.
     */
    List<UsageInterval> touching(List<TouchedTime> times);

    /** Moves facts to where they can be asked for, but do no longer hold. */
    void withdraw(List<UsageInterval> facts, Map<AccountId, Write> writes);

    /** Adds facts that hold from now on. */
    void insert(List<UsageInterval> facts, Map<AccountId, Write> writes);
}
