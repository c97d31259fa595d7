package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/** Waits by what the latest value says, and doubles that while polls fail. Stateless: the outcome carries it all. */
record AdaptivePollPolicy<T>(Predicate<? super T> active, Duration whenActive, Duration whenIdle, Duration maxBackoff)
        implements PollPolicy<T> {

    private static final Duration DEFAULT_MAX_BACKOFF = Duration.ofMinutes(10);

    AdaptivePollPolicy {
        Objects.requireNonNull(active, "active");
        requireWithin(
                PositiveDuration.require(whenActive, "whenActive"), Objects.requireNonNull(maxBackoff, "maxBackoff"));
        requireWithin(PositiveDuration.require(whenIdle, "whenIdle"), maxBackoff);
    }

    static Duration defaultMaxBackoff(Duration longestDelay) {
        return longestDelay.compareTo(DEFAULT_MAX_BACKOFF) > 0 ? longestDelay : DEFAULT_MAX_BACKOFF;
    }

    @Override
    public Duration nextDelay(PollOutcome<? extends T> last) {
        Duration delay = last.latest().filter(active).isPresent() ? whenActive : whenIdle;
        Duration half = maxBackoff.dividedBy(2);
        for (int failures = 1; failures < last.consecutiveFailures(); failures++) {
            if (delay.compareTo(half) > 0) {
                return maxBackoff;
            }
            delay = delay.multipliedBy(2);
        }
        return delay;
    }

    private static void requireWithin(Duration delay, Duration maxBackoff) {
        if (maxBackoff.compareTo(delay) < 0) {
            throw new IllegalArgumentException("maxBackoff was " + maxBackoff + " but must be at least " + delay
                    + ", the delay when nothing fails");
        }
    }
}
