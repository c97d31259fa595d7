package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a poll ended: what a {@link PollPolicy} decides on. Immutable, and thread-safe if the value is.
 *
 * @param latest the value of the last good poll, this one or an earlier one; empty as long as none was
 * @param consecutiveFailures how many polls in a row have failed, this one included; zero after a good one
 * @param failure why it failed; empty if it did not
 * @param <T> what the task returns
 */
public record PollOutcome<T>(Optional<T> latest, int consecutiveFailures, Optional<Throwable> failure) {

    /**
     * Checks the parts.
     *
     * @param latest the value
     * @param consecutiveFailures zero or more
     * @param failure why it failed
     * @throws NullPointerException if a part is null
     * @throws IllegalArgumentException if {@code consecutiveFailures} is negative, or zero with a failure or more without one
     */
    public PollOutcome {
        Objects.requireNonNull(latest, "latest");
        Objects.requireNonNull(failure, "failure");
        if (consecutiveFailures < 0 || failure.isPresent() != consecutiveFailures > 0) {
            throw new IllegalArgumentException("consecutiveFailures was " + consecutiveFailures
                    + " but must be zero without a failure and at least 1 with one");
        }
    }

    /**
     * How long the source asked to be left alone.
     *
     * @return the delay of a {@link RetryAfterException} among the failure and its causes
     */
    public Optional<Duration> retryAfter() {
        return RetryAfterException.in(failure.orElse(null));
    }
}
