package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;

/** The rule for every delay and deadline of this package. */
final class PositiveDuration {

    private PositiveDuration() {}

    static Duration require(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " was " + value + " but must be longer than zero");
        }
        return value;
    }
}
