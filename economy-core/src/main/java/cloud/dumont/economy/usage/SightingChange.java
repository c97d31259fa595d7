package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What it makes of an instance's history that a source shows it in a listing. */
final class SightingChange implements InstanceChange {

    private final ObservedInstance seen;
    private final SourceClock clock;
    private final String source;
    private final Instant at;
    private final GapPolicy gaps;
    private @Nullable String refusal;

    /**
     * A sighting.
     *
     * @param clock of the source, before the listing
     * @param at the listing's stamp, none before the source's last one
     */
    SightingChange(ObservedInstance seen, SourceClock clock, Instant at, GapPolicy gaps) {
        this.seen = seen;
        this.clock = clock;
        this.source = clock.source();
        this.at = at;
        this.gaps = gaps;
    }

    @Override
    public InstanceKey key() {
        return InstanceKey.of(seen.instance());
    }

    /** Everything: how long ago the source saw it last is known only once its sighting is read. */
    @Override
    public Instant from() {
        return seen.since()
                .filter(since -> since.isBefore(at))
                .orElse(at)
                .minus(gaps.longestInferred())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** Why it was left out when it was last applied; empty if it was taken. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        refusal = null;
        Optional<Sighting> others = before.sighting()
                .filter(sighting -> !sighting.absent() && !sighting.source().equals(source));
        if (others.isPresent()) {
            refusal = "it is shown by source '" + others.get().source() + "' too, which showed it first";
            return before;
        }
        return new Decision(before).facts();
    }

    /** What is decided from what is stored. */
    private final class Decision {

        private final InstanceFacts before;
        private final InstanceTimeline timeline;
        private final Optional<Sighting> last;
        private final Optional<UsageInterval> open;
        private final boolean sameSince;
        private final boolean believed;

        Decision(InstanceFacts before) {
            this.before = before;
            timeline = before.timeline();
            last = before.sighting().filter(sighting -> sighting.source().equals(source));
            open = timeline.openInterval();
            sameSince = last.flatMap(Sighting::since)
                    .filter(since -> seen.since()
                            .filter(now -> isShort(Duration.between(since, now).abs()))
                            .isPresent())
                    .isPresent();
            believed = seen.since().isPresent()
                    && (sameSince ? stillBelieved() : canBeTrue(seen.since().get()));
        }

        /** A start that stays though the state, the rate or the size is another is that of something else. */
        private boolean stillBelieved() {
            return last.filter(sighting -> sighting.sinceBelieved() && sighting.shows(seen))
                    .isPresent();
        }

        private boolean canBeTrue(Instant since) {
            return !since.truncatedTo(ChronoUnit.SECONDS).isAfter(at) && RecordedTime.isPossible(since);
        }

        private boolean isShort(Duration gap) {
            return gap.compareTo(gaps.longestObserved()) <= 0;
        }

        private Optional<Instant> since() {
            return believed ? seen.since().map(since -> since.truncatedTo(ChronoUnit.SECONDS)) : Optional.empty();
        }

        InstanceFacts facts() {
            if (open.isPresent() && !open.get().evidence().restsOnSightings()) {
                return besidePush(open.get());
            }
            Optional<Instant> olderNews = goneByPush().map(push -> push.at().plus(gaps.longestObserved()));
            if (olderNews.filter(moment -> !at.isAfter(moment)).isPresent()) {
                return sighted(timeline, olderNews);
            }
            if (last.isPresent() && open.isPresent()) {
                return goneOn(last.get(), open.get(), lastSeen(last.get()));
            }
            return last.flatMap(this::back)
                    .orElseGet(() -> begun(since().filter(
                                    told -> olderNews.filter(told::isAfter).isPresent() || olderNews.isEmpty())));
        }

        private Instant lastSeen(Sighting sighting) {
            return sighting.lastSeen().or(clock::stamp).orElse(at);
        }

        /** The last push, if it says that the instance is gone and no source has shown it later. */
        private Optional<Push> goneByPush() {
            return open.isPresent()
                    ? Optional.empty()
                    : lastPush()
                            .filter(push -> push.state() == InstanceState.TERMINATED)
                            .filter(push -> timeline.intervalsWithin(push.at(), Optional.empty())
                                    .isEmpty());
        }

