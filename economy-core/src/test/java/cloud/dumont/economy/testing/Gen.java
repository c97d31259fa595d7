package cloud.dumont.economy.testing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes the random values of one case, all from its seed. */
public final class Gen {

    private static final long[] SPECIAL_LONGS = {
        0,
        1,
        -1,
        2,
        -2,
        59,
        60,
        1799,
        1800,
        1801,
        3599,
        3600,
        3601,
        -1800,
        -3600,
        999_999_999L,
        1_000_000_000L,
        3_600_000_000_000L,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        (1L << 32) - 1,
        3_037_000_499L, // the root of 2^63
        3_037_000_500L,
        Long.MAX_VALUE / 3600,
        Long.MAX_VALUE / 3600 + 1,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
    };

    private final Random random;

    Gen(long seed) {
        // Neighbouring seeds begin alike in java.util.Random; far apart they do not.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** Any of the values from the least up to and with the greatest. */
    public long between(long least, long greatest) {
        return random.nextLong(least, Math.addExact(greatest, 1));
    }

    /** Any of the values from the least up to and with the greatest. */
    public int between(int least, int greatest) {
        return least + random.nextInt(greatest - least + 1);
    }

    /** True in one of so many cases. */
    public boolean oneIn(int cases) {
        return random.nextInt(cases) == 0;
    }

    /** One of these. */
    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** One of these. */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A number of any magnitude, often one where arithmetic turns. */
    public long anyLong() {
        return oneIn(3) ? SPECIAL_LONGS[random.nextInt(SPECIAL_LONGS.length)] : random.nextLong() >> random.nextInt(64);
    }

    /** A number of any magnitude that fits so many bits, sign aside, often one at the edge. */
    public BigInteger anyBigInteger(int bits) {
        BigInteger magnitude = BigInteger.ONE.shiftLeft(bits);
        BigInteger value = switch (between(0, 5)) {
            case 0 -> magnitude.subtract(BigInteger.valueOf(between(1, 3)));
            case 1 -> magnitude.negate().add(BigInteger.valueOf(between(0, 3)));
            case 2 -> BigInteger.ONE.shiftLeft(between(0, bits - 1)).subtract(BigInteger.valueOf(between(0, 1)));
            case 3 -> BigInteger.valueOf(anyLong());
            default -> new BigInteger(between(1, bits), random);
        };
        return value.bitLength() <= bits
                        && random.nextBoolean()
                        && value.negate().bitLength() <= bits
                ? value.negate()
                : value;
    }

    /** The same elements in another order. */
    public <T> List<T> shuffled(List<T> elements) {
        List<T> result = new ArrayList<>(elements);
        Collections.shuffle(result, random);
        return result;
    }

    /** Each element once or twice, in another order. */
    public <T> List<T> shuffledAndDoubled(List<T> elements) {
        List<T> result = new ArrayList<>(elements);
        elements.stream().filter(element -> oneIn(3)).forEach(result::add);
        return shuffled(result);
    }
}
