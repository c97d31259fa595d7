package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a host tells, or what is seen of its fleet, into usage intervals. A host pushes ({@link #changed}, {@link #ended}) or is
 * observed ({@link #observe}); both end as the same facts. The ledger creates no money: telling the same twice, or observing more
 * often, gives the same intervals.
 *
 * <p>Intervals go to the sink in one batch per call, an end together with what follows it. A call whose batch the sink refuses
 * (by throwing) has changed nothing and can be made again.
 *
 * <p>Thread-safe: calls are taken one after the other.
 */
public final class UsageLedger {

    private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

    private record Key(AccountId account, InstanceId instance) {

        static Key of(Instance instance) {
            return new Key(instance.account(), instance.id());
        }
    }

    /** How long an instance that vanished may take to come back and go on. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Consumer<? super List<UsageInterval>> sink;
    private final Map<Key, UsageInterval> open = new HashMap<>();
    private Set<Key> lastSeen = Set.of();

    /** How instances ended that vanished from an observation: one that comes back unchanged goes on from there. */
    private final Map<Key, UsageInterval> vanished = new HashMap<>();

    private @Nullable Instant lastObservedAt;

    /**
     * A ledger that knows of no instance yet.
     *
     * @param sink takes each batch of intervals, such as {@code HistoryStore::append}
     */
    public UsageLedger(Consumer<? super List<UsageInterval>> sink) {
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /**
     * Takes up what an earlier run left open.
     *
     * @param intervals open intervals, one per instance
     * @throws IllegalArgumentException if one has an end
     */
    public synchronized void resume(Collection<UsageInterval> intervals) {
        for (UsageInterval interval : intervals) {
            if (!interval.isOpen()) {
                throw new IllegalArgumentException("only open intervals can be taken up, not " + interval);
            }
            open.put(Key.of(interval.instance()), interval);
        }
    }

    /**
     * An instance is in this state at this rate from now on: it started, changed its state, its rate or its size. Telling what is
     * known already changes nothing.
     *
     * @param instance what it is now
     * @param state what it does now
     * @param at since when
     * @throws IllegalArgumentException if that lies before the last change told of this instance; nothing is changed then
     */
    public synchronized void changed(Instance instance, InstanceState state, Instant at) {
        Batch batch = new Batch();
        batch.change(UsageInterval.openFrom(instance, state, at));
        batch.commit();
    }

    /**
     * An instance is gone. Telling it again changes nothing.
     *
     * @param account whose it was
     * @param instance which
     * @param at since when
     * @throws IllegalArgumentException if that lies before the last change told of this instance; nothing is changed then
     */
    public synchronized void ended(AccountId account, InstanceId instance, Instant at) {
        Batch batch = new Batch();
        batch.end(new Key(account, instance), at);
        batch.commit();
    }

    /**
     * Takes in what a source sees of the whole fleet. An instance that was in the observation before this one and is in this one no
     * more ended when it was last seen: the time since then is unknown and outside every total. One that was never observed (it was
     * pushed, or left open by an earlier run) stays as it is until it is told or seen, and so does one that the source shows in an older
     * state than is known.
     *
     * @param fleet all instances that are not gone
     * @param at when it was seen
     * @return the open instances that this source has never shown
     */
    public synchronized List<UsageInterval> observe(Collection<ObservedInstance> fleet, Instant at) {
        Batch batch = new Batch();
        Map<Key, UsageInterval> seen = new HashMap<>();
        for (ObservedInstance observed : fleet) {
            UsageInterval now = UsageInterval.openFrom(observed.instance(), observed.state(), observed.since());
            seen.put(Key.of(observed.instance()), now);
        }
        seen.forEach((key, now) -> take(key, now, batch));
        Map<Key, UsageInterval> vanishing = vanish(seen.keySet(), batch);
        batch.commit();

        vanished.keySet().removeAll(seen.keySet());
        vanished.putAll(vanishing);
        Instant forgotten = at.minus(REMEMBERED);
        vanished.values().removeIf(last -> last.end().orElseThrow().isBefore(forgotten));
        lastSeen = Set.copyOf(seen.keySet());
        lastObservedAt = at;
        return open.entrySet().stream()
                .filter(entry -> !seen.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void take(Key key, UsageInterval now, Batch batch) {
        UsageInterval last = open.get(key);
        UsageInterval before = vanished.get(key);
        if (last != null && now.start().isBefore(last.start())) {
            // The source lags behind what was told; that must not keep the rest of the fleet from being seen.
            LOG.warn("observed {}, which is older than what is known: {}", now, last);
        } else if (last != null && leftUnseen(key, last, now)) {
            batch.end(key, lastKnown(last));
            batch.open(key, now);
        } else if (last == null && before != null && goesOn(before, now)) {
            batch.change(UsageInterval.openFrom(
                    now.instance(), now.state(), before.end().orElseThrow()));
        } else {
            batch.change(now);
        }
    }

    /** It left its state and came back to it between two observations: what was between is unknown. */
    private boolean leftUnseen(Key key, UsageInterval last, UsageInterval now) {
        return lastObservedAt != null
                && lastSeen.contains(key)
                && last.agreesWith(now)
                && now.start().isAfter(lastKnown(last));
    }

    /** It was missing from an observation, and tells now that it has been so all the time. */
    private static boolean goesOn(UsageInterval before, UsageInterval now) {
        return before.agreesWith(now) && !now.start().isAfter(before.end().orElseThrow());
    }

    /** Ends what the last observation showed and this one does not; gives how each ended. */
    private Map<Key, UsageInterval> vanish(Set<Key> seen, Batch batch) {
        Map<Key, UsageInterval> vanishing = new HashMap<>();
        for (Key key : lastSeen) {
            UsageInterval last = open.get(key);
            if (last != null && !seen.contains(key)) {
                batch.end(key, lastKnown(last));
                vanishing.put(key, last.endedAt(lastKnown(last)));
            }
        }
        return vanishing;
    }

    /** Until when an open interval of a watched instance is known to have lasted. */
    private Instant lastKnown(UsageInterval last) {
        Instant observed = lastObservedAt;
        return observed == null || observed.isBefore(last.start()) ? last.start() : observed;
    }

    /** What one call tells: facts for the sink, and what is open once it has taken them. */
    private final class Batch {

        private final List<UsageInterval> facts = new ArrayList<>();
        private final Map<Key, Optional<UsageInterval>> changes = new HashMap<>();

        void change(UsageInterval next) {
            Key key = Key.of(next.instance());
            UsageInterval last = open.get(key);
            if (last == null || !last.agreesWith(next)) {
                end(key, next.start());
                open(key, next);
            }
        }

        void open(Key key, UsageInterval next) {
            facts.add(next);
            changes.put(key, Optional.of(next));
        }

        void end(Key key, Instant at) {
            UsageInterval last = open.get(key);
            if (last == null) {
                return;
            }
            if (at.isBefore(last.start())) {
                throw new IllegalArgumentException(
                        "told of a change at " + at + ", which lies before the last one: " + last);
            }
            facts.add(last.endedAt(at));
            changes.put(key, Optional.empty());
        }

        void commit() {
            if (facts.isEmpty()) {
                return;
            }
            sink.accept(List.copyOf(facts));
            changes.forEach(
                    (key, interval) -> interval.ifPresentOrElse(value -> open.put(key, value), () -> open.remove(key)));
        }
    }
}
