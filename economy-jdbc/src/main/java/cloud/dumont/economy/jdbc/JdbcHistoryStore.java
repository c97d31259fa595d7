package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.UsageFollower;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Keeps usage intervals in a relational database: the table {@code usage_interval} holds exactly the
 * {@linkplain InstanceTimeline#facts() facts} that hold now, {@code usage_interval_withdrawn} those that did before. The view
 * {@code usage_interval_usd} shows the former to people, {@code usage_interval_told_usd} all of them, with when they were told.
 *
 * <p>The tables are made by {@link SchemaMigrator}, and only when that is asked to. If they are missing, too old or too new, every
 * method throws a {@link cloud.dumont.economy.history.HistoryStoreException} that says so, caused by a {@link SchemaException}.
 *
 * <p>What hosts pushed, what sources showed and when they were asked is kept beside it, in {@code usage_push}, {@code usage_sighting} and
 * {@code usage_source}: all that a {@link cloud.dumont.economy.usage.UsageLedger} remembers.
 *
 * <p>When a fact is recorded is what the clock of the host that writes it shows once it has its turn, shortly before the commit. A moment
 * is settled, and its answer final, when no write that began before it is still under way. When a source was stored goes by the
 * database's clock, which all hosts share.
 *
 * <p>Every call takes a connection of its own and gives it back. Each write is one transaction of its own, whatever the thread's
 * other connections are doing; writes to one account wait for each other, on any number of hosts, and writes to different ones do not.
 *
 * <p>The database may be a coordinator of PostgreSQL servers that share the accounts ({@code docs/scaling.md}). If one of them fails while a write
 * of accounts on several of them is committed, what is recorded of some accounts may be stored though the write is refused; making it again completes it.
 *
 * <p>This class is thread-safe.
 */
public final class JdbcHistoryStore implements HistoryStore {

    private static final String SELECT_SIGHTINGS =
            "SELECT " + SightingRows.TABLE.names() + " FROM usage_sighting WHERE source = :source";

    private static final String SELECT_PUSHES = "SELECT " + KeptPush.TABLE.names()
            + " FROM usage_push WHERE source = :source AND lasts = TRUE"
            + " AND state IN ('RUNNING', 'IDLE', 'HIBERNATED', 'STOPPED')";

    private final Transactions transactions;
    private final StoreClock clock;

    private JdbcHistoryStore(Transactions transactions, StoreClock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * A store in one database that goes by the system's clock. Opens no connection yet.
     *
     * @param dataSource where to connect; a pool, if the store is used often
     * @return the store
     */
    public static JdbcHistoryStore create(DataSource dataSource) {
        return create(Jdbi.create(dataSource));
    }

    /**
     * A store in the database of the host's own Jdbi, with its SQL logger and whatever else is set there. It goes by the system's clock,
     * and opens no connection yet.
     *
     * @param jdbi where to connect; it must hand out connections that are nobody else's at the time
     * @return the store
     */
    public static JdbcHistoryStore create(Jdbi jdbi) {
        return create(jdbi, Backoff.BY_CHANCE);
    }

    static JdbcHistoryStore create(Jdbi jdbi, Backoff backoff) {
        return new JdbcHistoryStore(new Transactions(jdbi, backoff), StoreClock.SYSTEM);
    }

    /**
     * The same store by another clock, in place of the system's and the database's.
     *
     * @param other when facts are recorded
     * @return a store in the same database
     */
    public JdbcHistoryStore withTime(InstantSource other) {
        return new JdbcHistoryStore(transactions, new StoreClock(Optional.of(Objects.requireNonNull(other, "other"))));
    }

    @Override
    public void append(Collection<UsageInterval> intervals) {
        intervals.forEach(UsageInterval::requireRecordable);
        SortedMap<InstanceKey, List<UsageInterval>> told =
                intervals.stream().collect(Collectors.groupingBy(InstanceKey::of, TreeMap::new, Collectors.toList()));
        if (!told.isEmpty()) {
            try {
                transactions.write(
                        named("append usage", told.keySet()),
                        told.size(),
                        (handle, dialect) -> append(handle, dialect, told));
            } catch (HistoryStoreException e) {
                throw transactions
                        .encodingThatRefused(e)
                        .flatMap(encoding -> UnstorableText.in(
                                intervals.stream().map(UsageInterval::instance).toList(), encoding))
                        .map(why -> new HistoryStoreException(e.getMessage() + ": " + why, e.getCause()))
                        .orElse(e);
            }
        }
    }

    private void append(Handle handle, Dialect dialect, SortedMap<InstanceKey, List<UsageInterval>> told) {
        UsageAccountTable accounts = new UsageAccountTable(handle, dialect);
        Map<AccountId, Write> locked = accounts.lock(
                told.keySet().stream().map(InstanceKey::account).collect(Collectors.toCollection(TreeSet::new)));
        UsageIntervalTable table = new UsageIntervalTable(handle, dialect);
        Map<InstanceKey, List<UsageInterval>> known = table.rows(told.entrySet().stream()
                .map(entry -> TouchedTime.of(entry.getKey(), entry.getValue()))
                .toList());

        List<UsageInterval> gone = new ArrayList<>();
        List<UsageInterval> added = new ArrayList<>();
        told.forEach((key, facts) -> {
            List<UsageInterval> rows = known.getOrDefault(key, List.of());
            InstanceTimeline before = rows.isEmpty() ? InstanceTimeline.EMPTY : UsageIntervalTable.timeline(key, rows);
            InstanceTimeline after = before.plusAll(facts);
            if (!after.equals(before)) {
                gone.addAll(missing(rows, after.facts()));
                added.addAll(missing(after.facts(), rows));
            }
        });
        SortedSet<AccountId> changed = Stream.concat(gone.stream(), added.stream())
                .map(fact -> fact.instance().account())
                .collect(Collectors.toCollection(TreeSet::new));
        if (changed.isEmpty()) {
            return;
        }
        Map<AccountId, Write> writes = UsageAccountTable.timed(changed, locked, clock.micros());
        dialect.statements(handle).write(new UsageNews(writes, gone, added, List.of(), List.of()));
    }

    @Override
    public void change(Collection<? extends InstanceChange> changes) {
        if (!changes.isEmpty()) {
            transactions.write(
                    namedOf("change what is known", changes),
                    changes.size(),
                    (handle, dialect) -> new InstanceChanges(handle, dialect, clock).make(changes));
        }
    }

    @Override
    public Optional<SourceClock> change(Collection<? extends InstanceChange> changes, SourceUpdate update) {
        String source = update.before().source();
        String what = changes.isEmpty()
                ? "store when source '" + source + "' was asked"
                : namedOf("change what is known", changes);
        List<SourceClock> taken = new ArrayList<>();
        transactions.write(what, changes.size(), (handle, dialect) -> {
            taken.clear();
            new InstanceChanges(handle, dialect, clock).make(changes, update).ifPresent(taken::add);
        });
        return taken.stream().findFirst();
    }

    @Override
    public Optional<SourceClock> advance(SourceUpdate update) {
        return change(List.of(), update);
    }

    @Override
    public SourceClock clock(String source) {
        return transactions.read(
                "read when source '" + source + "' was asked",
                (handle, dialect) -> new SourceTable(handle, dialect, clock).clock(source));
    }

    @Override
    public List<Sighting> sightings(String source) {
        return transactions.read("read what source '" + source + "' showed", (handle, dialect) -> {
            List<Sighting> sightings = handle.createQuery(SELECT_SIGHTINGS)
                    .bind("source", source)
                    .map(SightingRows::map)
                    .list();
            if (sightings.stream().anyMatch(SourceTable::rests)) {
                SourceTable.requireKnown(new SourceTable(handle, dialect, clock).clock(source));
            }
            return sightings;
        });
    }

    @Override
    public List<Push> pushedThrough(String source) {
        return transactions.read(
                "read what was pushed through '" + source + "'",
                (handle, dialect) -> handle.createQuery(SELECT_PUSHES)
                        .bind("source", source)
                        .map(KeptPush::map)
                        .map(KeptPush::push)
                        .list());
    }

    @Override
    public AccountUsage usage(AccountId account) {
        return transactions.read(
                "read the usage of account " + account,
                (handle, dialect) -> new WatchedUsage(handle, dialect, account).now());
    }

    @Override
    public AccountUsage usage(AccountId account, Instant asTold) {
        return transactions.snapshot(
                asTold("read the usage of account " + account, asTold),
                List.of(MonthlyTable.USAGE_INTERVAL, MonthlyTable.USAGE_INTERVAL_WITHDRAWN),
                (handle, dialect) -> {
                    requireKept(handle, account, asTold);
                    return new WatchedUsage(handle, dialect, account).then(asTold);
                });
    }

    @Override
    public List<InstanceTimeline> timelines(AccountId account) {
        return transactions.read(
                "read the usage of account " + account,
                (handle, dialect) -> List.copyOf(
                        new UsageIntervalTable(handle, dialect).read(account).values()));
    }

    @Override
    public List<InstanceTimeline> timelines(AccountId account, Instant asTold) {
        return transactions.read(asTold("read the usage of account " + account, asTold), (handle, dialect) -> {
            requireKept(handle, account, asTold);
            return List.copyOf(new UsageIntervalTable(handle, dialect)
                    .read(account, StoreClock.micros(asTold))
                    .values());
        });
    }

    private static String asTold(String what, Instant asTold) {
        return what + " as told at " + asTold;
    }

    private static void requireKept(Handle handle, AccountId account, Instant asTold) {
        new RollupTable(handle)
                .droppedUntil(account.value())
                .map(Instant::ofEpochSecond)
                .filter(asTold::isBefore)
                .ifPresent(until -> {
                    throw new HistoryStoreException("the usage of account " + account + " before " + until
                            + " was dropped: what was told by " + asTold + " can no longer be asked for");
                });
    }

    @Override
    public UsageFollower follow(AccountId account) {
        return new AccountFollower(transactions, account);
    }

    @Override
    public SortedSet<AccountId> accounts() {
        return transactions.read(
                "read the accounts", (handle, dialect) -> new UsageAccountTable(handle, dialect).known());
    }

    private static String namedOf(String what, Collection<? extends InstanceChange> changes) {
        return named(what, changes.stream().map(InstanceChange::key).collect(Collectors.toSet()));
    }

    private static String named(String what, Set<InstanceKey> instances) {
        return instances.size() == 1
                ? what + " of " + instances.iterator().next()
                : what + " of " + instances.size() + " instances";
    }

    private static List<UsageInterval> missing(List<UsageInterval> facts, List<UsageInterval> from) {
        Set<UsageInterval> there = new HashSet<>(from);
        return facts.stream().filter(fact -> !there.contains(fact)).toList();
    }
}
