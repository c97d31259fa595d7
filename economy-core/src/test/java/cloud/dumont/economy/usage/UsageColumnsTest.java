package cloud.dumont.economy.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageColumnsTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final UsageKind RUNNING = new UsageKind(
            Optional.of("T4"), GpuCount.ONE, Optional.empty(), InstanceState.RUNNING, Evidence.OBSERVED, true);

    private final UsageColumns.Builder columns = UsageColumns.builder();

    @Test
    void timeline_billableTime_isThereRowByRow() {
        Instance vm = Instance.builder(ACME, "vm-1")
                .gpu("T4", 1)
                .rate(HourlyRate.ofNanoUsd(7))
                .build();
        Instance free = Instance.builder(ACME, "vm-1").gpu("T4", 1).build();
        InstanceTimeline timeline = InstanceTimeline.EMPTY.plusAll(List.of(
                UsageInterval.between(vm, InstanceState.RUNNING, Instant.ofEpochSecond(10), Instant.ofEpochSecond(20)),
                UsageInterval.between(vm, InstanceState.STOPPED, Instant.ofEpochSecond(20), Instant.ofEpochSecond(30)),
                UsageInterval.openFrom(free, InstanceState.IDLE, Instant.ofEpochSecond(30))));

        UsageColumns built = columns.add(InstanceTimeline.EMPTY).add(timeline).build();

        assertThat(built.instanceCount()).isEqualTo(1);
        assertThat(List.of(built.accountCount(), built.firstInstance(0), built.firstInstance(1)))
                .containsExactly(1, 0, 1);
        assertThat(built.account(0)).isEqualTo(ACME);
        assertThat(built.instance(0)).isEqualTo(InstanceId.of("vm-1"));
        assertThat(List.of(built.firstRow(0), built.firstRow(1), built.size())).containsExactly(0, 2, 2);
        assertThat(List.of(built.startSecond(0), built.endSecond(0), built.nanoUsdPerHour(0)))
                .containsExactly(10L, 20L, 7L);
        assertThat(List.of(built.startSecond(1), built.endSecond(1), built.nanoUsdPerHour(1)))
                .containsExactly(30L, UsageColumns.OPEN, 0L);
        assertThat(built.kinds().get(built.kind(0))).isEqualTo(RUNNING);
        assertThat(built.kinds().get(built.kind(1)))
                .isEqualTo(new UsageKind(
                        Optional.of("T4"),
                        GpuCount.ONE,
                        Optional.empty(),
                        InstanceState.IDLE,
                        Evidence.OBSERVED,
                        false));
    }

    @Test
    void moreRowsThanExpected_areAllThere() {
        int kind = columns.kind(RUNNING);
        for (int i = 0; i < 5_000; i++) {
            columns.instance(AccountId.of(String.format("acct-%05d", i / 2)), InstanceId.of("vm-" + i % 2))
                    .interval(kind, i, i, i + 1);
        }
        UsageColumns built = columns.build();

        assertThat(built.size()).isEqualTo(5_000);
        assertThat(built.accountCount()).isEqualTo(2_500);
        for (int account = 0; account <= 2_500; account++) {
            assertThat(built.firstInstance(account)).isEqualTo(2 * account);
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(built.firstRow(i)).isEqualTo(i);
            assertThat(built.nanoUsdPerHour(i)).isEqualTo(i);
        }
    }

    @Test
    void instancesOutOfOrder_areRefusedWithBoth() {
        columns.instance(ACME, InstanceId.of("vm-2"));

        assertThatThrownBy(() -> columns.instance(ACME, InstanceId.of("vm-2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme/vm-2 after acme/vm-2");
        assertThatThrownBy(() -> columns.instance(AccountId.of("aaa"), InstanceId.of("vm-9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("aaa/vm-9");
        assertThat(columns.instance(AccountId.of("zzz"), InstanceId.of("vm-1"))
                        .build()
                        .instanceCount())
                .isEqualTo(2);
    }

    @Test
    void intervalsThatOverlapOrAreEmpty_areRefused() {
        int kind = columns.kind(RUNNING);
        columns.instance(ACME, InstanceId.of("vm-1")).interval(kind, 1, 10, 20);

        assertThatThrownBy(() -> columns.interval(kind, 1, 19, 30))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("[19, 30)", "[10, 20)", "acme/vm-1");
        assertThatThrownBy(() -> columns.interval(kind, 1, 30, 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> columns.interval(kind, -1, 30, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> columns.interval(7, 1, 30, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThat(columns.interval(kind, 1, 20, 21).build().size()).isEqualTo(2);
    }

    @Test
    void intervalOfNobody_isRefused() {
        int kind = columns.kind(RUNNING);

        assertThatThrownBy(() -> columns.interval(kind, 1, 1, 2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void kindThatCostsNothing_isRefused() {
        UsageKind stopped = new UsageKind(
                Optional.of("T4"), GpuCount.ONE, Optional.empty(), InstanceState.STOPPED, Evidence.OBSERVED, true);

        assertThatThrownBy(() -> columns.kind(stopped))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("STOPPED");
    }
}
