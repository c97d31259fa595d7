package cloud.dumont.economy.pricing;

import cloud.dumont.economy.EconomyException;
import java.io.Serial;

/** There is no such price; the message names the first part that is unknown and what is known in its place. */
public final class PriceNotFoundException extends EconomyException {

    @Serial
    private static final long serialVersionUID = 1L;

    PriceNotFoundException(String message) {
        super(message);
    }
}
