package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Keeps usage intervals in a relational database: the table {@code usage_interval} holds exactly the
 * {@linkplain InstanceTimeline#facts() facts}, the view {@code usage_interval_usd} shows them to people.
 *
 * <p>The tables are made by {@link SchemaMigrator}, and only when that is asked to. If they are missing, too old or too new, every
 * method throws a {@link cloud.dumont.economy.history.HistoryStoreException} that says so, caused by a {@link SchemaException}.
 *
 * <p>Every call takes a connection of its own and gives it back. An append is one transaction of its own, whatever the thread's
 * other connections are doing; appends to one account wait for each other, on any number of hosts, and appends to different ones do
 * not.
 *
 * <p>This class is thread-safe.
 */
public final class JdbcHistoryStore implements HistoryStore {

    private final Transactions transactions;

    private JdbcHistoryStore(Jdbi jdbi) {
        this.transactions = new Transactions(jdbi);
    }

    /**
     * A store in one database. Opens no connection yet.
     *
     * @param dataSource where to connect; a pool, if the store is used often
     * @return the store
     */
    public static JdbcHistoryStore create(DataSource dataSource) {
        return create(Jdbi.create(dataSource));
    }

    /**
     * A store in the database of the host's own Jdbi, with its SQL logger and whatever else is set there. Opens no connection yet.
     *
     * @param jdbi where to connect; it must hand out connections that are nobody else's at the time
     * @return the store
     */
    public static JdbcHistoryStore create(Jdbi jdbi) {
        return new JdbcHistoryStore(jdbi);
    }

    @Override
    public void append(Collection<UsageInterval> intervals) {
        SortedMap<InstanceKey, List<UsageInterval>> told =
                intervals.stream().collect(Collectors.groupingBy(InstanceKey::of, TreeMap::new, Collectors.toList()));
        if (!told.isEmpty()) {
            transactions.write("append usage of " + told.size() + " instances", handle -> append(handle, told));
        }
    }

    private static void append(Handle handle, SortedMap<InstanceKey, List<UsageInterval>> told) {
        new UsageAccountTable(handle)
                .lock(told.keySet().stream().map(InstanceKey::account).collect(Collectors.toCollection(TreeSet::new)));
        UsageIntervalTable table = new UsageIntervalTable(handle);
        Map<InstanceKey, InstanceTimeline> known = table.read(told.keySet());

        List<UsageInterval> gone = new ArrayList<>();
        List<UsageInterval> added = new ArrayList<>();
        told.forEach((key, facts) -> {
            InstanceTimeline before = known.getOrDefault(key, InstanceTimeline.EMPTY);
            InstanceTimeline after = before.plusAll(facts);
            gone.addAll(factsOfOneOnly(before, after));
            added.addAll(factsOfOneOnly(after, before));
        });
        // In this order: the end of an open interval has the key of what it replaces.
        table.delete(gone);
        table.insert(added);
    }

    private static List<UsageInterval> factsOfOneOnly(InstanceTimeline one, InstanceTimeline other) {
        Set<UsageInterval> others = new HashSet<>(other.facts());
        return one.facts().stream().filter(fact -> !others.contains(fact)).toList();
    }

    @Override
    public List<InstanceTimeline> timelines(AccountId account) {
        return transactions.read(
                "read the usage of account " + account,
                handle ->
                        List.copyOf(new UsageIntervalTable(handle).read(account).values()));
    }

    @Override
    public SortedSet<AccountId> accounts() {
        return transactions.read("read the accounts", handle -> new UsageAccountTable(handle).known());
    }
}
