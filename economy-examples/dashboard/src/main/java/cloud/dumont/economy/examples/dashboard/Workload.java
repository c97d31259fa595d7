package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.HostNeeds;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageCsv;
import cloud.dumont.economy.usage.UsageInterval;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What somebody imagines to run.
 *
 * @param intervals when which instance would run, all of the account that asks
 * @param groups what was asked for, one for each kind of instance; empty for a usage file
 * @param ownSide whether what the account itself would pay is told for all of it
 * @param until as of when to sum up
 * @param refused lines of a usage file that cannot be
 */
record Workload(
        List<UsageInterval> intervals, List<Group> groups, boolean ownSide, Instant until, List<Refused> refused) {

    /** Some equal instances. */
    record Group(GpuModel gpu, GpuCount count, HostNeeds needs, int instances, BigDecimal hours) {}

    /** A line of a usage file that was left out. */
    record Refused(long line, String reason) {}

    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_INTERVALS = 10_000;
    private static final BigDecimal MOST_HOURS = new BigDecimal(87_600);
    private static final int MOST_DIGITS = 12;
    private static final BigDecimal SECONDS_PER_HOUR = new BigDecimal(3_600);
    private static final List<String> FIELDS =
            List.of("gpu", "count", "hours", "instances", "usd_per_hour", "vcpus", "memory_gib");
    private static final String EXAMPLE = "{\"workload\":[{\"gpu\":\"H100\",\"count\":8,\"hours\":200}]}";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a list of kinds of instances that would begin to run now.
     *
     * @throws HttpProblem if it is no such list
     */
    static Workload json(byte[] body, AccountId account, GpuCatalog gpus, Instant now) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw HttpProblem.badBody("the body is no JSON: " + e.getOriginalMessage() + "; allowed: " + EXAMPLE);
        } catch (IOException e) {
            throw HttpProblem.badBody("the body is no UTF-8 JSON; allowed: " + EXAMPLE);
        }
        JsonNode list = root.path("workload");
        if (!list.isArray() || list.isEmpty() || root.size() != 1) {
            throw HttpProblem.badBody(
                    "the body must hold a list 'workload' that is not empty, and nothing else, such as " + EXAMPLE);
        }
        List<Group> groups = new ArrayList<>();
        List<UsageInterval> intervals = new ArrayList<>();
        boolean ownSide = true;
        for (int i = 0; i < list.size(); i++) {
            Item item = new Item("workload[" + i + "]", list.get(i));
            Group group = item.group(gpus);
            groups.add(group);
            ownSide &= item.rate().isPresent();
            if (intervals.size() + group.instances() > MOST_INTERVALS) {
                throw HttpProblem.tooLarge("this workload has more than " + MOST_INTERVALS
                        + " instances; allowed: at most " + MOST_INTERVALS);
            }
            Instant end = now.plusSeconds(group.hours()
                    .multiply(SECONDS_PER_HOUR)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact());
            for (int n = 0; n < group.instances(); n++) {
                intervals.add(UsageInterval.between(
                        item.instance(account, "w" + i + "-" + n, group), InstanceState.RUNNING, now, end));
            }
        }
        return new Workload(intervals, groups, ownSide, latestEnd(intervals, now), List.of());
    }

    /**
     * Reads a usage file. Whatever accounts it names, it is imagined for the one that asks.
     *
     * @throws HttpProblem if it is no usage file, or too large
     */
    static Workload csv(byte[] body, AccountId account, Instant now) {
        UsageCsv csv = read(body);
        if (csv.intervals().size() > MOST_INTERVALS) {
            throw HttpProblem.tooLarge("this usage file has " + csv.intervals().size()
                    + " good lines; allowed: at most " + MOST_INTERVALS);
        }
        List<UsageInterval> intervals = csv.intervals().stream()
                .map(interval -> new UsageInterval(
                        of(account, interval.instance()), interval.state(), interval.start(), interval.end()))
                .toList();
        return new Workload(
                intervals,
                List.of(),
                true,
                latestEnd(intervals, now),
                csv.refused().stream()
                        .map(line -> new Refused(line.line(), line.reason()))
                        .toList());
    }

    private static UsageCsv read(byte[] body) {
        try {
            Path file = Files.createTempFile("workload", ".csv");
            try {
                Files.write(file, body);
                return UsageCsv.read(List.of(file));
            } catch (IllegalArgumentException e) {
                throw HttpProblem.badBody("the body is no usage CSV: "
                        + String.valueOf(e.getMessage()).replace(file.toString(), "it"));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instance of(AccountId account, Instance imagined) {
        return new Instance(
                account,
                imagined.id(),
                imagined.gpuName(),
                imagined.gpuMemory(),
                imagined.gpuCount(),
                imagined.physicalGpus(),
                imagined.vcpus(),
                imagined.memoryGib(),
                imagined.region(),
                imagined.rate(),
                imagined.storageRate());
    }

    private static Instant latestEnd(List<UsageInterval> intervals, Instant now) {
        return intervals.stream()
                .flatMap(interval -> interval.end().stream())
                .filter(end -> end.isAfter(now))
                .max(Instant::compareTo)
                .orElse(now);
    }

    /** One kind of instance in the JSON. */
    private record Item(String where, JsonNode node) {

        Item {
            if (!node.isObject()) {
                throw HttpProblem.badBody(where + " is no object; allowed: such as " + EXAMPLE);
            }
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!FIELDS.contains(name)) {
                    throw HttpProblem.badBody(
                            where + "." + name + " is not known; known: " + String.join(", ", FIELDS));
                }
            }
        }

        Group group(GpuCatalog gpus) {
            JsonNode gpu = node.path("gpu");
            if (!gpu.isTextual()) {
                throw HttpProblem.badBody(where + ".gpu is missing; allowed: the name of a GPU, such as H100");
            }
            BigDecimal hours = number("hours")
                    .filter(value -> value.signum() > 0 && value.compareTo(MOST_HOURS) <= 0)
                    .orElseThrow(() ->
                            HttpProblem.badBody(where + ".hours must be a number above 0, at most " + MOST_HOURS));
            return new Group(
                    ApiRequest.gpu(gpu.asText(), gpus),
                    count(),
                    new HostNeeds(number("vcpus"), number("memory_gib")),
                    number("instances").map(this::instances).orElse(1),
                    hours);
        }

        private GpuCount count() {
            try {
                return node.has("count") ? GpuCount.parse(node.get("count").asText()) : GpuCount.ONE;
            } catch (IllegalArgumentException e) {
                throw HttpProblem.badBody(where + ".count: " + e.getMessage());
            }
        }

        private int instances(BigDecimal value) {
            if (value.signum() <= 0
                    || value.compareTo(BigDecimal.valueOf(MOST_INTERVALS)) > 0
                    || value.stripTrailingZeros().scale() > 0) {
                throw HttpProblem.badBody(where + ".instances must be a whole number from 1 to " + MOST_INTERVALS);
            }
            return value.intValueExact();
        }

        Optional<HourlyRate> rate() {
            return number("usd_per_hour").map(value -> {
                if (value.signum() < 0) {
                    throw HttpProblem.badBody(where + ".usd_per_hour must be 0 or more");
                }
                try {
                    return HourlyRate.usd(value);
                } catch (ArithmeticException e) {
                    throw HttpProblem.badBody(where + ".usd_per_hour: " + e.getMessage());
                }
            });
        }

        /** Free where it is not told what the account would pay: the other side then stands alone. */
        Instance instance(AccountId account, String id, Group group) {
            Instance.Builder builder = Instance.builder(account, id)
                    .gpu(group.gpu().name(), group.count())
                    .rate(rate().orElse(HourlyRate.ZERO));
            try {
                number("vcpus").ifPresent(builder::vcpus);
                number("memory_gib").ifPresent(builder::memoryGib);
                return builder.build();
            } catch (IllegalArgumentException e) {
                throw HttpProblem.badBody(where + ": " + e.getMessage());
            }
        }

        private Optional<BigDecimal> number(String name) {
            JsonNode value = node.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isNumber()) {
                throw HttpProblem.badBody(where + "." + name + " must be a number");
            }
            BigDecimal number = value.decimalValue();
            if (number.scale() > MOST_DIGITS || (long) number.precision() - number.scale() > MOST_DIGITS) {
                throw HttpProblem.badBody(where + "." + name + " must have at most " + MOST_DIGITS
                        + " digits before and after the point");
            }
            return Optional.of(number);
        }
    }
}
