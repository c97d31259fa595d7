package cloud.dumont.economy.pricing;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A catalog file is not one, is damaged, or is of another version; the message says which file and where in it. */
public final class CatalogFormatException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    CatalogFormatException(String message) {
        super(message);
    }

    /**
     * A file of prices that cannot be read.
     *
     * @param message which file, what is wrong with it and what to do
     * @param cause what was found; may be null
     */
    public CatalogFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
