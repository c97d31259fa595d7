package cloud.dumont.economy.provider;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A provider's region, by the provider's own name ({@code us-east-1}, {@code westeurope}).
 *
 * @param id the name in lower case; made so from any case, trimmed, never blank
 */
public record Region(@JsonValue String id) implements Comparable<Region> {

    /** Stands where a provider publishes one price for all its regions. */
    public static final Region GLOBAL = new Region("global");

    /**
     * Normalises the name.
     *
     * @throws IllegalArgumentException if it is blank, or holds characters that are not seen
     */
    public Region {
        id = Names.of(id, "a region", "us-east-1").toLowerCase(Locale.ROOT);
    }

    /**
     * The region of that name.
     *
     * @param id its name in any case
     * @return the region
     * @throws IllegalArgumentException if it is blank
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Region of(String id) {
        return new Region(id);
    }

    @Override
    public int compareTo(Region other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return id;
    }
}
