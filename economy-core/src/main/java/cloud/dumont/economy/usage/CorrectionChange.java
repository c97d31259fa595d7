package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What was recorded wrong of an instance is replaced. From then on the correction counts as a push: those that it replaces are kept only
 * to be recognised, and a source that goes on to show what it showed before does not undo it.
 */
final class CorrectionChange implements InstanceChange {

    private final InstanceKey key;
    private final List<UsageInterval> truth;

    CorrectionChange(Collection<UsageInterval> truth) {
        this.truth = List.copyOf(truth);
        this.key = InstanceKey.of(this.truth.get(0));
    }

    @Override
    public InstanceKey key() {
        return key;
    }

    /** Everything: what lasts is cut where the truth begins, and its first piece is joined to what lies far from there. */
    @Override
    public Instant from() {
        return Instant.MIN;
    }

    @Override
    public InstanceFacts apply(InstanceFacts before) {
        InstanceTimeline corrected = vouched(before).corrected(truth);
        if (corrected.equals(before.timeline())) {
            return before;
        }
        List<Push> pushes = new ArrayList<>();
        before.pushes().forEach(push -> pushes.add(isReplaced(push.at()) ? push.asSuperseded() : push));
        Optional<Sighting> shown = before.sighting().filter(sighting -> !sighting.absent());
        InstanceTimeline watched = shown.isPresent() ? watched(corrected, PushChange.lastSeen(before)) : corrected;
        return new InstanceFacts(
                watched,
                pushes,
                before.sighting().map(sighting -> sighting.reviewedAfter(Optional.empty())),
                before.clock());
    }

    /** What was seen does not reach up to a correction of a time long after the last sight. */
    private InstanceTimeline vouched(InstanceFacts facts) {
        InstanceTimeline timeline = facts.timeline();
        Optional<UsageInterval> seen =
                timeline.openInterval().filter(open -> open.evidence().restsOnSightings());
        Optional<Instant> sight = seen.flatMap(open -> PushChange.lastSeen(facts));
        boolean unseen = sight.isPresent()
                && truth.stream()
                        .anyMatch(interval ->
                                interval.start().isAfter(sight.get().plus(GapPolicy.STANDARD.longestObserved())));
        return unseen
                ? timeline.replacedFrom(PushChange.atLeastASecond(seen.get().start(), sight.get()), List.of())
                : timeline;
    }

    private boolean isReplaced(Instant at) {
        return truth.stream().anyMatch(interval -> interval.covers(at));
    }

    /** A source that shows the instance goes on to vouch for its being there. */
    private static InstanceTimeline watched(InstanceTimeline corrected, Optional<Instant> seen) {
        return corrected
                .openInterval()
                .filter(open -> open.evidence() == Evidence.OBSERVED)
                .map(open -> {
                    Instant from = seen.filter(open.start()::isBefore).orElse(open.start());
                    return corrected.replaced(
                            from,
                            Optional.empty(),
                            List.of(open.startingAt(from).as(Evidence.PUSHED_AND_SEEN)));
                })
                .orElse(corrected);
    }
}
