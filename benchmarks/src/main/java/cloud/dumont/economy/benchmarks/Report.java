package cloud.dumont.economy.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Writes JMH's results into {@code benchmarks.md}, between two marks, and draws them into {@code benchmarks.svg}. Any benchmark in the
 * results is listed; what carries a {@link Goal} is held against it.
 */
final class Report {

    private static final String BEGIN = "<!-- measured: begin -->";
    private static final String END = "<!-- measured: end -->";

    private final JsonNode results;
    private final List<Measurement> measured;
    private final StringBuilder text = new StringBuilder();

    private Report(JsonNode results) {
        this.results = results;
        this.measured = StreamSupport.stream(results.spliterator(), false)
                .map(Measurement::of)
                .toList();
    }

    /**
     * Writes the report.
     *
     * @param json JMH's results, made with {@code -rf json}
     * @param folder where {@code benchmarks.md} is
     */
    static void write(Path json, Path folder) throws IOException {
        Report report = new Report(new JsonMapper().readTree(json.toFile()));
        if (report.measured.isEmpty()) {
            throw new IllegalArgumentException(json + ": no results");
        }
        report.machine();
        report.goals();
        report.all();
        report.wrong();
        report.footprint();
        Path page = folder.resolve("benchmarks.md");
        String old = Files.readString(page);
        int begin = old.indexOf(BEGIN);
        int end = old.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(page + ": the results go between " + BEGIN + " and " + END);
        }
        Files.writeString(page, old.substring(0, begin + BEGIN.length()) + report.text + old.substring(end));
        Files.writeString(folder.resolve("benchmarks.svg"), new Chart(report.measured).toString());
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation is in a library of its own
    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void machine() throws IOException {
        JsonNode first = results.path(0);
        if (first.path("forks").asInt() < 2) {
            line("%n**A quick run: it shows that everything runs. Its figures prove nothing.**");
        }
        line("%n| | |%n| --- | --- |");
        line("| day | %s |", LocalDate.now(ZoneOffset.UTC));
        line("| processor | %s, %d cores |", processor(), Runtime.getRuntime().availableProcessors());
        line("| memory | %.0f GiB |", memoryGib());
        line("| system | %s %s |", System.getProperty("os.name"), System.getProperty("os.arch"));
        line(
                "| JDK | %s %s |",
                first.path("vmName").asText(), first.path("vmVersion").asText());
        line("| JMH | %s |", first.path("jmhVersion").asText());
        line("| forks | %s |", each(run -> run.path("forks").asText()));
        line(
                "| warm-up | %s |",
                each(run -> run.path("warmupIterations").asText() + " x "
                        + run.path("warmupTime").asText()));
        line(
                "| measured | %s |",
                each(run -> run.path("measurementIterations").asText() + " x "
                        + run.path("measurementTime").asText()));
    }

    private String each(Function<JsonNode, String> figure) {
        return StreamSupport.stream(results.spliterator(), false)
                .map(figure)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(" or "));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return System.getProperty("os.arch", "unknown");
        }
        Optional<String> model = Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst();
        return model.map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
    }

    private static double memoryGib() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return system.getTotalMemorySize() / (double) (1L << 30);
    }

    private void goals() {
        line("%n## Goals%n");
        line("Time and garbage of one operation; the lead is the other's time divided by ours.%n");
        line("| what | ours | against | its figures | lead | goal | reached |");
        line("| --- | --- | --- | --- | --- | --- | --- |");
        for (Outcome outcome : Outcome.of(measured)) {
            line(
                    "| %s | %s | %s | %s | %s | %s | %s |",
                    outcome.goal().question(),
                    figures(outcome.ours()),
                    outcome.other().map(other -> "`" + other.label() + "`").orElse(""),
                    outcome.other().map(Report::figures).orElse(""),
                    outcome.lead()
                            .map(lead -> Measurement.threeDigits(lead) + "x")
                            .orElse(""),
                    goal(outcome.goal()),
                    outcome.isReached() ? "yes" : "**no**");
        }
    }

    private static String figures(Measurement measurement) {
        return Measurement.time(measurement.nanos()) + ", " + Measurement.bytes(measurement.bytes());
    }

    private static String goal(Goal goal) {
        List<String> parts = new ArrayList<>();
        if (goal.lead() > 0) {
            parts.add("at least " + Measurement.threeDigits(goal.lead()) + "x");
        }
        if (goal.nanos() > 0) {
            parts.add("at most " + Measurement.time(goal.nanos()));
        }
        if (goal.bytes() >= 0) {
            parts.add(goal.bytes() == 0 ? "no garbage" : "at most " + Measurement.bytes(goal.bytes()));
        }
        return String.join(", ", parts);
    }

    private void all() {
        line("%n## Every measurement%n");
        line("Mean and half of the 99.9%% interval. Those in *italics* do without this library.%n");
        line("| benchmark | method | time | error | garbage |");
        line("| --- | --- | ---: | ---: | ---: |");
        for (Measurement measurement : measured) {
            line(
                    measurement.isRival() ? "| %s | *%s* | %s | %s | %s |" : "| %s | %s | %s | %s | %s |",
                    measurement.subject(),
                    measurement.label(),
                    Measurement.time(measurement.nanos()),
                    Double.isNaN(measurement.error()) ? "" : Measurement.time(measurement.error()),
                    Measurement.bytes(measurement.bytes()));
        }
        line("%n![Time of one operation, logarithmic](benchmarks.svg)");
    }

    private void wrong() {
        line("%n## What comes out%n");
        line("How many of the %,d costs are not the exact cost, rounded once:%n", CostData.SIZE);
        line("| way | wrong |%n| --- | ---: |");
        for (Map.Entry<String, Integer> way : CostData.wrong().entrySet()) {
            line("| %s | %,d |", way.getKey(), way.getValue());
        }
    }

    private void footprint() {
        line("%n## What stays in memory%n");
        line("| bytes of | ours | the plain way |%n| --- | ---: | ---: |");
        for (Footprint footprint : Footprint.measure()) {
            line("| %s | %,.0f | %,.0f |", footprint.what(), footprint.ours(), footprint.plain());
        }
        line("");
    }
}
