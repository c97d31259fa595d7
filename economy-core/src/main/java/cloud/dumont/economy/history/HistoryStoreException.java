package cloud.dumont.economy.history;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A store could not be read or written; the message or the cause says why. Nothing was stored in part. */
public final class HistoryStoreException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * An exception of the store's own.
     *
     * @param message what cannot be done, and why
     */
    public HistoryStoreException(String message) {
        super(message);
    }

    /**
     * An exception with its cause.
     *
     * @param message what was tried
     * @param cause why it failed, may be null
     */
    public HistoryStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
