package cloud.dumont.economy.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one benchmark method took.
 *
 * @param type the benchmark class, with its package
 * @param method its method
 * @param parameters such as {@code instances=1000}; blank where there are none
 * @param nanos mean time of one operation
 * @param error half of the 99.9% interval around it, in nanoseconds
 * @param bestNanos time of one operation in the fastest iteration
 * @param bytes garbage of one operation
 */
record Measurement(
        String type, String method, String parameters, double nanos, double error, double bestNanos, double bytes) {

    private static final String GARBAGE = "gc.alloc.rate.norm";

    static Measurement of(RunResult run) {
        BenchmarkParams params = run.getParams();
        List<String> parameters = new ArrayList<>();
        params.getParamsKeys().forEach(key -> parameters.add(key + "=" + params.getParam(key)));
        Result<?> time = run.getPrimaryResult();
        double unit = params.getTimeUnit().toNanos(1);
        return new Measurement(
                typeOf(params.getBenchmark()),
                methodOf(params.getBenchmark()),
                String.join(", ", parameters),
                time.getScore() * unit,
                time.getScoreError() * unit,
                time.getStatistics().getMin() * unit,
                Objects.requireNonNull(run.getSecondaryResults().get(GARBAGE), GARBAGE)
                        .getScore());
    }

    /** From an entry of JMH's JSON. */
    static Measurement of(JsonNode run) {
        String name = run.path("benchmark").asText();
        List<String> parameters = new ArrayList<>();
        run.path("params")
                .properties()
                .forEach(field ->
                        parameters.add(field.getKey() + "=" + field.getValue().asText()));
        JsonNode time = run.path("primaryMetric");
        double unit = nanos(time.path("scoreUnit").asText());
        double best = Double.POSITIVE_INFINITY;
        for (JsonNode fork : time.path("rawData")) {
            for (JsonNode iteration : fork) {
                best = Math.min(best, iteration.asDouble());
            }
        }
        return new Measurement(
                typeOf(name),
                methodOf(name),
                String.join(", ", parameters),
                time.path("score").asDouble() * unit,
                time.path("scoreError").asDouble() * unit,
                best * unit,
                run.path("secondaryMetrics").path(GARBAGE).path("score").asDouble());
    }

    private static double nanos(String scoreUnit) {
        return switch (scoreUnit) {
            case "ns/op" -> 1;
            case "us/op" -> TimeUnit.MICROSECONDS.toNanos(1);
            case "ms/op" -> TimeUnit.MILLISECONDS.toNanos(1);
            case "s/op" -> TimeUnit.SECONDS.toNanos(1);
            default ->
                throw new IllegalArgumentException(
                        "results in " + scoreUnit + ": allowed are ns/op, us/op, ms/op and s/op (Mode.AverageTime)");
        };
    }

    private static String typeOf(String benchmark) {
        return benchmark.substring(0, benchmark.lastIndexOf('.'));
    }

    private static String methodOf(String benchmark) {
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    /** The class without its package and without the word they all end with. */
    String subject() {
        return type.substring(type.lastIndexOf('.') + 1).replaceAll("Benchmark$", "");
    }

    /** Method and parameters. */
    String label() {
        return parameters.isEmpty() ? method : method + " " + parameters;
    }

    boolean isRival() {
        return method(type, method).isAnnotationPresent(Rival.class);
    }

    List<Goal> goals() {
        return Arrays.stream(method(type, method).getAnnotationsByType(Goal.class))
                .filter(goal -> goal.at().equals(parameters))
                .toList();
    }

    /** The benchmark method of that name. */
    static Method method(String type, String name) {
        try {
            return Arrays.stream(Class.forName(type).getMethods())
                    .filter(method -> method.getName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(type + " has no method " + name));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("results of another version: there is no " + type, e);
        }
    }

    /** Time in its handiest unit, with three digits. */
    static String time(double nanos) {
        if (nanos < 999.5) {
            return threeDigits(nanos) + " ns";
        }
        if (nanos < 999.5e3) {
            return threeDigits(nanos / 1e3) + " µs";
        }
        return nanos < 999.5e6 ? threeDigits(nanos / 1e6) + " ms" : threeDigits(nanos / 1e9) + " s";
    }

    static String threeDigits(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Garbage in its handiest unit; what rounds to nothing is JMH's own. */
    static String bytes(double bytes) {
        if (bytes < 9_999.5) {
            return String.format(Locale.ROOT, "%,d B", Math.round(bytes));
        }
        return bytes < 999.5e3 ? threeDigits(bytes / 1e3) + " kB" : threeDigits(bytes / 1e6) + " MB";
    }
}
