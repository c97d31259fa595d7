package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The next poll is about to be scheduled. {@link Poller#pollNow()} may still bring it forward; that is not announced.
 *
 * @param at when this was decided
 * @param delay how long until the poll is due, zero or more
 * @param <T> what the task returns
 */
public record PollScheduled<T>(Instant at, Duration delay) implements PollEvent<T> {

    /**
     * Checks the parts.
     *
     * @param at when this was decided
     * @param delay zero or more
     * @throws NullPointerException if a part is null
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public PollScheduled {
        Objects.requireNonNull(at, "at");
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException("delay was " + delay + " but must be zero or more");
        }
    }
}
