package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The usage of one account with who watches over what lasts, seen through one connection. */
final class WatchedUsage {

    /** When a source has last seen an instance of the account. */
    private static final String SEEN = """
            SELECT instance_id AS seen_instance, usage_sighting.source AS seen_by, absent, COALESCE(last_seen, stamp) AS seen_at
            FROM usage_sighting LEFT JOIN usage_source ON usage_source.source = usage_sighting.source
            WHERE account_id = :account""";

    /** When the host that pushed an instance of the account last said that it lives, if it ever does. */
    private static final String ALIVE = """
            SELECT instance_id AS pushed_instance, alive AS alive_at
            FROM usage_push JOIN usage_source ON usage_source.source = usage_push.source
            WHERE account_id = :account AND lasts = TRUE AND alive IS NOT NULL""";

    /** A fact and who watches over it are seen together, in one statement. */
    private static final String WATCHED = """
            SELECT %%s FROM (SELECT %%s FROM usage_interval WHERE account_id = :account%%s) AS known
            LEFT JOIN (%s AND absent = FALSE) AS seen ON seen_instance = instance_id AND ended_at IS NULL
            LEFT JOIN (%s) AS pushed ON pushed_instance = instance_id AND ended_at IS NULL""".formatted(SEEN, ALIVE);

    private static final String SELECT =
            WATCHED.formatted("known.*, seen_by, seen_at, alive_at", UsageIntervalTable.COLUMNS, "");

    private static final String LASTING = " AND ended_at IS NULL";

    private static final String SELECT_WATCHES =
            WATCHED.formatted("instance_id, seen_by, seen_at, alive_at", "instance_id, ended_at", LASTING);

    /** Null where what lasts is watched by nobody. Who looked before it began says nothing against it. */
    private static final String OBSERVED_UNTIL =
            WATCHED.formatted("""
            MIN(CASE WHEN seen_at < started_at AND seen_at <= COALESCE(alive_at, seen_at)
                    OR alive_at < started_at AND alive_at <= COALESCE(seen_at, alive_at) THEN started_at
                WHEN alive_at < seen_at THEN alive_at ELSE COALESCE(seen_at, alive_at) END) AS observed_until,
            MIN(CASE WHEN seen_at IS NULL THEN seen_by END) AS unknown_source""", "instance_id, ended_at, started_at", LASTING + " AND started_at <= :now");

    private final Handle handle;
    private final Dialect dialect;
    private final AccountId account;

    WatchedUsage(Handle handle, Dialect dialect, AccountId account) {
        this.handle = handle;
        this.dialect = dialect;
        this.account = account;
    }

    /** What is known now. */
    AccountUsage now() {
        UsageIntervalMapper mapper = new UsageIntervalMapper();
        List<UsageInterval> facts = new ArrayList<>();
        Map<InstanceId, AccountUsage.Watch> watches = new HashMap<>();
        handle.createQuery(SELECT)
                .bind("account", account.value())
                .map((row, context) -> {
                    UsageInterval fact = mapper.map(row, context);
                    facts.add(fact);
                    watch(row).ifPresent(watch -> watches.put(fact.instance().id(), watch));
                    return fact;
                })
                .forEach(fact -> {});
        return new AccountUsage(List.copyOf(UsageIntervalTable.timelines(facts).values()), watches);
    }

    /** Who watches over what lasts now. */
    Map<InstanceId, AccountUsage.Watch> watches() {
        Map<InstanceId, AccountUsage.Watch> watches = new HashMap<>();
        handle.createQuery(SELECT_WATCHES)
                .bind("account", account.value())
                .map((row, context) -> Map.entry(InstanceId.of(row.getString("instance_id")), watch(row)))
                .forEach(entry -> entry.getValue().ifPresent(watch -> watches.put(entry.getKey(), watch)));
        return watches;
    }

