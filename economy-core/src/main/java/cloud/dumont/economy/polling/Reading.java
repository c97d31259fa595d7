package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A value, and how fresh it is. Immutable, and thread-safe if the value is.
 *
 * @param value what a poll returned
 * @param goodAt when it was good: when that poll had begun, by the poller's own source of time, to a tenth of a second
 * @param age how long ago that is, never less than it really is. Neither a wall clock that is set back nor a computer that slept
 *     makes a value younger
 * @param stale whether that is longer than the poller's limit
 * @param <T> what the task returns
 */
public record Reading<T>(T value, Instant goodAt, Duration age, boolean stale) {

    /**
     * Checks the parts.
     *
     * @param value the value
     * @param goodAt when it was good
     * @param age how long ago
     * @param stale whether that is too long
     * @throws NullPointerException if a part is null
     */
    public Reading {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(goodAt, "goodAt");
        Objects.requireNonNull(age, "age");
    }
}
