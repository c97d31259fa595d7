package cloud.dumont.economy.history;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceChange;
import cloud.dumont.economy.usage.InstanceFacts;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceKey;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Push;
import cloud.dumont.economy.usage.Sighting;
import cloud.dumont.economy.usage.SourceClock;
import cloud.dumont.economy.usage.SourceUpdate;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import java.util.WeakHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keeps usage intervals in memory: gone when the process ends. Thread-safe; a reader sees whole batches only. */
public final class InMemoryHistoryStore implements HistoryStore {

    /** What was recorded of one account, and when last. */
    private static final class Account {

        private final SortedMap<InstanceId, VersionedTimeline> instances = new TreeMap<>();
        private Instant recordedAt = Instant.MIN;
    }

    /** Is told by the store what changes; holds the store's lock for whatever it does. */
    private final class Follower implements UsageFollower {

        private final AccountId account;

        /** What was known, when it was last asked, of instances that have changed since. */
        private final Map<InstanceId, InstanceTimeline> before = new HashMap<>();

        Follower(AccountId account) {
            this.account = account;
        }

        @Override
        public AccountUsage all() {
            synchronized (InMemoryHistoryStore.this) {
                before.clear();
                return usage(account);
            }
        }

        @Override
        public Optional<UsageNews> news(Instant closed, Duration memory, Set<InstanceId> open) {
            synchronized (InMemoryHistoryStore.this) {
                List<UsageNews.Change> changes = new ArrayList<>();
                Set<InstanceId> lasting = new HashSet<>(open);
                before.forEach((id, known) -> {
                    InstanceTimeline now = timeline(new InstanceKey(account, id));
                    if (!known.equals(now)) {
                        boolean late = known.firstDifference(now)
                                .filter(first -> !first.isAfter(closed))
                                .isPresent();
                        changes.add(new UsageNews.Change(id, late ? Optional.of(known) : Optional.empty(), now));
                        lasting.add(id);
                    }
                });
                before.clear();
                return Optional.of(new UsageNews(
                        changes,
                        watches(
                                lasting.stream()
                                        .map(id -> timeline(new InstanceKey(account, id)))
                                        .toList(),
                                (key, last) -> sources.lastSeen(key))));
            }
        }
    }

    @Override
    public synchronized UsageFollower follow(AccountId account) {
        if (followers.size() >= mostFollowed) {
            followers.values().removeIf(ofAccount -> ofAccount.keySet().isEmpty());
            mostFollowed = Math.max(FEWEST_FOLLOWED, 2 * followers.size());
        }
        Follower follower = new Follower(Objects.requireNonNull(account, "account"));
        followers.computeIfAbsent(account, id -> new WeakHashMap<>()).put(follower, true);
        return follower;
    }

    private static final int FEWEST_FOLLOWED = 1_000;

    private final Map<AccountId, Account> accounts = new HashMap<>();

    /** Those that somebody holds. */
    private final Map<AccountId, WeakHashMap<Follower, Boolean>> followers = new HashMap<>();

    /** Of so many accounts, those that nobody follows any more are looked for. */
    private int mostFollowed = FEWEST_FOLLOWED;

    private final Map<InstanceKey, List<Push>> pushes = new HashMap<>();
    private final SourceTable sources = new SourceTable();
    private final InstantSource time;

    /** An empty store that goes by the system's clock. */
    public InMemoryHistoryStore() {
        this(InstantSource.system());
    }

    /**
     * An empty store.
     *
     * @param time when facts are recorded
     */
    public InMemoryHistoryStore(InstantSource time) {
        this.time = Objects.requireNonNull(time, "time");
    }

    @Override
    public synchronized void append(Collection<UsageInterval> intervals) {
        intervals.forEach(UsageInterval::requireRecordable);
        Map<InstanceKey, InstanceTimeline> changed = new HashMap<>();
        intervals.stream().collect(Collectors.groupingBy(InstanceKey::of)).forEach((key, facts) -> {
            InstanceTimeline before = timeline(key);
            InstanceTimeline after = before.plusAll(facts);
            if (!after.equals(before)) {
                changed.put(key, after);
            }
        });
        keep(changed);
    }

