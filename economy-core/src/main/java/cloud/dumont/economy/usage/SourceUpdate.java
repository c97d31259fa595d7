package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a listing, or a word of a host that it lives, changes of a source.
 *
 * @param before what was read of the source: if another host has changed it since, nothing is stored
 * @param stamp when the listing was asked for
 * @param recent the last stamps with this one
 * @param alive when the host last said that it lives; empty if it never does
 * @param gapFrom the last stamp, if more than {@link GapPolicy#longestObserved()} has passed since: kept, so that what was reported then can
 *     be asked for
 * @param forgetBefore sightings that have been absent since before this moment are deleted, at the latest when their account changes
 */
public record SourceUpdate(
        SourceClock before,
        Optional<Instant> stamp,
        List<Instant> recent,
        Optional<Instant> alive,
        Optional<Instant> gapFrom,
        Instant forgetBefore) {

    /** Copies the stamps. */
    public SourceUpdate {
        recent = List.copyOf(recent);
    }

    /** Changes nothing of the source, as long as its clock is that one. */
    static SourceUpdate none(SourceClock clock) {
        return new SourceUpdate(clock, clock.stamp(), clock.recent(), clock.alive(), Optional.empty(), Instant.MIN);
    }

    /** The same update of a source whose version is another by now. */
    SourceUpdate after(SourceClock clock) {
        return new SourceUpdate(clock, stamp, recent, alive, gapFrom, forgetBefore);
    }
}
