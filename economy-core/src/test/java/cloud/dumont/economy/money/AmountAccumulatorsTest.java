package cloud.dumont.economy.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.testing.Law;
import org.junit.jupiter.api.Test;

class AmountAccumulatorsTest {

    @Test
    void each_isWhatOneAccumulatorWouldBe() {
        Law.holds(3_000, gen -> {
            AmountAccumulators many = new AmountAccumulators(3);
            AmountAccumulator[] single = {new AmountAccumulator(), new AmountAccumulator(), new AmountAccumulator()};
            for (int i = gen.between(0, 40); i > 0; i--) {
                int index = gen.between(0, 2);
                long rate = gen.anyLong() / 64; // 40 of them fit
                long seconds = gen.anyLong();
                many.add(index, rate, seconds);
                single[index].add(rate, seconds);
            }
            for (int index = 0; index < 3; index++) {
                assertThat(many.take(index)).isEqualTo(single[index].toAmount());
                assertThat(many.take(index)).isEqualTo(Amount.ZERO);
            }
        });
    }

    @Test
    void overflow_isAnError_andLeavesTheSumAsItWas() {
        AmountAccumulators sums = new AmountAccumulators(1);
        sums.add(0, Long.MIN_VALUE, Long.MIN_VALUE);
        Amount before = HourlyRate.ofNanoUsd(Long.MIN_VALUE).forSeconds(Long.MIN_VALUE);

        assertThatThrownBy(() -> sums.add(0, Long.MIN_VALUE, Long.MIN_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThat(sums.take(0)).isEqualTo(before);
    }
}