        private Optional<Push> lastPush() {
            return before.pushes().stream()
                    .filter(push -> !push.superseded() && !push.at().isAfter(at))
                    .reduce((earlier, later) -> later);
        }

        private InstanceFacts besidePush(UsageInterval pushed) {
            if (pushed.start().isAfter(at)) {
                return sighted(timeline, Optional.of(pushed.start().minusSeconds(1)));
            }
            boolean agrees = pushed.state() == seen.state() && pushed.instance().equals(seen.instance());
            if (agrees) {
                if (pushed.evidence() == Evidence.PUSHED_AND_SEEN) {
                    return sighted(timeline, Optional.empty());
                }
                InstanceTimeline confirmed =
                        timeline.replacedFrom(at, List.of(pushed.startingAt(at).as(Evidence.PUSHED_AND_SEEN)));
                return sighted(filled(confirmed, pushed), Optional.empty());
            }
            boolean saysWhatItSaid = last.filter(sighting -> !sighting.absent()
                            && sighting.shows(seen)
                            && sighting.reviewAfter().isEmpty())
                    .isPresent();
            if (saysWhatItSaid) {
                return sighted(timeline, Optional.empty()); // a correction knew that
            }
            Instant pushedAt = lastPush()
                    .map(Push::at)
                    .filter(said -> pushed.evidence().isPushed())
                    .orElse(pushed.start());
            Instant olderNews = pushedAt.plus(gaps.longestObserved());
            return at.isAfter(olderNews) ? begun(at, Evidence.SEEN) : sighted(timeline, Optional.of(olderNews));
        }

        /** What nobody vouches for between the last sight and a push that says the same. */
        private InstanceTimeline filled(InstanceTimeline confirmed, UsageInterval pushed) {
            if (last.isEmpty() || last.get().absent() || !last.get().shows(seen)) {
                return confirmed;
            }
            Instant sight = lastSeen(last.get());
            boolean unseen = sight.isBefore(pushed.start())
                    && timeline.intervalsWithin(sight, Optional.of(pushed.start())).stream()
                            .allMatch(known -> known.end()
                                    .filter(end -> !end.isAfter(sight.plusSeconds(1)))
                                    .isPresent());
            if (!unseen
                    || otherwisePushed(sight, pushed.start())
                    || Duration.between(sight, at).compareTo(gaps.longestInferred()) > 0) {
                return confirmed;
            }
            Instant from = timeline.intervalsWithin(sight, Optional.of(pushed.start())).stream()
                    .flatMap(known -> known.end().stream())
                    .reduce((earlier, later) -> later)
                    .orElse(sight);
            return from.isBefore(pushed.start())
                    ? confirmed.replaced(
                            from,
                            Optional.of(pushed.start()),
                            List.of(interval(from, pushed.start(), Evidence.INFERRED)))
                    : confirmed;
        }

        /** Whether another push rules the time before this one: since the sight, or because the sight was older news to it. */
        private boolean otherwisePushed(Instant sight, Instant start) {
            return before.pushes().stream()
                    .filter(push -> !push.superseded() && push.at().isBefore(start))
                    .anyMatch(push -> push.at().isAfter(sight)
                            || (push.state() == InstanceState.TERMINATED
                                    && !sight.isAfter(push.at().plus(gaps.longestObserved()))));
        }

        /** It was there in the last listing that could tell, and is. */
        private InstanceFacts goneOn(Sighting sighting, UsageInterval lasting, Instant sight) {
            Duration gap = Duration.between(sight, at);
            Optional<Instant> since = since();
            boolean another = since.isPresent() && !sameSince && since.get().isAfter(sight);
            if (lasting.state() == seen.state() && lasting.instance().equals(seen.instance()) && !another) {
                if (isShort(gap)
                        || (since.isPresent() && (sameSince || !since.get().isAfter(sight)))) {
                    return sighted(timeline, Optional.empty());
                }
                return afterGap(lasting, sight, gap.compareTo(gaps.longestInferred()) <= 0);
            }
            boolean seenUpToTheChange = isShort(gap) && !(another && sighting.shows(seen));
            Instant end = PushChange.atLeastASecond(lasting.start(), sight);
            Instant start = since.map(told -> later(told, end)).orElse(later(at, end));
            InstanceTimeline ended = seenUpToTheChange ? timeline : timeline.replacedFrom(end, List.of());
            boolean vouched = since.filter(start::equals).isPresent();
            return sighted(
                    ended.replacedFrom(start, List.of(openFrom(start, vouched ? Evidence.SEEN_SINCE : Evidence.SEEN))),
                    Optional.empty());
        }

