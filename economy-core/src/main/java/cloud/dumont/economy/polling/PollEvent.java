package cloud.dumont.economy.polling;

import java.time.Instant;

/**
 * Something that happened in a {@link Poller}. Events are immutable, and thread-safe if the value they carry is.
 *
 * @param <T> what the task returns
 */
public sealed interface PollEvent<T> permits PollOutcome, PollScheduled {

    /**
     * When it happened.
     *
     * @return the instant, by the poller's own source of time
     */
    Instant at();
}
