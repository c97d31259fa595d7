package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;

/** The rule for every delay and deadline of this package. */
final class PositiveDuration {

    /** What a poller can wait for: its clock counts hundredths of a second in 32 bits. */
    static final Duration LONGEST = Duration.ofDays(100);

    private PositiveDuration() {}

    static Duration require(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " was " + value + " but must be longer than zero and at most " + LONGEST);
        }
        return value;
    }
}
