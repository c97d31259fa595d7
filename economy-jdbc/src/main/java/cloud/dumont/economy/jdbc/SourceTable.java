package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The tables {@code usage_source}, {@code usage_source_version} and {@code usage_source_gap}, seen through one connection. They are of no
 * account. Whoever locks a row of {@code usage_source} does so before accounts are locked, and of {@code usage_source_version} after that: so
 * none waits for another that waits for it.
 */
final class SourceTable {

    /** In place of a time that there is not: null equals nothing. */
    private static final long NONE = Long.MIN_VALUE;

    /** At least one row, also of a source that nobody has heard of. */
    private static final String SELECT = """
            SELECT version, stamp, recent, alive, stored_at, %1$s AS read_at FROM usage_source WHERE source = :source
            UNION ALL
            SELECT version, NULL, NULL, NULL, NULL, %1$s FROM usage_source_version WHERE source = :source
            UNION ALL
            SELECT 0, NULL, NULL, NULL, NULL, %1$s""";

    private static final String UNCHANGED_ELSEWHERE = """
            %s + COALESCE((SELECT elsewhere.version FROM usage_source_version AS elsewhere WHERE elsewhere.source = :source), 0)
                = :version""";

    private static final String UPDATE = """
            UPDATE usage_source SET stamp = :stamp, recent = :recent, alive = :alive, stored_at = %s
            WHERE source = :source AND COALESCE(stamp, :none) = :stamp_before AND COALESCE(alive, :none) = :alive_before
                AND\s""" + UNCHANGED_ELSEWHERE.formatted("version");

    private static final String INSERT = """
            INSERT INTO usage_source (source, version, stamp, recent, alive, stored_at)
            SELECT :source, 0, :stamp, :recent, :alive, %s FROM (SELECT 1 AS one) AS asked
            WHERE NOT EXISTS (SELECT 1 FROM usage_source WHERE source = :source) AND\s""" + UNCHANGED_ELSEWHERE.formatted("0");

    private static final String INSERT_GAP =
            "INSERT INTO usage_source_gap (source, from_at, to_at) VALUES (:source, :from, :to)";

    private final Handle handle;
    private final Dialect dialect;
    private final StoreClock clock;

    SourceTable(Handle handle, Dialect dialect, StoreClock clock) {
        this.handle = handle;
        this.dialect = dialect;
        this.clock = clock;
    }

    /** A row of the query of a clock: together they are the clock. */
    private record Part(
            long version,
            Optional<Long> stamp,
            List<Instant> recent,
            Optional<Long> alive,
            Optional<Long> storedAt,
            long readAt) {

        static Part of(ResultSet row) throws SQLException {
            String recent = row.getString("recent");
            return new Part(
                    row.getLong("version"),
                    InstanceColumns.number(row, "stamp"),
                    recent == null ? List.of() : stamps(recent),
                    InstanceColumns.number(row, "alive"),
                    InstanceColumns.number(row, "stored_at"),
                    row.getLong("read_at"));
        }

        Part plus(Part other) {
            boolean own = storedAt.isPresent();
            return new Part(
                    version + other.version,
                    own ? stamp : other.stamp,
                    own ? recent : other.recent,
                    own ? alive : other.alive,
                    own ? storedAt : other.storedAt,
                    readAt);
        }

        SourceClock clock(String source, Instant read) {
            return new SourceClock(
                    source,
                    version,
                    stamp.map(Instant::ofEpochSecond),
                    recent,
                    alive.map(Instant::ofEpochSecond),
                    storedAt.map(StoreClock::instant),
                    read);
        }
    }

    /**
     * A source has shown what lasts, and nothing is stored of when it was asked: the row is lost, or on another coordinator of the same shards.
     * To go on would be to count for ever what nobody vouches for.
     */
    static HistoryStoreException unknownClock(String source) {
        return new HistoryStoreException(
                "source '" + source + "' has shown instances that last, but usage_source does not say when it was"
                        + " asked, so nobody knows up to when it vouches for them; read and poll it through the database or coordinator that"
                        + " it was polled through, or restore usage_source from a backup");
    }

    /** Whether a sighting lasts up to its source's last listing, whenever that was. */
    static boolean rests(Sighting sighting) {
        return !sighting.absent() && sighting.lastSeen().isEmpty();
    }

    /**
     * Refuses a source of which nothing is stored here.
     *
     * @throws HistoryStoreException if there is neither a listing of it nor a change of its sightings
     */
    static void requireKnown(SourceClock clock) {
        if (clock.stamp().isEmpty() && clock.version() == 0) {
            throw unknownClock(clock.source());
        }
    }

    SourceClock clock(String source) {
        Part all = handle.createQuery(SELECT.formatted(dialect.now()))
                .bind("source", source)
                .map((row, context) -> Part.of(row))
                .collect(Collectors.reducing(Part::plus))
                .orElseThrow();
        return all.clock(source, StoreClock.instant(clock.given().isPresent() ? clock.micros() : all.readAt));
    }

