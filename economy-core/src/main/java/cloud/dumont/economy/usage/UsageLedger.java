package cloud.dumont.economy.usage;

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
    private final GapPolicy gaps;
    private final Map<Key, UsageInterval> open = new HashMap<>();
    private Set<Key> lastSeen = Set.of();

    /** How instances ended that vanished from an observation: one that comes back unchanged goes on from there. */
    private final Map<Key, UsageInterval> vanished = new HashMap<>();

    private @Nullable Instant lastObservedAt;

    /**
     * A ledger that knows of no instance yet, and keeps to {@link GapPolicy#STANDARD}.
     *
     * @param sink takes each batch of intervals, such as {@code HistoryStore::append}
     */
    public UsageLedger(Consumer<? super List<UsageInterval>> sink) {
        this(sink, GapPolicy.STANDARD);
    }

    /**
     * A ledger that knows of no instance yet.
     *
     * @param sink takes each batch of intervals, such as {@code HistoryStore::append}
     * @param gaps what to make of time between observations that nobody vouches for
     */
    public UsageLedger(Consumer<? super List<UsageInterval>> sink, GapPolicy gaps) {
        this.sink = Objects.requireNonNull(sink, "sink");
        this.gaps = Objects.requireNonNull(gaps, "gaps");
    }

    /**
     * Takes up what an earlier run left open, and nobody knows how long ago; or what is open once the history was corrected. It goes
     * on until it is told or seen otherwise.
     *
     * @param intervals open intervals, one per instance
     * @throws IllegalArgumentException if one has an end; nothing is taken up then
     */
    public synchronized void resume(Collection<UsageInterval> intervals) {
        for (UsageInterval interval : intervals) {
            if (!interval.isOpen()) {
                throw new IllegalArgumentException("only open intervals can be taken up, not " + interval);
            }
        }
        intervals.forEach(interval -> open.put(Key.of(interval.instance()), interval));
    }

    /**
     * Takes up what an earlier run left open and had observed: the time since is a gap between observations like any other. What the
     * next observation does not show ended when it was last seen.
     *
     * @param intervals open intervals that the source had shown, one per instance
     * @param observedAt when the fleet was last observed
     * @throws IllegalArgumentException if one has an end; nothing is taken up then
     */
    public synchronized void resume(Collection<UsageInterval> intervals, Instant observedAt) {
        resume(intervals);
        Set<Key> seen = new HashSet<>(lastSeen);
        intervals.forEach(interval -> seen.add(Key.of(interval.instance())));
        lastSeen = Set.copyOf(seen);
        lastObservedAt = observedAt;
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
     * <p>Where the source knows since when, that is what counts, however long nobody looked. Where it does not, an instance is first
     * known of when it is first seen, and the {@link GapPolicy} rules the time between two observations: short, the state goes on, or
     * changes when the new one is seen; longer, it is inferred for the time between if it is the same before and after; longer
     * still, or if another state is seen, the time between is unknown. What was seen only once before such a gap lasted that second.
     *
     * @param fleet all instances that are not gone
     * @param at when it was seen
     * @return the open instances that this source has never shown
     */
    public synchronized List<UsageInterval> observe(Collection<ObservedInstance> fleet, Instant at) {
        Batch batch = new Batch();
        Map<Key, ObservedInstance> seen = new HashMap<>();
        fleet.forEach(observed -> seen.put(Key.of(observed.instance()), observed));
        seen.forEach((key, observed) -> observed.since()
                .ifPresentOrElse(
                        since -> take(key, UsageInterval.openFrom(observed.instance(), observed.state(), since), batch),
                        () -> glimpse(key, observed, at, batch)));
        Map<Key, UsageInterval> vanishing = vanish(seen.keySet(), batch);
        batch.commit();

        vanished.keySet().removeAll(seen.keySet());
        vanished.putAll(vanishing);
        Instant forgotten = at.minus(REMEMBERED);
        vanished.values().removeIf(last -> end(last).isBefore(forgotten));
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
            batch.change(UsageInterval.openFrom(now.instance(), now.state(), end(before)));
        } else {
            batch.change(now);
        }
    }

    /** Takes in what the source sees, but does not know since when. */
    private void glimpse(Key key, ObservedInstance seen, Instant at, Batch batch) {
        UsageInterval last = open.get(key);
        UsageInterval before = vanished.get(key);
        Instant known = last != null ? lastKnown(last) : before != null ? end(before) : at;
        // A clock that went back does not undo what was seen.
        UsageInterval now = UsageInterval.openFrom(seen.instance(), seen.state(), at.isBefore(known) ? known : at);
        Duration gap = Duration.between(known, at);
        if (last == null || !lastSeen.contains(key) || gap.compareTo(gaps.longestObserved()) <= 0) {
            batch.change(now);
            return;
        }
        // Never at its start: that would leave no trace of it, and let it go on for ever if it were told again.
        Instant firstSecond = last.start().plusSeconds(1);
        Instant end = known.isBefore(firstSecond) ? firstSecond : known;
        batch.end(key, end);
        if (last.agreesWith(now) && gap.compareTo(gaps.longestInferred()) <= 0) {
            batch.infer(last, end, at);
        }
        batch.open(key, now);
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
        return before.agreesWith(now) && !now.start().isAfter(end(before));
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

    private static Instant end(UsageInterval ended) {
        return ended.end().orElseThrow();
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

        void infer(UsageInterval last, Instant from, Instant to) {
            facts.add(last.startingAt(from).endedAt(to).inferred());
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
