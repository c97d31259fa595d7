package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;

/**
 * From a second on, a measure grows by {@code slope} a second more, and is {@code constant} more: its value at second {@code t} is the
 * sum of {@code slope * t + constant} over all changes up to {@code t}.
 *
 * @param second since when, in seconds since 1970
 * @param measure of what
 * @param slope growth per second
 * @param constant what makes up for the time before, or a jump
 */
record MeterChange(long second, Measure measure, long slope, Amount constant) {

    /** The measure begins to grow, from where it is. */
    static MeterChange slope(long second, Measure measure, long slope) {
        return new MeterChange(
                second, measure, slope, HourlyRate.ofNanoUsd(slope).forSeconds(-second));
    }

    /** The measure jumps. */
    static MeterChange jump(long second, Measure measure, Amount by) {
        return new MeterChange(second, measure, 0, by);
    }

    MeterChange reversed() {
        return new MeterChange(second, measure, Math.negateExact(slope), constant.negated());
    }

    MeterChange movedTo(long other) {
        return new MeterChange(other, measure, slope, constant);
    }
}
