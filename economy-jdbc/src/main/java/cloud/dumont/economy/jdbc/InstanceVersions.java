package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Facts of one instance, of which those that ended early may be missing, and since when and until when each was told. */
final class InstanceVersions {

    /**
     * A fact.
     *
     * @param interval the fact
     * @param toldAt since when it holds, as told_at counts
     * @param withdrawnAt until when; empty if it still does
     */
    record Told(UsageInterval interval, long toldAt, OptionalLong withdrawnAt) {

        private boolean holds(long told) {
            return toldAt <= told && (withdrawnAt.isEmpty() || withdrawnAt.getAsLong() > told);
        }

        private boolean isWithin(long told) {
            return toldAt <= told && withdrawnAt.isEmpty();
        }

        private long start() {
            return interval.start().getEpochSecond();
        }
    }

    private final List<Told> facts = new ArrayList<>();

    void add(Told fact) {
        facts.add(fact);
    }

    /** What was known at some moment. */
    List<UsageInterval> holding(long told) {
        return facts.stream()
                .filter(fact -> fact.holds(told))
                .map(Told::interval)
                .toList();
    }

    /**
     * From which second on something else is known now than at some moment; empty if nothing else is.
     *
     * @param told the moment; what was withdrawn before it is not among the facts
     */
    OptionalLong firstChange(long told) {
        return facts.stream()
                .filter(fact -> !fact.isWithin(told))
                .mapToLong(Told::start)
                .min();
    }

    boolean hasEndedBy(long second) {
        return facts.stream()
                .allMatch(fact -> fact.interval()
                        .end()
                        .filter(end -> end.getEpochSecond() <= second)
                        .isPresent());
    }

    /**
     * Whether a run ends of which the beginning may be missing.
     *
     * @param since facts that ended by this second may be missing
     * @param known what the others make
     * @param until as of when
     */
    static boolean endsUnknownRun(long since, InstanceTimeline known, Instant until) {
        Optional<Instant> runEnd = Optional.empty();
        for (UsageInterval interval : known.intervals()) {
            boolean goesOn = runEnd.equals(Optional.of(interval.start()));
            if (interval.state().isBillable() && (goesOn || interval.start().getEpochSecond() <= since)) {
                runEnd = Optional.of(interval.end().orElse(Instant.MAX));
            }
        }
        return runEnd.filter(end -> !end.isAfter(until)).isPresent();
    }
}
