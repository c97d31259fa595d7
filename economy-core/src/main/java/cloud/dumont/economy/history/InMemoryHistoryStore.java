package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keeps usage intervals in memory: gone when the process ends. Thread-safe; a reader sees whole batches only. */
public final class InMemoryHistoryStore implements HistoryStore {

    private record Key(AccountId account, InstanceId instance) {}

    /** What was told of one account, and when last. */
    private static final class Account {

        private final SortedMap<InstanceId, VersionedTimeline> instances = new TreeMap<>();
        private Instant toldAt = Instant.MIN;
    }

    private final Map<AccountId, Account> accounts = new HashMap<>();
    private final InstantSource time;

    /** An empty store that goes by the system's clock. */
    public InMemoryHistoryStore() {
        this(InstantSource.system());
    }

    /**
     * An empty store.
     *
     * @param time when facts are told
     */
    public InMemoryHistoryStore(InstantSource time) {
        this.time = Objects.requireNonNull(time, "time");
    }

    @Override
    public void append(Collection<UsageInterval> intervals) {
        change(intervals, InstanceTimeline::plusAll);
    }

    @Override
    public void correct(Collection<UsageInterval> truth) {
        change(truth, InstanceTimeline::corrected);
    }

    private synchronized void change(
            Collection<UsageInterval> told,
            BiFunction<InstanceTimeline, Collection<UsageInterval>, InstanceTimeline> change) {
        Map<Key, List<UsageInterval>> byInstance = told.stream()
                .collect(Collectors.groupingBy(interval -> new Key(
                        interval.instance().account(), interval.instance().id())));
        Map<Key, InstanceTimeline> changed = new HashMap<>();
        byInstance.forEach((key, facts) -> {
            InstanceTimeline before = timeline(key);
            InstanceTimeline after = change.apply(before, facts);
            if (!after.equals(before)) {
                changed.put(key, after);
            }
        });
        Instant now = time.instant().truncatedTo(ChronoUnit.MICROS);
        changed.forEach((key, timeline) -> keep(key, timeline, now));
    }

    private InstanceTimeline timeline(Key key) {
        Account account = accounts.get(key.account());
        VersionedTimeline versions = account == null ? null : account.instances.get(key.instance());
        return versions == null ? InstanceTimeline.EMPTY : versions.now();
    }

    private void keep(Key key, InstanceTimeline timeline, Instant now) {
        Account account = accounts.computeIfAbsent(key.account(), id -> new Account());
        if (account.toldAt.isBefore(now)) {
            account.toldAt = now;
        }
        account.instances
                .computeIfAbsent(key.instance(), id -> new VersionedTimeline())
                .become(timeline, account.toldAt);
    }

    @Override
    public synchronized List<InstanceTimeline> timelines(AccountId account) {
        return timelines(account, VersionedTimeline::now);
    }

    @Override
    public synchronized List<InstanceTimeline> timelines(AccountId account, Instant asTold) {
        return timelines(account, versions -> versions.asTold(asTold));
    }

    private List<InstanceTimeline> timelines(AccountId account, Function<VersionedTimeline, InstanceTimeline> version) {
        Account known = accounts.get(account);
        return known == null
                ? List.of()
                : known.instances.values().stream()
                        .map(version)
                        .filter(timeline -> !timeline.equals(InstanceTimeline.EMPTY))
                        .toList();
    }

    @Override
    public synchronized SortedSet<AccountId> accounts() {
        return accounts.keySet().stream()
                .filter(account -> !timelines(account).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
