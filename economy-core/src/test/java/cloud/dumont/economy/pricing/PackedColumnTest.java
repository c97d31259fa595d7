package cloud.dumont.economy.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.testing.Law;
import org.junit.jupiter.api.Test;

class PackedColumnTest {

    @Test
    void get_anyNumbers_areThoseThatWerePutIn() {
        Law.holds(3_000, gen -> {
            long[] numbers = new long[gen.between(0, 200)];
            long base = gen.anyLong();
            long range = 1L << gen.between(0, 62);
            boolean any = gen.oneIn(4);
            for (int row = 0; row < numbers.length; row++) {
                numbers[row] = any ? gen.anyLong() : base + gen.between(0L, range - 1);
            }
            PackedColumn column = PackedColumn.of(numbers);
            for (int row = 0; row < numbers.length; row++) {
                assertThat(column.get(row)).as("row %s", row).isEqualTo(numbers[row]);
            }
        });
    }
}
