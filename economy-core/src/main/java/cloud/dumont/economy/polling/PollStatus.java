package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How a poller stands, as data that a health endpoint can print. Immutable.
 *
 * @param name the poller's
 * @param state what it is at
 * @param lastSuccess when the poll of the last good value had begun; empty as long as there is none
 * @param age how old the last good value is; empty as long as there is none
 * @param stale whether that is longer than the limit, or there is no value
 * @param consecutiveFailures how many polls in a row have failed; 255 also if they were more
 * @param nextDue when the next poll is due, in the past if it waits for a worker; empty unless one is planned
 * @param abandonedRunning how many abandoned polls still hold a thread
 */
public record PollStatus(
        String name,
        PollState state,
        Optional<Instant> lastSuccess,
        Optional<Duration> age,
        boolean stale,
        int consecutiveFailures,
        Optional<Instant> nextDue,
        int abandonedRunning) {

    /**
     * Checks the parts.
     *
     * @param name the poller's
     * @param state what it is at
     * @param lastSuccess when the last good poll had begun
     * @param age how old its value is
     * @param stale whether that is too old
     * @param consecutiveFailures zero or more
     * @param nextDue when the next poll is due
     * @param abandonedRunning zero or more
     * @throws NullPointerException if a part is null
     */
    public PollStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(lastSuccess, "lastSuccess");
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(nextDue, "nextDue");
    }
}
