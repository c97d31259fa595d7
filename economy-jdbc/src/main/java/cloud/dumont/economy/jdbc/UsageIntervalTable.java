package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * The tables {@code usage_interval}, which holds what is known now, and {@code usage_interval_withdrawn}, which holds what was known
 * before, seen through one connection.
 */
final class UsageIntervalTable {

    static final RowTable<ToldFact> TABLE = table();

    /** All but when it was recorded. */
    static final String COLUMNS = Column.names(
            Column.concat(TABLE.key(), TABLE.rest().subList(0, TABLE.rest().size() - 1)));

    private static RowTable<ToldFact> table() {
        List<Column<ToldFact>> key = new ArrayList<>();
        InstanceColumns.KEY.forEach(column -> key.add(column.of(told -> InstanceKey.of(told.fact()))));
        key.add(Column.number("started_at", told -> told.fact().start().getEpochSecond()));
        key.add(Column.text("evidence", told -> told.fact().evidence().name()));
        List<Column<ToldFact>> rest = new ArrayList<>();
        rest.add(Column.number(
                "ended_at",
                told -> told.fact().end().map(Instant::getEpochSecond).orElse(null)));
        rest.add(Column.text("state", told -> told.fact().state().name()));
        InstanceColumns.DESCRIPTION.forEach(
                column -> rest.add(column.of(told -> told.fact().instance())));
        rest.add(Column.number("told_at", told -> told.write().toldAt()));
        return new RowTable<>("usage_interval", List.copyOf(key), List.copyOf(rest));
    }

    private static final String SELECT_ACCOUNT =
            "SELECT " + COLUMNS + " FROM usage_interval WHERE account_id = :account";

    /** One statement, so that a fact that moves meanwhile is seen in one of the tables. */
    private static final String SELECT_ACCOUNT_AS_TOLD = """
            SELECT %1$s FROM usage_interval WHERE account_id = :account AND told_at <= :asTold
            UNION ALL
            SELECT %1$s FROM usage_interval_withdrawn
            WHERE account_id = :account AND told_at <= :asTold AND withdrawn_at > :asTold""".formatted(COLUMNS);

    private final Handle handle;
    private final UsageStatements statements;

    UsageIntervalTable(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.statements = dialect.statements(handle);
    }

    /** All of an account, in order of instances. Ordered here: databases have their own ideas of how text is ordered. */
    SortedMap<InstanceKey, InstanceTimeline> read(AccountId account) {
        return timelines(handle.createQuery(SELECT_ACCOUNT)
                .bind("account", account.value())
                .map(new UsageIntervalMapper())
                .list());
    }

    /**
     * All that was known of an account, in order of instances.
     *
     * @param asTold when, in microseconds since 1970
     */
    SortedMap<InstanceKey, InstanceTimeline> read(AccountId account, long asTold) {
        return timelines(handle.createQuery(SELECT_ACCOUNT_AS_TOLD)
                .bind("account", account.value())
                .bind("asTold", asTold)
                .map(new UsageIntervalMapper())
                .list());
    }

    /**
     * The rows of some instances that make a difference to some time; those of which nothing is known are missing.
     */
    Map<InstanceKey, List<UsageInterval>> rows(List<TouchedTime> times) {
        return ofInstances(statements.touching(times));
    }

    static Map<InstanceKey, List<UsageInterval>> ofInstances(List<UsageInterval> rows) {
        return rows.stream().collect(Collectors.groupingBy(InstanceKey::of));
    }

    /** What is known of some instances, as far as it makes a difference to some time; those of which nothing is known are missing. */
    Map<InstanceKey, InstanceTimeline> read(List<TouchedTime> times) {
        return timelines(statements.touching(times));
    }

    /** One for each instance, in order. */
    static SortedMap<InstanceKey, InstanceTimeline> timelines(List<UsageInterval> facts) {
        SortedMap<InstanceKey, InstanceTimeline> timelines = new TreeMap<>();
        facts.stream()
                .collect(Collectors.groupingBy(InstanceKey::of))
                .forEach((key, stored) -> timelines.put(key, timeline(key, stored)));
        return timelines;
    }

    /**
     * A timeline of the rows of an instance.
     *
     * @throws HistoryStoreException if they contradict each other
     */
    static InstanceTimeline timeline(InstanceKey key, List<UsageInterval> stored) {
        try {
            return InstanceTimeline.EMPTY.plusAll(stored);
        } catch (UsageConflictException e) {
            throw new HistoryStoreException(
                    "usage_interval holds facts of " + key.account() + "/" + key.instance()
                            + " that contradict each other; the store never writes such",
                    e);
        }
    }

    static <T> List<List<T>> partsOf(List<T> all, int size) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + size)
                .mapToObj(from -> all.subList(from, Math.min(from + size, all.size())))
                .toList();
    }
}
