package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.money.Amount;
import java.math.BigInteger;

/**
 * An amount as rollups hold it: {@code high * 10^12 + low} quanta. Not two 64 bit words, because low words with a sign do not add up in
 * SQL; these do, high to high and low to low.
 *
 * @param high the rest, with the amount's sign
 * @param low 0 or more, below 10^12
 */
record Quanta(long high, long low) {

    private static final BigInteger BASE = BigInteger.TEN.pow(12);

    /**
     * Splits an amount.
     *
     * @throws ArithmeticException if it is beyond 9.2e30 quanta, 2.5e18 USD
     */
    static Quanta of(Amount amount) {
        BigInteger quanta = amount.toQuanta();
        BigInteger low = quanta.mod(BASE);
        return new Quanta(quanta.subtract(low).divide(BASE).longValueExact(), low.longValue());
    }

    /** The amount of these parts, which may be sums. */
    Amount amount() {
        return Amount.ofQuanta(BigInteger.valueOf(high).multiply(BASE).add(BigInteger.valueOf(low)));
    }
}
