package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An error of a moment that cannot be told must not change what is told of others. */
class SavingsMeterOverflowTest {

    private static final Provider NEO = Provider.of("neo");
    private static final Instant START = Prices.START;

    private static UsageInterval open(String id, String usdPerHour, long second) {
        return UsageInterval.openFrom(
                Instance.builder(AccountId.of("acme"), id)
                        .gpu("T4", 1)
                        .rate(HourlyRate.usd(usdPerHour))
                        .build(),
                InstanceState.RUNNING,
                START.plusSeconds(second));
    }

    @Test
    void readingThatOverflows_leavesEveryOtherMomentAsItWas() {
        SavingsMeter meter = SavingsMeter.create(
                PriceCatalog.of(List.of(Prices.row(NEO, "global", "t4", "T4", "1", "1"))),
                GpuCatalog.bundled(),
                EquivalencePolicy.standard(GpuCatalog.bundled()),
                Baseline.onDemand(NEO));
        meter.append(List.of(open("small", "0.1", 0)));
        meter.append(List.of(
                open("one", "4000000000", 9_000),
                open("two", "4000000000", 9_000),
                open("three", "4000000000", 9_000)));
        assertThat(meter.savings(START.plusSeconds(8_000)).toUsd()).isEqualByComparingTo("2");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> meter.savings(START.plusSeconds(10_000))).isInstanceOf(ArithmeticException.class);
            assertThat(meter.savings(START.minusSeconds(1))).isEqualTo(Amount.ZERO);
            assertThat(meter.savings(START.plusSeconds(8_000)).toUsd()).isEqualByComparingTo("2");
        }
    }

    @Test
    void appendThatOverflowsWhereItWasRead_takesNothing() {
        SavingsMeter meter = SavingsMeter.create(
                PriceCatalog.of(List.of(Prices.row(NEO, "global", "t4", "T4", "1", "1"))),
                GpuCatalog.bundled(),
                EquivalencePolicy.standard(GpuCatalog.bundled()),
                Baseline.onDemand(NEO));
        meter.append(List.of(open("small", "0.1", 0)));
        Amount before = meter.savings(START.plusSeconds(10_000));
        List<UsageInterval> absurd = List.of(
                open("one", "4000000000", 9_000), open("two", "4000000000", 9_000), open("three", "4000000000", 9_000));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> meter.append(absurd)).isInstanceOf(ArithmeticException.class);
            assertThat(meter.savings(START.plusSeconds(10_000))).isEqualTo(before);
            assertThat(meter.savings(START.plusSeconds(1_000_000)).toUsd()).isEqualByComparingTo("250");
            assertThat(meter.savings(START.plusSeconds(10_000))).isEqualTo(before);
        }
    }
}
