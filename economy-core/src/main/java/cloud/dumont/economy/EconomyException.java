package cloud.dumont.economy;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of what this library throws when the world, not the caller's code, is at fault: a catalog that cannot be read, a
 * price that does not exist, usage that disagrees. Wrong arguments stay {@link IllegalArgumentException}.
 */
public abstract class EconomyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message that says what was asked, what was found and what is allowed.
     *
     * @param message the message
     */
    protected EconomyException(String message) {
        super(message);
    }

    /**
     * An exception with its cause.
     *
     * @param message the message
     * @param cause what led to it, may be null
     */
    protected EconomyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
