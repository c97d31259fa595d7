package cloud.dumont.economy.polling;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The task threw, or returned null, or the executor refused to run it.
 *
 * @param startedAt when the poll began
 * @param at when it failed
 * @param failure what was thrown; a {@link NullPointerException} if the task returned null
 * @param consecutiveFailures how many polls in a row have failed, this one included: one or more
 * @param latest the value of the last poll that succeeded, empty as long as none has
 * @param <T> what the task returns
 */
public record PollFailed<T>(
        Instant startedAt, Instant at, Throwable failure, int consecutiveFailures, Optional<T> latest)
        implements PollOutcome<T> {

    /**
     * Checks the parts.
     *
     * @param startedAt when the poll began
     * @param at when it failed
     * @param failure what was thrown
     * @param consecutiveFailures failures in a row, one or more
     * @param latest the last good value
     * @throws NullPointerException if a part is null
     * @throws IllegalArgumentException if {@code consecutiveFailures} is less than one
     */
    public PollFailed {
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(latest, "latest");
        if (consecutiveFailures < 1) {
            throw new IllegalArgumentException(
                    "consecutiveFailures was " + consecutiveFailures + " but must be at least 1");
        }
    }
}
