package cloud.dumont.economy.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs JMH with its own command line, and with the gc profiler unless another profiler is asked for: bytes per operation belong
 * to every result. Three words have a meaning of their own:
 *
 * <pre>
 * guard                       measures the hot paths briefly and fails where one has lost what it is there for
 * pollers [NUMBER]            measures pollers beside other timers, in a JVM for each, in about six minutes
 * report RESULTS.json FOLDER  writes JMH's results into FOLDER/benchmarks.md and its chart
 * </pre>
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs the benchmarks.
     *
     * @param arguments {@code guard}, {@code pollers}, {@code report}, or JMH's; {@code -h} lists those
     * @throws IOException if results cannot be read or written
     * @throws RunnerException if JMH cannot run the guard's benchmarks
     * @throws InterruptedException if it is interrupted while pollers run
     */
    public static void main(String[] arguments) throws IOException, RunnerException, InterruptedException {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (all.equals(List.of("guard"))) {
            System.exit(Guard.run() ? 0 : 1);
        }
        if (!all.isEmpty() && all.get(0).equals("pollers")) {
            PollerBenchmark.run(all.size() > 1 ? Integer.parseInt(all.get(1)) : PollerBenchmark.POLLERS);
            return;
        }
        if (all.size() == 3 && all.get(0).equals("report")) {
            Report.write(Path.of(all.get(1)), Path.of(all.get(2)));
            return;
        }
        if (!all.contains("-prof")) {
            all.addAll(List.of("-prof", "gc"));
        }
        org.openjdk.jmh.Main.main(all.toArray(String[]::new));
    }
}
