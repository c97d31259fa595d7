package cloud.dumont.economy.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.testing.Law;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BigInteger} and {@link BigDecimal} compute what is expected. */
class HourlyRateTest {

    private static final int CASES = 20_000;

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }

    private static BigInteger roundedQuotient(BigInteger numerator, long denominator) {
        return new BigDecimal(numerator)
                .divide(BigDecimal.valueOf(denominator), 0, RoundingMode.HALF_EVEN)
                .toBigIntegerExact();
    }

    private static void assertFitsOrIsAnError(BigInteger expected, Supplier<Long> actual) {
        if (expected.bitLength() > 63) {
            assertThatThrownBy(actual::get).as("%s", expected).isInstanceOf(ArithmeticException.class);
        } else {
            assertThat(actual.get()).isEqualTo(expected.longValueExact());
        }
    }

    @Test
    void plusAndMinus_anyTwo_areExactOrAnError() {
        Law.holds(CASES, gen -> {
            long a = gen.anyLong();
            long b = gen.anyLong();
            HourlyRate first = HourlyRate.ofNanoUsd(a);
            HourlyRate second = HourlyRate.ofNanoUsd(b);
            assertFitsOrIsAnError(big(a).add(big(b)), () -> first.plus(second).nanoUsdPerHour());
            assertFitsOrIsAnError(
                    big(a).subtract(big(b)), () -> first.minus(second).nanoUsdPerHour());
        });
    }

    @Test
    void compareTo_anyTwo_agreesWithNumbersAndEquals() {
        Law.holds(CASES, gen -> {
            long a = gen.anyLong();
            long b = gen.oneIn(4) ? a : gen.anyLong();
            HourlyRate first = HourlyRate.ofNanoUsd(a);
            HourlyRate second = HourlyRate.ofNanoUsd(b);
            assertThat(Integer.signum(first.compareTo(second))).isEqualTo(Long.compare(a, b));
            assertThat(first.equals(second)).isEqualTo(a == b);
            if (a == b) {
                assertThat(first).hasSameHashCodeAs(second);
            }
        });
        assertThat(HourlyRate.ofNanoUsd(1)).isNotEqualTo(null).isNotEqualTo(1L);
    }

    @Test
    void forSeconds_anyRateAndTime_isTheExactProduct() {
        Law.holds(CASES, gen -> {
            long rate = gen.anyLong();
            long seconds = gen.anyLong();
            assertThat(HourlyRate.ofNanoUsd(rate).forSeconds(seconds).toQuanta())
                    .isEqualTo(big(rate).multiply(big(seconds)));
        });
    }

    @Test
    void nanoUsdForSeconds_anyRateAndTime_roundsTheExactCostHalfEven() {
        Law.holds(5 * CASES, gen -> {
            long rate = gen.anyLong();
            long seconds = gen.oneIn(2) ? gen.between(-100_000L, 100_000L) : gen.anyLong();
            assertFitsOrIsAnError(
                    roundedQuotient(big(rate).multiply(big(seconds)), 3600),
                    () -> HourlyRate.ofNanoUsd(rate).nanoUsdForSeconds(seconds));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1800, 0", // a half, to the even 0
        "1, 1801, 1",
        "3, 1800, 2", // one and a half, to the even 2
        "5, 1800, 2", // two and a half, to the even 2
        "-1, 1800, 0",
        "-3, 1800, -2",
        "3, -1800, -2",
        "-5, -1800, 2",
        "-1, 1801, -1",
        "9223372036854775807, 1, 2562047788015216", // the widest that fits 64 bits, and where adding a half would not
        "9223372036854774008, 1, 2562047788015215",
        "-9223372036854775808, 1, -2562047788015216",
        "9223372036854775807, 3600, 9223372036854775807", // the product needs 75 bits
        "-9223372036854775808, 3600, -9223372036854775808",
        "9223372036854775807, 1800, 4611686018427387904", // a tie beyond 64 bits, to the even
        "9223372036854775805, 1800, 4611686018427387902"
    })
    void nanoUsdForSeconds_tiesAndWideProducts_goToTheEven(long rate, long seconds, long nanoUsd) {
        assertThat(HourlyRate.ofNanoUsd(rate).nanoUsdForSeconds(seconds)).isEqualTo(nanoUsd);
    }

    @Test
    void nanoUsdForSeconds_costThatDoesNotFit_isAnErrorNeverAWrap() {
        assertThatThrownBy(() -> HourlyRate.ofNanoUsd(Long.MAX_VALUE).nanoUsdForSeconds(3601))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> HourlyRate.ofNanoUsd(Long.MIN_VALUE).nanoUsdForSeconds(-3600))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void share_anyPart_roundsOnceHalfEven() {
        Law.holds(CASES, gen -> {
            long rate = gen.anyLong();
            long numerator = gen.oneIn(5) ? gen.between(0L, Long.MAX_VALUE - 1) : gen.between(0L, 1_000L);
            long denominator = gen.oneIn(5) ? gen.between(1L, Long.MAX_VALUE - 1) : gen.between(1L, 1_000L);
            assertFitsOrIsAnError(
                    roundedQuotient(big(rate).multiply(big(numerator)), denominator),
                    () -> HourlyRate.ofNanoUsd(rate)
                            .share(numerator, denominator)
                            .nanoUsdPerHour());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "21.957642, 1, 8, 2.74470525", // one A100 of a p4d.24xlarge
        "0.000000001, 1, 2, 0",
        "0.000000003, 1, 2, 0.000000002",
        "0.000000005, 1, 2, 0.000000002",
        "-0.000000003, 1, 2, -0.000000002",
        "1, 1, 3, 0.333333333",
        "1, 2, 3, 0.666666667",
        "7, 0, 3, 0",
        "7, 3, 3, 7",
        "7, 9, 3, 21"
    })
    void share_namedCases_areExactToTheNanoDollar(String whole, long numerator, long denominator, String part) {
        assertThat(HourlyRate.usd(whole).share(numerator, denominator)).isEqualTo(HourlyRate.usd(part));
    }

    @ParameterizedTest
    @CsvSource({"-1, 8", "1, 0", "1, -8", "0, 0"})
    void share_outOfRange_isRefusedWithBothNumbers(long numerator, long denominator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HourlyRate.usd("1").share(numerator, denominator))
                .withMessageContaining(numerator + "/" + denominator);
    }

    @Test
    void usd_anyDecimal_roundsOnceHalfEvenToNineDecimals() {
        Law.holds(CASES, gen -> {
            BigDecimal usd = new BigDecimal(gen.anyBigInteger(gen.pick(20, 62, 63, 64, 80)), gen.between(0, 20));
            assertFitsOrIsAnError(
                    usd.setScale(9, RoundingMode.HALF_EVEN).unscaledValue(),
                    () -> HourlyRate.usd(usd).nanoUsdPerHour());
            assertFitsOrIsAnError(
                    usd.setScale(9, RoundingMode.HALF_EVEN).unscaledValue(),
                    () -> HourlyRate.usd(usd.toString()).nanoUsdPerHour());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0.526, 526000000",
        "1e-3, 1000000",
        "-2.5, -2500000000",
        "0.0000000005, 0",
        "0.0000000015, 2",
        "0.00000000051, 1",
        "9223372036.854775807, 9223372036854775807",
        "-9223372036.854775808, -9223372036854775808"
    })
    void usd_text_isReadExactly(String usd, long nano) {
        assertThat(HourlyRate.usd(usd).nanoUsdPerHour()).isEqualTo(nano);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "free", "1,5", "0.5 USD", "1..2", "NaN", "Infinity", "0x10"})
    void usd_noNumber_isRefusedAndNamed(String usd) {
        assertThatThrownBy(() -> HourlyRate.usd(usd))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("'" + usd + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036.854775808", "-9223372036.854775809", "1e12", "1e300"})
    void usd_outOfRange_isAnArithmeticErrorThatNamesIt(String usd) {
        assertThatThrownBy(() -> HourlyRate.usd(usd))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(new BigDecimal(usd).toString());
    }

    /** A few bytes of input must not cost megabytes and seconds: 1e99999999 has a hundred million digits. */
    @ParameterizedTest
    @ValueSource(strings = {"1e99999999", "-1e999999999", "1e2147483647"})
    void usd_hugeExponent_isAnArithmeticErrorAtOnce(String usd) {
        assertThatThrownBy(() -> HourlyRate.usd(usd))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining(new BigDecimal(usd).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-99999999", "-1e-999999999", "0e-2147483647", "0e2147483647"})
    void usd_tinyExponent_isZeroAtOnce(String usd) {
        assertThat(HourlyRate.usd(usd)).isEqualTo(HourlyRate.ZERO);
    }

    @Test
    void usd_null_isRefusedByName() {
        assertThatThrownBy(() -> HourlyRate.usd((String) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("usdPerHour");
    }

    @Test
    void toUsd_any_isExactWithNineDecimalsAndReadsBack() {
        Law.holds(CASES, gen -> {
            HourlyRate rate = HourlyRate.ofNanoUsd(gen.anyLong());
            assertThat(rate.toUsd()).isEqualTo(new BigDecimal(big(rate.nanoUsdPerHour()), 9));
            assertThat(HourlyRate.usd(rate.toUsd())).isEqualTo(rate);
            String text = rate.toString();
            assertThat(text).endsWith(" USD/h").doesNotContain("E");
            assertThat(HourlyRate.usd(text.substring(0, text.indexOf(' ')))).isEqualTo(rate);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "526000000, 0.526 USD/h",
        "0, 0 USD/h",
        "100000000000, 100 USD/h",
        "-1, -0.000000001 USD/h",
        "1500000000, 1.5 USD/h"
    })
    void toString_any_isPlainDollarsWithoutTrailingZeros(long nano, String text) {
        assertThat(HourlyRate.ofNanoUsd(nano)).hasToString(text);
    }

    @Test
    void overflow_anywhere_namesTheValueThatDoesNotFit() {
        HourlyRate most = HourlyRate.ofNanoUsd(Long.MAX_VALUE);
        HourlyRate least = HourlyRate.ofNanoUsd(Long.MIN_VALUE);

        assertThatThrownBy(() -> most.plus(HourlyRate.ofNanoUsd(1)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("rate of 9223372036.854775808 USD/h is out of range");
        assertThatThrownBy(() -> least.minus(most))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("rate of -18446744073.709551615 USD/h is out of range");
        assertThatThrownBy(() -> most.share(1_000_000, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("rate of 9223372036854775.807000000 USD/h is out of range");
        assertThatThrownBy(() -> most.nanoUsdForSeconds(7200))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("cost of 18446744073.709551614 USD does not fit 64 bits of nano-USD");
    }
}
