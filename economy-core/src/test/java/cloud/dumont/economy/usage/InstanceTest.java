package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.money.HourlyRate;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class InstanceTest {

    private static Instance.Builder instance() {
        return Instance.builder(AccountId.of("acme"), "vm-1").gpu("Tesla-T4-SHARED", 4);
    }

    @Test
    void gpuMemory_isOneFact_inMibOrGib() {
        assertThat(instance().gpuMemoryMib(81_920).build())
                .isEqualTo(instance().gpuMemoryGib(new BigDecimal("80.0")).build())
                .isNotEqualTo(instance().build())
                .isNotEqualTo(instance().gpuMemoryMib(81_559).build());
        assertThat(instance().gpuMemoryGib(new BigDecimal("79.6")).build().gpuMemory())
                .contains(GpuMemory.ofMib(81_510));
    }

    @Test
    void physicalGpus_areWhatIsCompared_whereTold() {
        assertThat(instance().build().comparedGpus()).isEqualTo(GpuCount.of(4));
        assertThat(instance().physicalGpus(1).build().comparedGpus()).isEqualTo(GpuCount.ONE);
        assertThat(instance().physicalGpus(GpuCount.parse("0.5")).build())
                .isNotEqualTo(instance().physicalGpus(1).build())
                .isNotEqualTo(instance().build());
    }

    @Test
    void physicalGpus_moreThanGpus_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> instance().physicalGpus(5).build())
                .withMessageContaining("at most the GPU count, 4, not 5");
    }

    @Test
    void withRate_keepsAllElse() {
        Instance instance = instance().physicalGpus(2).gpuMemoryMib(15_360).build();
        assertThat(instance.withRate(HourlyRate.usd("1")))
                .isEqualTo(instance()
                        .physicalGpus(2)
                        .gpuMemoryMib(15_360)
                        .rate(HourlyRate.usd("1"))
                        .build());
    }
}
