package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads a row of {@code usage_interval}, or of {@code usage_interval_withdrawn}. */
final class UsageIntervalMapper implements RowMapper<UsageInterval> {

    @Override
    public UsageInterval map(ResultSet row, StatementContext context) throws SQLException {
        try {
            return new UsageInterval(
                    InstanceColumns.instance(row),
                    InstanceState.parse(row.getString("state")),
                    Instant.ofEpochSecond(row.getLong("started_at")),
                    InstanceColumns.number(row, "ended_at").map(Instant::ofEpochSecond),
                    Evidence.valueOf(row.getString("evidence")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new HistoryStoreException(
                    "usage_interval holds a row that means nothing: account_id " + row.getString("account_id")
                            + ", instance_id " + row.getString("instance_id") + ", started_at "
                            + row.getLong("started_at"),
                    e);
        }
    }
}
