package cloud.dumont.economy.pricing;

import java.time.LocalDate;

/**
 * Where a price was read and when.
 *
 * @param source who publishes it: a repository, an API
 * @param path where in the source
 * @param revision which state of the source, such as a commit; may be empty
 * @param readOn the day it was read
 */
public record Provenance(String source, String path, String revision, LocalDate readOn) {

    /** Source, path and revision in one line: {@code source path@revision}. */
    @Override
    public String toString() {
        return source + (path.isEmpty() ? "" : " " + path) + (revision.isEmpty() ? "" : "@" + revision);
    }
}
