package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.Sighting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Rows of {@code usage_sighting}. */
final class SightingRows {

    static final RowTable<Sighting> TABLE = table();

    private SightingRows() {}

    private static RowTable<Sighting> table() {
        List<Column<Sighting>> key = new ArrayList<>();
        InstanceColumns.KEY.forEach(column -> key.add(column.of(Sighting::key)));
        List<Column<Sighting>> rest = new ArrayList<>();
        rest.add(Column.text("source", Sighting::source));
        rest.add(Column.text("state", sighting -> sighting.state().name()));
        InstanceColumns.DESCRIPTION.forEach(column -> rest.add(column.of(Sighting::instance)));
        rest.add(Column.number("since_at", sighting -> second(sighting.since())));
        rest.add(Column.truth("since_believed", Sighting::sinceBelieved));
        rest.add(Column.number("last_seen", sighting -> second(sighting.lastSeen())));
        rest.add(Column.truth("absent", Sighting::absent));
        rest.add(Column.number("review_after", sighting -> second(sighting.reviewAfter())));
        return new RowTable<>("usage_sighting", List.copyOf(key), List.copyOf(rest));
    }

    private static @Nullable Long second(Optional<Instant> at) {
        return at.map(Instant::getEpochSecond).orElse(null);
    }

    static Sighting map(ResultSet row, StatementContext context) throws SQLException {
        try {
            return new Sighting(
                    row.getString("source"),
                    InstanceColumns.instance(row),
                    InstanceState.parse(row.getString("state")),
                    instant(row, "since_at"),
                    row.getBoolean("since_believed"),
                    instant(row, "last_seen"),
                    row.getBoolean("absent"),
                    instant(row, "review_after"));
        } catch (IllegalArgumentException | DateTimeException e) {
            InstanceKey key = InstanceColumns.key(row);
            throw new HistoryStoreException(
                    "usage_sighting holds a row that means nothing: account_id " + key.account() + ", instance_id "
                            + key.instance(),
                    e);
        }
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return InstanceColumns.number(row, column).map(Instant::ofEpochSecond);
    }
}