    /**
     * Stores what a listing or a sign of life changes, and keeps others from doing so until the transaction ends.
     *
     * @return the clock now; empty if it is not what it was before
     */
    Optional<SourceClock> take(SourceUpdate update) {
        SourceClock before = update.before();
        boolean unknown = before.stamp().isEmpty() && before.alive().isEmpty();
        Optional<Long> stored = unknown ? stored(INSERT, update) : Optional.empty();
        if (stored.isEmpty()) {
            stored = stored(UPDATE, update);
        }
        stored.ifPresent(at -> keepGap(update));
        return stored.map(StoreClock::instant)
                .map(now -> new SourceClock(
                        before.source(),
                        before.version(),
                        whole(update.stamp()),
                        stamps(text(update.recent())),
                        whole(update.alive()),
                        Optional.of(now),
                        now));
    }

    /** When it was stored; empty if it was not. */
    private Optional<Long> stored(String sql, SourceUpdate update) {
        String change = sql.formatted(clock.now(dialect));
        Optional<String> query = dialect.returning("stored_at", change);
        if (query.isPresent()) {
            return bind(handle.createQuery(query.get()), sql, update)
                    .mapTo(Long.class)
                    .findOne();
        }
        return bind(handle.createUpdate(change), sql, update).execute() == 0
                ? Optional.empty()
                : Optional.of(handle.createQuery("SELECT stored_at FROM usage_source WHERE source = :source")
                        .bind("source", update.before().source())
                        .mapTo(Long.class)
                        .one());
    }

    private <S extends SqlStatement<S>> S bind(S statement, String sql, SourceUpdate update) {
        SourceClock before = update.before();
        S bound = clock.bindTo(statement)
                .bind("source", before.source())
                .bind("version", before.version())
                .bind("stamp", second(update.stamp()).orElse(null))
                .bind("recent", text(update.recent()))
                .bind("alive", second(update.alive()).orElse(null));
        return sql.equals(INSERT)
                ? bound
                : bound.bind("none", NONE)
                        .bind("stamp_before", second(before.stamp()).orElse(NONE))
                        .bind("alive_before", second(before.alive()).orElse(NONE));
    }

    private void keepGap(SourceUpdate update) {
        update.gapFrom()
                .ifPresent(from -> update.stamp()
                        .filter(from::isBefore)
                        .ifPresent(to -> handle.createUpdate(INSERT_GAP)
                                .bind("source", update.before().source())
                                .bind("from", from.getEpochSecond())
                                .bind("to", to.getEpochSecond())
                                .execute()));
    }

    /** A listing has changed sightings of its source, which {@link #take} has locked. */
    void countUp(String source) {
        handle.createUpdate("UPDATE usage_source SET version = version + 1 WHERE source = :source")
                .bind("source", source)
                .execute();
    }

    /** Something else has. */
    void countUpElsewhere(Collection<String> sources) {
        for (String sql : dialect.countUpVersion()) {
            PreparedBatch batch = handle.prepareBatch(sql);
            new TreeSet<>(sources)
                    .forEach(source -> batch.bind("source", source).add());
            batch.execute();
        }
    }

    /**
     * When nobody looked.
     *
     * @return for each source the beginning of the time without a listing that a moment lies in; those that were looked at then are missing
     */
    Map<String, Instant> gapsAround(Instant moment) {
        return handle.createQuery(
                        "SELECT source, MIN(from_at) AS from_at FROM usage_source_gap WHERE from_at < :moment AND to_at > :moment GROUP BY source")
                .bind("moment", moment.getEpochSecond())
                .map((row, context) ->
                        Map.entry(row.getString("source"), Instant.ofEpochSecond(row.getLong("from_at"))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Optional<Long> second(Optional<Instant> at) {
        return at.map(Instant::getEpochSecond);
    }

    private static Optional<Instant> whole(Optional<Instant> at) {
        return second(at).map(Instant::ofEpochSecond);
    }

    /** The first in seconds since 1970, of each other the seconds since the one before. */
    private static String text(List<Instant> stamps) {
        StringBuilder text = new StringBuilder();
        long last = 0;
        for (Instant stamp : stamps) {
            text.append(text.isEmpty() ? "" : " ").append(stamp.getEpochSecond() - last);
            last = stamp.getEpochSecond();
        }
        return text.toString();
    }

    private static List<Instant> stamps(String text) {
        List<Instant> stamps = new ArrayList<>();
        long last = 0;
        for (String since : text.split(" ", -1)) {
            if (!since.isEmpty()) {
                last += Long.parseLong(since);
                stamps.add(Instant.ofEpochSecond(last));
            }
        }
        return stamps;
    }
}
