package cloud.dumont.economy.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps passwords out of what this library throws. Drivers, and the JDK's own DriverManager, put the whole JDBC URL into some of their
 * messages, password and all.
 */
final class Secrets {

    /** password=..., sslpassword=..., and user:password@ after the slashes. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)((?:password|passwd|pwd|secret|token)\\w*\\s*=\\s*|://[^/@:\\s]*:(?=[^/\\s]*@))[^;&@\\s\"']+");

    private Secrets() {}

    /** The failure itself if it gives nothing away; else a likeness of it, with all that helps but the secret. */
    static Throwable hiddenIn(Throwable failure) {
        Set<Throwable> all = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(failure, all);
        boolean tells = all.stream()
                .anyMatch(
                        one -> SECRET.matcher(String.valueOf(one.getMessage())).find());
        return tells ? likeness(failure, all) : failure;
    }

    static String hiddenIn(String message) {
        return SECRET.matcher(message).replaceAll("$1***");
    }

    private static void collect(Throwable failure, Set<Throwable> all) {
        if (all.add(failure)) {
            related(failure).forEach(one -> collect(one, all));
        }
    }

    private static List<Throwable> related(Throwable failure) {
        List<Throwable> related = new ArrayList<>(Arrays.asList(failure.getSuppressed()));
        if (failure.getCause() != null) {
            related.add(failure.getCause());
        }
        if (failure instanceof SQLException sql && sql.getNextException() != null) {
            related.add(sql.getNextException());
        }
        return related;
    }

    /** Each of those that are left is told once. */
    private static Throwable likeness(Throwable failure, Set<Throwable> left) {
        left.remove(failure);
        String message = hiddenIn(failure.toString());
        Throwable likeness = failure instanceof SQLException sql
                ? new SQLException(message, sql.getSQLState(), sql.getErrorCode())
                : new RuntimeException(message);
        likeness.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null && left.contains(failure.getCause())) {
            likeness.initCause(likeness(failure.getCause(), left));
        }
        for (Throwable other : related(failure)) {
            if (left.contains(other)) {
                likeness.addSuppressed(likeness(other, left));
            }
        }
        return likeness;
    }
}
