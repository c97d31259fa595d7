package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import java.util.ArrayList;
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

    private final NavigableMap<Long, List<MeterChange>> changes = new TreeMap<>();
    private final Map<Measure, Line> lines = new EnumMap<>(Measure.class);
    private long cursor = Long.MIN_VALUE;

    void add(MeterChange change) {
        changes.computeIfAbsent(change.second(), second -> new ArrayList<>(2)).add(change);
        if (change.second() <= cursor) {
            apply(change);
        }
    }

    /** Takes back a change that was added. */
    void remove(MeterChange change) {
        List<MeterChange> together = changes.get(change.second());
        if (together == null || !together.remove(change)) {
            throw new IllegalStateException("never added: " + change);
        }
        if (together.isEmpty()) {
            changes.remove(change.second());
        }
        if (change.second() <= cursor) {
            apply(change.reversed());
        }
    }

    private void apply(MeterChange change) {
        lines.merge(change.measure(), Line.FLAT.plus(change), (line, added) -> line.plus(change));
    }

    /** The measures at a second, and for how long they go on so. */
    Segment at(long second) {
        if (second >= cursor) {
            changes.subMap(cursor, false, second, true).values().forEach(group -> group.forEach(this::apply));
        } else {
            changes.subMap(second, false, cursor, true)
                    .values()
                    .forEach(group -> group.forEach(change -> apply(change.reversed())));
        }
        cursor = second;
        Long from = changes.floorKey(second);
        Long until = changes.higherKey(second);
        return new Segment(
                from == null ? Long.MIN_VALUE : from, until == null ? Long.MAX_VALUE : until, new EnumMap<>(lines));
    }
}
