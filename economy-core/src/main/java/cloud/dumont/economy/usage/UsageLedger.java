package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a host says of its instances, and what sources show of them, into usage intervals. A host pushes ({@link #changed},
 * {@link #ended}) or its sources are polled ({@link #observe}), or both; either way the same facts come out. Every second of usage has
 * somebody who vouches for it: a push up to the next push, a sighting for its moment, and where the source knows since when, from then on.
 *
 * <p>The ledger remembers nothing: what it makes of a word depends on what is stored, and is decided in the transaction that stores it.
 * So it makes no difference which of several hosts over one store takes a word in, for how long it has been up, in which order
 * words arrive, or how often. A call that fails has changed nothing and can be made again.
 *
 * <p>Times are whole seconds, fractions are cut off. Times before 2000 and times more than five minutes ahead of the clock are refused.
 *
 * <p>Thread-safe. Listings of one source are taken in one after the other.
 */
public final class UsageLedger {

    /** The name of the source of {@link #observe(Collection, Instant)}. */
    public static final String FLEET = "fleet";

    /** The name under which pushes are recorded, unless the ledger has another. */
    public static final String HOST = "host";

    private static final int MOST_CHARACTERS = 200;

    private final LedgerStore store;
    private final GapPolicy gaps;
    private final InstantSource time;
    private final String name;
    private final ListingClock.Factory clocks;
    private final HostWatch host;
    private final ObservationReport report;
    private final Map<String, SourceWatch> watches = new ConcurrentHashMap<>();

    private UsageLedger(Builder builder) {
        store = builder.store;
        gaps = builder.gaps;
        name = builder.name;
        time = Objects.requireNonNullElseGet(builder.time, InstantSource::system);
        clocks = builder.time == null ? ListingClock.measured(gaps) : ListingClock.trusted();
        host = new HostWatch(store, name, gaps);
        report = new ObservationReport(builder.listener);
    }

    /**
     * Starts to build a ledger.
     *
     * @param store where it keeps everything, such as a {@code HistoryStore}
     * @return a builder
     */
    public static Builder builder(LedgerStore store) {
        return new Builder(store);
    }

    /**
     * A ledger over a store that keeps to {@link GapPolicy#STANDARD} and the system's clock.
     *
     * @param store where it keeps everything, such as a {@code HistoryStore}
     * @return the ledger
     */
    public static UsageLedger of(LedgerStore store) {
        return builder(store).build();
    }

    /**
     * An instance is in this state at this rate from some instant on: it started, changed its state, its rate or its size. That holds
     * until the next push of the instance. Pushing the same again changes nothing, and pushes may arrive in any order.
     *
     * @param instance what it is from then on
     * @param state what it does; {@link InstanceState#TERMINATED} is the same as {@link #ended}
     * @param at since when
     * @throws UsageConflictException if something else was pushed for the same second; it names both, and nothing is changed
     * @throws IllegalArgumentException if the time lies before 2000 or more than five minutes ahead of the clock
     */
    public void changed(Instance instance, InstanceState state, Instant at) {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(state, "state");
        push(InstanceKey.of(instance), Optional.of(instance), state, at);
    }

    /**
     * An instance is gone from some instant on. Its start may be reported later.
     *
     * @param account whose it was
     * @param instance which
     * @param at since when
     * @throws UsageConflictException if something else was pushed for the same second; it names both, and nothing is changed
     * @throws IllegalArgumentException if the time lies before 2000 or more than five minutes ahead of the clock
     */
    public void ended(AccountId account, InstanceId instance, Instant at) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(instance, "instance");
        push(new InstanceKey(account, instance), Optional.empty(), InstanceState.TERMINATED, at);
    }

    private void push(InstanceKey key, Optional<Instance> instance, InstanceState state, Instant at) {
        Objects.requireNonNull(at, "at");
        RecordedTime.require("a push of " + key + " as " + state, at, time.instant());
        host.catchUp(at);
        store.change(List.of(new PushChange(List.of(new Push(key, at, state, instance, name, false)), gaps)));
    }

    /**
     * The host that pushes through this ledger lives. From the first such call on, its pushes are vouched for only while it goes on to say
     * so: what it pushed counts for {@link GapPolicy#longestInferred()} after the last time, and ends there if it never does again.
     *
     * @param at when; not earlier than the last time, else nothing changes
     * @throws IllegalArgumentException if the time lies before 2000 or more than five minutes ahead of the clock
     */
    public void alive(Instant at) {
        Objects.requireNonNull(at, "at");
        RecordedTime.require("a sign of life of '" + name + "'", at, time.instant());
        host.alive(at);
    }

    /**
     * Takes in what the source named {@value #FLEET} shows.
     *
     * @param fleet all instances that are not gone
     * @param at when the listing was asked for
     * @return what became of it
     * @see #observe(String, Collection, Instant)
     */
    public Observation observe(Collection<ObservedInstance> fleet, Instant at) {
        return observe(FLEET, fleet, at);
    }

    /**
     * Takes in a complete listing of a source.
     *
     * <p>What it shows is there; what it lacks was there until it was last seen. Where the source knows since when, that counts if it can
     * be true. Where it does not, the {@link GapPolicy} rules the time since the last listing: short, the state goes on, or changes
     * when the new one is seen; longer, it is inferred if it is the same before and after; longer still, or if another state is seen, it is
     * unknown. A listing that lacks more than half of what the last one showed is believed only once the next one says the same. A
     * push and a sighting that contradicts it: for {@link GapPolicy#longestObserved()} after the push the sighting is older news; later, it
     * is a change seen then.
     *
     * <p>An instance belongs to the source that showed it first, until that source's listing is without it. What cannot be taken (two entries
     * of one id that disagree, an entry that is null, what another source owns or the store refuses) is left out, and all else is taken.
     *
     * @param source the name of the source, 1 to 200 characters; one name stands for one listing of one scope, whichever host asks for it
     * @param fleet all instances in that scope that are not gone
     * @param at when the listing was asked for
     * @return what became of it
     * @throws IllegalArgumentException if the time lies before 2000 or more than five minutes ahead of the clock, or the name has no
     *     characters or too many
     * @throws IllegalStateException if listings of that name are disjoint in turn: two scopes go by one name
     */
    public Observation observe(String source, Collection<ObservedInstance> fleet, Instant at) {
        requireName(source);
        Objects.requireNonNull(fleet, "fleet");
        Objects.requireNonNull(at, "at");
        RecordedTime.require("a listing of source '" + source + "'", at, time.instant());
        host.catchUp(at);
        Observation observation = watch(source).observe(fleet, at);
        report.add(observation);
        return observation;
    }

    /**
     * Puts right what was recorded wrong: whatever is known of the time of each interval gives way to it, an open end included. It counts as
     * a push from now on; a source that goes on to show what it showed before does not undo it.
     *
     * @param truth intervals of any accounts and instances, in any order, none inferred
     * @throws UsageConflictException if two of them disagree; it names both, and nothing is changed
     * @throws IllegalArgumentException if one is inferred, begins before 2000, or begins or ends more than five minutes ahead of the clock;
     *     nothing is changed
     */
    public void correct(Collection<UsageInterval> truth) {
        Instant now = time.instant();
        for (UsageInterval interval : Objects.requireNonNull(truth, "truth")) {
            String what = "a correction of " + InstanceKey.of(interval);
            RecordedTime.require(what + " that begins", interval.start(), now);
            interval.end().ifPresent(end -> RecordedTime.require(what + " that ends", end, now));
        }
        store.change(InstanceChange.corrections(truth));
    }

    /**
     * A source is gone for good: what it owned ends when it was last seen.
     *
     * @param source its name
     * @return what ended
     */
    public Observation retire(String source) {
        requireName(source);
        Observation observation = watch(source).retire();
        report.add(observation);
        return observation;
    }

    private SourceWatch watch(String source) {
        return watches.computeIfAbsent(source, named -> new SourceWatch(store, named, gaps, clocks.create()));
    }

    private static String requireName(String source) {
        Objects.requireNonNull(source, "source");
        if (source.isBlank() || source.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a source's name has 1 to " + MOST_CHARACTERS
                    + " characters and is not blank; given were " + source.length());
        }
        Text.checkId("a source's name", source, MOST_CHARACTERS);
        return source;
    }

    /** Puts a ledger together. Not thread-safe. */
    public static final class Builder {

        private final LedgerStore store;
        private GapPolicy gaps = GapPolicy.STANDARD;
        private @Nullable InstantSource time;
        private String name = HOST;
        private ObservationListener listener = observation -> {};

        private Builder(LedgerStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * What to make of time between listings; {@link GapPolicy#STANDARD} unless set.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder gaps(GapPolicy policy) {
            gaps = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * The time that pushes and listings are held against; the system's unless set, and then a step of the system's clock is
         * noticed too.
         *
         * @param source of instants
         * @return this builder
         */
        public Builder time(InstantSource source) {
            time = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * The name under which pushes are recorded, and of which {@link UsageLedger#alive} speaks; {@value UsageLedger#HOST} unless set.
         *
         * @param host 1 to 200 characters
         * @return this builder
         * @throws IllegalArgumentException if it has no characters, or too many
         */
        public Builder name(String host) {
            name = requireName(host);
            return this;
        }

        /**
         * What is called with what became of listings; nothing unless set.
         *
         * @param called once for each kind of finding and instance
         * @return this builder
         */
        public Builder listener(ObservationListener called) {
            listener = Objects.requireNonNull(called, "called");
            return this;
        }

        /**
         * The ledger.
         *
         * @return a ledger, which has asked the store for nothing yet
         */
        public UsageLedger build() {
            return new UsageLedger(this);
        }
    }

    /** How long nobody has looked, if that is longer than what counts as seen. */
    static Optional<Instant> gapFrom(SourceClock clock, Instant stamp, GapPolicy gaps) {
        return clock.stamp().filter(last -> Duration.between(last, stamp).compareTo(gaps.longestObserved()) > 0);
    }
}
