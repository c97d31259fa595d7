package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource({
        "'a\u0000b', U+0000 at place 2",
        "'a\tb', U+0009 at place 2",
        "'a\u0085b', U+0085",
        "'a\uD800', U+D800 at place 2",
        "'\uDC00a', U+DC00",
        "'a\u202Eb', U+202E",
        "'a\u2066b', U+2066",
        "'a\u200Eb', U+200E",
        "'\u00A0a', U+00A0 at place 1",
        "'a\u200B', U+200B at place 2",
        "'a\uFEFF', U+FEFF",
        "'a\u2060', U+2060",
        "'a\u00A0  ', U+00A0 at place 2"
    })
    void textThatIsNotSeen_orThatNoDatabaseHolds_isRefusedByItsCodePoint(String text, String named) {
        for (ThrowingCallable made : List.<ThrowingCallable>of(
                () -> AccountId.of(text),
                () -> InstanceId.of(text),
                () -> instance().gpu(text, 4).build(),
                () -> instance().region(Region.of(text)).build())) {
            assertThatIllegalArgumentException().isThrownBy(made).withMessageContaining(named);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ac\u200Bme", "ac\u00A0me", "ac\u2060me", "ac\uFEFFme", "ac\u00ADme", "ac\u202Fme"})
    void idsThatLookLikeAnother_areRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccountId.of(text))
                .withMessageContaining("at place 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstanceId.of(text))
                .withMessageContaining("at place 3");
    }

    @Test
    void textInAnyWriting_isFine() {
        String text = "máquina 漢字 العربية 😀 a\u200Db";
        assertThat(InstanceId.of(text).value()).isEqualTo(text);
        assertThat(instance().gpu(text, 1).build().gpuName()).contains(text);
    }

    @Test
    void textsAndNumbers_longerThanADatabaseHolds_areRefusedWithTheLimit() {
        assertThat(instance()
                        .gpu("x".repeat(1_000), 1)
                        .region(Region.of("y".repeat(1_000)))
                        .build()
                        .gpuName())
                .isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> instance().gpu("x".repeat(1_001), 1).build())
                .withMessageContaining("the name of a GPU has at most 1000 characters, not 1001");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> instance().region(Region.of("y".repeat(1_001))).build())
                .withMessageContaining("a region has at most 1000 characters");
        assertThat(instance().vcpus(new BigDecimal("1e99")).build().vcpus()).isPresent();
        for (String number : List.of("1e100", "1e-100", "1." + "1".repeat(100), "1e999999999", "1e-999999999")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> instance().vcpus(new BigDecimal(number)).build())
                    .withMessageContaining("vCPUs must have at most 100 digits");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> instance().memoryGib(new BigDecimal(number)).build())
                    .withMessageContaining("memory in GiB must have at most 100 digits");
        }
    }
}
