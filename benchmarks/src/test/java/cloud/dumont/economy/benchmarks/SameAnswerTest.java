package cloud.dumont.economy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.savings.Breakdown;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A comparison is one only if both sides do the same job. */
class SameAnswerTest {

    private static final int INSTANCES = 1_000;

    @Test
    void meterAndCalculator_sameFleet_sayTheSame() {
        Amount live = Fleet.meter(INSTANCES).savings(Fleet.LATER);
        assertThat(live.signum()).isNotZero();
        assertThat(Fleet.calculator(INSTANCES)
                        .report(Fleet.ACCOUNT, Fleet.BASELINE, Fleet.LATER)
                        .lifetime()
                        .savings())
                .isEqualTo(live);
    }

    @Test
    void plainService_sameFleet_differsByItsRoundingsOnly() {
        BigDecimal live = Fleet.meter(INSTANCES).savings(Fleet.LATER).toUsd(12, RoundingMode.HALF_EVEN);
        BigDecimal plain = new Fleet.PlainService(INSTANCES).savings(Fleet.LATER);
        assertThat(plain.subtract(live).abs()).isLessThan(BigDecimal.valueOf(INSTANCES, 9));
    }

    @Test
    void replay_andPlainService_differByItsRoundingsOnly() {
        BatchReplayBenchmark benchmark = new BatchReplayBenchmark();
        benchmark.prepare();
        Map<String, BigDecimal> plain = benchmark.plainService();

        Breakdown replay = benchmark.replay();

        assertThat(replay.groups()).hasSameSizeAs(plain.keySet());
        assertThat(benchmark.replayInParallel()).isEqualTo(replay);
        for (Breakdown.Group group : replay.groups()) {
            BigDecimal exact = group.totals().savings().toUsd(12, RoundingMode.HALF_EVEN);
            assertThat(plain.get(group.name()).subtract(exact).abs())
                    .isLessThan(BigDecimal.valueOf(2L * group.totals().instances(), 9));
        }
    }

    @Test
    void wrong_everyWay_countsWhatItRoundsTwice() {
        Map<String, Integer> wrong = CostData.wrong();
        assertThat(wrong)
                .containsEntry("economy", 0)
                .containsEntry("joda-money", 0)
                .containsEntry("decimal4j", 0);
        assertThat(wrong.get("BigDecimal, hours first")).isPositive();
        assertThat(wrong.get("Moneta FastMoney")).isPositive();
    }
}
