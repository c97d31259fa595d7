package cloud.dumont.economy.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link BigInteger} and {@link BigDecimal} compute what is expected. */
class AmountTest {

    private static final int CASES = 20_000;
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE);
    private static final BigInteger LEAST = BigInteger.ONE.shiftLeft(127).negate();
    private static final BigDecimal QUANTA_PER_USD = new BigDecimal("3600000000000");

    private static BigInteger anyQuanta(Gen gen) {
        return gen.anyBigInteger(127);
    }

    /** Applies both; what does not fit 128 bits must be an error on our side. */
    private static void assertSame(BinaryOperator<Amount> ours, BinaryOperator<BigInteger> theirs, Gen gen) {
        BigInteger a = anyQuanta(gen);
        BigInteger b = anyQuanta(gen);
        BigInteger expected = theirs.apply(a, b);
        if (expected.bitLength() > 127) {
            assertThatThrownBy(() -> ours.apply(Amount.ofQuanta(a), Amount.ofQuanta(b)))
                    .as("%s and %s", a, b)
                    .isInstanceOf(ArithmeticException.class);
        } else {
            assertThat(ours.apply(Amount.ofQuanta(a), Amount.ofQuanta(b)).toQuanta())
                    .as("%s and %s", a, b)
                    .isEqualTo(expected);
        }
    }

    @Test
    void plus_anyTwo_isTheExactSumOrAnError() {
        Law.holds(CASES, gen -> assertSame(Amount::plus, BigInteger::add, gen));
    }

    @Test
    void minus_anyTwo_isTheExactDifferenceOrAnError() {
        Law.holds(CASES, gen -> assertSame(Amount::minus, BigInteger::subtract, gen));
    }

    @Test
    void negated_any_turnsTheSignOrIsAnError() {
        Law.holds(CASES, gen -> assertSame((a, b) -> a.negated(), (a, b) -> a.negate(), gen));
    }

    @Test
    void plus_carryIntoTheUpperHalf_isCarried() {
        assertThat(Amount.ofBits(0, -1).plus(Amount.ofQuanta(1))).isEqualTo(Amount.ofBits(1, 0));
        assertThat(Amount.ofBits(1, 0).minus(Amount.ofQuanta(1))).isEqualTo(Amount.ofBits(0, -1));
        assertThat(Amount.ofBits(-1, -1).plus(Amount.ofQuanta(1))).isEqualTo(Amount.ZERO);
    }

    @Test
    void plus_pastTheGreatest_isAnErrorNeverAWrap() {
        Amount most = Amount.ofQuanta(MOST);
        Amount least = Amount.ofQuanta(LEAST);

        assertThatThrownBy(() -> most.plus(Amount.ofQuanta(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> least.minus(Amount.ofQuanta(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> least.plus(least)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(least::negated).isInstanceOf(ArithmeticException.class);
        assertThat(most.plus(least).toQuanta()).isEqualTo(BigInteger.ONE.negate());
        assertThat(most.negated().minus(Amount.ofQuanta(1))).isEqualTo(least);
    }

    @Test
    void ofQuanta_outsideOf128Bits_isAnError() {
        assertThat(Amount.ofQuanta(MOST).toQuanta()).isEqualTo(MOST);
        assertThat(Amount.ofQuanta(LEAST).toQuanta()).isEqualTo(LEAST);
        assertThatThrownBy(() -> Amount.ofQuanta(MOST.add(BigInteger.ONE))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Amount.ofQuanta(LEAST.subtract(BigInteger.ONE)))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void toQuanta_any_givesBackWhatWasGiven() {
        Law.holds(CASES, gen -> {
            BigInteger quanta = anyQuanta(gen);
            assertThat(Amount.ofQuanta(quanta).toQuanta()).isEqualTo(quanta);
            long narrow = gen.anyLong();
            assertThat(Amount.ofQuanta(narrow).toQuanta()).isEqualTo(BigInteger.valueOf(narrow));
            assertThat(Amount.ofQuanta(narrow)).isEqualTo(Amount.ofQuanta(BigInteger.valueOf(narrow)));
        });
    }

    @Test
    void toQuantaExact_any_fitsOrIsAnError() {
        Law.holds(CASES, gen -> {
            BigInteger quanta = gen.anyBigInteger(gen.pick(62, 63, 64, 65, 127));
            if (quanta.bitLength() > 63) {
                assertThatThrownBy(() -> Amount.ofQuanta(quanta).toQuantaExact())
                        .isInstanceOf(ArithmeticException.class);
            } else {
                assertThat(Amount.ofQuanta(quanta).toQuantaExact()).isEqualTo(quanta.longValueExact());
            }
        });
    }

    @Test
    void compareTo_anyTwo_agreesWithNumbersAndEquals() {
        Law.holds(CASES, gen -> {
            BigInteger a = anyQuanta(gen);
            BigInteger b = gen.oneIn(4) ? a : anyQuanta(gen);
            Amount first = Amount.ofQuanta(a);
            Amount second = Amount.ofQuanta(b);
            assertThat(Integer.signum(first.compareTo(second))).isEqualTo(a.compareTo(b));
            assertThat(first.equals(second)).isEqualTo(a.equals(b));
            if (a.equals(b)) {
                assertThat(first).hasSameHashCodeAs(second);
            }
            assertThat(first.signum()).isEqualTo(a.signum());
        });
    }

    @Test
    void equals_otherThings_isFalse() {
        assertThat(Amount.ofQuanta(1)).isNotEqualTo(null).isNotEqualTo(1L);
        assertThat(Amount.ofBits(0, 5)).isNotEqualTo(Amount.ofBits(5, 0));
    }

    @Test
    void toUsd_anyScaleAndRounding_roundsOnceFromTheExactValue() {
        Law.holds(CASES, gen -> {
            BigInteger quanta = anyQuanta(gen);
            int decimals = gen.between(0, 14);
            RoundingMode rounding = gen.pick(
                    RoundingMode.HALF_EVEN,
                    RoundingMode.FLOOR,
                    RoundingMode.CEILING,
                    RoundingMode.DOWN,
                    RoundingMode.UP);
            assertThat(Amount.ofQuanta(quanta).toUsd(decimals, rounding))
                    .isEqualTo(new BigDecimal(quanta).divide(QUANTA_PER_USD, decimals, rounding));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1800, 0.000000000", // half a nano-dollar, to the even 0
        "1801, 0.000000001",
        "5400, 0.000000002", // one and a half, to the even 2
        "9000, 0.000000002", // two and a half, to the even 2
        "-1800, 0.000000000",
        "-5400, -0.000000002",
        "3600000000000, 1.000000000"
    })
    void toUsd_ties_goToTheEvenNanoDollar(long quanta, BigDecimal usd) {
        assertThat(Amount.ofQuanta(quanta).toUsd()).isEqualTo(usd);
    }

    @Test
    void percentOf_anyTwo_roundsOnceToFourDecimals() {
        Law.holds(CASES, gen -> {
            BigInteger part = anyQuanta(gen);
            BigInteger whole = gen.oneIn(20) ? BigInteger.ZERO : anyQuanta(gen);
            Optional<BigDecimal> expected = whole.signum() == 0
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(part.multiply(BigInteger.valueOf(100)))
                            .divide(new BigDecimal(whole), 4, RoundingMode.HALF_EVEN));
            assertThat(Amount.ofQuanta(part).percentOf(Amount.ofQuanta(whole))).isEqualTo(expected);
        });
    }

    @Test
    void percentOf_nothing_isAbsentNotZero() {
        assertThat(Amount.ofQuanta(5).percentOf(Amount.ZERO)).isEmpty();
        assertThat(Amount.ZERO.percentOf(Amount.ZERO)).isEmpty();
        assertThat(Amount.ZERO.percentOf(Amount.ofQuanta(5))).contains(new BigDecimal("0.0000"));
    }

    @ParameterizedTest
    @CsvSource({
        "45000000000000, 12.500000000 USD",
        "-45000000000000, -12.500000000 USD",
        "0, 0.000000000 USD",
        "1, 0.000000000 USD",
        "3600, 0.000000001 USD"
    })
    void toString_any_isPlainDollarsWithNineDecimals(long quanta, String text) {
        assertThat(Amount.ofQuanta(quanta)).hasToString(text);
    }

    @Test
    void toString_greatest_hasNoExponent() {
        assertThat(Amount.ofQuanta(MOST).toString()).isEqualTo("47261439850130342147690917.698856696 USD");
    }

    @Test
    void sum_anyAmountsInAnyOrder_isTheSame() {
        Law.holds(1_000, gen -> {
            var amounts = Stream.generate(() -> Amount.ofQuanta(gen.anyBigInteger(120)))
                    .limit(gen.between(0, 20))
                    .toList();
            assertThat(gen.shuffled(amounts).stream().reduce(Amount.ZERO, Amount::plus))
                    .isEqualTo(amounts.stream().reduce(Amount.ZERO, Amount::plus));
        });
    }

    /** Not a law of equality, but maps of amounts and rates live by it. */
    @Test
    void hashCode_ofDifferentAmountsAndRates_isMostlyDifferent() {
        assertThat(LongStream.range(0, 1_000)
                        .map(i -> Amount.ofQuanta((i - 500) * 3_600_007).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(900);
        assertThat(LongStream.range(0, 1_000)
                        .map(i -> Amount.ofBits(i, 7).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(900);
        assertThat(LongStream.range(0, 1_000)
                        .map(i -> HourlyRate.ofNanoUsd(i).hashCode())
                        .distinct()
                        .count())
                .isGreaterThan(900);
    }
}
