package cloud.dumont.economy.provider;

import cloud.dumont.economy.input.Given;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no name at a provider holds: characters that are not seen would make two names of what reads as one. */
final class Names {

    /** Control characters, halves of surrogate pairs, formats such as zero width blanks and bidirectional controls, blanks but the plain one. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Cf}]|[\\p{Z}&&[^ ]]");

    /** What every database's columns hold. */
    private static final int MOST_CHARACTERS = 1_000;

    private Names() {}

    /**
     * A name without blanks around it.
     *
     * @throws IllegalArgumentException if it is blank, or holds what is not seen
     */
    static String of(String name, String what, String example) {
        String stripped = name.strip();
        if (stripped.isEmpty()) {
            throw new IllegalArgumentException(what + " needs a name, such as " + example);
        }
        if (stripped.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the name of " + what + " has at most " + MOST_CHARACTERS
                    + " characters, not " + stripped.length() + ": '" + Given.shown(stripped) + "'");
        }
        Matcher unseen = UNSEEN.matcher(stripped);
        if (unseen.find()) {
            throw new IllegalArgumentException(
                    "the name of " + what + " holds only characters that are seen, and plain blanks;"
                            + " this one has U+"
                            + hex(unseen.group().codePointAt(0)) + " at place "
                            + (unseen.start() + 1));
        }
        return stripped;
    }

    private static String hex(int codePoint) {
        String hex = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
        return "0".repeat(Math.max(0, 4 - hex.length())) + hex;
    }
}
