package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Usage of many accounts, and how a program without this library would store it. */
final class UsageRows {

    static final String COLUMNS = """
            account_id, instance_id, started_at, ended_at, state, gpu_name, gpu_count_numerator, gpu_count_denominator, vcpus, \
            memory_gib, region, nano_usd_per_hour, storage_nano_usd_per_hour, evidence, told_at""";

    static final String INSERT =
            "INSERT INTO usage_interval (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final List<String> GPUS =
            List.of("T4", "A10", "L4", "L40S", "RTX 4090", "A100 80GB PCIe", "H100", "RTX 3090");

    private UsageRows() {}

    static AccountId account(int number) {
        return AccountId.of("account-" + number);
    }

    /** The same instance for the same numbers. */
    static Instance instance(int account, int number) {
        return Instance.builder(account(account), "i-" + account + "-" + number)
                .gpu(GPUS.get(number % GPUS.size()), 1)
                .region(Region.of("eu-central-1"))
                .rate(HourlyRate.ofNanoUsd(150_000_000L + number % 1_000 * 2_000_000L))
                .build();
    }

    /** What an instance did in one of the equal parts of time since some moment: it runs and idles by turns. */
    static UsageInterval interval(Instance instance, Instant since, long part, long seconds) {
        Instant start = since.plusSeconds(part * seconds);
        return UsageInterval.between(instance, state(part), start, start.plusSeconds(seconds));
    }

    /** The same for a part that lasts. */
    static UsageInterval lasting(Instance instance, Instant since, long part, long seconds) {
        return UsageInterval.openFrom(instance, state(part), since.plusSeconds(part * seconds));
    }

    private static InstanceState state(long part) {
        return part % 2 == 0 ? InstanceState.RUNNING : InstanceState.IDLE;
    }

    /** What every instance of every account did in one part. */
    static List<UsageInterval> intervals(List<Instance> fleet, Instant since, long part, long seconds) {
        return fleet.stream()
                .map(instance -> interval(instance, since, part, seconds))
                .toList();
    }

    static List<Instance> fleet(int accounts, int instances) {
        return fleet(0, accounts, instances);
    }

    /** Of accounts from one on. */
    static List<Instance> fleet(int firstAccount, int accounts, int instances) {
        return IntStream.range(firstAccount, firstAccount + accounts)
                .boxed()
                .flatMap(account -> IntStream.range(0, instances).mapToObj(number -> instance(account, number)))
                .toList();
    }

    /** Fills in {@link #INSERT}. */
    static void bind(PreparedStatement insert, UsageInterval interval, long toldAt) throws SQLException {
        Instance instance = interval.instance();
        insert.setString(1, instance.account().value());
        insert.setString(2, instance.id().value());
        insert.setLong(3, interval.start().getEpochSecond());
        set(insert, 4, interval.end().map(Instant::getEpochSecond));
        insert.setString(5, interval.state().name());
        insert.setString(6, instance.gpuName().orElse(null));
        insert.setLong(7, instance.gpuCount().numerator());
        insert.setLong(8, instance.gpuCount().denominator());
        insert.setNull(9, Types.VARCHAR);
        insert.setNull(10, Types.VARCHAR);
        insert.setString(11, instance.region().map(Region::id).orElse(null));
        set(insert, 12, instance.rate().map(HourlyRate::nanoUsdPerHour));
        set(insert, 13, instance.storageRate().map(HourlyRate::nanoUsdPerHour));
        insert.setString(14, interval.evidence().name());
        insert.setLong(15, toldAt);
    }

    private static void set(PreparedStatement insert, int column, Optional<Long> value) throws SQLException {
        if (value.isPresent()) {
            insert.setLong(column, value.get());
        } else {
            insert.setNull(column, Types.BIGINT);
        }
    }

    /** A line of PostgreSQL's COPY, in the order of {@link #COLUMNS}. */
    static void appendTo(StringBuilder copy, UsageInterval interval, long toldAt) {
        Instance instance = interval.instance();
        copy.append(instance.account().value())
                .append('\t')
                .append(instance.id().value())
                .append('\t')
                .append(interval.start().getEpochSecond())
                .append('\t')
                .append(interval.end()
                        .map(end -> Long.toString(end.getEpochSecond()))
                        .orElse("\\N"))
                .append('\t')
                .append(interval.state().name())
                .append('\t')
                .append(instance.gpuName().orElseThrow())
                .append('\t')
                .append(instance.gpuCount().numerator())
                .append('\t')
                .append(instance.gpuCount().denominator())
                .append("\t\\N\t\\N\t")
                .append(instance.region().orElseThrow().id())
                .append('\t')
                .append(instance.rate().orElseThrow().nanoUsdPerHour())
                .append("\t\\N\t")
                .append(interval.evidence().name())
                .append('\t')
                .append(toldAt)
                .append('\n');
    }
}
