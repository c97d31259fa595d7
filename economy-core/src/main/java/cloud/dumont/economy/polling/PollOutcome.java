package cloud.dumont.economy.polling;

import java.time.Instant;
import java.util.Optional;

/**
 * How a poll ended: the event a {@link PollPolicy} decides on.
 *
 * @param <T> what the task returns
 */
public sealed interface PollOutcome<T> extends PollEvent<T> permits PollSucceeded, PollFailed {

    /**
     * When the poll began; it ended {@link #at()}.
     *
     * @return the instant, by the poller's own source of time
     */
    Instant startedAt();

    /**
     * The newest value known once the poll had ended: its own, or else that of the last poll that succeeded.
     *
     * @return the value, empty as long as no poll has succeeded
     */
    Optional<T> latest();

    /**
     * How many polls in a row have failed, this one included.
     *
     * @return zero after a success, else one or more
     */
    int consecutiveFailures();
}
