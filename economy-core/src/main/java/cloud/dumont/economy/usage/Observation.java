package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a listing.
 *
 * @param source the name of the source that gave it
 * @param at its stamp: when it was asked for, or the source's last stamp if that is later
 * @param taken how many of its instances count as seen
 * @param findings what it changed, and what was left out
 */
public record Observation(String source, Instant at, int taken, List<Finding> findings) {

    /** Copies the findings. */
    public Observation {
        findings = List.copyOf(findings);
    }

    /** What a finding says of an instance. */
    public enum Kind {
        /** It was not there before. */
        STARTED,
        /** Its state, its rate or its size is another. */
        CHANGED,
        /** It is no longer there: it ended when it was last seen. */
        ENDED,
        /** Nobody looked for a while; what was seen before and after agrees, and the time between is inferred. */
        INFERRED,
        /** Nobody looked for a while; the time between is unknown, and outside every total. */
        UNKNOWN,
        /** The listing is without it, but without so many others too that the next one has to say the same. */
        DOUBTED,
        /** It was left out, for the reason that the detail gives; if it was known before, it counts as there, with its clock stopped. */
        LEFT_OUT
    }

    /**
     * What a listing says of one instance, or of itself.
     *
     * @param kind what it says
     * @param instance of which instance; empty if it is of the listing as a whole, or of an entry without an instance
     * @param detail why, or what it is now, in words
     */
    public record Finding(Kind kind, Optional<InstanceKey> instance, String detail) {

        @Override
        public String toString() {
            return kind + instance.map(key -> " " + key).orElse("") + ": " + detail;
        }
    }

    /**
     * What was left out.
     *
     * @return those findings that say so
     */
    public List<Finding> leftOut() {
        return findings.stream()
                .filter(finding -> finding.kind() == Kind.LEFT_OUT)
                .toList();
    }
}
