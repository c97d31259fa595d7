package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Keeps usage intervals in memory: gone when the process ends. Thread-safe; a reader sees whole batches only. */
public final class InMemoryHistoryStore implements HistoryStore {

    private record Key(AccountId account, InstanceId instance) {}

    private final Map<AccountId, NavigableMap<InstanceId, InstanceTimeline>> accounts = new HashMap<>();

    /** An empty store. */
    public InMemoryHistoryStore() {}

    @Override
    public synchronized void append(Collection<UsageInterval> intervals) {
        Map<Key, List<UsageInterval>> byInstance = intervals.stream()
                .collect(Collectors.groupingBy(interval -> new Key(
                        interval.instance().account(), interval.instance().id())));
        Map<Key, InstanceTimeline> changed = new HashMap<>();
        byInstance.forEach((key, added) -> {
            InstanceTimeline timeline = timeline(key).plusAll(added);
            changed.put(key, timeline);
        });
        changed.forEach(this::keep);
    }

    private void keep(Key key, InstanceTimeline timeline) {
        NavigableMap<InstanceId, InstanceTimeline> instances =
                accounts.computeIfAbsent(key.account(), account -> new TreeMap<>());
        if (timeline.equals(InstanceTimeline.EMPTY)) { // intervals of no length tell nothing
            instances.remove(key.instance());
        } else {
            instances.put(key.instance(), timeline);
        }
        if (instances.isEmpty()) {
            accounts.remove(key.account());
        }
    }

    private InstanceTimeline timeline(Key key) {
        NavigableMap<InstanceId, InstanceTimeline> instances = accounts.get(key.account());
        return instances == null
                ? InstanceTimeline.EMPTY
                : instances.getOrDefault(key.instance(), InstanceTimeline.EMPTY);
    }

    @Override
    public synchronized List<InstanceTimeline> timelines(AccountId account) {
        NavigableMap<InstanceId, InstanceTimeline> instances = accounts.get(account);
        return instances == null ? List.of() : List.copyOf(instances.values());
    }

    @Override
    public synchronized SortedSet<AccountId> accounts() {
        return new TreeSet<>(accounts.keySet());
    }
}
