package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads a row of {@code usage_interval}, or of {@code usage_interval_withdrawn}. */
final class UsageIntervalMapper implements RowMapper<UsageInterval> {

    @Override
    public UsageInterval map(ResultSet row, StatementContext context) throws SQLException {
        try {
            return new UsageInterval(
                    instance(row),
                    InstanceState.parse(row.getString("state")),
                    Instant.ofEpochSecond(row.getLong("started_at")),
                    optionalLong(row, "ended_at").map(Instant::ofEpochSecond),
                    Evidence.valueOf(row.getString("evidence")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new HistoryStoreException(
                    "usage_interval holds a row that means nothing: account_id " + row.getString("account_id")
                            + ", instance_id " + row.getString("instance_id") + ", started_at "
                            + row.getLong("started_at"),
                    e);
        }
    }

    private static Instance instance(ResultSet row) throws SQLException {
        return new Instance(
                AccountId.of(row.getString("account_id")),
                InstanceId.of(row.getString("instance_id")),
                Optional.ofNullable(row.getString("gpu_name")),
                Optional.empty(),
                new GpuCount(row.getLong("gpu_count_numerator"), row.getLong("gpu_count_denominator")),
                Optional.empty(),
                Optional.ofNullable(row.getString("vcpus")).map(BigDecimal::new),
                Optional.ofNullable(row.getString("memory_gib")).map(BigDecimal::new),
                Optional.ofNullable(row.getString("region")).map(Region::of),
                optionalLong(row, "nano_usd_per_hour").map(HourlyRate::ofNanoUsd),
                optionalLong(row, "storage_nano_usd_per_hour").map(HourlyRate::ofNanoUsd));
    }

    private static Optional<Long> optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
