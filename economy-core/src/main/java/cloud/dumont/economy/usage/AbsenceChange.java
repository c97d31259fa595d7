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
 * @param from when it was last seen, as far as is known
 */
record AbsenceChange(InstanceKey key, String source, Instant stamp, Instant from) implements InstanceChange {

    /** Of an instance as it was last shown. */
    static AbsenceChange of(Sighting sighting, Instant stamp) {
        return new AbsenceChange(
                sighting.key(),
                sighting.source(),
                stamp,
                sighting.lastSeen().filter(stamp::isAfter).orElse(stamp));
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
                .map(open -> timeline.replaced(end(before, open, seen), Optional.empty(), List.of()))
                .orElse(timeline);
        return before.with(ended).with(shown.get().goneSince(seen));
    }

    /** What was seen once, or pushed, lasted a second; less only if somebody says that it ran before. */
    private static Instant end(InstanceFacts facts, UsageInterval open, Instant seen) {
        if (open.evidence() != Evidence.PUSHED_AND_SEEN) {
            return PushChange.atLeastASecond(open.start(), seen);
        }
        boolean ranBefore = seen.equals(open.start())
                && facts.timeline().intervals().stream()
                        .anyMatch(before -> before.end().equals(Optional.of(open.start())) && before.agreesWith(open));
        Instant end = ranBefore ? seen : PushChange.atLeastASecond(open.start(), seen);
        return facts.pushes().stream()
                .filter(push -> !push.superseded() && !push.at().isAfter(seen))
                .reduce((earlier, later) -> later)
                .map(last -> PushChange.atLeastASecond(last.at(), end))
                .orElse(end);
    }
}
