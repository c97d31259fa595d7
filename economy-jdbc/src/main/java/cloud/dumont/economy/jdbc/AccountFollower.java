package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.AccountUsage;
import cloud.dumont.economy.history.UsageFollower;
import cloud.dumont.economy.history.UsageNews;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Follows one account by what each row says of when it was written. Where nothing was written since, it reads one row of the account, and who
 * watches over what lasts.
 */
final class AccountFollower implements UsageFollower {

    /** Of more rows of one microsecond, nobody remembers which: then all is read again, once. */
    private static final int MOST_WRITTEN = 1_000;

    private static final String SELECT_MARK = """
            SELECT appends, told_at,
                (SELECT MAX(dropped_at) FROM usage_retention WHERE usage_retention.account_id = :account) AS dropped_at
            FROM usage_account WHERE account_id = :account""";

    /** What was written at the mark too: within one microsecond, some may have been written before it was read and some after. */
    private static final String SELECT_WRITTEN = """
            SELECT %1$s, told_at, NULL AS withdrawn_by FROM usage_interval WHERE account_id = :account AND told_at >= :told
            UNION ALL
            SELECT %1$s, told_at, withdrawn_by FROM usage_interval_withdrawn
            WHERE account_id = :account AND withdrawn_at >= :told""".formatted(UsageIntervalTable.COLUMNS);

    private static final String SELECT_AT_MARK = "SELECT " + UsageIntervalTable.COLUMNS
            + " FROM usage_interval WHERE account_id = :account AND told_at = :told LIMIT " + (MOST_WRITTEN + 1);

    private static final String SELECT_INSTANCES = "SELECT " + UsageIntervalTable.COLUMNS
            + " FROM usage_interval WHERE account_id = :account AND instance_id IN (%s) AND (ended_at IS NULL OR ended_at >= :from)";

    private static final int INSTANCES_A_QUERY = 500;

    /**
     * How far an account was read.
     *
     * @param appends how many writes it had seen
     * @param toldAt when the last one was
     * @param droppedAt when usage was dropped last
     * @param written what of it was written at that time; empty if that is too much to be remembered
     */
    private record Mark(long appends, long toldAt, Optional<Long> droppedAt, Optional<Set<UsageInterval>> written) {

        /** Of an account that was never written. */
        static final Mark NONE = new Mark(-1, Long.MIN_VALUE, Optional.empty(), Optional.of(Set.of()));

        Mark with(Set<UsageInterval> lastWritten) {
            return new Mark(
                    appends,
                    toldAt,
                    droppedAt,
                    lastWritten.size() > MOST_WRITTEN ? Optional.empty() : Optional.of(lastWritten));
        }

        /** Whether a row was there when it was read. */
        boolean saw(Written row) {
            return row.toldAt() < toldAt || written.orElseThrow().contains(row.fact());
        }
    }

    /**
     * A row written since some mark.
     *
     * @param withdrawnBy by which write; empty while it holds
     */
    private record Written(UsageInterval fact, long toldAt, Optional<Long> withdrawnBy) {

        InstanceId instance() {
            return fact.instance().id();
        }
    }

    private final Transactions transactions;
    private final AccountId account;
    private Mark mark = Mark.NONE;

    AccountFollower(Transactions transactions, AccountId account) {
        this.transactions = transactions;
        this.account = Objects.requireNonNull(account, "account");
    }

    private record Read<T>(T answer, Mark mark) {}

    @Override
    public AccountUsage all() {
        Read<AccountUsage> read = transactions.snapshot(
                "read the usage of account " + account,
                List.of(MonthlyTable.USAGE_INTERVAL),
                (handle, dialect) -> new Read<>(
                        new WatchedUsage(handle, dialect, account).now(), withWritten(handle, readMark(handle))));
        mark = read.mark();
        return read.answer();
    }

    @Override
    public Optional<UsageNews> news(Instant closed, Duration memory, Set<InstanceId> open) {
        Read<Optional<UsageNews>> read = transactions.snapshot(
                "read what has changed of account " + account,
                List.of(MonthlyTable.USAGE_INTERVAL, MonthlyTable.USAGE_INTERVAL_WITHDRAWN),
                (handle, dialect) -> news(handle, dialect, closed, closed.minus(memory), open));
        mark = read.mark();
        return read.answer();
    }

    private Read<Optional<UsageNews>> news(
            Handle handle, Dialect dialect, Instant closed, Instant from, Set<InstanceId> open) {
        Mark now = readMark(handle);
        if (!now.droppedAt().equals(mark.droppedAt())) {
            return new Read<>(Optional.empty(), mark);
        }
        Map<InstanceId, AccountUsage.Watch> watches = new WatchedUsage(handle, dialect, account).watches();
        if (now.appends() == mark.appends()) {
            return new Read<>(Optional.of(new UsageNews(List.of(), watches)), mark);
        }
        if (mark.written().isEmpty()) {
            return new Read<>(Optional.empty(), mark);
        }
        List<Written> written = written(handle);
        Set<UsageInterval> last = written.stream()
                .filter(row -> row.withdrawnBy().isEmpty() && row.toldAt() == now.toldAt())
                .map(Written::fact)
                .collect(Collectors.toSet());
        Map<InstanceId, List<Written>> changed = written.stream()
                .filter(row -> row.withdrawnBy().isEmpty()
                        ? !mark.saw(row)
                        : row.withdrawnBy().get() > mark.appends())
                .collect(Collectors.groupingBy(Written::instance));
        return new Read<>(
                Optional.of(new UsageNews(changes(handle, closed, from, open, changed), watches)), now.with(last));
    }

