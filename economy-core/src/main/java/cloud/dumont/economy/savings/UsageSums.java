package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;

/**
 * What of some usage adds up: over time, over GPU models, over accounts. Differences of such sums may be negative in every part.
 *
 * @param seconds billable time
 * @param inferredSeconds billable time that nobody observed, but what was seen before and after agrees on
 * @param idleSeconds billable time in which the instances were idle
 * @param beforeFirstPriceSeconds compared time before the first known price of its equivalent, priced at that first price
 * @param effectiveCost what the time is known to have cost
 * @param equivalentCost what it would have cost; zero where it is not compared
 * @param idleCost what of the effective cost is that of idle time
 */
public record UsageSums(
        long seconds,
        long inferredSeconds,
        long idleSeconds,
        long beforeFirstPriceSeconds,
        Amount effectiveCost,
        Amount equivalentCost,
        Amount idleCost) {

    /** Nothing. */
    public static final UsageSums ZERO = new UsageSums(0, 0, 0, 0, Amount.ZERO, Amount.ZERO, Amount.ZERO);

    /** The sums of one kind of usage. */
    static UsageSums of(PricedKind kind, KindSums sums) {
        Amount paid = sums.paid.toAmount();
        return new UsageSums(
                sums.seconds,
                kind.isInferred() ? sums.seconds : 0,
                kind.isIdle() ? sums.seconds : 0,
                sums.beforeFirstPriceSeconds,
                paid,
                sums.equivalent.toAmount(),
                kind.isIdle() ? paid : Amount.ZERO);
    }

    /**
     * The exact sum.
     *
     * @param other what to add
     * @return this plus the other
     * @throws ArithmeticException if a part does not fit
     */
    public UsageSums plus(UsageSums other) {
        return new UsageSums(
                Math.addExact(seconds, other.seconds),
                Math.addExact(inferredSeconds, other.inferredSeconds),
                Math.addExact(idleSeconds, other.idleSeconds),
                Math.addExact(beforeFirstPriceSeconds, other.beforeFirstPriceSeconds),
                effectiveCost.plus(other.effectiveCost),
                equivalentCost.plus(other.equivalentCost),
                idleCost.plus(other.idleCost));
    }

    /**
     * These sums with every sign turned.
     *
     * @return what, added to these, gives {@link #ZERO}
     * @throws ArithmeticException if a part does not fit
     */
    public UsageSums negated() {
        return new UsageSums(
                Math.negateExact(seconds),
                Math.negateExact(inferredSeconds),
                Math.negateExact(idleSeconds),
                Math.negateExact(beforeFirstPriceSeconds),
                effectiveCost.negated(),
                equivalentCost.negated(),
                idleCost.negated());
    }
}
