package cloud.dumont.economy.usage;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Everything told of one instance, free of contradictions. Telling a fact again, in another order, or in overlapping pieces that
 * agree, gives the same timeline; a fact that disagrees is refused.
 *
 * <p>An open interval speaks for all time from its start until its end is told: a closed interval of the same facts that covers
 * its start is that end. Once told, an end stays, however late the open interval is told again.
 *
 * <p>What is inferred yields to what is observed: of time that an observed interval speaks of, in agreement or not, nothing inferred
 * shows, whichever came first. Two inferred intervals that disagree are a contradiction like any other.
 *
 * <p>What turns out to have been told wrong is {@linkplain #corrected corrected}.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class InstanceTimeline {

    /** The timeline of an instance of which nothing is known. */
    public static final InstanceTimeline EMPTY = new InstanceTimeline(List.of(), List.of(), List.of());

    /** Observed, disjoint, ordered, those that agree and touch joined. */
    private final List<UsageInterval> closed;

    /** Ordered by start, all of the same facts, none with an end told. Closed pieces may lie inside them. */
    private final List<UsageInterval> open;

    /**
     * Disjoint, ordered, those that agree and touch joined, all outside the closed ones. Some may lie inside the open ones: those hide
     * them only, as they may yet end before.
     */
    private final List<UsageInterval> inferred;

    private InstanceTimeline(List<UsageInterval> closed, List<UsageInterval> open, List<UsageInterval> inferred) {
        this.closed = closed;
        this.open = open;
        this.inferred = inferred;
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
        List<UsageInterval> ended = ended(intervals, interval -> !interval.isInferred());
        List<UsageInterval> joined = join(closed, ended);
        List<UsageInterval> lasting = new ArrayList<>();
        Set<UsageInterval> brief = new HashSet<>(intervals); // what ended in the second it began leaves no trace
        for (UsageInterval known : open) {
            if (known.evidence() != Evidence.OBSERVED) {
                refuseContradiction(known, ended);
                lasting.add(afterWhatIsKnown(known, joined));
            } else if (!hasEnded(known, joined) && !brief.contains(known.endedAt(known.start()))) {
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
                refuseContradiction(closed, added);
                refuseContradiction(ended, added);
                lasting.add(added);
            }
        }
        lasting.sort(Comparator.comparing(UsageInterval::start));
        List<UsageInterval> guessed = ended(intervals, UsageInterval::isInferred);
        InstanceTimeline sum = new InstanceTimeline(
                joined, List.copyOf(lasting), join(outside(inferred, joined), outside(guessed, joined)));
        return sum.confirmed();
    }

    /**
     * Where an append says what pushes or sightings say too, and both last: the host's word is added to what is there, so that one open
     * interval rests on both.
     */
    private InstanceTimeline confirmed() {
        Optional<UsageInterval> appended = lasting(Evidence.OBSERVED);
        Optional<UsageInterval> managed = open.stream()
                .filter(last -> last.evidence() != Evidence.OBSERVED)
                .findFirst();
        if (appended.isEmpty() || managed.isEmpty()) {
            return this;
        }
        UsageInterval known = managed.get();
        Instant both = known.start().isAfter(appended.get().start())
                ? known.start()
                : appended.get().start();
        List<UsageInterval> before = Stream.of(known, appended.get())
                .filter(last -> last.start().isBefore(both))
                .map(last -> last.endedAt(both))
                .toList();
        UsageInterval last =
                known.startingAt(both).as(known.evidence().isSeen() ? Evidence.PUSHED_AND_SEEN : Evidence.PUSHED);
        List<UsageInterval> joined = join(closed, before);
        return new InstanceTimeline(joined, List.of(last), outside(inferred, joined));
    }

    private Optional<UsageInterval> lasting(Evidence evidence) {
        return open.stream().filter(last -> last.evidence() == evidence).findFirst();
    }

    private static List<UsageInterval> ended(Collection<UsageInterval> intervals, Predicate<UsageInterval> ofEvidence) {
        return intervals.stream()
                .filter(interval -> ofEvidence.test(interval) && !interval.isOpen() && !interval.isEmpty())
                .toList();
    }

    private static List<UsageInterval> outside(List<UsageInterval> intervals, List<UsageInterval> taken) {
        return intervals.stream()
                .flatMap(interval -> interval.outside(taken).stream())
                .toList();
    }

    /** What a push or a sighting began lasts until another one: a file that knows a part of it exactly ends nothing. */
    private static UsageInterval afterWhatIsKnown(UsageInterval lasting, List<UsageInterval> closed) {
        UsageInterval rest = lasting;
        for (UsageInterval known : closed) {
            if (known.agreesWith(rest) && known.covers(rest.start())) {
                rest = rest.startingAt(end(known));
            }
        }
        return rest;
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

    /**
     * Closed intervals with more, in one sweep over time: those that agree, rest on the same and touch become one. Of time of which two
     * say the same on different evidence, the append's stays; else the one that was there.
     */
    private static List<UsageInterval> join(List<UsageInterval> known, List<UsageInterval> added) {
        if (added.isEmpty()) {
            return List.copyOf(known);
        }
        List<UsageInterval> all = new ArrayList<>(known);
        all.addAll(added);
        all.sort(Comparator.comparing(UsageInterval::start));
        List<UsageInterval> result = new ArrayList<>(all.size());
        UsageInterval last = null;
        for (UsageInterval next : all) {
            if (last != null && last.contradicts(next)) {
                throw conflict(known, added);
            }
            if (last != null && last.joins(next) && !next.start().isAfter(end(last))) {
                last = end(last).isBefore(end(next)) ? last.endedAt(end(next)) : last;
                result.set(result.size() - 1, last);
            } else if (last != null && next.start().isBefore(end(last))) {
                return joinLayers(known, added);
            } else {
                last = next;
                result.add(next);
            }
        }
        return List.copyOf(result);
    }

    /** The same where intervals of different evidence overlap: rare, and so one layer after the other. */
    private static List<UsageInterval> joinLayers(List<UsageInterval> known, List<UsageInterval> added) {
        List<UsageInterval> result = List.of();
        for (Predicate<UsageInterval> layer : List.<Predicate<UsageInterval>>of(
                interval -> interval.evidence() == Evidence.OBSERVED,
                interval -> interval.evidence() != Evidence.OBSERVED)) {
            for (List<UsageInterval> told : List.of(known, added)) {
                for (UsageInterval interval : told.stream().filter(layer).toList()) {
                    if (result.stream().anyMatch(interval::contradicts)) {
                        throw conflict(known, added);
                    }
                    List<UsageInterval> pieces = outside(List.of(interval), withoutWhatJoins(result, interval));
                    result = pieces.isEmpty() ? result : join(result, pieces);
                }
            }
        }
        return result;
    }

    private static List<UsageInterval> withoutWhatJoins(List<UsageInterval> known, UsageInterval added) {
        return known.stream().filter(other -> !other.joins(added)).toList();
    }

    /** Names what was told, not what it was joined into. */
    private static UsageConflictException conflict(List<UsageInterval> known, List<UsageInterval> added) {
        List<UsageInterval> earlier = new ArrayList<>(known);
        for (UsageInterval refused : added) {
            for (UsageInterval other : earlier) {
                if (other.contradicts(refused)) {
                    return new UsageConflictException(other, refused);
                }
            }
            earlier.add(refused);
        }
        throw new IllegalStateException("no two contradict each other: " + earlier);
    }

    private static Instant end(UsageInterval closed) {
        return closed.end().orElseThrow();
    }

    /**
     * This timeline with its mistakes put right: what is known of the time of each given interval gives way to it. Outside that time
     * nothing changes: a closed interval that sticks out is cut, and of an open one the time before is closed and the time after
     * it lasts. That nothing ran, say with {@link InstanceState#STOPPED} or {@link InstanceState#TERMINATED}: whoever tells the mistake
     * again is then refused. Correcting again in the same way changes nothing.
     *
     * @param truth observed intervals of this instance; an open one replaces all from its start on
     * @return the timeline so corrected
     * @throws UsageConflictException if two of them disagree
     * @throws IllegalArgumentException if one is inferred: a redelivered mistake would win over it
     */
    public InstanceTimeline corrected(Collection<UsageInterval> truth) {
        truth.stream().filter(UsageInterval::isInferred).findFirst().ifPresent(guess -> {
            throw new IllegalArgumentException("a correction is observed, unlike " + guess);
        });
        InstanceTimeline told = EMPTY.plusAll(truth);
        List<UsageInterval> taken = told.intervals();
        List<UsageInterval> rest = new ArrayList<>(outside(closed, taken));
        List<UsageInterval> lasting = new ArrayList<>(told.open);
        for (UsageInterval piece : outside(open, taken)) {
            (piece.isOpen() ? lasting : rest).add(piece);
        }
        for (UsageInterval truly : told.open) {
            closed.stream()
                    .filter(known -> known.agreesWith(truly) && known.covers(truly.start()))
                    .forEach(known -> rest.add(known.startingAt(truly.start())));
        }
        List<UsageInterval> joined = join(told.closed, rest);
        return new InstanceTimeline(
                joined,
                lasting.stream()
                        .map(last -> behind(joined, last))
                        .distinct()
                        .sorted(Comparator.comparing(UsageInterval::start))
                        .toList(),
                join(List.of(), outside(outside(inferred, taken), joined)));
    }

    /**
     * An open interval, from where the closed ones leave off. Now that one begins with it, or before, that one would pass for its end,
     * and it was not told as such: it lay inside what has been cut, or it is the very end that turned out to be none.
     */
    private static UsageInterval behind(List<UsageInterval> closed, UsageInterval open) {
        return closed.stream()
                .filter(piece -> piece.covers(open.start()))
                .findFirst()
                .map(piece -> open.startingAt(end(piece)))
                .orElse(open);
    }

    /**
     * This timeline with other pieces in some time, whatever is known of it.
     *
     * @param from where that time begins
     * @param to where it ends; empty if it lasts
     * @param pieces disjoint, in order, all within that time; only the last may be open
     */
    InstanceTimeline replaced(Instant from, Optional<Instant> to, List<UsageInterval> pieces) {
        List<UsageInterval> all = intervalsWithin(from, to);
        if (all.isEmpty() && pieces.isEmpty()) {
            return this;
        }
        UsageInterval any = all.isEmpty() ? pieces.get(0) : all.get(0);
        List<UsageInterval> window =
                List.of(new UsageInterval(any.instance(), any.state(), from, to, Evidence.OBSERVED));
        List<UsageInterval> rest = new ArrayList<>(outside(closed, window));
        List<UsageInterval> lasting = new ArrayList<>();
        for (UsageInterval piece : outside(open, window)) {
            (piece.isOpen() ? lasting : rest).add(piece);
        }
        List<UsageInterval> guessed = new ArrayList<>(outside(inferred, window));
        for (UsageInterval piece : pieces) {
            (piece.isOpen() ? lasting : piece.isInferred() ? guessed : rest).add(piece);
        }
        List<UsageInterval> joined = new ArrayList<>(join(List.of(), rest));
        return new InstanceTimeline(
                joined,
                lasting.stream()
                        .map(last -> goingOnFrom(joined, last))
                        .distinct()
                        .sorted(Comparator.comparing(UsageInterval::start))
                        .toList(),
                join(List.of(), guessed));
    }

    /**
     * This timeline with other pieces in some time, whatever pushes or sightings have said of it. What a file says of exactly that time
     * stays.
     *
     * @param from where that time begins
     * @param to where it ends; empty if it lasts
     * @param pieces disjoint, in order, all within that time; only the last may be open
     */
    InstanceTimeline replacedAroundFiles(Instant from, Optional<Instant> to, List<UsageInterval> pieces) {
        List<UsageInterval> exact = closed.stream()
                .filter(known -> known.evidence() == Evidence.OBSERVED
                        && end(known).isAfter(from)
                        && to.filter(end -> !known.start().isBefore(end)).isEmpty())
                .map(known -> known.start().isBefore(from) ? known.startingAt(from) : known)
                .map(known -> to.filter(end(known)::isAfter).map(known::endedAt).orElse(known))
                .toList();
        if (exact.isEmpty()) {
            return replaced(from, to, pieces);
        }
        List<UsageInterval> all = new ArrayList<>(exact);
        pieces.forEach(piece -> all.addAll(piece.outside(exact)));
        all.sort(Comparator.comparing(UsageInterval::start));
        return replaced(from, to, all);
    }

    /** The same from some moment on. */
    InstanceTimeline replacedFrom(Instant from, List<UsageInterval> pieces) {
        return replacedAroundFiles(from, Optional.empty(), pieces);
    }

    /** An open interval together with the closed one that it goes on from, which is taken out. What was appended stays as it was. */
    private static UsageInterval goingOnFrom(List<UsageInterval> closed, UsageInterval open) {
        int last = closed.size() - 1;
        if (last < 0
                || open.evidence() == Evidence.OBSERVED
                || !closed.get(last).joins(open)
                || !end(closed.get(last)).equals(open.start())) {
            return open;
        }
        return open.startingAt(closed.remove(last).start());
    }

    /**
     * This timeline as a report counts it where what lasts is vouched for only up to a sight: from there on provisionally, up to a limit.
     *
     * @param seen the last sight; what was seen once lasted a second
     * @param limit how far it counts provisionally, not before the sight
     * @param now the moment of the report: if the limit has passed by then, what lasts ends there
     * @return the timeline as it counts
     */
    public InstanceTimeline provisionalAfter(Instant seen, Instant limit, Instant now) {
        Optional<UsageInterval> lasting = openInterval();
        if (lasting.isEmpty()) {
            return this;
        }
        UsageInterval last = lasting.get();
        Instant from = PushChange.atLeastASecond(last.start(), seen);
        UsageInterval provisional = last.startingAt(from).as(Evidence.PROVISIONAL);
        boolean lasts = !now.isAfter(limit);
        return from.isBefore(limit)
                ? replacedFrom(from, List.of(lasts ? provisional : provisional.endedAt(limit)))
                : endedAt(from);
    }

    /**
     * This timeline as far as a moment: for what lasts, but is vouched for no longer.
     *
     * @param moment where it ends
     * @return a timeline without anything from the moment on but what a file says of exactly that time
     */
    public InstanceTimeline endedAt(Instant moment) {
        return replacedFrom(moment, List.of());
    }

    /**
     * What is known from a moment on: whatever ends at it, or later, as a whole.
     *
     * @param moment the moment
     * @return a timeline without what ended before
     */
    public InstanceTimeline from(Instant moment) {
        return new InstanceTimeline(endingFrom(moment, closed), open, endingFrom(moment, inferred));
    }

    /** A copy, or the longer list would stay in memory; disjoint intervals in order of their starts are in order of their ends too. */
    private static List<UsageInterval> endingFrom(Instant moment, List<UsageInterval> ordered) {
        int first = ordered.size();
        while (first > 0 && !end(ordered.get(first - 1)).isBefore(moment)) {
            first--;
        }
        return first == 0 ? ordered : List.copyOf(ordered.subList(first, ordered.size()));
    }

    /**
     * From when on two timelines say different things.
     *
     * @param other a timeline of the same instance
     * @return the first moment of which one says something that the other does not; empty if there is none
     */
    public Optional<Instant> firstDifference(InstanceTimeline other) {
        List<UsageInterval> own = intervals();
        List<UsageInterval> others = other.intervals();
        int same = 0;
        while (same < own.size() && same < others.size() && own.get(same).equals(others.get(same))) {
            same++;
        }
        if (same == own.size() || same == others.size()) {
            List<UsageInterval> longer = same == own.size() ? others : own;
            return same == longer.size()
                    ? Optional.empty()
                    : Optional.of(longer.get(same).start());
        }
        UsageInterval one = own.get(same);
        UsageInterval two = others.get(same);
        if (one.start().equals(two.start()) && one.joins(two)) {
            return Stream.of(one, two)
                    .flatMap(interval -> interval.end().stream())
                    .min(Comparator.naturalOrder());
        }
        return Optional.of(one.start().isBefore(two.start()) ? one.start() : two.start());
    }

    /** What the instance did within some time, cut to it, without overlaps. */
    List<UsageInterval> intervalsWithin(Instant from, Optional<Instant> to) {
        List<UsageInterval> within = new ArrayList<>();
        for (UsageInterval interval : intervals()) {
            boolean before = interval.end().filter(end -> !end.isAfter(from)).isPresent();
            boolean after = to.filter(end -> !interval.start().isBefore(end)).isPresent();
            if (!before && !after) {
                UsageInterval cut = interval.start().isBefore(from) ? interval.startingAt(from) : interval;
                boolean lastsLonger = to.isPresent()
                        && cut.end().filter(end -> !end.isAfter(to.get())).isEmpty();
                within.add(lastsLonger ? cut.endedAt(to.get()) : cut);
            }
        }
        return within;
    }

    /**
     * What to store: every fact that this timeline would have to be told to be the same again.
     *
     * @return closed intervals in order, then open ones in order, then inferred ones in order
     */
    public List<UsageInterval> facts() {
        return closed.isEmpty() && inferred.isEmpty() // of most instances nothing is known but what lasts
                ? open
                : Stream.of(closed, open, inferred).flatMap(List::stream).toList();
    }

    /**
     * What a store has to take down when one timeline becomes another, and, asked the other way round, what to withdraw.
     *
     * @param other a timeline of the same instance
     * @return the {@link #facts()} of this one that are none of the other's, in the same order
     */
    public List<UsageInterval> factsMissingFrom(InstanceTimeline other) {
        List<UsageInterval> own = facts();
        List<UsageInterval> others = other.facts();
        int same = 0; // most changes are to the last ones
        while (same < own.size() && same < others.size() && own.get(same).equals(others.get(same))) {
            same++;
        }
        Set<UsageInterval> different = new HashSet<>(others.subList(same, others.size()));
        return own.subList(same, own.size()).stream()
                .filter(fact -> !different.contains(fact))
                .toList();
    }

    /**
     * What the instance did, without overlaps.
     *
     * @return disjoint intervals in order of time; only the last may be open
     */
    @JsonValue
    public List<UsageInterval> intervals() {
        Optional<UsageInterval> last = openInterval();
        if (last.isEmpty() && inferred.isEmpty()) {
            return closed;
        }
        List<UsageInterval> result = new ArrayList<>(closed.size() + 1);
        for (UsageInterval interval : closed) {
            if (last.isEmpty() || interval.start().isBefore(last.get().start())) {
                result.add(interval);
            }
        }
        last.ifPresent(result::add);
        if (!inferred.isEmpty()) {
            result.addAll(outside(inferred, last.stream().toList()));
            result.sort(Comparator.comparing(UsageInterval::start));
        }
        return List.copyOf(result);
    }

    /**
     * The interval that lasts.
     *
     * @return the earliest open interval, or empty
     */
    public Optional<UsageInterval> openInterval() {
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get(0));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstanceTimeline timeline
                && timeline.closed.equals(closed)
                && timeline.open.equals(open)
                && timeline.inferred.equals(inferred);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * closed.hashCode() + open.hashCode()) + inferred.hashCode();
    }

    @Override
    public String toString() {
        return intervals().toString();
    }
}
