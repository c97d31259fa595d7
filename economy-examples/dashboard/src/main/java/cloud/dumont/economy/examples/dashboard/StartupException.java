package cloud.dumont.economy.examples.dashboard;

import java.io.Serial;

/** Why the program does not start, in words for whoever started it. */
final class StartupException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was asked for cannot be done. */
    static final int FAILED = 1;

    /** The options, or a file they name, are wrong. */
    static final int USAGE = 2;

    private final int exitStatus;

    StartupException(int exitStatus, String message, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    StartupException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    int exitStatus() {
        return exitStatus;
    }
}
