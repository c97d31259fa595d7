package cloud.dumont.economy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

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

    @Test
    void everyGoalNamesTheParametersThatItsBenchmarkHas() throws Exception {
        List<String> goals = new ArrayList<>();
        for (Class<?> benchmark : benchmarks()) {
            for (Method method : benchmark.getMethods()) {
                for (Goal goal : method.getAnnotationsByType(Goal.class)) {
                    goals.add(goal.question());
                    assertThat(combinations(benchmark, method))
                            .as(goal.question())
                            .contains(goal.at());
                }
            }
        }
        assertThat(goals).hasSizeGreaterThan(20);
    }

    private static List<Class<?>> benchmarks() throws Exception {
        Path classes = Path.of(Benchmarks.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> benchmarks = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(classes.resolve(Benchmarks.class.getPackageName().replace('.', '/')))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith("Benchmark.class")) {
                    benchmarks.add(Class.forName(Benchmarks.class.getPackageName() + "."
                            + name.substring(0, name.length() - ".class".length())));
                }
            }
        }
        return benchmarks;
    }

    /** As results name them: sorted by name, of the class and of what the method is given. */
    private static List<String> combinations(Class<?> benchmark, Method method) {
        SortedMap<String, List<String>> parameters = new TreeMap<>();
        Stream.concat(Stream.of(benchmark), Stream.of(method.getParameterTypes()))
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> field.isAnnotationPresent(Param.class))
                .forEach(field -> parameters.put(
                        field.getName(),
                        List.of(field.getAnnotation(Param.class).value())));
        List<String> combinations = List.of("");
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            combinations = combinations.stream()
                    .flatMap(before -> parameter.getValue().stream()
                            .map(value -> before + (before.isEmpty() ? "" : ", ") + parameter.getKey() + "=" + value))
                    .toList();
        }
        return combinations;
    }
}
