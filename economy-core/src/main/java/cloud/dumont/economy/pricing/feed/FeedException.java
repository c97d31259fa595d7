package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A price feed could not be read. The message names the host and the path, never a query or a key; what a seller wrote in its answer is not
 * repeated.
 */
public final class FeedException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The seller could not be reached, or its answer was cut off. Nothing is wrong with what is known. */
        UNREACHABLE,
        /** The seller asks to be left alone for a while: 429, or 503. */
        BUSY,
        /** The seller refused the request, or sent it elsewhere; asking again will not help. */
        REFUSED,
        /** The answer is larger than any such list, or does not end. */
        TOO_LARGE,
        /** The answer is not such a list. */
        MALFORMED
    }

    /** What went wrong. */
    private final Kind kind;

    /** How long the seller asks to be left alone; null if it does not say. */
    private final @Nullable Duration retryAfter;

    /**
     * A failure of a host's own feed.
     *
     * @param kind what went wrong
     * @param message what was asked, what came and what to do
     */
    public FeedException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    FeedException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, null, cause);
    }

    FeedException(Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retryAfter = retryAfter;
    }

    /**
     * What went wrong.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * How long the seller asks to be left alone.
     *
     * @return zero or more; empty if it does not say
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
