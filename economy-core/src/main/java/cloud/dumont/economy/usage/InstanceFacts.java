package cloud.dumont.economy.usage;

import java.util.List;
import java.util.Optional;

/**
 * All that a store keeps of one instance and that a change of it rests on.
 *
 * @param timeline its usage; what ended before the time that a change is about may be missing
 * @param pushes what the host said of it, by instant: the last one up to the time that a change is about, and all later ones
 * @param sighting what a source last showed of it; empty if none has, or has lately
 * @param clock of the source that the sighting is of; empty without a sighting
 */
public record InstanceFacts(
        InstanceTimeline timeline, List<Push> pushes, Optional<Sighting> sighting, Optional<SourceClock> clock) {

    /** Nothing is known of the instance. */
    public static final InstanceFacts NONE =
            new InstanceFacts(InstanceTimeline.EMPTY, List.of(), Optional.empty(), Optional.empty());

    /** Copies the pushes. */
    public InstanceFacts {
        pushes = List.copyOf(pushes);
    }

    InstanceFacts with(InstanceTimeline other) {
        return new InstanceFacts(other, pushes, sighting, clock);
    }

    InstanceFacts with(Sighting other) {
        return new InstanceFacts(timeline, pushes, Optional.of(other), clock);
    }
}
