package cloud.dumont.economy.polling;

import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source said when it may be asked again (HTTP's 429 or 503 with {@code Retry-After}, for one). A task that throws this, or
 * anything with this among its causes, is not called again before, whatever the policy says and whoever nudges.
 */
public final class RetryAfterException extends Exception {

    /** The longest wait that is obeyed: a source that asks for more is asked again after a day. */
    public static final Duration LONGEST = Duration.ofDays(1);

    @Serial
    private static final long serialVersionUID = 1;

    private static final int CAUSES = 16;

    /** How long to wait. */
    private final Duration delay;

    /**
     * A failure that names its own end.
     *
     * @param message what the source said
     * @param delay how long it asks to be left alone, zero or more
     * @param cause what it came from; may be null
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public RetryAfterException(String message, Duration delay, @Nullable Throwable cause) {
        super(message, cause);
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException("delay was " + delay + " but must be zero or more");
        }
        this.delay = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    /**
     * How long to wait, from the end of the poll.
     *
     * @return zero to {@link #LONGEST}
     */
    public Duration delay() {
        return delay;
    }

    /** The first among a failure and its causes. */
    static Optional<Duration> in(@Nullable Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < CAUSES; depth++) { // causes may go round in circles
            if (each instanceof RetryAfterException found) {
                return Optional.of(found.delay);
            }
            each = each.getCause();
        }
        return Optional.empty();
    }
}
