package cloud.dumont.economy.usage;

import cloud.dumont.economy.input.Given;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text may hold that is stored and shown: nothing that a database cannot hold, and nothing unseen by which two texts would look
 * like one.
 */
final class Text {

    /** Control characters, such as NUL, which no PostgreSQL holds, and halves of surrogate pairs, which UTF-8 cannot. */
    private static final Pattern NEVER = Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028\\u2029]");

    /** They turn the order in which a text is shown. */
    private static final Pattern BIDIRECTIONAL =
            Pattern.compile("[\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /** Blanks of every kind but the plain one: those that do not break, have no width, or another one. */
    private static final Pattern BLANK_END =
            Pattern.compile("(?<=^ {0,1000})[\\p{Z}\\p{Cf}&&[^ ]]|[\\p{Z}\\p{Cf}&&[^ ]](?= *$)");

    /** Blanks that are not seen, or not told from a plain one, wherever they are. Joiners are no blanks: names need them. */
    private static final Pattern UNSEEN = Pattern.compile("[\\u00A0\\u00AD\\u2007\\u200B\\u202F\\u2060\\uFEFF]");

    /** How much of a text that is too long an error shows. */
    private static final int SHOWN = 40;

    private Text() {}

    /**
     * Checks a text.
     *
     * @param what what it is, for errors, such as {@code an account id}
     * @param text the text
     * @param mostCharacters how long it may be, in UTF-16 units
     * @throws IllegalArgumentException if it is longer, or holds what it must not
     */
    static void check(String what, String text, int mostCharacters) {
        if (text.length() > mostCharacters) {
            throw new IllegalArgumentException(what + " has at most " + mostCharacters + " characters, not "
                    + text.length() + ": '"
                    + Given.shown(
                            text.substring(0, Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN))
                    + "...'");
        }
        if (isPlain(text)) {
            return;
        }
        refuse(NEVER.matcher(text), what, "no control characters and no halves of surrogate pairs");
        refuse(BIDIRECTIONAL.matcher(text), what, "no characters that turn the direction of writing");
        refuse(BLANK_END.matcher(text), what, "no blank at its ends but a plain one");
    }

    /**
     * Checks what tells one account or instance from another.
     *
     * @param what what it is, for errors
     * @param text the text
     * @param mostCharacters how long it may be, in UTF-16 units
     * @throws IllegalArgumentException if it is longer, or holds what it must not
     */
    static void checkId(String what, String text, int mostCharacters) {
        check(what, text, mostCharacters);
        if (!isPlain(text)) {
            refuse(UNSEEN.matcher(text), what, "no blank without a width and none that does not break");
        }
    }

    /** Whether it holds nothing but printable ASCII, like nearly every id: patterns need not look for what it cannot have. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }

    private static void refuse(Matcher found, String what, String allowed) {
        if (found.find()) {
            throw new IllegalArgumentException(what + " holds " + allowed + "; this one has U+"
                    + hex(found.group().codePointAt(0)) + " at place " + (found.start() + 1));
        }
    }

    private static String hex(int codePoint) {
        String hex = Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
        return "0".repeat(Math.max(0, 4 - hex.length())) + hex;
    }
}
