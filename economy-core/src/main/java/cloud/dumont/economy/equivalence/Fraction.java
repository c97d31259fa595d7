package cloud.dumont.economy.equivalence;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What part of a machine's price is charged.
 *
 * @param numerator 0 or more
 * @param denominator 1 or more
 */
record Fraction(long numerator, long denominator) {

    private static final BigInteger WHOLE = BigInteger.valueOf(1_000_000);

    static Fraction of(long numerator, long denominator) {
        return new Fraction(numerator, denominator);
    }

    /**
     * The same less a discount.
     *
     * @param percent 0 to 100, at most four decimals
     * @throws ArithmeticException if the reduced fraction does not fit
     */
    Fraction lessPercent(BigDecimal percent) {
        if (percent.signum() == 0) {
            return this;
        }
        BigInteger left = WHOLE.subtract(percent.movePointRight(4).toBigIntegerExact());
        BigInteger newNumerator = BigInteger.valueOf(numerator).multiply(left);
        BigInteger newDenominator = BigInteger.valueOf(denominator).multiply(WHOLE);
        BigInteger divisor = newNumerator.gcd(newDenominator);
        return new Fraction(
                newNumerator.divide(divisor).longValueExact(),
                newDenominator.divide(divisor).longValueExact());
    }
}
