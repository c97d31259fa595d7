package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;

/**
 * Something that happened in a {@link Poller}. Of one poll come {@link Started}, then one of {@link Succeeded}, {@link Failed} and
 * {@link Abandoned}, {@link Recovered} after the first good one of an outage, and {@link Scheduled} for the next. Events are
 * immutable, and thread-safe if the value they carry is.
 *
 * @param <T> what the task returns
 */
public sealed interface PollEvent<T> {

    /**
     * When it happened, and how the poller stood.
     *
     * @return the facts
     */
    PollFacts facts();

    /**
     * The next poll is planned; a nudge or a call limit may still move it, which is not announced.
     *
     * @param facts when it is due, and the rest
     * @param <T> what the task returns
     */
    record Scheduled<T>(PollFacts facts) implements PollEvent<T> {}

    /**
     * The task is about to be called.
     *
     * @param facts of the attempt
     * @param <T> what the task returns
     */
    record Started<T>(PollFacts facts) implements PollEvent<T> {}

    /**
     * The task returned a value within its deadline.
     *
     * @param facts of the attempt
     * @param value what it returned
     * @param <T> what the task returns
     */
    record Succeeded<T>(PollFacts facts, T value) implements PollEvent<T> {

        /**
         * Checks the value.
         *
         * @param facts of the attempt
         * @param value not null
         */
        public Succeeded {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * The task threw, returned null, or did not return within its deadline and was cancelled.
     *
     * @param facts of the attempt
     * @param failure what was thrown; a {@link NullPointerException} if the task returned null, a
     *     {@link java.util.concurrent.TimeoutException} if it took too long
     * @param <T> what the task returns
     */
    record Failed<T>(PollFacts facts, Throwable failure) implements PollEvent<T> {

        /**
         * Checks the failure.
         *
         * @param facts of the attempt
         * @param failure not null
         */
        public Failed {
            Objects.requireNonNull(failure, "failure");
        }
    }

    /**
     * The first good poll after failures; follows its {@link Succeeded}.
     *
     * @param facts of the attempt
     * @param failures how many polls had failed in a row, 1 or more; 255 also if they were more
     * @param outage how long no value was good: since the last good one, or zero if there had been none
     * @param <T> what the task returns
     */
    record Recovered<T>(PollFacts facts, int failures, Duration outage) implements PollEvent<T> {}

    /**
     * The poll took too long and ignored its cancellation. It counts as failed; what it may still return is dropped.
     *
     * @param facts of the attempt
     * @param running how many abandoned polls of this poller still hold a thread, this one included if it does
     * @param <T> what the task returns
     */
    record Abandoned<T>(PollFacts facts, int running) implements PollEvent<T> {}

    /**
     * The next poll was due and nobody listens.
     *
     * @param facts how the poller stood
     * @param <T> what the task returns
     */
    record Paused<T>(PollFacts facts) implements PollEvent<T> {}

    /**
     * Somebody listens again; the poll follows at once.
     *
     * @param facts how the poller stood
     * @param <T> what the task returns
     */
    record Resumed<T>(PollFacts facts) implements PollEvent<T> {}

    /**
     * The last event.
     *
     * @param facts how the poller stood
     * @param <T> what the task returns
     */
    record Closed<T>(PollFacts facts) implements PollEvent<T> {}
}
