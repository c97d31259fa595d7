package cloud.dumont.economy.provider;

import java.util.Locale;

/**
 * A provider's region, by the provider's own name ({@code us-east-1}, {@code westeurope}).
 *
 * @param id the name in lower case; made so from any case, trimmed, never blank
 */
public record Region(String id) implements Comparable<Region> {

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
