package cloud.dumont.economy.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the hot paths briefly and says where one allocates more than its goal allows, or has lost the lead that it is held to
 * ({@link Goal#held}). Never a time by itself: that would say more of the machine than of the code. What fails is measured once more
 * before it is said.
 */
final class Guard {

    private static final PrintStream OUT = System.out;
    private static final TimeValue ITERATION = TimeValue.milliseconds(200);

    private Guard() {}

    /** Whether all that is guarded holds. */
    static boolean run() throws RunnerException {
        List<Outcome> outcomes = measure();
        if (!problems(outcomes).isEmpty()) {
            OUT.println("Not all held; once more:");
            outcomes = measure();
        }
        List<String> problems = problems(outcomes);
        problems.forEach(problem -> OUT.println("FAILED: " + problem));
        if (problems.isEmpty()) {
            OUT.println("The guard holds: " + outcomes.size() + " of " + outcomes.size() + ".");
        }
        return problems.isEmpty();
    }

    private static List<String> problems(List<Outcome> outcomes) {
        List<String> problems = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            String name = outcome.ours().subject() + "." + outcome.ours().label();
            if (outcome.allocatesTooMuch()) {
                problems.add(String.format(
                        Locale.ROOT,
                        "%s allocates %.1f B/op; allowed are %.0f",
                        name,
                        outcome.ours().bytes(),
                        outcome.goal().bytes()));
            }
            if (outcome.losesItsLead()) {
                problems.add(String.format(
                        Locale.ROOT,
                        "%s is %.2f times as fast as %s; it is held to %.2f",
                        name,
                        outcome.bestLead().orElseThrow(),
                        outcome.other().orElseThrow().label(),
                        outcome.goal().held()));
            }
        }
        return problems;
    }

    private static List<Outcome> measure() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(3)
                .warmupTime(ITERATION)
                .measurementIterations(5)
                .measurementTime(ITERATION)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        TreeMap<String, Set<String>> parameters = new TreeMap<>();
        for (BenchmarkListEntry entry : benchmarks()) {
            String name = entry.getUsername();
            String type = name.substring(0, name.lastIndexOf('.'));
            for (Goal goal : guarded(type, name.substring(type.length() + 1))) {
                options.include(exactly(name)).include(exactly(type + "." + goal.against()));
                for (String parameter : List.of(goal.at(), goal.againstAt())) {
                    int equals = parameter.indexOf('=');
                    if (equals > 0) {
                        parameters
                                .computeIfAbsent(parameter.substring(0, equals), key -> new TreeSet<>())
                                .add(parameter.substring(equals + 1));
                    }
                }
            }
        }
        parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));

        List<Measurement> measured =
                new Runner(options.build()).run().stream().map(Measurement::of).toList();
        List<Outcome> outcomes = Outcome.of(measured).stream()
                .filter(outcome -> outcome.goal().held() > 0)
                .toList();
        outcomes.forEach(Guard::print);
        return outcomes;
    }

    private static Collection<BenchmarkListEntry> benchmarks() {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(OUT, VerboseMode.SILENT), List.of());
    }

    private static List<Goal> guarded(String type, String method) {
        return Arrays.stream(Measurement.method(type, method).getAnnotationsByType(Goal.class))
                .filter(goal -> goal.held() > 0)
                .toList();
    }

    private static String exactly(String name) {
        return "^" + Pattern.quote(name) + "$";
    }

    private static void print(Outcome outcome) {
        OUT.printf(
                Locale.ROOT,
                "%-42s %10s %8s   against %-28s %10s   lead %9.2f, held to %.2f%n",
                outcome.goal().question(),
                Measurement.time(outcome.ours().bestNanos()),
                Measurement.bytes(outcome.ours().bytes()),
                outcome.other().map(Measurement::label).orElse(""),
                outcome.other()
                        .map(other -> Measurement.time(other.bestNanos()))
                        .orElse(""),
                outcome.bestLead().orElse(Double.NaN),
                outcome.goal().held());
    }
}
