package cloud.dumont.economy.usage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The fact that an instance was in one state, at one rate, from a start up to but not including an end. An open interval has no
 * end yet. Time is whole seconds: fractions are cut off.
 *
 * @param instance what it was, and what was paid for it
 * @param state what it did
 * @param start since when
 * @param end until when, not before the start; empty while it lasts
 */
public record UsageInterval(Instance instance, InstanceState state, Instant start, Optional<Instant> end) {

    /**
     * Cuts off fractions of a second.
     *
     * @throws IllegalArgumentException if the end lies before the start
     */
    public UsageInterval {
        start = start.truncatedTo(ChronoUnit.SECONDS);
        end = end.map(instant -> instant.truncatedTo(ChronoUnit.SECONDS));
        if (end.isPresent() && end.get().isBefore(start)) {
            throw new IllegalArgumentException("the end " + end.get() + " lies before the start " + start);
        }
    }

    /**
     * An interval that has ended.
     *
     * @param instance what it was
     * @param state what it did
     * @param start since when
     * @param end until when, not before the start
     * @return the interval
     * @throws IllegalArgumentException if the end lies before the start
     */
    public static UsageInterval between(Instance instance, InstanceState state, Instant start, Instant end) {
        return new UsageInterval(instance, state, start, Optional.of(end));
    }

    /**
     * An interval that lasts.
     *
     * @param instance what it is
     * @param state what it does
     * @param start since when
     * @return the interval
     */
    public static UsageInterval openFrom(Instance instance, InstanceState state, Instant start) {
        return new UsageInterval(instance, state, start, Optional.empty());
    }

    /**
     * Whether it lasts.
     *
     * @return true if it has no end yet
     */
    public boolean isOpen() {
        return end.isEmpty();
    }

    /**
     * The same fact with an end.
     *
     * @param at until when, not before the start
     * @return a copy
     * @throws IllegalArgumentException if the end lies before the start
     */
    public UsageInterval endedAt(Instant at) {
        return new UsageInterval(instance, state, start, Optional.of(at));
    }

    /** Whether both tell the same of their times: the same state of the same machine at the same rate. */
    boolean agreesWith(UsageInterval other) {
        return state == other.state && instance.equals(other.instance);
    }

    boolean covers(Instant at) {
        return !at.isBefore(start) && (end.isEmpty() || at.isBefore(end.get()));
    }

    /** Whether the two tell different things of some same time. */
    boolean contradicts(UsageInterval other) {
        return !agreesWith(other)
                && (other.end.isEmpty() || start.isBefore(other.end.get()))
                && (end.isEmpty() || other.start.isBefore(end.get()));
    }

    boolean isEmpty() {
        return end.isPresent() && end.get().equals(start);
    }

    /** Account, instance, state, time and rate in one line. */
    @Override
    public String toString() {
        return instance.account() + "/" + instance.id() + " " + state + " [" + start + ", "
                + end.map(Instant::toString).orElse("open") + ") "
                + instance.gpuCount() + " x " + instance.gpuName().orElse("unknown GPU") + " at "
                + instance.rate().map(Object::toString).orElse("unknown rate");
    }
}
