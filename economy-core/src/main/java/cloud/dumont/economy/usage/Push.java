package cloud.dumont.economy.usage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One thing that a host said of an instance: from an instant on it is in this state, at this rate, of this size, or it is gone. It holds
 * until the next push of the instance, however long. The pushes of an instance are a set: their order of arrival and their number make
 * no difference.
 *
 * @param key which instance
 * @param at from when on; fractions of a second are cut off
 * @param state what it does; {@link InstanceState#TERMINATED} says that it is gone
 * @param instance what it is, and what is paid for it; empty if it is gone
 * @param source the name of the ledger that it was said to
 * @param superseded whether a correction took its place: it is kept so that it is recognised when it comes again
 */
public record Push(
        InstanceKey key,
        Instant at,
        InstanceState state,
        Optional<Instance> instance,
        String source,
        boolean superseded) {

    /**
     * Cuts off fractions of a second, and drops what is said of an instance that is gone.
     *
     * @throws IllegalArgumentException if it is of another instance than its key, or of no instance though it is not gone
     */
    public Push {
        at = at.truncatedTo(ChronoUnit.SECONDS);
        instance = state == InstanceState.TERMINATED ? Optional.empty() : instance;
        if (state != InstanceState.TERMINATED && instance.isEmpty()) {
            throw new IllegalArgumentException("a push of " + key + " as " + state + " says what the instance is");
        }
        InstanceKey named = key;
        instance.map(InstanceKey::of).filter(other -> !other.equals(named)).ifPresent(other -> {
            throw new IllegalArgumentException("a push of " + named + " describes " + other);
        });
    }

    /** Whether both say the same for their instants. */
    boolean saysTheSameAs(Push other) {
        return state == other.state && instance.equals(other.instance);
    }

    /** Whether an interval is what this push says. */
    boolean agreesWith(UsageInterval interval) {
        return instance.filter(interval.instance()::equals).isPresent() && state == interval.state();
    }

    Push asSuperseded() {
        return superseded ? this : new Push(key, at, state, instance, source, true);
    }

    /** What it says, as an interval; of one that is gone, as far as it is known what it was. */
    Optional<UsageInterval> asInterval(Optional<Instance> otherwise) {
        return instance.or(() -> otherwise).map(known -> UsageInterval.openFrom(known, state, at));
    }
}
