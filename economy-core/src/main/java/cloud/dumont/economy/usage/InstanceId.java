package cloud.dumont.economy.usage;

/**
 * One rented machine, by the name its account knows it by.
 *
 * @param value 1 to 200 characters, not blank
 */
public record InstanceId(String value) implements Comparable<InstanceId> {

    private static final int MOST_CHARACTERS = 200;

    /**
     * Checks the length.
     *
     * @throws IllegalArgumentException if the value is blank or too long
     */
    public InstanceId {
        if (value.isBlank() || value.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("an instance id has 1 to " + MOST_CHARACTERS
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
    public static InstanceId of(String value) {
        return new InstanceId(value);
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
