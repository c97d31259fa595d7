package cloud.dumont.economy.usage;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The tenant whose savings are shown. Every read and write names one.
 *
 * @param value 1 to 200 characters, not blank; without control characters, halves of surrogate pairs, characters that turn the
 *     direction of writing, and blanks at its ends that do not break or have no width, as two ids would look like one; every other
 *     difference counts, also of plain blanks
 */
public record AccountId(@JsonValue String value) implements Comparable<AccountId> {

    private static final int MOST_CHARACTERS = 200;

    /**
     * Checks the length and the characters.
     *
     * @throws IllegalArgumentException if the value is blank or too long, or holds a character that it must not
     */
    public AccountId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an account id has 1 to " + MOST_CHARACTERS
                    + " characters and is not blank; given was '" + Given.shown(value) + "'");
        }
        Text.checkId("an account id", value, MOST_CHARACTERS);
    }

    /**
     * The id of that value.
     *
     * @param value 1 to 200 characters, not blank
     * @return the id
     * @throws IllegalArgumentException if the value is blank or too long, or holds a character that it must not
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AccountId of(String value) {
        return new AccountId(value);
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
