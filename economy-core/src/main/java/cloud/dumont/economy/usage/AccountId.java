package cloud.dumont.economy.usage;

/**
 * The tenant whose savings are shown. Every read and write names one.
 *
 * @param value 1 to 200 characters, not blank
 */
public record AccountId(String value) implements Comparable<AccountId> {

    private static final int MOST_CHARACTERS = 200;

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if the value is blank or too long
     */
    public AccountId {
        if (value.isBlank() || value.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("an account id has 1 to " + MOST_CHARACTERS
                    + " characters and is not blank, unlike '" + value + "'");
        }
    }

    /**
     * The id of that value.
     *
     * @param value 1 to 200 characters, not blank
     * @return the id
     * @throws IllegalArgumentException if the value is blank or too long
     */
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
