package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** How tables hold what an instance is. */
final class InstanceColumns {

    /** Whose it is, and its id. */
    static final List<Column<InstanceKey>> KEY = List.of(
            Column.text("account_id", key -> key.account().value()),
            Column.text("instance_id", key -> key.instance().value()));

    /** What it is, and what is paid for it. */
    static final List<Column<Instance>> DESCRIPTION = List.of(
            Column.text("gpu_name", instance -> instance.gpuName().orElse(null)),
            Column.number(
                    "gpu_memory_mib",
                    instance -> instance.gpuMemory().map(GpuMemory::mib).orElse(null)),
            Column.number("gpu_count_numerator", instance -> instance.gpuCount().numerator()),
            Column.number(
                    "gpu_count_denominator", instance -> instance.gpuCount().denominator()),
            Column.number(
                    "physical_gpus_numerator",
                    instance -> instance.physicalGpus().map(GpuCount::numerator).orElse(null)),
            Column.number(
                    "physical_gpus_denominator",
                    instance ->
                            instance.physicalGpus().map(GpuCount::denominator).orElse(null)),
            Column.text(
                    "vcpus",
                    instance -> instance.vcpus().map(BigDecimal::toPlainString).orElse(null)),
            Column.text(
                    "memory_gib",
                    instance ->
                            instance.memoryGib().map(BigDecimal::toPlainString).orElse(null)),
            Column.text("region", instance -> instance.region().map(Region::id).orElse(null)),
            Column.number(
                    "nano_usd_per_hour",
                    instance -> instance.rate().map(HourlyRate::nanoUsdPerHour).orElse(null)),
            Column.number(
                    "storage_nano_usd_per_hour",
                    instance -> instance.storageRate()
                            .map(HourlyRate::nanoUsdPerHour)
                            .orElse(null)));

    private InstanceColumns() {}

    static InstanceKey key(ResultSet row) throws SQLException {
        return new InstanceKey(AccountId.of(row.getString("account_id")), InstanceId.of(row.getString("instance_id")));
    }

    static Instance instance(ResultSet row) throws SQLException {
        InstanceKey key = key(row);
        return new Instance(
                key.account(),
                key.instance(),
                Optional.ofNullable(row.getString("gpu_name")),
                number(row, "gpu_memory_mib").map(GpuMemory::ofMib),
                new GpuCount(row.getLong("gpu_count_numerator"), row.getLong("gpu_count_denominator")),
                physicalGpus(row),
                Optional.ofNullable(row.getString("vcpus")).map(BigDecimal::new),
                Optional.ofNullable(row.getString("memory_gib")).map(BigDecimal::new),
                Optional.ofNullable(row.getString("region")).map(Region::of),
                number(row, "nano_usd_per_hour").map(HourlyRate::ofNanoUsd),
                number(row, "storage_nano_usd_per_hour").map(HourlyRate::ofNanoUsd));
    }

    private static Optional<GpuCount> physicalGpus(ResultSet row) throws SQLException {
        Optional<Long> numerator = number(row, "physical_gpus_numerator");
        return numerator.isEmpty()
                ? Optional.empty()
                : Optional.of(new GpuCount(numerator.get(), row.getLong("physical_gpus_denominator")));
    }

    static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
