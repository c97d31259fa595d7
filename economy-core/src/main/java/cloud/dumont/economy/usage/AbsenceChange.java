package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What it makes of an instance's history that its source shows it no longer: it was there until it was last seen, whoever said what
 * before.
 *
 * @param key which instance
 * @param source the source's name
 * @param stamp of the source's last listing that may have shown it
 */
record AbsenceChange(InstanceKey key, String source, Instant stamp) implements InstanceChange {

    @Override
    public Instant from() {
        return stamp;
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        Optional<Sighting> shown = before.sighting()
                .filter(sighting -> !sighting.absent() && sighting.source().equals(source));
        if (shown.isEmpty()) {
            return before;
        }
        Instant seen = shown.get().lastSeen().orElse(stamp);
        InstanceTimeline timeline = before.timeline();
        InstanceTimeline ended = timeline.openInterval()
                .filter(open -> open.evidence().isSeen())
                .map(open -> timeline.replaced(end(timeline, open, seen), Optional.empty(), List.of()))
                .orElse(timeline);
        return before.with(ended).with(shown.get().goneSince(seen));
    }

    /** What was seen once lasted a second; less only if a push says that it ran before. */
    private static Instant end(InstanceTimeline timeline, UsageInterval open, Instant seen) {
        boolean ranBefore = open.evidence() == Evidence.PUSHED_AND_SEEN
                && timeline.intervals().stream()
                        .anyMatch(before -> before.end().equals(Optional.of(open.start())) && before.agreesWith(open));
        return ranBefore && seen.equals(open.start()) ? seen : PushChange.atLeastASecond(open.start(), seen);
    }
}
