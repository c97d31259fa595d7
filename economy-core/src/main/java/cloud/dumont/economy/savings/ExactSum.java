package cloud.dumont.economy.savings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/** A sum of fractions, exact until it is divided: thirds of a GPU do not add up in decimals. Owned by one thread. */
final class ExactSum {

    private static final int DECIMALS = 9;

    private BigInteger numerator = BigInteger.ZERO;
    private BigInteger denominator = BigInteger.ONE;

    /** Adds {@code value * numerator / denominator}. */
    void add(BigDecimal value, long times, long dividedBy) {
        BigInteger scale = BigInteger.TEN.pow(Math.max(0, value.scale()));
        BigInteger unscaled = value.scale() == 0
                ? value.unscaledValue()
                : value.multiply(new BigDecimal(scale)).toBigIntegerExact();
        BigInteger addedNumerator = unscaled.multiply(BigInteger.valueOf(times));
        BigInteger addedDenominator = scale.multiply(BigInteger.valueOf(dividedBy));
        if (addedDenominator.equals(denominator)) { // whole GPUs, nearly always: nothing to reduce
            numerator = numerator.add(addedNumerator);
            return;
        }
        numerator = numerator.multiply(addedDenominator).add(addedNumerator.multiply(denominator));
        denominator = denominator.multiply(addedDenominator);
        BigInteger divisor = numerator.gcd(denominator);
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    /** The sum divided by a number, with nine decimals, half to even. */
    BigDecimal dividedBy(BigInteger divisor) {
        return new BigDecimal(numerator)
                .divide(new BigDecimal(denominator.multiply(divisor)), DECIMALS, RoundingMode.HALF_EVEN);
    }

    /** A number divided by the sum, with nine decimals, half to even; empty where the sum is zero. */
    Optional<BigDecimal> dividing(BigDecimal dividend) {
        return numerator.signum() == 0
                ? Optional.empty()
                : Optional.of(dividend.multiply(new BigDecimal(denominator))
                        .divide(new BigDecimal(numerator), DECIMALS, RoundingMode.HALF_EVEN));
    }
}
