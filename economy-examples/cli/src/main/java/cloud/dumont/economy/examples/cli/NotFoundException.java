package cloud.dumont.economy.examples.cli;

import java.io.Serial;

/** What was asked for does not exist; the message names what does. */
final class NotFoundException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotFoundException(String message) {
        super(message);
    }
}