    private List<UsageNews.Change> changes(
            Handle handle, Instant closed, Instant from, Set<InstanceId> open, Map<InstanceId, List<Written>> changed) {
        List<UsageNews.Change> changes = new ArrayList<>();
        Set<InstanceId> known = new HashSet<>(changed.keySet());
        known.retainAll(open);
        Set<InstanceId> wanted = new HashSet<>(changed.keySet());
        wanted.removeAll(known);
        Map<InstanceId, List<UsageInterval>> recent = rows(handle, known, from.getEpochSecond());
        for (InstanceId id : known) {
            List<Written> rows = Objects.requireNonNull(changed.get(id));
            InstanceTimeline after = timeline(id, now(recent.getOrDefault(id, List.of()), rows));
            if (isLate(timeline(id, before(recent.getOrDefault(id, List.of()), rows)), after, closed)) {
                wanted.add(id);
            } else {
                changes.add(new UsageNews.Change(id, Optional.empty(), after));
            }
        }
        Map<InstanceId, List<UsageInterval>> all = rows(handle, wanted, Long.MIN_VALUE);
        for (InstanceId id : wanted) {
            List<UsageInterval> holding = all.getOrDefault(id, List.of());
            InstanceTimeline after = timeline(id, holding);
            InstanceTimeline before = timeline(id, before(holding, Objects.requireNonNull(changed.get(id))));
            changes.add(new UsageNews.Change(
                    id, isLate(before, after, closed) ? Optional.of(before) : Optional.empty(), after));
        }
        return changes;
    }

    private static boolean isLate(InstanceTimeline before, InstanceTimeline after, Instant closed) {
        return before.firstDifference(after)
                .filter(first -> !first.isAfter(closed))
                .isPresent();
    }

    /** What holds now of an instance, of which some rows were read. */
    private static Set<UsageInterval> now(List<UsageInterval> holding, List<Written> written) {
        Set<UsageInterval> now = new HashSet<>(holding);
        written.stream().filter(row -> row.withdrawnBy().isEmpty()).forEach(row -> now.add(row.fact()));
        return now;
    }

    /** What held at the mark. */
    private Set<UsageInterval> before(List<UsageInterval> holding, List<Written> written) {
        Set<UsageInterval> before = now(holding, written);
        for (Written row : written) {
            if (row.withdrawnBy().isEmpty()) {
                before.remove(row.fact());
            }
        }
        for (Written row : written) {
            if (row.withdrawnBy().isPresent() && mark.saw(row)) {
                before.add(row.fact());
            }
        }
        return before;
    }

    private InstanceTimeline timeline(InstanceId id, Collection<UsageInterval> facts) {
        return facts.isEmpty()
                ? InstanceTimeline.EMPTY
                : UsageIntervalTable.timeline(new InstanceKey(account, id), List.copyOf(facts));
    }

    private Mark readMark(Handle handle) {
        return handle.createQuery(SELECT_MARK)
                .bind("account", account.value())
                .map((row, context) -> new Mark(
                        row.getLong("appends"),
                        row.getLong("told_at"),
                        InstanceColumns.number(row, "dropped_at"),
                        Optional.of(Set.of())))
                .findOne()
                .orElse(Mark.NONE);
    }

    private Mark withWritten(Handle handle, Mark read) {
        return read.with(Set.copyOf(handle.createQuery(SELECT_AT_MARK)
                .bind("account", account.value())
                .bind("told", read.toldAt())
                .map(new UsageIntervalMapper())
                .list()));
    }

    private List<Written> written(Handle handle) {
        UsageIntervalMapper mapper = new UsageIntervalMapper();
        return handle.createQuery(SELECT_WRITTEN)
                .bind("account", account.value())
                .bind("told", mark.toldAt())
                .map((row, context) -> new Written(
                        mapper.map(row, context), row.getLong("told_at"), InstanceColumns.number(row, "withdrawn_by")))
                .list();
    }

    private Map<InstanceId, List<UsageInterval>> rows(Handle handle, Set<InstanceId> instances, long from) {
        Map<InstanceId, List<UsageInterval>> rows = new HashMap<>();
        for (List<InstanceId> part : UsageIntervalTable.partsOf(List.copyOf(instances), INSTANCES_A_QUERY)) {
            String names = IntStream.range(0, part.size())
                    .mapToObj(i -> ":instance" + i)
                    .collect(Collectors.joining(", "));
            Query query = handle.createQuery(SELECT_INSTANCES.formatted(names))
                    .bind("account", account.value())
                    .bind("from", from);
            for (int i = 0; i < part.size(); i++) {
                query.bind("instance" + i, part.get(i).value());
            }
            query.map(new UsageIntervalMapper())
                    .forEach(fact -> rows.computeIfAbsent(fact.instance().id(), id -> new ArrayList<>())
                            .add(fact));
        }
        return rows;
    }
}
