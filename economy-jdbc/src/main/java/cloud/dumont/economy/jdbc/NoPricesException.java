package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;

/** No price catalog was ever saved where one was to be loaded from. */
public final class NoPricesException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    NoPricesException(String message) {
        super(message);
    }
}
