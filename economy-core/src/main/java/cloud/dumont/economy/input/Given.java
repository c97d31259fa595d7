package cloud.dumont.economy.input;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A text or a number that was given and may be anything: how it becomes a number without costing more than it should, and how an
 * error shows it.
 */
public final class Given {

    /** How many characters of a text an error shows. */
    private static final int MOST_SHOWN = 200;

    /** Digits of any size or amount that is ever meant, those after the point included. */
    private static final int MOST_DIGITS = 100;

    /** Bounded before a number is made of it: a million digits take seconds. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d{1,200}(\\.\\d{0,200})?|\\.\\d{1,200})([eE][+-]?\\d{1,10})?");

    private Given() {}

    /**
     * A number in decimal notation. It may still be far out of any range, such as 1e999999999: whoever takes it checks that before
     * the number is written out or scaled.
     *
     * @param text at most 200 digits before and 200 after the point, and an exponent
     * @return the number
     * @throws NumberFormatException if the text is no such number
     */
    public static BigDecimal decimal(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new NumberFormatException("'" + shown(text) + "' is not a decimal number of at most 200 digits");
        }
        return new BigDecimal(text);
    }

    /**
     * Refuses a number that is longer than any that is meant: a few bytes such as 1e999999999 become a gigabyte once they are written out.
     *
     * @param what what it is, for errors, such as {@code vCPUs}
     * @param number the number
     * @throws IllegalArgumentException if it has more than 100 digits, written out
     */
    public static void checkDigits(String what, BigDecimal number) {
        long digits = digits(number);
        if (digits > MOST_DIGITS) {
            throw new IllegalArgumentException(what + " must have at most " + MOST_DIGITS + " digits, not " + digits);
        }
    }

    /** How many digits it has, written out. */
    private static long digits(BigDecimal number) {
        long whole = (long) number.precision() - number.scale();
        return Math.max(1, whole) + Math.max(0, number.scale());
    }

    /**
     * A text as an error shows it.
     *
     * @param text any text, or what has one
     * @return its first 200 characters, with what is not seen, such as control characters, written as its code
     */
    public static String shown(Object text) {
        String whole = text.toString();
        StringBuilder shown = new StringBuilder(Math.min(whole.length(), MOST_SHOWN) + 3);
        int at = 0;
        while (at < whole.length()) {
            int character = whole.codePointAt(at);
            String next = isSeen(character)
                    ? Character.toString(character)
                    : String.format(Locale.ROOT, "\\u%04X", character);
            if (shown.length() + next.length() > MOST_SHOWN) {
                return shown.append("...").toString();
            }
            shown.append(next);
            at += Character.charCount(character);
        }
        return shown.toString();
    }

    private static boolean isSeen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /**
     * A number as an error shows it.
     *
     * @param number any number
     * @return in plain digits where they are few, else with an exponent
     */
    public static String shown(BigDecimal number) {
        return digits(number) <= MOST_DIGITS ? number.toPlainString() : shown((Object) number);
    }
}
