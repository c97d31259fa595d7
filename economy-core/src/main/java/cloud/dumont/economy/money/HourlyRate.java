package cloud.dumont.economy.money;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * A price per hour in USD, held as a whole number of nano-dollars (1e-9 USD) per hour in 64 bits.
 *
 * <p>The range is about ±9.2 billion USD an hour; leaving it is an {@link ArithmeticException}, never a wrap. A rate may be
 * negative: the difference of two rates is a rate.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class HourlyRate implements Comparable<HourlyRate> {

    /** Nothing per hour. */
    public static final HourlyRate ZERO = new HourlyRate(0);

    static final int SCALE = 9;
    private static final int MOST_DIGITS_BEFORE_POINT = 10;
    private static final long SECONDS_PER_HOUR = 3600;

    private final long nanoUsdPerHour;

    private HourlyRate(long nanoUsdPerHour) {
        this.nanoUsdPerHour = nanoUsdPerHour;
    }

    /**
     * A rate from its nano-dollars per hour.
     *
     * @param nanoUsdPerHour any value
     * @return the rate
     */
    public static HourlyRate ofNanoUsd(long nanoUsdPerHour) {
        return nanoUsdPerHour == 0 ? ZERO : new HourlyRate(nanoUsdPerHour);
    }

    /**
     * A rate from dollars per hour. More than nine decimals round once, half to even: this is one of the two places where
     * a rate is rounded at all (the other is {@link #share}).
     *
     * @param usdPerHour dollars per hour
     * @return the rate
     * @throws ArithmeticException if the value does not fit
     */
    public static HourlyRate usd(BigDecimal usdPerHour) {
        // Decided by its magnitude first: to write out 1e99999999 would cost megabytes and seconds.
        long digitsBeforePoint = (long) usdPerHour.precision() - usdPerHour.scale();
        if (usdPerHour.signum() == 0 || digitsBeforePoint < -SCALE) {
            return ZERO;
        }
        if (digitsBeforePoint > MOST_DIGITS_BEFORE_POINT) {
            throw outOfRange(usdPerHour);
        }
        return ofNanoUsd(usdPerHour.setScale(SCALE, RoundingMode.HALF_EVEN).unscaledValue());
    }

    private static HourlyRate ofNanoUsd(BigInteger nanoUsdPerHour) {
        if (nanoUsdPerHour.bitLength() > 63) {
            throw outOfRange(new BigDecimal(nanoUsdPerHour, SCALE));
        }
        return ofNanoUsd(nanoUsdPerHour.longValue());
    }

    private static ArithmeticException outOfRange(BigDecimal usdPerHour) {
        return new ArithmeticException("rate of " + Given.shown(usdPerHour.toString()) + " USD/h is out of range");
    }

    /**
     * A rate from dollars per hour in decimal notation, such as {@code "0.526"}.
     *
     * @param usdPerHour dollars per hour
     * @return the rate
     * @throws NumberFormatException if the text is not a decimal number
     * @throws ArithmeticException if the value does not fit
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static HourlyRate usd(String usdPerHour) {
        Objects.requireNonNull(usdPerHour, "usdPerHour");
        try {
            return usd(Given.decimal(usdPerHour));
        } catch (NumberFormatException e) {
            NumberFormatException named =
                    new NumberFormatException("'" + Given.shown(usdPerHour) + "' is not a number of dollars per hour");
            named.initCause(e);
            throw named;
        }
    }

    /**
     * The nano-dollars per hour.
     *
     * @return nano-USD per hour
     */
    public long nanoUsdPerHour() {
        return nanoUsdPerHour;
    }

    /**
     * The sum of two rates.
     *
     * @param other the rate to add
     * @return this plus the other
     * @throws ArithmeticException if the sum does not fit
     */
    public HourlyRate plus(HourlyRate other) {
        long sum = nanoUsdPerHour + other.nanoUsdPerHour;
        if (((nanoUsdPerHour ^ sum) & (other.nanoUsdPerHour ^ sum)) < 0) {
            throw outOfRange(toUsd().add(other.toUsd()));
        }
        return ofNanoUsd(sum);
    }

    /**
     * The difference of two rates.
     *
     * @param other the rate to subtract
     * @return this minus the other
     * @throws ArithmeticException if the difference does not fit
     */
    public HourlyRate minus(HourlyRate other) {
        long difference = nanoUsdPerHour - other.nanoUsdPerHour;
        if (((nanoUsdPerHour ^ other.nanoUsdPerHour) & (nanoUsdPerHour ^ difference)) < 0) {
            throw outOfRange(toUsd().subtract(other.toUsd()));
        }
        return ofNanoUsd(difference);
    }

    /**
     * The part {@code numerator / denominator} of this rate (three of an instance's eight GPUs), rounded once, half to even,
     * to the nano-dollar per hour.
     *
     * @param numerator the parts taken, 0 or more
     * @param denominator the parts there are, 1 or more
     * @return the share
     * @throws IllegalArgumentException if either is out of its range
     * @throws ArithmeticException if the share does not fit
     */
    public HourlyRate share(long numerator, long denominator) {
        if (numerator < 0 || denominator < 1) {
            throw new IllegalArgumentException("share " + numerator + "/" + denominator
                    + ": the numerator must be 0 or more, the denominator 1 or more");
        }
        if (numerator == denominator) {
            return this;
        }
        BigDecimal exact = BigDecimal.valueOf(nanoUsdPerHour).multiply(BigDecimal.valueOf(numerator));
        return ofNanoUsd(exact.divide(BigDecimal.valueOf(denominator), 0, RoundingMode.HALF_EVEN)
                .toBigIntegerExact());
    }

    /**
     * What some time at this rate costs, exactly.
     *
     * @param seconds whole seconds; negative seconds give the negated cost
     * @return rate x time
     */
    public Amount forSeconds(long seconds) {
        return Amount.ofProduct(nanoUsdPerHour, seconds);
    }

    /**
     * What some time at this rate costs, rounded half to even from the exact value to whole nano-dollars. For showing one
     * cost; a sum of such roundings is not the rounding of the sum, so sums belong in {@link Amount}. Allocates nothing while
     * rate x seconds fits 64 bits.
     *
     * @param seconds whole seconds
     * @return nano-USD
     * @throws ArithmeticException if the cost does not fit
     */
    public long nanoUsdForSeconds(long seconds) {
        long product = nanoUsdPerHour * seconds;
        if (Math.multiplyHigh(nanoUsdPerHour, seconds) != product >> 63) {
            BigInteger nanoUsd = new BigDecimal(forSeconds(seconds).toQuanta())
                    .divide(BigDecimal.valueOf(SECONDS_PER_HOUR), 0, RoundingMode.HALF_EVEN)
                    .toBigIntegerExact();
            if (nanoUsd.bitLength() > 63) {
                throw new ArithmeticException("cost of " + forSeconds(seconds) + " does not fit 64 bits of nano-USD");
            }
            return nanoUsd.longValue();
        }
        return product < 0 ? -roundedNanoUsd(-product) : roundedNanoUsd(product);
    }

    /** Takes quanta as unsigned. It does not branch on the remainder: a processor would guess it wrong half of the time. */
    private static long roundedNanoUsd(long quanta) {
        long halfUp = quanta + SECONDS_PER_HOUR / 2;
        long nanoUsd = (halfUp >>> 1) / (SECONDS_PER_HOUR / 2); // halved, unsigned becomes signed
        return nanoUsd * SECONDS_PER_HOUR == halfUp ? nanoUsd & ~1L : nanoUsd; // a tie goes to the even one
    }

    /**
     * The rate in dollars per hour, exact, with nine decimals.
     *
     * @return USD per hour
     */
    public BigDecimal toUsd() {
        return BigDecimal.valueOf(nanoUsdPerHour, SCALE);
    }

    /** As JSON has it: dollars per hour without trailing zeros, such as {@code "0.526"}. */
    @JsonValue
    String decimal() {
        return toUsd().stripTrailingZeros().toPlainString();
    }

    @Override
    public int compareTo(HourlyRate other) {
        return Long.compare(nanoUsdPerHour, other.nanoUsdPerHour);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HourlyRate rate && rate.nanoUsdPerHour == nanoUsdPerHour;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(nanoUsdPerHour);
    }

    /** Dollars per hour without trailing zeros, such as {@code 0.526 USD/h}. */
    @Override
    public String toString() {
        return decimal() + " USD/h";
    }
}
