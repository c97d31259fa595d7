package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The database's schema is not the one this library works with, or could not be made so; the message says what to do. */
public final class SchemaException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        super(message);
    }

    SchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