        private InstanceFacts afterGap(UsageInterval lasting, Instant sight, boolean inferred) {
            Instant end = PushChange.atLeastASecond(lasting.start(), sight);
            List<UsageInterval> pieces = new ArrayList<>();
            Instant start = later(at, end);
            if (inferred && end.isBefore(start)) {
                pieces.add(interval(end, start, Evidence.INFERRED));
            }
            pieces.add(openFrom(start, Evidence.SEEN));
            return sighted(timeline.replacedFrom(end, pieces), Optional.empty());
        }

        /** It was missing from complete listings, and is back so soon that they may have lost it. */
        private Optional<InstanceFacts> back(Sighting sighting) {
            Instant sight = lastSeen(sighting);
            boolean restarted = since().filter(sight::isBefore).isPresent() && !sameSince;
            if (!sighting.absent() || !sighting.shows(seen) || restarted || !isShort(Duration.between(sight, at))) {
                return Optional.empty();
            }
            Optional<UsageInterval> ended = timeline.intervals().stream()
                    .reduce((earlier, later) -> later)
                    .filter(known -> (known.evidence().isSeen()
                                    || (known.evidence().isPushed()
                                            && known.end().equals(Optional.of(sight))))
                            && known.end()
                                    .filter(end -> !end.isAfter(
                                            later(sight, known.start()).plusSeconds(1)))
                                    .isPresent()
                            && sighting.says(known)
                            && lastPush()
                                    .filter(push -> known.end()
                                            .filter(end -> !push.at().isBefore(end))
                                            .isPresent())
                                    .isEmpty());
            return ended.map(known -> {
                UsageInterval again = known.evidence() == Evidence.PUSHED
                        ? openFrom(sight, Evidence.PUSHED_AND_SEEN)
                        : openFrom(known.start(), known.evidence());
                return sighted(timeline.replacedFrom(again.start(), List.of(again)), Optional.empty());
            });
        }

        /** It was not there, as far as anybody knows. */
        private InstanceFacts begun(Optional<Instant> since) {
            Instant known = timeline.intervals().stream()
                    .flatMap(interval -> interval.end().stream())
                    .max(Instant::compareTo)
                    .orElse(Instant.MIN);
            boolean doubted = last.filter(sighting -> !sighting.absent()).isPresent();
            Instant lacked = clock.stamp().filter(stamp -> !doubted).orElse(Instant.MIN);
            Instant start = later(since.map(told -> later(told, lacked)).orElse(at), known);
            return begun(start, since.filter(start::equals).isPresent() ? Evidence.SEEN_SINCE : Evidence.SEEN);
        }

        private InstanceFacts begun(Instant start, Evidence evidence) {
            return sighted(timeline.replacedFrom(start, List.of(openFrom(start, evidence))), Optional.empty());
        }

        private UsageInterval openFrom(Instant start, Evidence evidence) {
            return UsageInterval.openFrom(seen.instance(), seen.state(), start).as(evidence);
        }

        private UsageInterval interval(Instant from, Instant to, Evidence evidence) {
            return new UsageInterval(seen.instance(), seen.state(), from, Optional.of(to), evidence);
        }

        private InstanceFacts sighted(InstanceTimeline other, Optional<Instant> reviewAfter) {
            Optional<Instant> since = sameSince ? last.flatMap(Sighting::since) : seen.since();
            return new InstanceFacts(
                    other,
                    before.pushes(),
                    Optional.of(new Sighting(
                            source,
                            seen.instance(),
                            seen.state(),
                            since.map(told -> told.truncatedTo(ChronoUnit.SECONDS)),
                            believed,
                            Optional.empty(),
                            false,
                            reviewAfter)),
                    before.clock());
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
