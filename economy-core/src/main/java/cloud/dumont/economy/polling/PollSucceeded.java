package cloud.dumont.economy.polling;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The task returned a value.
 *
 * @param startedAt when the task was called
 * @param at when it returned
 * @param value what it returned
 * @param <T> what the task returns
 */
public record PollSucceeded<T>(Instant startedAt, Instant at, T value) implements PollOutcome<T> {

    /**
     * Checks the parts.
     *
     * @param startedAt when the task was called
     * @param at when it returned
     * @param value what it returned
     * @throws NullPointerException if a part is null
     */
    public PollSucceeded {
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(value, "value");
    }

    @Override
    public Optional<T> latest() {
        return Optional.of(value);
    }

    @Override
    public int consecutiveFailures() {
        return 0;
    }
}
