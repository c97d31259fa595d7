package cloud.dumont.economy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final String COST = CostPerInstanceHourBenchmark.class.getName();
    private static final String FLEET = FleetSnapshotBenchmark.class.getName();

    private static Measurement measured(String type, String method, String parameters, double nanos, double bytes) {
        return new Measurement(type, method, parameters, nanos, 0, nanos, bytes);
    }

    private static Outcome cost(double ours, double bytes, double plain) {
        return Outcome.of(List.of(
                        measured(COST, "oneEconomy", "", ours, bytes), measured(COST, "oneBigDecimal", "", plain, 80)))
                .get(0);
    }

    @Test
    void of_farAheadWithoutGarbage_isReached() {
        assertThat(cost(2, 0.01, 20))
                .matches(Outcome::isReached)
                .matches(o -> !o.allocatesTooMuch() && !o.losesItsLead());
    }

    @Test
    void of_aheadButNotFarEnough_isNotReachedYetHeld() {
        assertThat(cost(4, 0, 20)).matches(o -> !o.isReached()).matches(o -> !o.losesItsLead());
    }

    @Test
    void of_leadLost_isSaid() {
        assertThat(cost(10, 0, 20)).matches(Outcome::losesItsLead);
    }

    @Test
    void of_oneObjectPerOperation_isSaid() {
        assertThat(cost(2, 16, 20)).matches(Outcome::allocatesTooMuch).matches(o -> !o.isReached());
    }

    @Test
    void of_severalParameters_comparesTheNamedOnes() {
        List<Outcome> outcomes = Outcome.of(List.of(
                measured(FLEET, "liveTotal", "instances=1", 10, 32),
                measured(FLEET, "liveTotal", "instances=1000", 20, 32),
                measured(FLEET, "plainService", "instances=1", 50, 248),
                measured(FLEET, "plainService", "instances=1000", 60_000, 224_000)));
        assertThat(outcomes).extracting(o -> o.lead().orElseThrow()).containsExactlyInAnyOrder(3_000.0, 0.5);
    }

    @Test
    void of_counterpartNotMeasured_isLeftOut() {
        assertThat(Outcome.of(List.of(measured(COST, "oneEconomy", "", 2, 0)))).isEmpty();
    }
}
