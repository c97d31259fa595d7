package cloud.dumont.economy.provider;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Who sells machines: AWS, GCP, AZURE, or any other in the catalog.
 *
 * @param id the identifier in upper case; made so from any case, trimmed, never blank
 */
public record Provider(@JsonValue String id) implements Comparable<Provider> {

    /** Amazon Web Services. */
    public static final Provider AWS = new Provider("AWS");

    /** Google Cloud. */
    public static final Provider GCP = new Provider("GCP");

    /** Microsoft Azure. */
    public static final Provider AZURE = new Provider("AZURE");

    /**
     * Normalises the identifier.
     *
     * @throws IllegalArgumentException if it is blank, or holds characters that are not seen
     */
    public Provider {
        id = Names.of(id, "a provider", "AWS").toUpperCase(Locale.ROOT);
    }

    /**
     * The provider of that name.
     *
     * @param id its identifier in any case, such as {@code aws}
     * @return the provider
     * @throws IllegalArgumentException if it is blank
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Provider of(String id) {
        return new Provider(id);
    }

    /**
     * Whether its names of instance types are the same in any case: Azure's interfaces take {@code standard_nc40ads_h100_v5} for
     * {@code Standard_NC40ads_H100_v5}, those of the others do not.
     *
     * @return true for {@link #AZURE}
     */
    public boolean ignoresCaseOfTypes() {
        return equals(AZURE);
    }

    @Override
    public int compareTo(Provider other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return id;
    }
}
