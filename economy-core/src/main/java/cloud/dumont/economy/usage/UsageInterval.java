package cloud.dumont.economy.usage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The fact that an instance was in one state, at one rate, from a start up to but not including an end. An open interval has no
 * end yet. Time is whole seconds: fractions are cut off.
 *
 * @param instance what it was, and what was paid for it
 * @param state what it did
 * @param start since when
 * @param end until when, not before the start; empty while it lasts
 * @param evidence what it rests on; what is inferred has an end
 */
public record UsageInterval(
        Instance instance, InstanceState state, Instant start, Optional<Instant> end, Evidence evidence) {

    /**
     * Cuts off fractions of a second.
     *
     * @throws IllegalArgumentException if the end lies before the start, or what is inferred has no end
     */
    public UsageInterval {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(evidence, "evidence");
        start = start.truncatedTo(ChronoUnit.SECONDS);
        end = end.map(instant -> instant.truncatedTo(ChronoUnit.SECONDS));
        if (end.isPresent() && end.get().isBefore(start)) {
            throw new IllegalArgumentException("the end " + end.get() + " lies before the start " + start);
        }
        if (end.isEmpty() && evidence == Evidence.INFERRED) {
            throw new IllegalArgumentException("what is inferred has an end, unlike " + state + " since " + start);
        }
    }

    /**
     * An observed interval that has ended, or lasts.
     *
     * @param instance what it was
     * @param state what it did
     * @param start since when
     * @param end until when, not before the start; empty while it lasts
     * @throws IllegalArgumentException if the end lies before the start
     */
    public UsageInterval(Instance instance, InstanceState state, Instant start, Optional<Instant> end) {
        this(instance, state, start, end, Evidence.OBSERVED);
    }

    /**
     * An observed interval that has ended.
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
     * An observed interval that lasts.
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
     * Refuses what cannot have been recorded: a start before 2000 is the zero value of some language. It may lie in the future, since
     * simulated workloads do.
     *
     * @return this interval
     * @throws IllegalArgumentException if it begins before 2000; it names the interval
     */
    public UsageInterval requireRecordable() {
        RecordedTime.require(this);
        return this;
    }

    /**
     * Whether it lasts.
     *
     * @return true if it has no end yet
     */
    @JsonIgnore
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
        return new UsageInterval(instance, state, start, Optional.of(at), evidence);
    }

    /**
     * The same fact, as one that nobody observed.
     *
     * @return a copy
     * @throws IllegalArgumentException if it has no end
     */
    public UsageInterval inferred() {
        return new UsageInterval(instance, state, start, end, Evidence.INFERRED);
    }

    /**
     * Whether nobody observed it.
     *
     * @return true if the evidence is {@link Evidence#INFERRED}
     */
    @JsonIgnore
    public boolean isInferred() {
        return evidence == Evidence.INFERRED;
    }

    UsageInterval as(Evidence other) {
        return evidence == other ? this : new UsageInterval(instance, state, start, end, other);
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

    /** Whether one interval can say what both say, were they to touch. */
    boolean joins(UsageInterval other) {
        return evidence == other.evidence && agreesWith(other);
    }

    boolean isEmpty() {
        return end.isPresent() && end.get().equals(start);
    }

    UsageInterval startingAt(Instant at) {
        return new UsageInterval(instance, state, at, end, evidence);
    }

    /**
     * What of it lies outside the time of others.
     *
     * @param taken disjoint and in order; only the last may be open
     * @return pieces in order; only the last may be open, and is if this is and none of the others
     */
    List<UsageInterval> outside(List<UsageInterval> taken) {
        List<UsageInterval> pieces = new ArrayList<>(1);
        UsageInterval rest = this;
        for (UsageInterval other : taken.subList(firstThatEndsAfter(start, taken), taken.size())) {
            if (rest.end.isPresent() && !other.start.isBefore(rest.end.get())) {
                break;
            }
            if (rest.start.isBefore(other.start)) {
                pieces.add(rest.endedAt(other.start));
            }
            if (other.end.isEmpty() || (rest.end.isPresent() && !other.end.get().isBefore(rest.end.get()))) {
                return pieces;
            }
            rest = rest.startingAt(other.end.get());
        }
        pieces.add(rest);
        return pieces;
    }

    /** By halves: a timeline may hold many intervals, and most changes are to its last ones. */
    private static int firstThatEndsAfter(Instant at, List<UsageInterval> ordered) {
        int from = 0;
        int to = ordered.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            Optional<Instant> end = ordered.get(middle).end;
            if (end.isEmpty() || end.get().isAfter(at)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }

    /** Account, instance, state, time, rate and, unless it is observed, the evidence in one line. */
    @Override
    public String toString() {
        return instance.account() + "/" + instance.id() + " " + state + " [" + start + ", "
                + end.map(Instant::toString).orElse("open") + ") "
                + instance.gpuCount() + " x " + instance.gpuName().orElse("unknown GPU") + " at "
                + instance.rate().map(Object::toString).orElse("unknown rate")
                + (evidence == Evidence.OBSERVED
                        ? ""
                        : ", " + evidence.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
