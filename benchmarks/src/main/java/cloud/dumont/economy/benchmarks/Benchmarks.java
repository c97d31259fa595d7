package cloud.dumont.economy.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs JMH with its own command line, and with the gc profiler unless another profiler is asked for: bytes per operation belong
 * to every result.
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs the benchmarks.
     *
     * @param arguments JMH's; {@code -h} lists them
     * @throws IOException if JMH cannot write its results
     */
    public static void main(String[] arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("-prof")) {
            all.addAll(List.of("-prof", "gc"));
        }
        org.openjdk.jmh.Main.main(all.toArray(String[]::new));
    }
}
