package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What pushes make of an instance's history. Pushes are a set: each holds from its instant until the next, whichever came first, and one
 * that is known already changes nothing. Where a source shows something else, its word counts from its first sight that is later than
 * {@link GapPolicy#longestObserved()} after the push; until then it is older news.
 */
final class PushChange implements InstanceChange {

    private final InstanceKey key;
    private final List<Push> pushes;
    private final Duration olderNews;

    /**
     * Pushes of one instance.
     *
     * @param pushes at least one
     */
    PushChange(Collection<Push> pushes, GapPolicy gaps) {
        this.pushes = List.copyOf(pushes);
        this.key = this.pushes.get(0).key();
        this.olderNews = gaps.longestObserved();
    }

    @Override
    public InstanceKey key() {
        return key;
    }

    /** What ended shortly before the first push may have reached up to it. */
    @Override
    public Instant from() {
        return pushes.stream()
                .map(Push::at)
                .min(Instant::compareTo)
                .orElseThrow()
                .minus(olderNews);
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        NavigableMap<Instant, Push> known = new TreeMap<>();
        before.pushes().forEach(push -> known.put(push.at(), push));
        InstanceFacts after = before;
        for (Push push : pushes) {
            Push there = known.putIfAbsent(push.at(), push);
            if (there == null) {
                after = new InstanceFacts(
                        plus(after, known, push), List.copyOf(known.values()), after.sighting(), after.clock());
            } else if (!there.saysTheSameAs(push)) {
                throw conflict(before, there, push);
            }
        }
        return after.equals(before) ? before : reviewed(after);
    }

    private UsageConflictException conflict(InstanceFacts facts, Push known, Push refused) {
        Optional<Instance> any = known.instance()
                .or(refused::instance)
                .or(() -> facts.timeline().intervals().stream().findFirst().map(UsageInterval::instance));
        return new UsageConflictException(
                known.asInterval(any).orElseThrow(), refused.asInterval(any).orElseThrow());
    }

    private InstanceTimeline plus(InstanceFacts facts, NavigableMap<Instant, Push> known, Push push) {
        Instant at = push.at();
        Optional<Instant> until = known.tailMap(at, false).values().stream()
                .filter(next -> !next.superseded())
                .map(Push::at)
                .findFirst();
        InstanceTimeline cut = cutBefore(facts, push);
        return cut.replacedAroundFiles(at, until, new Reach(facts, push, until).pieces(cut.intervalsWithin(at, until)));
    }

    /** What lies before the push and rests on sightings alone reaches up to it only if somebody looked shortly before. */
    private InstanceTimeline cutBefore(InstanceFacts facts, Push push) {
        InstanceTimeline timeline = facts.timeline();
        Instant at = push.at();
        Optional<UsageInterval> crossing = timeline.intervalsWithin(Instant.MIN, Optional.of(at)).stream()
                .reduce((earlier, later) -> later)
                .filter(last -> last.end().equals(Optional.of(at)));
        if (crossing.isEmpty()) {
            return reachingUpTo(facts, push);
        }
        UsageInterval last = crossing.get();
        if (last.isInferred()) {
            boolean brief = !last.start().plus(olderNews).isBefore(at);
            if (brief) {
                return timeline.replacedAroundFiles(last.start(), Optional.of(at), List.of(last.as(Evidence.SEEN)));
            }
            return push.agreesWith(last)
                    ? timeline
                    : timeline.replacedAroundFiles(last.start(), Optional.of(at), List.of());
        }
        if (!last.evidence().restsOnSightings() || !lastsAt(timeline, last)) {
            return timeline;
        }
        Instant seen = lastSeen(facts).orElse(at);
        if (!seen.plus(olderNews).isBefore(at)) {
            return timeline;
        }
        Instant end = atLeastASecond(last.start(), seen);
        return timeline.replacedAroundFiles(end, Optional.of(at), List.of());
    }

    /** What ended at its last sight, before a push that arrives late, reached up to it if nobody looked in between. */
    private InstanceTimeline reachingUpTo(InstanceFacts facts, Push push) {
        InstanceTimeline timeline = facts.timeline();
        Instant at = push.at();
        Optional<UsageInterval> last = timeline.intervalsWithin(Instant.MIN, Optional.of(at)).stream()
                .reduce((earlier, later) -> later)
                .filter(before -> before.evidence().isSeen());
        Optional<Instant> end = last.flatMap(UsageInterval::end);
        boolean lookedAt = end.isPresent()
                && facts.clock().stream()
                        .flatMap(clock -> clock.recent().stream())
                        .anyMatch(sight -> sight.isAfter(seenLast(facts, end.get())) && sight.isBefore(at));
        boolean pushedBetween = end.isPresent()
                && facts.pushes().stream()
                        .anyMatch(other -> !other.superseded()
                                && !other.at().isBefore(end.get())
                                && other.at().isBefore(at));
        if (end.isEmpty()
                || lookedAt
                || pushedBetween
                || facts.clock().isEmpty()
                || end.get().plus(olderNews).isBefore(at)) {
            return timeline;
        }
        return timeline.replacedAroundFiles(
                end.get(),
                Optional.of(at),
                List.of(new UsageInterval(
                        last.get().instance(),
                        last.get().state(),
                        end.get(),
                        Optional.of(at),
                        last.get().evidence())));
    }

    /** What was seen once lasted a second: its end is then later than its last sight. */
    private static Instant seenLast(InstanceFacts facts, Instant end) {
        return facts.sighting()
                .flatMap(Sighting::lastSeen)
                .filter(seen -> atLeastASecond(seen, seen).equals(end))
                .orElse(end);
    }

    private static boolean lastsAt(InstanceTimeline timeline, UsageInterval last) {
        return timeline.openInterval()
                .filter(open -> open.start().equals(last.start()))
                .isPresent();
    }

    /** Up to when the source vouches for an open interval. */
    static Optional<Instant> lastSeen(InstanceFacts facts) {
        return facts.sighting()
                .flatMap(Sighting::lastSeen)
                .or(() -> facts.clock().flatMap(SourceClock::stamp));
    }

    /** What was seen once lasted a second. */
    static Instant atLeastASecond(Instant start, Instant end) {
        Instant second = start.plusSeconds(1);
        return end.isBefore(second) ? second : end;
    }

    /** The time that one push speaks of, and what else is known of it. */
    private final class Reach {

        private final InstanceFacts facts;
        private final Push push;
        private final Optional<Instant> until;
        private final List<UsageInterval> result = new ArrayList<>();
        private Instant from;

        /** Whether a source's word counts now, or it has shown the end. */
        private boolean overruled;

        Reach(InstanceFacts facts, Push push, Optional<Instant> until) {
            this.facts = facts;
            this.push = push;
            this.until = until;
            this.from = push.at();
        }

        List<UsageInterval> pieces(List<UsageInterval> known) {
            for (UsageInterval piece : known) {
                if (piece.evidence() == Evidence.OBSERVED) {
                    appended(piece);
                } else if (piece.evidence().isSeen()) {
                    seen(piece);
                } else if (overruled && piece.isInferred()) {
                    result.add(piece);
                }
            }
            pushed(until);
            return result;
        }

        /** What was appended holds for exactly its time; an open interval is a push like any other. */
        private void appended(UsageInterval piece) {
            boolean speaksOfTheInstant = piece.start().equals(push.at());
            boolean endsHere = piece.isOpen() && speaksOfTheInstant && beganBefore();
            if (endsHere) {
                return;
            }
            if (speaksOfTheInstant && !push.agreesWith(piece)) {
                throw new UsageConflictException(
                        piece, push.asInterval(Optional.of(piece.instance())).orElseThrow());
            }
            pushed(Optional.of(piece.start()));
            result.add(piece);
            from = piece.end().orElse(Instant.MAX);
        }

        private boolean beganBefore() {
            return facts.timeline()
                    .openInterval()
                    .filter(open -> open.start().isBefore(push.at()))
                    .isPresent();
        }

        private void seen(UsageInterval piece) {
            if (overruled) {
                result.add(asSeen(piece));
            } else if (push.agreesWith(piece)) {
                agreed(piece);
            } else {
                disputed(piece);
            }
            from = piece.end().orElse(Instant.MAX);
        }

        private void agreed(UsageInterval piece) {
            pushed(Optional.of(piece.start()));
            Instant seen = piece.isOpen() ? lastSeen(facts).orElse(piece.start()) : Instant.MAX;
            if (piece.isOpen() && seen.isBefore(push.at())) {
                result.add(piece.as(Evidence.PUSHED));
                return;
            }
            result.add(piece.as(Evidence.PUSHED_AND_SEEN));
            overruled = endsUnseen(piece);
        }

        /** Whether complete listings were without it afterwards: its absence is its end, pushed or not. */
        private boolean endsUnseen(UsageInterval piece) {
            Optional<Instant> end = piece.end();
            return end.isPresent()
                    && !end.equals(until)
                    && facts
                            .timeline()
                            .intervalsWithin(end.get(), Optional.of(end.get().plusSeconds(1)))
                            .stream()
                            .noneMatch(next -> next.start().equals(end.get()));
        }

        private void disputed(UsageInterval piece) {
            Instant newer = push.at().plus(olderNews);
            Optional<Instant> first = piece.start().isAfter(newer)
                    ? Optional.of(piece.start())
                    : facts.clock()
                            .map(clock -> clock.firstAfter(newer))
                            .orElse(Optional.of(newer))
                            .filter(sight ->
                                    !lastSeen(facts).filter(sight::isAfter).isPresent());
            Optional<Instant> overrules = first.filter(sight -> piece.covers(sight) || isLastSight(piece, sight));
            pushed(overrules.or(piece::end));
            overrules.ifPresent(sight -> {
                overruled = true;
                UsageInterval counts = asSeen(piece.startingAt(sight));
                result.add(counts.isEmpty() ? counts.endedAt(sight.plusSeconds(1)) : counts);
            });
        }

        /** Whether it was seen as it ended: nothing else is known to begin then. */
        private boolean isLastSight(UsageInterval piece, Instant sight) {
            return piece.end().equals(Optional.of(sight))
                    && facts.timeline()
                            .intervalsWithin(sight, Optional.of(sight.plusSeconds(1)))
                            .isEmpty();
        }

        private UsageInterval asSeen(UsageInterval piece) {
            return piece.evidence() == Evidence.PUSHED_AND_SEEN
                            || !piece.evidence().restsOnSightings()
                    ? piece.as(Evidence.SEEN)
                    : piece;
        }

        /** What the push says up to some moment, unless somebody else's word counts. */
        private void pushed(Optional<Instant> to) {
            boolean any = to.map(from::isBefore).orElse(!from.equals(Instant.MAX));
            if (any && !overruled) {
                push.instance()
                        .map(instance -> new UsageInterval(instance, push.state(), from, to, Evidence.PUSHED))
                        .ifPresent(result::add);
            }
            from = to.orElse(Instant.MAX);
        }
    }

    /** Sees to it that the next sighting is looked at where the source has not shown yet what the host says. */
    private InstanceFacts reviewed(InstanceFacts after) {
        if (after.sighting().isEmpty()) {
            return after;
        }
        Sighting sighting = after.sighting().get();
        Optional<UsageInterval> lasts = after.timeline().openInterval();
        boolean settled = sighting.absent()
                ? lasts.isEmpty()
                : lasts.filter(last -> last.evidence().isSeen()).isPresent();
        boolean agrees = !sighting.absent() && lasts.filter(sighting::says).isPresent();
        Optional<Instant> review = settled
                ? Optional.empty()
                : after.pushes().stream()
                        .filter(push -> !push.superseded())
                        .reduce((earlier, later) -> later)
                        .map(Push::at)
                        // A sight in the same second confirms it.
                        .map(last -> agrees ? last.minusSeconds(1) : last.plus(olderNews));
        return after.with(sighting.reviewedAfter(review));
    }
}
