package cloud.dumont.economy.savings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sum of fractions, exact until it is divided: thirds of a GPU do not add up in decimals. In 64 bits as long as they suffice, which they
 * nearly always do. Owned by one thread.
 */
final class ExactSum {

    private static final int DECIMALS = 9;

    private record Fraction(BigInteger numerator, BigInteger denominator) {

        static Fraction of(long numerator, long denominator) {
            return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
        }

        Fraction plus(Fraction other) {
            if (denominator.equals(other.denominator)) {
                return new Fraction(numerator.add(other.numerator), denominator);
            }
            BigInteger sum = numerator.multiply(other.denominator).add(other.numerator.multiply(denominator));
            BigInteger common = denominator.multiply(other.denominator);
            BigInteger divisor = sum.gcd(common);
            return new Fraction(sum.divide(divisor), common.divide(divisor));
        }
    }

    private long numerator;
    private long denominator = 1;

    /** What did not fit. */
    private @Nullable Fraction rest;

    /** Adds {@code value * times / dividedBy}; none is negative, and the last is not zero. */
    void add(long value, long times, long dividedBy) {
        long added = value * times;
        if (Math.multiplyHigh(value, times) == 0 && added >= 0) {
            if (dividedBy == denominator && numerator + added >= 0) {
                numerator += added;
                return;
            }
            if (numerator == 0) {
                numerator = added;
                denominator = dividedBy;
                return;
            }
        }
        Fraction fraction = new Fraction(
                BigInteger.valueOf(value).multiply(BigInteger.valueOf(times)), BigInteger.valueOf(dividedBy));
        rest = rest == null ? fraction : rest.plus(fraction);
    }

    /** The sum divided by a number, with nine decimals, half to even. */
    BigDecimal dividedBy(long divisor) {
        if (rest == null && Math.multiplyHigh(denominator, divisor) == 0 && denominator * divisor > 0) {
            return BigDecimal.valueOf(numerator)
                    .divide(BigDecimal.valueOf(denominator * divisor), DECIMALS, RoundingMode.HALF_EVEN);
        }
        Fraction sum = sum();
        return new BigDecimal(sum.numerator())
                .divide(
                        new BigDecimal(sum.denominator().multiply(BigInteger.valueOf(divisor))),
                        DECIMALS,
                        RoundingMode.HALF_EVEN);
    }

    /** A number divided by the sum, with nine decimals, half to even; empty where the sum is zero. */
    Optional<BigDecimal> dividing(BigDecimal dividend) {
        if (rest == null) {
            return numerator == 0
                    ? Optional.empty()
                    : Optional.of((denominator == 1 ? dividend : dividend.multiply(BigDecimal.valueOf(denominator)))
                            .divide(BigDecimal.valueOf(numerator), DECIMALS, RoundingMode.HALF_EVEN));
        }
        Fraction sum = sum();
        return sum.numerator().signum() == 0
                ? Optional.empty()
                : Optional.of(dividend.multiply(new BigDecimal(sum.denominator()))
                        .divide(new BigDecimal(sum.numerator()), DECIMALS, RoundingMode.HALF_EVEN));
    }

    private Fraction sum() {
        Fraction small = Fraction.of(numerator, denominator);
        return rest == null ? small : small.plus(rest);
    }
}
