package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An instance's timeline and all that it was before. It keeps facts, not timelines: its memory grows with what was told, however
 * often that was. Owned by one thread at a time.
 */
final class VersionedTimeline {

    private record Withdrawn(UsageInterval fact, Instant toldAt, Instant withdrawnAt) {

        boolean heldAt(Instant at) {
            return !toldAt.isAfter(at) && withdrawnAt.isAfter(at);
        }
    }

    private final Map<UsageInterval, Instant> toldAt = new HashMap<>();
    private final List<Withdrawn> withdrawn = new ArrayList<>();
    private InstanceTimeline now = InstanceTimeline.EMPTY;

    InstanceTimeline now() {
        return now;
    }

    /** Changes it at a moment, which is none before the last one. */
    void become(InstanceTimeline next, Instant at) {
        for (UsageInterval fact : now.factsMissingFrom(next)) {
            Instant told = toldAt.remove(fact);
            if (told != null && told.isBefore(at)) { // else nobody can have asked for it
                withdrawn.add(new Withdrawn(fact, told, at));
            }
        }
        next.factsMissingFrom(now).forEach(fact -> toldAt.put(fact, at));
        now = next;
    }

    InstanceTimeline asTold(Instant at) {
        Stream<UsageInterval> stillHold = toldAt.entrySet().stream()
                .filter(told -> !told.getValue().isAfter(at))
                .map(Map.Entry::getKey);
        Stream<UsageInterval> heldThen =
                withdrawn.stream().filter(version -> version.heldAt(at)).map(Withdrawn::fact);
        return InstanceTimeline.EMPTY.plusAll(Stream.concat(stillHold, heldThen).toList());
    }
}
