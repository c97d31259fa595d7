package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * How long to wait between two polls.
 *
 * <p>The policies made here back off: the first failure waits as long as the last value would have it, each further
 * failure in a row twice as long as the one before, up to a maximum; one success ends it. The maximum is ten minutes
 * unless given, or the longest delay between polls where that is longer. They are immutable, and thread-safe if their
 * predicate is. A policy of the host's own does as it likes after failures; one that serves several pollers has to be
 * thread-safe.
 *
 * @param <T> what the task returns
 */
@FunctionalInterface
public interface PollPolicy<T> {

    /**
     * The delay from the end of a poll (listeners included) to the start of the next. What this throws, or a delay that
     * is null or not positive, is logged, and the poller waits 30 seconds.
     *
     * @param last how the last poll ended
     * @return the delay, longer than zero
     */
    Duration nextDelay(PollOutcome<? extends T> last);

    /**
     * The same delay always, doubling after failures in a row up to the default maximum.
     *
     * @param delay the delay, longer than zero
     * @param <T> what the task returns
     * @return the policy
     * @throws NullPointerException if {@code delay} is null
     * @throws IllegalArgumentException if {@code delay} is not longer than zero
     */
    static <T> PollPolicy<T> fixed(Duration delay) {
        return fixed(delay, AdaptivePollPolicy.defaultMaxBackoff(PositiveDuration.require(delay, "delay")));
    }

    /**
     * The same delay always, doubling after failures in a row up to a maximum.
     *
     * @param delay the delay, longer than zero
     * @param maxBackoff the longest delay after failures, at least {@code delay}; the same: no backoff
     * @param <T> what the task returns
     * @return the policy
     * @throws NullPointerException if a parameter is null
     * @throws IllegalArgumentException if a duration is not in its range
     */
    static <T> PollPolicy<T> fixed(Duration delay, Duration maxBackoff) {
        PositiveDuration.require(delay, "delay");
        return new AdaptivePollPolicy<>(value -> true, delay, delay, maxBackoff);
    }

    /**
     * One delay while the latest value is active and another while it is not, doubling after failures in a row up to
     * the default maximum. While no poll has ever succeeded it is idle.
     *
     * @param active tells whether a value is active
     * @param whenActive the delay while it is, longer than zero
     * @param whenIdle the delay while it is not, longer than zero
     * @param <T> what the task returns
     * @return the policy
     * @throws NullPointerException if a parameter is null
     * @throws IllegalArgumentException if a duration is not longer than zero
     */
    static <T> PollPolicy<T> adaptive(Predicate<? super T> active, Duration whenActive, Duration whenIdle) {
        PositiveDuration.require(whenActive, "whenActive");
        PositiveDuration.require(whenIdle, "whenIdle");
        Duration longest = whenActive.compareTo(whenIdle) > 0 ? whenActive : whenIdle;
        return adaptive(active, whenActive, whenIdle, AdaptivePollPolicy.defaultMaxBackoff(longest));
    }

    /**
     * The same with a maximum of one's own.
     *
     * @param active tells whether a value is active
     * @param whenActive the delay while it is, longer than zero
     * @param whenIdle the delay while it is not, longer than zero
     * @param maxBackoff the longest delay after failures, at least the longer of the two delays
     * @param <T> what the task returns
     * @return the policy
     * @throws NullPointerException if a parameter is null
     * @throws IllegalArgumentException if a duration is not in its range
     */
    static <T> PollPolicy<T> adaptive(
            Predicate<? super T> active, Duration whenActive, Duration whenIdle, Duration maxBackoff) {
        return new AdaptivePollPolicy<>(active, whenActive, whenIdle, maxBackoff);
    }
}
