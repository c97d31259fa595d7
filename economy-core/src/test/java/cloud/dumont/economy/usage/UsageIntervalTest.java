package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts themselves: intervals, instances, ids and states. */
class UsageIntervalTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Instance VM = Instance.builder(ACCOUNT, "vm-1").build();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void constructor_fractionsOfASecond_areCutOff() {
        UsageInterval interval =
                UsageInterval.between(VM, InstanceState.RUNNING, NOON.plusMillis(999), NOON.plusMillis(1_999));

        assertThat(interval).isEqualTo(UsageInterval.between(VM, InstanceState.RUNNING, NOON, NOON.plusSeconds(1)));
    }

    @Test
    void constructor_endBeforeStart_isRefusedWithBoth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsageInterval.between(VM, InstanceState.RUNNING, NOON, NOON.minusSeconds(1)))
                .withMessageContaining("2026-03-01T12:00:00Z")
                .withMessageContaining("2026-03-01T11:59:59Z");
    }

    @Test
    void endedAt_openInterval_isTheSameFactWithAnEnd() {
        UsageInterval open = UsageInterval.openFrom(VM, InstanceState.IDLE, NOON);

        assertThat(open.isOpen()).isTrue();
        assertThat(open.endedAt(NOON.plusSeconds(9)))
                .isEqualTo(UsageInterval.between(VM, InstanceState.IDLE, NOON, NOON.plusSeconds(9)));
        assertThatIllegalArgumentException().isThrownBy(() -> open.endedAt(NOON.minusSeconds(1)));
    }

    @Test
    void inferred_closedInterval_isTheSameFactWithOtherEvidence() {
        UsageInterval seen = UsageInterval.between(VM, InstanceState.IDLE, NOON, NOON.plusSeconds(9));

        assertThat(seen.evidence()).isEqualTo(Evidence.OBSERVED);
        assertThat(seen.inferred().evidence()).isEqualTo(Evidence.INFERRED);
        assertThat(seen.inferred()).isNotEqualTo(seen).hasToString(seen + ", inferred");
        assertThat(seen.inferred().endedAt(NOON.plusSeconds(1)).isInferred()).isTrue();
    }

    @Test
    void inferred_openInterval_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        UsageInterval.openFrom(VM, InstanceState.IDLE, NOON).inferred())
                .withMessageContaining("2026-03-01T12:00:00Z");
    }

    @Test
    void instance_equalFactsWrittenDifferently_areEqual() {
        Instance one = Instance.builder(ACCOUNT, "vm-1")
                .gpu(" T4 ", GpuCount.parse("0.50"))
                .memoryGib(new BigDecimal("16.00"))
                .region(Region.of("EU-West"))
                .rate(HourlyRate.usd("0.20"))
                .build();
        Instance other = Instance.builder(ACCOUNT, "vm-1")
                .gpu("T4", new GpuCount(1, 2))
                .memoryGib(new BigDecimal("16"))
                .region(Region.of("eu-west"))
                .rate(HourlyRate.usd("0.2000"))
                .build();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    }

    @Test
    void instance_blankGpuName_isUnknown() {
        assertThat(Instance.builder(ACCOUNT, "vm-1").gpu("  ", 1).build().gpuName())
                .isEmpty();
    }

    @Test
    void instance_negativeRates_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Instance.builder(ACCOUNT, "vm-1")
                        .rate(HourlyRate.usd("-0.01"))
                        .build())
                .withMessageContaining("-0.01");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Instance.builder(ACCOUNT, "vm-1")
                        .storageRate(HourlyRate.usd("-0.01"))
                        .build());
        assertThat(Instance.builder(ACCOUNT, "vm-1")
                        .rate(HourlyRate.ZERO)
                        .build()
                        .rate())
                .contains(HourlyRate.ZERO);
    }

    @Test
    void instance_unknownRate_isNotZero() {
        assertThat(VM.rate()).isEmpty();
        assertThat(VM).isNotEqualTo(VM.withRate(HourlyRate.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void ids_blank_areRefused(String blank) {
        assertThatIllegalArgumentException().isThrownBy(() -> AccountId.of(blank));
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceId.of(blank));
    }

    @Test
    void ids_length_isLimitedTo200() {
        assertThat(AccountId.of("a".repeat(200)).value()).hasSize(200);
        assertThat(InstanceId.of("i".repeat(200)).value()).hasSize(200);
        assertThatIllegalArgumentException().isThrownBy(() -> AccountId.of("a".repeat(201)));
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceId.of("i".repeat(201)));
    }

    @ParameterizedTest
    @EnumSource
    void state_onlyRunningAndIdle_areBillable(InstanceState state) {
        assertThat(state.isBillable()).isEqualTo(state == InstanceState.RUNNING || state == InstanceState.IDLE);
        assertThat(state.isPaused()).isEqualTo(state == InstanceState.HIBERNATED || state == InstanceState.STOPPED);
        assertThat(InstanceState.parse(" " + state.name().toLowerCase(Locale.ROOT)))
                .isEqualTo(state);
    }

    @Test
    void state_unknown_isRefusedWithAllThatAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstanceState.parse("paused"))
                .withMessageContaining("'paused'")
                .withMessageContaining("[running, idle, hibernated, stopped, terminated]");
    }
}
