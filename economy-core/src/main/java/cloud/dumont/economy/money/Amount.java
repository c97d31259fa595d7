package cloud.dumont.economy.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An exact amount of money in USD: a whole number of quanta, 128 bits wide. One quantum is 1 nano-USD/h for 1 s, so
 * 3.6e12 quanta are one dollar.
 *
 * <p>Sums and differences are exact; leaving the range (about ±4.7e25 USD) is an {@link ArithmeticException}, never a wrap. Only
 * {@link #toUsd(int, RoundingMode)} rounds, once, from the exact value.
 *
 * <p>As JSON, written and read back by Jackson 2 and 3: {@code {"usd":"12.500000000","quanta":"45000000000000"}}. Dollars are rounded to
 * nine decimals, for whoever shows them; quanta are exact, and what is read.
 *
 * <p>This class is immutable and thread-safe.
 */
@JsonPropertyOrder({"usd", "quanta"})
public final class Amount implements Comparable<Amount> {

    /** Nothing. */
    public static final Amount ZERO = new Amount(0, 0);

    private static final BigDecimal QUANTA_PER_USD = BigDecimal.valueOf(3_600_000_000_000L);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final Pattern QUANTA = Pattern.compile("-?\\d{1,39}");

    /** Upper 64 bits, signed. */
    private final long high;

    /** Lower 64 bits, unsigned. */
    private final long low;

    private Amount(long high, long low) {
        this.high = high;
        this.low = low;
    }

    /**
     * An amount from its two 64 bit halves (two's complement).
     *
     * @param high the upper 64 bits, signed
     * @param low the lower 64 bits, unsigned
     * @return the amount
     */
    static Amount ofBits(long high, long low) {
        return (high | low) == 0 ? ZERO : new Amount(high, low);
    }

    /**
     * An amount from quanta.
     *
     * @param quanta whole quanta
     * @return the amount
     */
    public static Amount ofQuanta(long quanta) {
        return ofBits(quanta >> 63, quanta);
    }

    /**
     * An amount from quanta of any width.
     *
     * @param quanta whole quanta
     * @return the amount
     * @throws ArithmeticException if they do not fit 128 bits
     */
    public static Amount ofQuanta(BigInteger quanta) {
        if (quanta.bitLength() > 127) {
            throw overflow();
        }
        return ofBits(quanta.shiftRight(64).longValue(), quanta.longValue());
    }

    static Amount ofProduct(long nanoUsdPerHour, long seconds) {
        return ofBits(Math.multiplyHigh(nanoUsdPerHour, seconds), nanoUsdPerHour * seconds);
    }

    /**
     * The exact sum.
     *
     * @param other the amount to add
     * @return this plus the other
     * @throws ArithmeticException if the sum does not fit
     */
    public Amount plus(Amount other) {
        long sumLow = low + other.low;
        long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
        return ofBits(addHigh(high, other.high, carry), sumLow);
    }

    /**
     * The exact difference.
     *
     * @param other the amount to subtract
     * @return this minus the other
     * @throws ArithmeticException if the difference does not fit
     */
    public Amount minus(Amount other) {
        long differenceLow = low - other.low;
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        // a - b - borrow = a + ~b + 1 - borrow, which keeps one overflow rule for both directions
        return ofBits(addHigh(high, ~other.high, 1 - borrow), differenceLow);
    }

    /**
     * The amount with its sign turned.
     *
     * @return minus this
     * @throws ArithmeticException if the result does not fit
     */
    public Amount negated() {
        return ZERO.minus(this);
    }

    /** {@code a + b + carry} in signed 64 bits, or an error: the three-operand sum overflows where its wide value does not fit. */
    static long addHigh(long a, long b, long carry) {
        long sum = a + b + carry;
        // Both operands on one side and the result on the other is the only way out of the range; with a carry the sum
        // of
        // MAX and -1 stays in range, and this test sees that too, because it looks at the final sum alone.
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw overflow();
        }
        return sum;
    }

    static ArithmeticException overflow() {
        return new ArithmeticException("amount does not fit 128 bits of quanta");
    }

    /**
     * The sign.
     *
     * @return -1, 0 or 1
     */
    public int signum() {
        return high != 0 ? Long.signum(high) : low != 0 ? 1 : 0;
    }

    /**
     * All quanta, exact.
     *
     * @return whole quanta
     */
    public BigInteger toQuanta() {
        if (high == low >> 63) {
            return BigInteger.valueOf(low);
        }
        BigInteger upper = BigInteger.valueOf(high).shiftLeft(64);
        BigInteger lower = BigInteger.valueOf(low);
        return upper.add(low < 0 ? lower.add(BigInteger.ONE.shiftLeft(64)) : lower);
    }

    /**
     * All quanta in 64 bits, as database rows hold them.
     *
     * @return whole quanta
     * @throws ArithmeticException if they do not fit 64 bits (2.56 million USD)
     */
    public long toQuantaExact() {
        if (high != low >> 63) {
            throw new ArithmeticException("amount of " + this + " does not fit 64 bits of quanta");
        }
        return low;
    }

    /**
     * The amount in dollars, rounded once from the exact value.
     *
     * @param decimals decimals to keep, 0 or more
     * @param rounding how to round; semantics ask for {@link RoundingMode#HALF_EVEN}
     * @return USD with that many decimals
     */
    public BigDecimal toUsd(int decimals, RoundingMode rounding) {
        return new BigDecimal(toQuanta()).divide(QUANTA_PER_USD, decimals, rounding);
    }

    /**
     * The amount in dollars with nine decimals, half to even: the form of JSON and CSV.
     *
     * @return USD with nine decimals
     */
    public BigDecimal toUsd() {
        return toUsd(HourlyRate.SCALE, RoundingMode.HALF_EVEN);
    }

    /**
     * This amount in percent of another.
     *
     * @param whole what counts as 100
     * @return percent with four decimals, half to even; empty where the whole is zero
     */
    public Optional<BigDecimal> percentOf(Amount whole) {
        if (whole.signum() == 0) {
            return Optional.empty();
        }
        BigDecimal part = new BigDecimal(toQuanta()).multiply(HUNDRED);
        return Optional.of(part.divide(new BigDecimal(whole.toQuanta()), 4, RoundingMode.HALF_EVEN));
    }

    /**
     * From JSON: the quanta count. Dollars beside them, rounded, are for people and may be left out.
     *
     * @throws IllegalArgumentException if the quanta are no whole number of 128 bits, or the dollars are others than theirs
     */
    @JsonCreator
    static Amount ofJson(@JsonProperty("quanta") @Nullable String quanta, @JsonProperty("usd") @Nullable String usd) {
        // Bounded before a number is made of it: a long one takes long to make.
        if (quanta == null || !QUANTA.matcher(quanta).matches()) {
            throw new IllegalArgumentException(
                    "an amount needs quanta, a whole number such as \"3600000000000\" for one"
                            + " dollar, of at most 128 bits");
        }
        Amount amount = ofQuanta(new BigInteger(quanta));
        if (usd != null && !amount.usdText().equals(usd)) {
            throw new IllegalArgumentException("quanta of " + quanta + " are " + amount.usdText()
                    + " USD, but usd says otherwise; leave it out, or write it with nine decimals");
        }
        return amount;
    }

    @JsonProperty("usd")
    String usdText() {
        return toUsd().toPlainString();
    }

    @JsonProperty("quanta")
    String quantaText() {
        return toQuanta().toString();
    }

    @Override
    public int compareTo(Amount other) {
        return high != other.high ? Long.compare(high, other.high) : Long.compareUnsigned(low, other.low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Amount amount && amount.high == high && amount.low == low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(31 * high + low);
    }

    /** Dollars with nine decimals, such as {@code 12.500000000 USD}. */
    @Override
    public String toString() {
        return usdText() + " USD";
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
