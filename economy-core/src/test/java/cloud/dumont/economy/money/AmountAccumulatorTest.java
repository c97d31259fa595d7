package cloud.dumont.economy.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.testing.Law;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class AmountAccumulatorTest {

    @Test
    void toAmount_nothingAdded_isZero() {
        assertThat(new AmountAccumulator().toAmount()).isEqualTo(Amount.ZERO);
    }

    @Test
    void add_anyProductsAndAmounts_isTheExactSumOrAnErrorThatChangesNothing() {
        Law.holds(10_000, gen -> {
            AmountAccumulator sum = new AmountAccumulator();
            BigInteger expected = BigInteger.ZERO;
            for (int i = gen.between(1, 30); i > 0; i--) {
                BigInteger added;
                Runnable add;
                if (gen.oneIn(2)) {
                    long rate = gen.anyLong();
                    long seconds = gen.anyLong();
                    added = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(seconds));
                    add = () -> sum.add(rate, seconds);
                } else {
                    added = gen.anyBigInteger(127);
                    Amount amount = Amount.ofQuanta(added);
                    add = () -> sum.add(amount);
                }
                if (expected.add(added).bitLength() > 127) {
                    assertThatThrownBy(add::run).isInstanceOf(ArithmeticException.class);
                } else {
                    add.run();
                    expected = expected.add(added);
                }
                assertThat(sum.toAmount().toQuanta()).isEqualTo(expected);
            }
        });
    }

    @Test
    void add_intervalCutAnywhere_sumsToItself() {
        Law.holds(10_000, gen -> {
            long rate = gen.anyLong();
            long seconds = gen.between(0L, 4_000_000_000L);
            long cut = gen.between(0L, seconds);
            AmountAccumulator parts = new AmountAccumulator();
            parts.add(rate, cut);
            parts.add(rate, seconds - cut);
            assertThat(parts.toAmount()).isEqualTo(HourlyRate.ofNanoUsd(rate).forSeconds(seconds));
        });
    }

    @Test
    void add_pastTheGreatest_keepsWhatWasThere() {
        Amount most = Amount.ofQuanta(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));
        AmountAccumulator sum = new AmountAccumulator();
        sum.add(most);

        assertThatThrownBy(() -> sum.add(1, 1)).isInstanceOf(ArithmeticException.class);
        assertThat(sum.toAmount()).isEqualTo(most);
    }
}
