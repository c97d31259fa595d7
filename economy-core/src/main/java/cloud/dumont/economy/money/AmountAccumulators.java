package cloud.dumont.economy.money;

/**
 * Many sums of rate x time side by side, exact and without garbage: what {@link AmountAccumulator} is to one sum.
 *
 * <p>Not thread-safe: one thread owns them. Overflow of 128 bits is an {@link ArithmeticException}.
 */
public final class AmountAccumulators {

    private final long[] high;
    private final long[] low;

    /**
     * Accumulators that start at zero.
     *
     * @param size how many
     */
    public AmountAccumulators(int size) {
        high = new long[size];
        low = new long[size];
    }

    /**
     * Adds the cost of some time at a rate to one of them.
     *
     * @param index which, from 0
     * @param nanoUsdPerHour the rate in nano-USD per hour
     * @param seconds whole seconds
     * @throws ArithmeticException if the sum does not fit
     */
    public void add(int index, long nanoUsdPerHour, long seconds) {
        long product = nanoUsdPerHour * seconds;
        long sumLow = low[index] + product;
        long carry = Long.compareUnsigned(sumLow, product) < 0 ? 1 : 0;
        high[index] = Amount.addHigh(high[index], Math.multiplyHigh(nanoUsdPerHour, seconds), carry);
        low[index] = sumLow;
    }

    /**
     * What was added to one of them so far, which then starts at zero again.
     *
     * @param index which, from 0
     * @return the exact sum
     */
    public Amount take(int index) {
        Amount sum = Amount.ofBits(high[index], low[index]);
        high[index] = 0;
        low[index] = 0;
        return sum;
    }
}
