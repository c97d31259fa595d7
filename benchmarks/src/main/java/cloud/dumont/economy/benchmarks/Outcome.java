package cloud.dumont.economy.benchmarks;

import java.util.List;
import java.util.Optional;

/**
 * A goal beside what was measured.
 *
 * @param goal the goal
 * @param ours the method that carries it
 * @param other the method that it is held against
 */
record Outcome(Goal goal, Measurement ours, Optional<Measurement> other) {

    /** Below half a byte per operation it is what JMH itself leaves behind. */
    private static final double NO_BYTE = 0.5;

    /** The goals of all that was measured; one whose counterpart was not measured is left out. */
    static List<Outcome> of(List<Measurement> measured) {
        return measured.stream()
                .flatMap(ours ->
                        ours.goals().stream().map(goal -> new Outcome(goal, ours, other(goal, ours, measured))))
                .filter(outcome -> outcome.goal.against().isEmpty() || outcome.other.isPresent())
                .toList();
    }

    private static Optional<Measurement> other(Goal goal, Measurement ours, List<Measurement> measured) {
        String parameters = goal.againstAt().isEmpty() ? goal.at() : goal.againstAt();
        return measured.stream()
                .filter(other -> other.type().equals(ours.type())
                        && other.method().equals(goal.against())
                        && other.parameters().equals(parameters))
                .findFirst();
    }

    /** The other's mean time divided by ours. */
    Optional<Double> lead() {
        return other.map(measured -> measured.nanos() / ours.nanos());
    }

    /** The same of the fastest iterations: other work on the machine only ever adds to a time. */
    Optional<Double> bestLead() {
        return other.map(measured -> measured.bestNanos() / ours.bestNanos());
    }

    boolean allocatesTooMuch() {
        return goal.bytes() >= 0 && ours.bytes() >= goal.bytes() + NO_BYTE;
    }

    boolean losesItsLead() {
        return bestLead().filter(lead -> lead < goal.held()).isPresent();
    }

    boolean isReached() {
        boolean farEnough = lead().orElse(Double.POSITIVE_INFINITY) >= goal.lead();
        boolean shortEnough = goal.nanos() == 0 || ours.nanos() <= goal.nanos();
        return farEnough && shortEnough && !allocatesTooMuch();
    }
}
