package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Facts of one account, by instance, seen through one connection. */
final class RollupFacts {

    private static final String HOLDS = "SELECT " + UsageIntervalTable.COLUMNS
            + ", told_at, told_at AS withdrawn_at, 0 AS gone FROM usage_interval";

    private static final String HELD =
            "SELECT " + UsageIntervalTable.COLUMNS + ", told_at, withdrawn_at, 1 AS gone FROM usage_interval_withdrawn";

    /**
     * In one statement, so that no fact that moves meanwhile falls between two; in parts, because not every database searches two indexes
     * for one of two conditions.
     */
    private static final String SELECT_RECENT = """
            %1$s WHERE account_id = :account AND ended_at IS NULL AND started_at <= :to
            UNION ALL
            %1$s WHERE account_id = :account AND ended_at > :from AND started_at <= :to
            UNION ALL
            %1$s WHERE account_id = :account AND ended_at <= :from AND told_at > :told
            UNION ALL
            %2$s WHERE account_id = :account AND withdrawn_at > :told""".formatted(HOLDS, HELD);

    private static final String SELECT_EARLIER = """
            %1$s WHERE account_id = :account AND ended_at <= :to AND ended_at > :from AND instance_id IN (%3$s)
            UNION ALL
            %2$s WHERE account_id = :account AND withdrawn_at > :told AND instance_id IN (%3$s)""";

    private static final int INSTANCES_A_QUERY = 500;

    private final Handle handle;
    private final AccountId account;

    RollupFacts(Handle handle, AccountId account) {
        this.handle = handle;
        this.account = account;
    }

    /**
     * What lasts behind a second or has changed since some moment.
     *
     * @param from facts that ended by this second are left out
     * @param to those that begin after it, too
     * @param told those that were told or withdrawn later are there in any case
     */
    Map<String, InstanceVersions> recent(long from, long to, long told) {
        Map<String, InstanceVersions> known = new HashMap<>();
        addTo(known, query(SELECT_RECENT).bind("from", from).bind("to", to).bind("told", told));
        return known;
    }

    /**
     * Adds what had ended before, of some instances.
     *
     * @param known the {@link #recent} facts
     * @param from facts that ended by this second are left out
     * @param to so are those that ended after it
     * @param told those that were withdrawn later are added in any case
     */
    void addEarlier(Map<String, InstanceVersions> known, Collection<String> instances, long from, long to, long told) {
        for (List<String> part : UsageIntervalTable.partsOf(List.copyOf(instances), INSTANCES_A_QUERY)) {
            String names = IntStream.range(0, part.size())
                    .mapToObj(i -> ":instance" + i)
                    .collect(Collectors.joining(", "));
            Query query = query(SELECT_EARLIER.formatted(HOLDS, HELD, names))
                    .bind("from", from)
                    .bind("to", to)
                    .bind("told", told);
            for (int i = 0; i < part.size(); i++) {
                query.bind("instance" + i, part.get(i));
            }
            addTo(known, query);
        }
    }

    private Query query(String sql) {
        return handle.createQuery(sql).bind("account", account.value());
    }

    private static void addTo(Map<String, InstanceVersions> known, Query query) {
        UsageIntervalMapper mapper = new UsageIntervalMapper();
        query.map((row, context) ->
                        new InstanceVersions.Told(mapper.map(row, context), row.getLong("told_at"), withdrawnAt(row)))
                .forEach(fact -> known.computeIfAbsent(
                                fact.interval().instance().id().value(), id -> new InstanceVersions())
                        .add(fact));
    }

    private static OptionalLong withdrawnAt(ResultSet row) throws SQLException {
        return row.getInt("gone") == 1 ? OptionalLong.of(row.getLong("withdrawn_at")) : OptionalLong.empty();
    }
}
