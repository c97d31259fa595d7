package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What it makes of an instance's history that its source shows it no longer: it was there until it was last seen, whoever said what
 * before. A push that is newer than the last sight counts at least for its second, and for as long as listings are older news to it.
 *
 * @param key which instance
 * @param source the source's name
 * @param stamp of the source's last listing that may have shown it
 * @param from when it was last seen, as far as is known
 * @param at of the listing that lacks it
 * @param gaps what is older news
 */
record AbsenceChange(InstanceKey key, String source, Instant stamp, Instant from, Instant at, GapPolicy gaps)
        implements InstanceChange {

    /** Of an instance as it was last shown. */
    static AbsenceChange of(Sighting sighting, Instant stamp, Instant at, GapPolicy gaps) {
        return new AbsenceChange(
                sighting.key(),
                sighting.source(),
                stamp,
                sighting.lastSeen().filter(stamp::isAfter).orElse(stamp),
                at,
                gaps);
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        Optional<Sighting> known = before.sighting()
                .filter(sighting -> sighting.source().equals(source))
                .filter(sighting -> !sighting.absent() || sighting.reviewAfter().isPresent());
        if (known.isEmpty()) {
            return before;
        }
        Instant seen = known.get().lastSeen().orElse(stamp);
        Sighting gone = known.get().goneSince(seen);
        Optional<UsageInterval> open = before.timeline().openInterval();
        if (open.isEmpty()) {
            return before.with(gone);
        }
        UsageInterval last = open.get();
        if (last.evidence().isSeen()) {
            return ended(before, last, end(before, last, seen)).with(gone);
        }
        Instant pushed = lastPush(before, at).map(Push::at).orElse(last.start());
        Instant olderNews = pushed.plus(gaps.longestObserved());
        return at.isAfter(olderNews)
                ? ended(before, last, PushChange.atLeastASecond(pushed, seen)).with(gone)
                : before.with(gone.reviewedAfter(Optional.of(olderNews)));
    }

    private static InstanceFacts ended(InstanceFacts facts, UsageInterval open, Instant end) {
        return facts.with(facts.timeline()
                .replacedFrom(end.isBefore(open.start()) ? open.start().plusSeconds(1) : end, List.of()));
    }

    private static Optional<Push> lastPush(InstanceFacts facts, Instant until) {
        return facts.pushes().stream()
                .filter(push -> !push.superseded() && !push.at().isAfter(until))
                .reduce((earlier, later) -> later);
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
        return lastPush(facts, seen)
                .map(last -> PushChange.atLeastASecond(last.at(), end))
                .orElse(end);
    }
}
