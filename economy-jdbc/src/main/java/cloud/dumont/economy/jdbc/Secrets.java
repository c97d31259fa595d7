package cloud.dumont.economy.jdbc;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps passwords out of what this library throws. Drivers, and the JDK's own DriverManager, put the whole JDBC URL into some of their
 * messages, password and all.
 */
final class Secrets {

    /** password=..., sslpassword=..., and user:password@ after the slashes. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:password|passwd|pwd|secret|token)\\w*\\s*=\\s*|://[^/@:\\s]*:)[^;&@\\s\"']+");

    private Secrets() {}

    /** The failure itself if it gives nothing away; else a likeness of it, with all that helps but the secret. */
    static Throwable hiddenIn(Throwable failure) {
        return tells(failure) ? likeness(failure) : failure;
    }

    private static boolean tells(@Nullable Throwable failure) {
        if (failure == null) {
            return false;
        }
        if (SECRET.matcher(String.valueOf(failure.getMessage())).find() || tells(failure.getCause())) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (tells(suppressed)) {
                return true;
            }
        }
        return failure instanceof SQLException sql && tells(sql.getNextException());
    }

    private static Throwable likeness(Throwable failure) {
        String message = hiddenIn(failure.toString());
        Throwable likeness = failure instanceof SQLException sql
                ? new SQLException(message, sql.getSQLState(), sql.getErrorCode())
                : new RuntimeException(message);
        likeness.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            likeness.initCause(likeness(failure.getCause()));
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            likeness.addSuppressed(likeness(suppressed));
        }
        return likeness;
    }

    static String hiddenIn(String message) {
        return SECRET.matcher(message).replaceAll("$1***");
    }
}
