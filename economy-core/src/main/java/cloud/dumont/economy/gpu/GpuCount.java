package cloud.dumont.economy.gpu;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many GPUs a machine holds, as an exact fraction: 8, but also 0.46 or a third of one.
 *
 * <p>Positive, reduced, numerator and denominator at most a million each, so that products of two counts fit 64 bits with room
 * to spare.
 *
 * @param numerator the reduced numerator, 1 to 1,000,000
 * @param denominator the reduced denominator, 1 to 1,000,000
 */
public record GpuCount(long numerator, long denominator) implements Comparable<GpuCount> {

    /** One whole GPU. */
    public static final GpuCount ONE = new GpuCount(1, 1);

    private static final long LIMIT = 1_000_000;

    private static final Pattern FRACTION = Pattern.compile("(\\d{1,7})/(\\d{1,7})");

    /**
     * Reduces the fraction.
     *
     * @throws IllegalArgumentException if it is not positive, or too large or too fine
     */
    public GpuCount {
        if (numerator < 1 || denominator < 1) {
            throw new IllegalArgumentException("a GPU count must be more than 0, not " + numerator + "/" + denominator);
        }
        long divisor = BigInteger.valueOf(numerator)
                .gcd(BigInteger.valueOf(denominator))
                .longValue();
        numerator /= divisor;
        denominator /= divisor;
        if (numerator > LIMIT || denominator > LIMIT) {
            throw new IllegalArgumentException("GPU count " + numerator + "/" + denominator
                    + " is out of range: at most 1,000,000 GPUs and six decimals");
        }
    }

    /**
     * A whole number of GPUs.
     *
     * @param gpus 1 to 1,000,000
     * @return the count
     * @throws IllegalArgumentException if it is out of range
     */
    public static GpuCount of(long gpus) {
        return new GpuCount(gpus, 1);
    }

    /**
     * A count in decimal notation, such as {@code 8} or {@code 0.46}.
     *
     * @param text a decimal number above 0, with at most six decimals
     * @return the count
     * @throws IllegalArgumentException if it is no such number
     */
    public static GpuCount parse(String text) {
        BigDecimal value;
        try {
            value = Given.decimal(text.strip()).stripTrailingZeros();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + Given.shown(text) + "' is not a GPU count; it is a number such as 8 or 0.46", e);
        }
        if (value.signum() <= 0 || value.scale() > 6 || value.compareTo(BigDecimal.valueOf(LIMIT)) > 0) {
            throw new IllegalArgumentException("GPU count '" + Given.shown(text)
                    + "' is out of range: above 0, at most 1,000,000 GPUs and six decimals");
        }
        long millionths = value.movePointRight(6).longValueExact();
        return new GpuCount(millionths, LIMIT);
    }

    /**
     * What {@link #toString} writes, or any count in decimal notation. A fraction such as {@code 1/3} comes from there only: people and
     * files give decimals.
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static GpuCount ofJson(String text) {
        Matcher fraction = FRACTION.matcher(text);
        return fraction.matches()
                ? new GpuCount(Long.parseLong(fraction.group(1)), Long.parseLong(fraction.group(2)))
                : parse(text);
    }

    /**
     * Whether this is a part of one GPU.
     *
     * @return true below one
     */
    public boolean isFraction() {
        return numerator < denominator;
    }

    /**
     * How many machines of that many GPUs are needed to hold this count.
     *
     * @param machine the GPUs of one machine
     * @return the quotient rounded up, 1 or more
     */
    public long machinesOf(GpuCount machine) {
        return -Math.floorDiv(-(numerator * machine.denominator), denominator * machine.numerator);
    }

    @Override
    public int compareTo(GpuCount other) {
        return Long.compare(numerator * other.denominator, other.numerator * denominator);
    }

    /** The count as a decimal where it is one ({@code 0.46}), else as a fraction ({@code 1/3}). */
    @Override
    @JsonValue
    public String toString() {
        if (LIMIT % denominator == 0) {
            return BigDecimal.valueOf(numerator * (LIMIT / denominator), 6)
                    .stripTrailingZeros()
                    .toPlainString();
        }
        return numerator + "/" + denominator;
    }
}
