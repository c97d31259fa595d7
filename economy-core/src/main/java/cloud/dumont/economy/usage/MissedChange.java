package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.Optional;

/**
 * An instance is missing from a listing that cannot be believed to be complete, or was left out of it: it counts as there, but its clock
 * stops at its last sight.
 *
 * @param key which instance
 * @param source the source's name
 * @param stamp of the last listing that showed it
 */
record MissedChange(InstanceKey key, String source, Instant stamp) implements InstanceChange {

    @Override
    public Instant from() {
        return stamp;
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        Optional<Sighting> shown = before.sighting()
                .filter(sighting -> sighting.source().equals(source))
                .filter(sighting -> sighting.lastSeen().isEmpty());
        return shown.map(sighting -> before.with(sighting.missedSince(stamp))).orElse(before);
    }
}
