package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An instance as it was seen.
 *
 * <p>A source that knows since when vouches for all the time from then on, however seldom it is asked. One that does not know vouches
 * for the moment it is asked only; what is made of the time between is up to {@link GapPolicy}.
 *
 * @param instance what it is, and what is paid for it
 * @param state what it does
 * @param since since when it is in this state at this rate; empty where the source only sees what is there now
 */
public record ObservedInstance(Instance instance, InstanceState state, Optional<Instant> since) {

    /** Refuses null. */
    public ObservedInstance {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(since, "since");
    }

    /**
     * An instance of which the source knows since when.
     *
     * @param instance what it is, and what is paid for it
     * @param state what it does
     * @param since since when it is in this state at this rate
     */
    public ObservedInstance(Instance instance, InstanceState state, Instant since) {
        this(instance, state, Optional.of(Objects.requireNonNull(since, "since")));
    }

    /**
     * An instance of which the source only sees what it is and does now.
     *
     * @param instance what it is, and what is paid for it
     * @param state what it does
     */
    public ObservedInstance(Instance instance, InstanceState state) {
        this(instance, state, Optional.empty());
    }
}
