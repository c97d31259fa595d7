package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/**
 * The time of an instance that a change is about.
 *
 * @param key which instance
 * @param from its first second, since 1970
 * @param to the second in which it ends
 * @param states in which the instance is said to have been: what only touches the time may be joined to what is told if it is in one of
 *     them, and matters no more if it is not
 */
record TouchedTime(InstanceKey key, long from, long to, Set<InstanceState> states) {

    private static final Set<InstanceState> EVERY_STATE = EnumSet.allOf(InstanceState.class);

    /** From some second on. */
    static TouchedTime since(InstanceKey key, long from) {
        return new TouchedTime(key, from, Long.MAX_VALUE, EVERY_STATE);
    }

    /** From the beginning of the first to the end of the last; an open one has none. */
    static TouchedTime of(InstanceKey key, Collection<UsageInterval> told) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        Set<InstanceState> states = EnumSet.noneOf(InstanceState.class);
        for (UsageInterval interval : told) {
            from = Math.min(from, interval.start().getEpochSecond());
            to = Math.max(to, interval.end().map(Instant::getEpochSecond).orElse(Long.MAX_VALUE));
            states.add(interval.state());
        }
        return new TouchedTime(key, from, to, states);
    }
}
