package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
 * <p>When a fact is told is what the clock of the host that writes it shows once it has its turn, shortly before the commit. A moment
 * is settled, and its answer final, when no write that began before it is still under way.
 *
 * <p>Every call takes a connection of its own and gives it back. An append or a correction is one transaction of its own, whatever the thread's
 * other connections are doing; writes to one account wait for each other, on any number of hosts, and writes to different ones do not.
 *
 * <p>The database may be a coordinator of PostgreSQL servers that share the accounts ({@code docs/scaling.md}). If one of them fails while an append
 * of accounts on several of them is committed, what is told of some accounts may be stored though the append is refused; telling it again completes it.
 *
 * <p>This class is thread-safe.
 */
public final class JdbcHistoryStore implements HistoryStore {

    private final Transactions transactions;
    private final InstantSource time;

    private JdbcHistoryStore(Transactions transactions, InstantSource time) {
        this.transactions = transactions;
        this.time = time;
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
        return new JdbcHistoryStore(new Transactions(jdbi, backoff), InstantSource.system());
    }

    /**
     * The same store by another clock.
     *
     * @param other when facts are told
     * @return a store in the same database
     */
    public JdbcHistoryStore withTime(InstantSource other) {
        return new JdbcHistoryStore(transactions, Objects.requireNonNull(other, "other"));
    }

    @Override
    public void append(Collection<UsageInterval> intervals) {
        change("append usage", intervals, InstanceTimeline::plusAll, TouchedTime::of);
    }

    @Override
    public void correct(Collection<UsageInterval> truth) {
        // What lasts is cut where the truth begins, and its first piece joined to what lies far from there.
        change("correct usage", truth, InstanceTimeline::corrected, (key, told) -> TouchedTime.always(key));
    }

    private void change(
            String what,
            Collection<UsageInterval> intervals,
            BiFunction<InstanceTimeline, Collection<UsageInterval>, InstanceTimeline> change,
            BiFunction<InstanceKey, Collection<UsageInterval>, TouchedTime> touched) {
        SortedMap<InstanceKey, List<UsageInterval>> told =
                intervals.stream().collect(Collectors.groupingBy(InstanceKey::of, TreeMap::new, Collectors.toList()));
        if (!told.isEmpty()) {
            transactions.write(
                    what + " of " + told.size() + " instances",
                    (handle, dialect) -> change(handle, dialect, told, change, touched));
        }
    }

    private void change(
            Handle handle,
            Dialect dialect,
            SortedMap<InstanceKey, List<UsageInterval>> told,
            BiFunction<InstanceTimeline, Collection<UsageInterval>, InstanceTimeline> change,
            BiFunction<InstanceKey, Collection<UsageInterval>, TouchedTime> touched) {
        UsageAccountTable accounts = new UsageAccountTable(handle, dialect);
        accounts.lock(told.keySet().stream().map(InstanceKey::account).collect(Collectors.toCollection(TreeSet::new)));
        UsageIntervalTable table = new UsageIntervalTable(handle, dialect);
        Map<InstanceKey, InstanceTimeline> known = table.read(told.entrySet().stream()
                .map(entry -> touched.apply(entry.getKey(), entry.getValue()))
                .toList());

        List<UsageInterval> gone = new ArrayList<>();
        List<UsageInterval> added = new ArrayList<>();
        told.forEach((key, facts) -> {
            InstanceTimeline before = known.getOrDefault(key, InstanceTimeline.EMPTY);
            InstanceTimeline after = change.apply(before, facts);
            gone.addAll(before.factsMissingFrom(after));
            added.addAll(after.factsMissingFrom(before));
        });
        SortedSet<AccountId> changed = Stream.concat(gone.stream(), added.stream())
                .map(fact -> fact.instance().account())
                .collect(Collectors.toCollection(TreeSet::new));
        if (changed.isEmpty()) {
            return;
        }
        Map<AccountId, Write> writes = accounts.tell(changed, micros(time.instant()));
        // In this order: the end of an open interval has the key of what it replaces.
        table.withdraw(gone, writes);
        table.insert(added, writes);
    }

    /** Cut, not rounded. Nothing was ever told at moments that 64 bits do not reach. */
    private static long micros(Instant at) {
        try {
            return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000L), at.getNano() / 1000);
        } catch (ArithmeticException beyond) {
            return at.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
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
        return transactions.read(
                "read the usage of account " + account + " as told at " + asTold, (handle, dialect) -> {
                    requireKept(new RollupTable(handle).droppedUntil(account.value()), account, asTold);
                    return List.copyOf(new UsageIntervalTable(handle, dialect)
                            .read(account, micros(asTold))
                            .values());
                });
    }

    private static void requireKept(Optional<Long> droppedUntil, AccountId account, Instant asTold) {
        droppedUntil.map(Instant::ofEpochSecond).filter(asTold::isBefore).ifPresent(until -> {
            throw new HistoryStoreException("the usage of account " + account + " before " + until
                    + " was dropped: what was told by " + asTold + " can no longer be asked for");
        });
    }

    @Override
    public SortedSet<AccountId> accounts() {
        return transactions.read(
                "read the accounts", (handle, dialect) -> new UsageAccountTable(handle, dialect).known());
    }
}
