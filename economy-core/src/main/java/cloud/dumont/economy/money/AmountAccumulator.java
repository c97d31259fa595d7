package cloud.dumont.economy.money;

/**
 * Adds up rate x time exactly and without garbage: the loop over millions of intervals ends in one {@link Amount}.
 *
 * <p>Not thread-safe: one thread owns an accumulator. Overflow of 128 bits is an {@link ArithmeticException}.
 */
public final class AmountAccumulator {

    private long high;
    private long low;

    /** An accumulator that starts at zero. */
    public AmountAccumulator() {}

    /**
     * Adds the cost of some time at a rate.
     *
     * @param nanoUsdPerHour the rate in nano-USD per hour
     * @param seconds whole seconds
     * @throws ArithmeticException if the sum does not fit
     */
    public void add(long nanoUsdPerHour, long seconds) {
        addBits(Math.multiplyHigh(nanoUsdPerHour, seconds), nanoUsdPerHour * seconds);
    }

    /**
     * Adds an amount.
     *
     * @param amount what to add
     * @throws ArithmeticException if the sum does not fit
     */
    public void add(Amount amount) {
        addBits(amount.high(), amount.low());
    }

    private void addBits(long otherHigh, long otherLow) {
        long sumLow = low + otherLow;
        long carry = Long.compareUnsigned(sumLow, otherLow) < 0 ? 1 : 0;
        high = Amount.addHigh(high, otherHigh, carry);
        low = sumLow;
    }

    /**
     * What was added so far.
     *
     * @return the exact sum
     */
    public Amount toAmount() {
        return Amount.ofBits(high, low);
    }
}
