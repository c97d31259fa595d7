package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GpuCountTest {

    private static final int CASES = 10_000;

    private static GpuCount any(Gen gen) {
        return gen.oneIn(2)
                ? GpuCount.of(gen.between(1L, gen.pick(16L, 1_000_000L)))
                : new GpuCount(gen.between(1L, 1_000_000L), gen.between(1L, 1_000_000L));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "8, 8, 1",
        "0.46, 23, 50",
        "0.5, 1, 2",
        "0.125, 1, 8",
        "1.5, 3, 2",
        "0.000001, 1, 1000000",
        "1000000, 1000000, 1",
        "' 8 ', 8, 1",
        "8.000, 8, 1",
        "0.460000, 23, 50",
        "1e1, 10, 1",
        "46e-2, 23, 50"
    })
    void parse_number_isTheReducedFraction(String text, long numerator, long denominator) {
        assertThat(GpuCount.parse(text)).isEqualTo(new GpuCount(numerator, denominator));
        assertThat(GpuCount.parse(text).numerator()).isEqualTo(numerator);
        assertThat(GpuCount.parse(text).denominator()).isEqualTo(denominator);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "0",
                "-1",
                "-0.5",
                "0.0000001",
                "1000000.1",
                "1000001",
                "1/3",
                "1,5",
                "NaN",
                "1e7",
                "1e-7",
                "1e999999999",
                "1e-999999999",
                "1e2147483647",
                "0e2147483647"
            })
    void parse_anythingElse_isRefusedAndNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuCount.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1", "1, -1", "-8, -1", "1000001, 1", "1, 1000001", "1000003, 999983"})
    void constructor_outOfRange_isRefusedWithTheFraction(long numerator, long denominator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GpuCount(numerator, denominator))
                .withMessageContaining(numerator + "/" + denominator);
    }

    @Test
    void constructor_wideFractionThatReduces_isTaken() {
        assertThat(new GpuCount(3_000_000_000_000L, 9_000_000_000_000L)).isEqualTo(new GpuCount(1, 3));
    }

    @Test
    void equals_sameNumberWrittenDifferently_isTrue() {
        assertThat(new GpuCount(2, 4)).isEqualTo(GpuCount.parse("0.5")).hasSameHashCodeAs(GpuCount.parse("0.50"));
        assertThat(GpuCount.ONE).isEqualTo(GpuCount.of(1));
    }

    @Test
    void isFraction_onlyBelowOne() {
        assertThat(GpuCount.parse("0.999999").isFraction()).isTrue();
        assertThat(GpuCount.ONE.isFraction()).isFalse();
        assertThat(GpuCount.parse("1.5").isFraction()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 8, 1",
        "8, 8, 1",
        "9, 8, 2",
        "16, 8, 2",
        "17, 8, 3",
        "0.46, 1, 1",
        "0.46, 0.25, 2",
        "1, 0.3, 4",
        "1.5, 1, 2",
        "0.000001, 1000000, 1"
    })
    void machinesOf_namedCases_roundUp(String needed, String machine, long machines) {
        assertThat(GpuCount.parse(needed).machinesOf(GpuCount.parse(machine))).isEqualTo(machines);
    }

    @Test
    void machinesOf_anyTwo_isTheLeastNumberThatHoldsThem() {
        Law.holds(CASES, gen -> {
            GpuCount needed = any(gen);
            GpuCount machine = any(gen);
            BigInteger[] quotient = BigInteger.valueOf(needed.numerator())
                    .multiply(BigInteger.valueOf(machine.denominator()))
                    .divideAndRemainder(
                            BigInteger.valueOf(needed.denominator()).multiply(BigInteger.valueOf(machine.numerator())));
            long expected = quotient[0].longValueExact() + quotient[1].signum();
            assertThat(needed.machinesOf(machine)).isEqualTo(expected).isPositive();
        });
    }

    @Test
    void compareTo_anyTwo_agreesWithFractionsAndEquals() {
        Law.holds(CASES, gen -> {
            GpuCount a = any(gen);
            GpuCount b = gen.oneIn(5) ? new GpuCount(a.numerator(), a.denominator()) : any(gen);
            int expected = BigInteger.valueOf(a.numerator())
                    .multiply(BigInteger.valueOf(b.denominator()))
                    .compareTo(BigInteger.valueOf(b.numerator()).multiply(BigInteger.valueOf(a.denominator())));
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(expected);
            assertThat(a.equals(b)).isEqualTo(expected == 0);
        });
    }

    @Test
    void toString_anyDecimal_readsBack() {
        Law.holds(CASES, gen -> {
            GpuCount count = new GpuCount(gen.between(1L, 1_000_000L), gen.pick(1, 2, 4, 5, 8, 50, 1_000, 1_000_000));
            assertThat(GpuCount.parse(count.toString())).isEqualTo(count);
        });
    }

    @ParameterizedTest
    @CsvSource({"8, 1, 8", "23, 50, 0.46", "1, 3, 1/3", "100, 1, 100", "1, 1000000, 0.000001"})
    void toString_any_isADecimalWhereItIsOne(long numerator, long denominator, String text) {
        assertThat(new GpuCount(numerator, denominator)).hasToString(text);
    }
}
