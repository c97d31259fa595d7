package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.pricing.Provenance;
import java.time.LocalDate;

/**
 * Where a file of prices comes from that does not tell it itself.
 *
 * @param source who publishes it: a repository, an API
 * @param path where in the source; may be empty
 * @param revision which state of the source, such as a commit; may be empty
 */
public record FileOrigin(String source, String path, String revision) {

    /**
     * Checks that it is known.
     *
     * @throws IllegalArgumentException if the source is blank
     */
    public FileOrigin {
        if (source.isBlank()) {
            throw new IllegalArgumentException("a price needs a source");
        }
    }

    Provenance on(LocalDate day) {
        return new Provenance(source, path, revision, day);
    }
}
