package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuMemoryTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "16384.1", "1e999999999", "1e-999999999"})
    void ofGib_outOfRange_isRefused(String gib) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuMemory.ofGib(new BigDecimal(gib)))
                .withMessageContaining("the memory of one GPU must be");
    }

    @Test
    void ofMib_outOfRange_isRefused() {
        assertThat(GpuMemory.ofMib(16_777_216).gib()).isEqualByComparingTo("16384");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GpuMemory.ofMib(0))
                .withMessageContaining("0 MiB");
        assertThatIllegalArgumentException().isThrownBy(() -> GpuMemory.ofMib(16_777_217));
    }

    @Test
    void gib_isExact() {
        assertThat(GpuMemory.ofMib(81_559).gib()).isEqualTo(new BigDecimal("79.6474609375"));
        assertThat(GpuMemory.ofMib(1).gib()).isEqualTo(new BigDecimal("0.0009765625"));
    }

    @Test
    void toString_isInGibWhereThatIsWhole() {
        assertThat(GpuMemory.ofMib(81_559)).hasToString("81559 MiB");
        assertThat(GpuMemory.ofGib(new BigDecimal("80"))).hasToString("80 GiB");
    }
}