    private static Optional<AccountUsage.Watch> watch(ResultSet row) throws SQLException {
        Optional<Long> seen = InstanceColumns.number(row, "seen_at");
        Optional<Long> alive = InstanceColumns.number(row, "alive_at");
        if (seen.isEmpty()) {
            requireNone(row.getString("seen_by"));
        }
        return seen.isEmpty() && alive.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new AccountUsage.Watch(seen.map(Instant::ofEpochSecond), alive.map(Instant::ofEpochSecond)));
    }

    /** The name of a source of which it is unknown when it was asked. */
    private static void requireNone(@Nullable String source) {
        if (source != null) {
            throw SourceTable.unknownClock(source);
        }
    }

    /** The earliest moment up to which something that lasts is vouched for; empty where only pushes are, for good. */
    Optional<Instant> observedUntil(Instant now) {
        return handle.createQuery(OBSERVED_UNTIL)
                .bind("account", account.value())
                .bind("now", now.getEpochSecond())
                .map((row, context) -> {
                    requireNone(row.getString("unknown_source"));
                    return InstanceColumns.number(row, "observed_until").map(Instant::ofEpochSecond);
                })
                .one();
    }

    /** What a source last showed of an instance. */
    private record Seen(String source, boolean absent, Optional<Instant> at) {}

    /**
     * What was known at some moment, in several queries: within a transaction in which all see the same.
     *
     * @param asTold the moment
     */
    AccountUsage then(Instant asTold) {
        UsageIntervalTable table = new UsageIntervalTable(handle, dialect);
        List<InstanceTimeline> timelines =
                List.copyOf(table.read(account, StoreClock.micros(asTold)).values());
        Map<InstanceId, Seen> seen = new HashMap<>();
        handle.createQuery(SEEN)
                .bind("account", account.value())
                .map((row, context) -> Map.entry(
                        InstanceId.of(row.getString("seen_instance")),
                        new Seen(
                                row.getString("seen_by"),
                                row.getBoolean("absent"),
                                InstanceColumns.number(row, "seen_at").map(Instant::ofEpochSecond))))
                .forEach(entry -> {
                    Seen last = entry.getValue();
                    if (last.at().isEmpty() && !last.absent()) {
                        requireNone(last.source());
                    }
                    seen.put(entry.getKey(), last);
                });
        Map<InstanceId, Instant> alive = new HashMap<>();
        handle.createQuery(ALIVE)
                .bind("account", account.value())
                .map((row, context) -> Map.entry(
                        InstanceId.of(row.getString("pushed_instance")),
                        Instant.ofEpochSecond(row.getLong("alive_at"))))
                .forEach(entry -> alive.put(entry.getKey(), entry.getValue()));
        Map<String, Instant> gaps = new SourceTable(handle, dialect, StoreClock.SYSTEM).gapsAround(asTold);
        SortedMap<InstanceKey, InstanceTimeline> known = table.read(account);
        Map<InstanceId, AccountUsage.Watch> watches = new HashMap<>();
        for (InstanceTimeline timeline : timelines) {
            timeline.openInterval().ifPresent(last -> {
                InstanceKey key = InstanceKey.of(last);
                InstanceId id = key.instance();
                Optional<Seen> shown = Optional.ofNullable(seen.get(id));
                // Which source it was is known only as long as its sighting is kept; after that, any may have been.
                Optional<Instant> sight = shown.isEmpty() && !last.evidence().restsOnSightings()
                        ? Optional.empty()
                        : sightBefore(asTold, shown, gaps, Optional.ofNullable(known.get(key)));
                Optional<Instant> said = Optional.ofNullable(alive.get(id));
                if (sight.isPresent() || said.isPresent()) {
                    watches.put(id, new AccountUsage.Watch(sight, said));
                }
            });
        }
        return new AccountUsage(timelines, watches);
    }

    /** When an instance was last seen, as far as was known at some moment. */
    private static Optional<Instant> sightBefore(
            Instant asTold, Optional<Seen> seen, Map<String, Instant> gaps, Optional<InstanceTimeline> known) {
        Optional<Instant> inGap = seen.isPresent()
                ? seen.map(Seen::source).map(gaps::get)
                : gaps.values().stream().min(Instant::compareTo);
        if (inGap.isPresent()) {
            return inGap;
        }
        return seen.filter(last -> !last.absent())
                .flatMap(Seen::at)
                .or(() -> known.flatMap(timeline -> lastSight(timeline, asTold)))
                .map(sight -> sight.isAfter(asTold) ? asTold : sight);
    }

    private static Optional<Instant> lastSight(InstanceTimeline timeline, Instant asTold) {
        return timeline.intervals().stream()
                .filter(interval -> interval.evidence().restsOnSightings())
                .filter(interval -> !interval.start().isAfter(asTold))
                .reduce((earlier, later) -> later)
                .flatMap(UsageInterval::end);
    }
}
