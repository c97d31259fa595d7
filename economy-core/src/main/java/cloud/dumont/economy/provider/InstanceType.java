package cloud.dumont.economy.provider;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A provider's name for a kind of machine, such as {@code p5.48xlarge}. Case counts, as it does at the clouds.
 *
 * @param name the provider's own name, trimmed, never blank
 */
public record InstanceType(@JsonValue String name) implements Comparable<InstanceType> {

    /**
     * Trims the name.
     *
     * @throws IllegalArgumentException if it is blank, or holds characters that are not seen
     */
    public InstanceType {
        name = Names.of(name, "an instance type", "p5.48xlarge");
    }

    /**
     * The instance type of that name.
     *
     * @param name the provider's own name
     * @return the instance type
     * @throws IllegalArgumentException if it is blank
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static InstanceType of(String name) {
        return new InstanceType(name);
    }

    @Override
    public int compareTo(InstanceType other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
