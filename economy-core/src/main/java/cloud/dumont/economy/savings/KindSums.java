package cloud.dumont.economy.savings;

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
}