    private void keep(Map<InstanceKey, InstanceTimeline> changed) {
        Instant now = now();
        changed.forEach((key, timeline) -> {
            Account account = accounts.computeIfAbsent(key.account(), id -> new Account());
            if (account.recordedAt.isBefore(now)) {
                account.recordedAt = now;
            }
            VersionedTimeline versions =
                    account.instances.computeIfAbsent(key.instance(), id -> new VersionedTimeline());
            followers
                    .getOrDefault(key.account(), new WeakHashMap<>())
                    .keySet()
                    .forEach(follower -> follower.before.putIfAbsent(key.instance(), versions.now()));
            versions.become(timeline, account.recordedAt);
        });
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private InstanceTimeline timeline(InstanceKey key) {
        Account account = accounts.get(key.account());
        VersionedTimeline versions = account == null ? null : account.instances.get(key.instance());
        return versions == null ? InstanceTimeline.EMPTY : versions.now();
    }

    @Override
    public synchronized void change(Collection<? extends InstanceChange> changes) {
        Map<InstanceKey, InstanceFacts> after = new HashMap<>();
        changes.forEach(change -> {
            InstanceFacts before = facts(change.key());
            InstanceFacts decided = change.apply(before);
            if (!decided.equals(before)) {
                after.put(change.key(), decided);
            }
        });
        Map<InstanceKey, InstanceTimeline> changed = new HashMap<>();
        after.forEach((key, facts) -> {
            if (!facts.timeline().equals(timeline(key))) {
                changed.put(key, facts.timeline());
            }
            if (!facts.pushes().isEmpty()) {
                pushes.put(key, facts.pushes());
            }
            facts.sighting().ifPresent(sources::keep);
        });
        keep(changed);
    }

    @Override
    public synchronized Optional<SourceClock> change(
            Collection<? extends InstanceChange> changes, SourceUpdate update) {
        if (!sources.isUnchanged(update.before())) {
            return Optional.empty();
        }
        change(changes);
        sources.take(update, now());
        return Optional.of(clock(update.before().source()));
    }

    private InstanceFacts facts(InstanceKey key) {
        Optional<Sighting> sighting = sources.sighting(key);
        return new InstanceFacts(
                timeline(key),
                pushes.getOrDefault(key, List.of()),
                sighting,
                sighting.map(seen -> sources.clock(seen.source(), now())));
    }

    @Override
    public synchronized SourceClock clock(String source) {
        return sources.clock(source, now());
    }

    @Override
    public synchronized List<Sighting> sightings(String source) {
        return sources.sightings(source);
    }

    @Override
    public synchronized List<Push> pushedThrough(String source) {
        return pushes.values().stream()
                .flatMap(ofInstance -> lastOf(ofInstance).stream())
                .filter(push -> push.source().equals(source) && push.instance().isPresent())
                .toList();
    }

    private static Optional<Push> lastOf(List<Push> pushes) {
        return pushes.stream().filter(push -> !push.superseded()).reduce((earlier, later) -> later);
    }

    @Override
    public Optional<SourceClock> advance(SourceUpdate update) {
        return change(List.of(), update);
    }

    @Override
    public synchronized AccountUsage usage(AccountId account) {
        List<InstanceTimeline> timelines = timelines(account, VersionedTimeline::now);
        return new AccountUsage(timelines, watches(timelines, (key, last) -> sources.lastSeen(key)));
    }

    @Override
    public synchronized AccountUsage usage(AccountId account, Instant asTold) {
        List<InstanceTimeline> timelines = timelines(account, versions -> versions.asTold(asTold));
        return new AccountUsage(
                timelines, watches(timelines, (key, last) -> sources.lastSeen(key, last, asTold, timeline(key))));
    }

    private Map<InstanceId, AccountUsage.Watch> watches(
            List<InstanceTimeline> timelines, BiFunction<InstanceKey, UsageInterval, Optional<Instant>> lastSeen) {
        Map<InstanceId, AccountUsage.Watch> watches = new HashMap<>();
        timelines.forEach(timeline -> timeline.openInterval().ifPresent(last -> {
            InstanceKey key = InstanceKey.of(last);
            Optional<Instant> alive = lastOf(pushes.getOrDefault(key, List.of()))
                    .flatMap(push -> sources.clock(push.source(), now()).alive());
            Optional<Instant> seen = lastSeen.apply(key, last);
            if (seen.isPresent() || alive.isPresent()) {
                watches.put(key.instance(), new AccountUsage.Watch(seen, alive));
            }
        }));
        return watches;
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
                .filter(account -> !timelines(account, VersionedTimeline::now).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
