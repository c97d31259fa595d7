package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What every {@link PollEvent} says. Immutable.
 *
 * @param at when it happened, by the poller's own source of time
 * @param attempt which try in a row it is about since the last good poll: 1 unless polls fail
 * @param duration how long the poll had taken; zero where the event is not about a poll that has begun
 * @param nextDue when the next poll is due; empty where there will be none, or none is planned yet
 * @param age how old the last good value is; empty as long as there is none
 */
public record PollFacts(Instant at, int attempt, Duration duration, Optional<Instant> nextDue, Optional<Duration> age) {

    /**
     * Checks the parts.
     *
     * @param at when
     * @param attempt 1 or more
     * @param duration zero or more
     * @param nextDue when the next is due
     * @param age zero or more
     * @throws NullPointerException if a part is null
     * @throws IllegalArgumentException if a part is out of range
     */
    public PollFacts {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(nextDue, "nextDue");
        Objects.requireNonNull(age, "age");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt was " + attempt + " but must be at least 1");
        }
        if (Objects.requireNonNull(duration, "duration").isNegative()) {
            throw new IllegalArgumentException("duration was " + duration + " but must be zero or more");
        }
    }
}
