package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How long to wait between two polls. Implementations are thread-safe: one serves many pollers.
 *
 * <p>{@link #adaptive} makes the usual one. A policy of the host's own decides for itself about jitter and failures; a
 * {@link RetryAfterException} is obeyed whatever it says.
 *
 * @param <T> what the task returns
 */
@FunctionalInterface
public interface PollPolicy<T> {

    /**
     * The delay from the end of a poll to the start of the next. What this throws, or a delay that is null, not positive or
     * longer than 100 days, is logged, and the poller waits 30 seconds.
     *
     * @param last how the last poll ended
     * @param random where chance comes from, the caller's own
     * @return the delay, longer than zero, at most 100 days
     */
    Duration nextDelay(PollOutcome<? extends T> last, RandomGenerator random);

    /**
     * Every 30 seconds while the latest value is active and every 60 while it is not (or while there is none), 10% sooner or
     * later each time; after failures a random part of an interval that doubles with each up to two minutes. The builder changes
     * any of these.
     *
     * @param active tells whether a value is active; thread-safe
     * @param <T> what the task returns
     * @return a builder
     * @throws NullPointerException if {@code active} is null
     */
    static <T> AdaptivePollPolicy.Builder<T> adaptive(Predicate<? super T> active) {
        return new AdaptivePollPolicy.Builder<>(active);
    }

    /**
     * The same interval whatever the value, with jitter and backoff like {@link #adaptive}'s.
     *
     * @param interval the interval, longer than zero, at most 100 days
     * @param <T> what the task returns
     * @return the policy
     * @throws NullPointerException if {@code interval} is null
     * @throws IllegalArgumentException if {@code interval} is out of range
     */
    static <T> PollPolicy<T> every(Duration interval) {
        return PollPolicy.<T>adaptive(value -> true)
                .whenActive(interval)
                .whenIdle(interval)
                .build();
    }
}
