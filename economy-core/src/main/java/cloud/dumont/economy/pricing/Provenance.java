package cloud.dumont.economy.pricing;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Where a price was read and when.
 *
 * @param source who publishes it: a repository, an API
 * @param path where in the source
 * @param revision which state of the source, such as a commit; may be empty
 * @param readOn the last day it was read there; empty where the source tells no day: such a price is used only where it was asked for
 */
public record Provenance(String source, String path, String revision, Optional<LocalDate> readOn) {

    /**
     * What was read on a known day.
     *
     * @param source who publishes it: a repository, an API
     * @param path where in the source
     * @param revision which state of the source, such as a commit; may be empty
     * @param readOn the last day it was read there
     */
    public Provenance(String source, String path, String revision, LocalDate readOn) {
        this(source, path, revision, Optional.of(readOn));
    }

    /**
     * The day it was read, in words.
     *
     * @return such as {@code read on 2026-07-20}, or that it is unknown
     */
    public String readOnInWords() {
        return readOn.map(day -> "read on " + day).orElse("on a day that it does not tell");
    }

    /** Source, path and revision in one line: {@code source path@revision}. */
    @Override
    public String toString() {
        return source + (path.isEmpty() ? "" : " " + path) + (revision.isEmpty() ? "" : "@" + revision);
    }
}
