package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Measures that grow linearly between changes. It keeps the sum of all changes up to a cursor; going to another second applies, or
 * takes back, just the changes that lie between. Owned by one thread at a time.
 */
final class MeterTimeline {

    /** A measure between two changes: at a second its value is {@code slope * second + constant}. */
    record Line(long slope, Amount constant) {

        static final Line FLAT = new Line(0, Amount.ZERO);

        Amount at(long second) {
            return HourlyRate.ofNanoUsd(slope).forSeconds(second).plus(constant);
        }

        private Line plus(MeterChange change) {
            return new Line(Math.addExact(slope, change.slope()), constant.plus(change.constant()));
        }
    }

    /** All measures between two changes. Immutable. */
    record Segment(long fromSecond, long untilSecond, Map<Measure, Line> lines) {

        boolean covers(long second) {
            return second >= fromSecond && second < untilSecond;
        }

        Amount at(long second, Measure measure) {
            return lines.getOrDefault(measure, Line.FLAT).at(second);
        }
    }

    private final NavigableMap<Long, ChangesTogether> changes = new TreeMap<>();
    private Map<Measure, Line> lines = new EnumMap<>(Measure.class);
    private long cursor = Long.MIN_VALUE;

    /** An exchange of changes that is known to fit, and only has to be made. */
    interface Exchange {
        void make();
    }

    /**
     * Takes back changes that were added, and adds others.
     *
     * @throws ArithmeticException if a measure does not fit then; nothing is changed
     */
    Exchange prepare(List<MeterChange> removed, List<MeterChange> added) {
        Map<Measure, Line> next = new EnumMap<>(lines);
        removed.stream().filter(change -> change.second() <= cursor).forEach(change -> apply(change.reversed(), next));
        added.stream().filter(change -> change.second() <= cursor).forEach(change -> apply(change, next));
        return () -> {
            removed.forEach(this::forget);
            added.forEach(change -> changes.computeIfAbsent(change.second(), second -> new ChangesTogether())
                    .add(change));
            lines = next;
        };
    }

    private void forget(MeterChange change) {
        ChangesTogether together = changes.get(change.second());
        if (together == null || !together.remove(change)) {
            throw new IllegalStateException("never added: " + change);
        }
        if (together.isEmpty()) {
            changes.remove(change.second());
        }
    }

    private static void apply(MeterChange change, Map<Measure, Line> lines) {
        lines.merge(change.measure(), Line.FLAT.plus(change), (line, added) -> line.plus(change));
    }

    /**
     * The measures at a second, and for how long they go on so.
     *
     * @throws ArithmeticException if one does not fit; the timeline stays where it was
     */
    Segment at(long second) {
        Map<Measure, Line> next = new EnumMap<>(lines);
        if (second >= cursor) {
            changes.subMap(cursor, false, second, true)
                    .values()
                    .forEach(group -> group.forEach(change -> apply(change, next)));
        } else {
            changes.subMap(second, false, cursor, true)
                    .values()
                    .forEach(group -> group.forEach(change -> apply(change.reversed(), next)));
        }
        lines = next;
        cursor = second;
        return here();
    }

    /** The measures where it was last asked for; that they fit is known. */
    Segment here() {
        Long from = changes.floorKey(cursor);
        Long until = changes.higherKey(cursor);
        return new Segment(
                from == null ? Long.MIN_VALUE : from, until == null ? Long.MAX_VALUE : until, new EnumMap<>(lines));
    }
}
