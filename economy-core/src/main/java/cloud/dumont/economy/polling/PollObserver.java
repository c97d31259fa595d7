package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Optional;

/**
 * Takes the measures of polls, for a metrics library. Called on the threads that ran the polls, by several at a time: thread-safe,
 * and quick. What it throws is logged. How many pollers are in which state is asked of {@link PollGroup#states()}.
 */
@FunctionalInterface
public interface PollObserver {

    /**
     * A poll has ended.
     *
     * @param sample its measures
     */
    void polled(Sample sample);

    /** How a poll ended. */
    enum Result {
        /** With a value. */
        SUCCEEDED,
        /** With a failure, or cancelled at its deadline. */
        FAILED,
        /** Not at all: it ignored its cancellation. */
        ABANDONED
    }

    /**
     * The measures of one poll. Immutable.
     *
     * @param name the poller's, or its group's: few, so fit to be a metric's label
     * @param result how it ended
     * @param latency how long it took
     * @param lateness how much later than due it had begun, to a hundredth of a second
     * @param staleness how old the last good value was when this poll ended, its own if it succeeded; empty if there is none
     */
    record Sample(String name, Result result, Duration latency, Duration lateness, Optional<Duration> staleness) {}
}
