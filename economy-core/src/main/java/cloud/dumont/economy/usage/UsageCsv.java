package cloud.dumont.economy.usage;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the usage CSV: {@code account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,
 * ended_at}, times of 2000-01-01 or later, and, where they are there, {@code gpu_memory_gib} (of one GPU, where its name does not tell it) and {@code physical_gpus}
 * (how many cards {@code gpu_count} replicas of a shared one are). A line that cannot be a fact, or that disagrees with an earlier one, is refused with its number and reason; the good
 * lines stay good.
 *
 * @param intervals the good lines, in the order of the files
 * @param refused the others
 */
public record UsageCsv(List<UsageInterval> intervals, List<Refused> refused) {

    private static final List<String> COLUMNS = List.of(
            "account_id",
            "instance_id",
            "gpu_model",
            "gpu_count",
            "vcpus",
            "memory_gib",
            "region",
            "usd_per_hour",
            "state",
            "started_at",
            "ended_at");

    /** Nobody recorded usage of GPUs before; zero values of other languages are 0001-01-01 and 1970-01-01. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final BigDecimal NANO_DOLLAR = new BigDecimal("0.000000001");

    /**
     * A line that was refused.
     *
     * @param file the file it stands in
     * @param line its number, counted from 1
     * @param reason why, naming the value and what is allowed
     */
    public record Refused(Path file, long line, String reason) {}

    /** Copies both lists. */
    public UsageCsv {
        intervals = List.copyOf(intervals);
        refused = List.copyOf(refused);
    }

    /**
     * Reads files as one: lines of one instance may stand in several.
     *
     * @param files usage CSV files, UTF-8 or UTF-16 with its mark, each with its header line
     * @return their intervals and refused lines
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if one is no usage CSV: it is no text, or a column is missing
     */
    public static UsageCsv read(List<Path> files) throws IOException {
        Reading reading = new Reading();
        for (Path file : files) {
            reading.read(file);
        }
        return reading.result();
    }

    private static final class Reading {

        /** A line, by its place among the lines of all files. */
        private record Place(int file, long line) implements Comparable<Place> {

            @Override
            public int compareTo(Place other) {
                return file == other.file ? Long.compare(line, other.line) : Integer.compare(file, other.file);
            }
        }

        private record Told(Place place, UsageInterval interval) {}

        private final List<Path> files = new ArrayList<>();
        private final List<Told> told = new ArrayList<>();
        private final SortedMap<Place, String> refused = new TreeMap<>();

        void read(Path file) throws IOException {
            int number = files.size();
            files.add(file);
            CsvLine.read(
                    file,
                    "usage",
                    COLUMNS,
                    line -> told.add(new Told(new Place(number, line.number()), interval(line))),
                    (line, reason) -> refused.put(new Place(number, line), reason));
        }

        UsageCsv result() {
            told.stream()
                    .collect(Collectors.groupingBy(line -> InstanceKey.of(line.interval())))
                    .values()
                    .forEach(lines -> add(InstanceTimeline.EMPTY, lines));
            return new UsageCsv(
                    told.stream()
                            .filter(line -> !refused.containsKey(line.place()))
                            .map(Told::interval)
                            .toList(),
                    refused.entrySet().stream()
                            .map(line -> new Refused(
                                    files.get(line.getKey().file()),
                                    line.getKey().line(),
                                    line.getValue()))
                            .toList());
        }

        /** All at once, as there are hardly ever any that disagree; else by halves, until those that do are found. */
        private InstanceTimeline add(InstanceTimeline timeline, List<Told> lines) {
            try {
                return timeline.plusAll(lines.stream().map(Told::interval).toList());
            } catch (UsageConflictException e) {
                if (lines.size() == 1) {
                    refused.put(lines.get(0).place(), e.getMessage());
                    return timeline;
                }
                int half = lines.size() / 2;
                return add(add(timeline, lines.subList(0, half)), lines.subList(half, lines.size()));
            }
        }
    }

    private static UsageInterval interval(CsvLine line) {
        Instance instance = new Instance(
                AccountId.of(line.exact("account_id")),
                InstanceId.of(line.exact("instance_id")),
                line.optional("gpu_model"),
                gpuMemory(line),
                GpuCount.parse(line.text("gpu_count")),
                line.optional("physical_gpus").map(GpuCount::parse),
                line.decimal("vcpus"),
                line.decimal("memory_gib"),
                line.optional("region").map(Region::of),
                line.decimal("usd_per_hour").map(UsageCsv::rate),
                Optional.empty());
        return new UsageInterval(
                instance,
                InstanceState.parse(line.text("state")),
                instant(line.text("started_at"), "started_at"),
                line.optional("ended_at").map(text -> instant(text, "ended_at")));
    }

    private static Optional<GpuMemory> gpuMemory(CsvLine line) {
        try {
            return line.decimal("gpu_memory_gib").map(GpuMemory::ofGib);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gpu_memory_gib: " + e.getMessage(), e);
        }
    }

    private static HourlyRate rate(BigDecimal usdPerHour) {
        if (usdPerHour.signum() < 0) {
            throw new IllegalArgumentException("usd_per_hour must be 0 or more, not " + Given.shown(usdPerHour));
        }
        if (usdPerHour.signum() > 0 && usdPerHour.compareTo(NANO_DOLLAR) < 0) {
            throw new IllegalArgumentException("usd_per_hour " + usdPerHour
                    + " is below a nano-dollar, 0.000000001, which is the least; what is free costs 0");
        }
        try {
            return HourlyRate.usd(usdPerHour);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("usd_per_hour: " + e.getMessage(), e);
        }
    }

    private static Instant instant(String text, String column) {
        try {
            Instant instant = Instant.parse(text);
            if (instant.isBefore(EARLIEST)) {
                throw new IllegalArgumentException(column + " " + text + " lies before " + EARLIEST
                        + ": it looks like a zero value, not like a time that was recorded");
            }
            return instant;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    column + " '" + Given.shown(text) + "' is not an ISO-8601 UTC instant such as 2026-01-01T00:00:00Z",
                    e);
        }
    }
}
