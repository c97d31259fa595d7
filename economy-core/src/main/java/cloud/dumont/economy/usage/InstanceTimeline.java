package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Everything told of one instance, free of contradictions. Telling a fact again, in another order, or in overlapping pieces that
 * agree, gives the same timeline; a fact that disagrees is refused.
 *
 * <p>An open interval speaks for all time from its start until its end is told: a closed interval of the same facts that covers
 * its start is that end. Once told, an end stays, however late the open interval is told again.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class InstanceTimeline {

    /** The timeline of an instance of which nothing is known. */
    public static final InstanceTimeline EMPTY = new InstanceTimeline(List.of(), List.of());

    private static final Comparator<UsageInterval> CLOSED_BEFORE_OPEN =
            Comparator.comparing(UsageInterval::isOpen).thenComparing(UsageInterval::start);

    /** Disjoint, ordered, those that agree and touch joined. */
    private final List<UsageInterval> closed;

    /** Ordered by start, all of the same facts, none with an end told. Closed pieces may lie inside them. */
    private final List<UsageInterval> open;

    private InstanceTimeline(List<UsageInterval> closed, List<UsageInterval> open) {
        this.closed = closed;
        this.open = open;
    }

    /**
     * This timeline with one more fact.
     *
     * @param interval an interval of this instance
     * @return the timeline with it; this, if it tells nothing new
     * @throws UsageConflictException if it disagrees with what is known
     */
    public InstanceTimeline plus(UsageInterval interval) {
        return interval.isOpen() ? plusOpen(interval) : plusClosed(interval);
    }

    /**
     * This timeline with several more facts, all or none of them. Ends are applied before what follows them, so that an end and
     * the next state may come in one collection in any order.
     *
     * @param intervals intervals of this instance
     * @return the timeline with them
     * @throws UsageConflictException if one disagrees with what is known or with another
     */
    public InstanceTimeline plusAll(Collection<UsageInterval> intervals) {
        InstanceTimeline timeline = this;
        for (UsageInterval interval :
                intervals.stream().sorted(CLOSED_BEFORE_OPEN).toList()) {
            timeline = timeline.plus(interval);
        }
        return timeline;
    }

    private InstanceTimeline plusOpen(UsageInterval added) {
        if (open.contains(added) || hasEnded(added, closed)) {
            return this;
        }
        refuseContradiction(added, open);
        refuseContradiction(added, closed);
        List<UsageInterval> starts = new ArrayList<>(open);
        starts.add(added);
        starts.sort(Comparator.comparing(UsageInterval::start));
        return new InstanceTimeline(closed, List.copyOf(starts));
    }

    private InstanceTimeline plusClosed(UsageInterval added) {
        if (added.start().equals(added.end().orElseThrow())) {
            return this;
        }
        refuseContradiction(added, closed);
        List<UsageInterval> joined = join(added);
        List<UsageInterval> lasting =
                open.stream().filter(start -> !hasEnded(start, joined)).toList();
        refuseContradiction(added, lasting);
        return new InstanceTimeline(joined, lasting);
    }

    private static boolean hasEnded(UsageInterval start, List<UsageInterval> closed) {
        return closed.stream().anyMatch(known -> known.agreesWith(start) && known.covers(start.start()));
    }

    private static void refuseContradiction(UsageInterval added, List<UsageInterval> known) {
        known.stream()
                .filter(other -> !other.agreesWith(added) && other.overlaps(added))
                .findFirst()
                .ifPresent(other -> {
                    throw new UsageConflictException(other, added);
                });
    }

    /** The closed intervals with one more, joined with those of the same facts that it touches. */
    private List<UsageInterval> join(UsageInterval added) {
        List<UsageInterval> result = new ArrayList<>(closed.size() + 1);
        Instant start = added.start();
        Instant end = added.end().orElseThrow();
        for (UsageInterval other : closed) {
            Instant otherEnd = other.end().orElseThrow();
            boolean touches = !other.start().isAfter(end) && !otherEnd.isBefore(start);
            if (touches && other.agreesWith(added)) {
                start = other.start().isBefore(start) ? other.start() : start;
                end = otherEnd.isAfter(end) ? otherEnd : end;
            } else {
                result.add(other);
            }
        }
        result.add(UsageInterval.between(added.instance(), added.state(), start, end));
        result.sort(Comparator.comparing(UsageInterval::start));
        return List.copyOf(result);
    }

    /**
     * What to store: every fact that this timeline would have to be told to be the same again.
     *
     * @return closed intervals in order, then open ones in order
     */
    public List<UsageInterval> facts() {
        List<UsageInterval> facts = new ArrayList<>(closed);
        facts.addAll(open);
        return List.copyOf(facts);
    }

    /**
     * What the instance did, without overlaps.
     *
     * @return disjoint intervals in order of time; only the last may be open
     */
    public List<UsageInterval> intervals() {
        Optional<UsageInterval> last = openInterval();
        if (last.isEmpty()) {
            return closed;
        }
        List<UsageInterval> result = new ArrayList<>();
        Instant opened = last.get().start();
        for (UsageInterval interval : closed) {
            if (interval.start().isBefore(opened)) {
                result.add(interval);
            }
        }
        result.add(last.get());
        return List.copyOf(result);
    }

    /**
     * The interval that lasts.
     *
     * @return the earliest open interval, or empty
     */
    public Optional<UsageInterval> openInterval() {
        return open.stream().findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstanceTimeline timeline
                && timeline.closed.equals(closed)
                && timeline.open.equals(open);
    }

    @Override
    public int hashCode() {
        return 31 * closed.hashCode() + open.hashCode();
    }

    @Override
    public String toString() {
        return intervals().toString();
    }
}
