package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.AmountAccumulator;

/** What is added up of one kind of usage. Owned by one thread. */
final class KindSums {

    /** What the time is known to have cost. */
    final AmountAccumulator paid = new AmountAccumulator();

    /** What it would have cost, where it is compared. */
    final AmountAccumulator equivalent = new AmountAccumulator();

    long seconds;
    long beforeFirstPriceSeconds;

    void add(KindSums other) {
        paid.add(other.paid.toAmount());
        equivalent.add(other.equivalent.toAmount());
        seconds = Math.addExact(seconds, other.seconds);
        beforeFirstPriceSeconds = Math.addExact(beforeFirstPriceSeconds, other.beforeFirstPriceSeconds);
    }

    void subtract(KindSums other) {
        paid.add(other.paid.toAmount().negated());
        equivalent.add(other.equivalent.toAmount().negated());
        seconds = Math.subtractExact(seconds, other.seconds);
        beforeFirstPriceSeconds = Math.subtractExact(beforeFirstPriceSeconds, other.beforeFirstPriceSeconds);
    }

    boolean isZero() {
        return seconds == 0
                && beforeFirstPriceSeconds == 0
                && paid.toAmount().equals(Amount.ZERO)
                && equivalent.toAmount().equals(Amount.ZERO);
    }
}
