package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.Push;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A row of {@code usage_push}.
 *
 * @param push what a host said
 * @param lasts whether it is the last of its instance that no correction has replaced
 */
record KeptPush(Push push, boolean lasts) {

    /** A push, and when it is recorded. */
    record Told(KeptPush kept, long toldAt) {}

    static final RowTable<Told> TABLE = table();

    private static RowTable<Told> table() {
        List<Column<Told>> key = new ArrayList<>();
        InstanceColumns.KEY.forEach(column -> key.add(column.of(told -> told.kept.push.key())));
        key.add(Column.number("pushed_at", told -> told.kept.push.at().getEpochSecond()));
        List<Column<Told>> rest = new ArrayList<>();
        rest.add(Column.text("state", told -> told.kept.push.state().name()));
        InstanceColumns.DESCRIPTION.forEach(
                column -> rest.add(column.of(told -> told.kept.push.instance().orElse(null))));
        rest.add(Column.text("source", told -> told.kept.push.source()));
        rest.add(Column.truth("superseded", told -> told.kept.push.superseded()));
        rest.add(Column.truth("lasts", told -> told.kept.lasts));
        rest.add(Column.number("told_at", Told::toldAt));
        return new RowTable<>("usage_push", List.copyOf(key), List.copyOf(rest));
    }

    /** Pushes of one instance, in order of their instants, of which the last but those that corrections have replaced is marked. */
    static List<KeptPush> of(List<Push> pushes) {
        int last = pushes.size() - 1;
        while (last >= 0 && pushes.get(last).superseded()) {
            last--;
        }
        List<KeptPush> kept = new ArrayList<>(pushes.size());
        for (int i = 0; i < pushes.size(); i++) {
            kept.add(new KeptPush(pushes.get(i), i == last));
        }
        return kept;
    }

    static KeptPush map(ResultSet row, StatementContext context) throws SQLException {
        InstanceKey key = InstanceColumns.key(row);
        try {
            InstanceState state = InstanceState.parse(row.getString("state"));
            return new KeptPush(
                    new Push(
                            key,
                            Instant.ofEpochSecond(row.getLong("pushed_at")),
                            state,
                            state == InstanceState.TERMINATED
                                    ? Optional.empty()
                                    : Optional.of(InstanceColumns.instance(row)),
                            row.getString("source"),
                            row.getBoolean("superseded")),
                    row.getBoolean("lasts"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new HistoryStoreException(
                    "usage_push holds a row that means nothing: account_id " + key.account() + ", instance_id "
                            + key.instance() + ", pushed_at " + row.getLong("pushed_at"),
                    e);
        }
    }
}
