package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * @return the timeline with it
     * @throws UsageConflictException if it disagrees with what is known
     */
    public InstanceTimeline plus(UsageInterval interval) {
        return plusAll(List.of(interval));
    }

    /**
     * This timeline with several more facts, all or none of them. An end and the next state may come in one collection in any order.
     *
     * @param intervals intervals of this instance
     * @return the timeline with them
     * @throws UsageConflictException if one disagrees with what is known or with another
     */
    public InstanceTimeline plusAll(Collection<UsageInterval> intervals) {
        List<UsageInterval> ended = intervals.stream()
                .filter(interval -> !interval.isOpen() && !interval.isEmpty())
                .toList();
        List<UsageInterval> joined = ended.isEmpty() ? closed : join(ended);
        List<UsageInterval> lasting = new ArrayList<>();
        Set<UsageInterval> brief = new HashSet<>(intervals); // what ended in the second it began leaves no trace
        for (UsageInterval known : open) {
            if (!hasEnded(known, joined) && !brief.contains(known.endedAt(known.start()))) {
                refuseContradiction(known, ended);
                lasting.add(known);
            }
        }
        for (UsageInterval added : intervals) {
            if (added.isOpen()
                    && !lasting.contains(added)
                    && !hasEnded(added, joined)
                    && !brief.contains(added.endedAt(added.start()))) {
                refuseContradiction(lasting, added);
                refuseContradiction(joined, added);
                lasting.add(added);
            }
        }
        lasting.sort(Comparator.comparing(UsageInterval::start));
        return new InstanceTimeline(joined, List.copyOf(lasting));
    }

    private static boolean hasEnded(UsageInterval start, List<UsageInterval> closed) {
        return closed.stream().anyMatch(known -> known.agreesWith(start) && known.covers(start.start()));
    }

    private static void refuseContradiction(UsageInterval known, List<UsageInterval> added) {
        added.stream().filter(known::contradicts).findFirst().ifPresent(refused -> {
            throw new UsageConflictException(known, refused);
        });
    }

    private static void refuseContradiction(List<UsageInterval> known, UsageInterval added) {
        known.stream().filter(added::contradicts).findFirst().ifPresent(other -> {
            throw new UsageConflictException(other, added);
        });
    }

    /** The closed intervals with more, in one sweep over time: those that agree and touch become one. */
    private List<UsageInterval> join(List<UsageInterval> added) {
        List<UsageInterval> all = new ArrayList<>(closed);
        all.addAll(added);
        all.sort(Comparator.comparing(UsageInterval::start));
        Set<UsageInterval> known = new HashSet<>(closed);
        List<UsageInterval> result = new ArrayList<>(all.size());
        UsageInterval last = null;
        for (UsageInterval next : all) {
            if (last != null && last.contradicts(next)) {
                throw known.contains(next)
                        ? new UsageConflictException(next, last)
                        : new UsageConflictException(last, next);
            }
            if (last != null && last.agreesWith(next) && !next.start().isAfter(end(last))) {
                last = end(last).isBefore(end(next)) ? last.endedAt(end(next)) : last;
                result.set(result.size() - 1, last);
            } else {
                last = next;
                result.add(next);
            }
        }
        return List.copyOf(result);
    }

    private static Instant end(UsageInterval closed) {
        return closed.end().orElseThrow();
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
