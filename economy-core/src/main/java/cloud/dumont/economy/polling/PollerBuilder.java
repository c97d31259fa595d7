package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@linkplain Poller pollers} and {@linkplain PollGroup groups} of them. Each setting but {@link #listener} and
 * {@link #watcher} may be made once. Every setter throws {@link NullPointerException} with the parameter's name if it is null, and
 * {@link IllegalStateException} with the setting's name if it was made before. Not thread-safe.
 *
 * @param <T> what the task returns
 */
public final class PollerBuilder<T> {

    private static final int MOST_CONCURRENCY = 10_000;

    private final @Nullable Object task;
    private final Set<String> made = new HashSet<>();
    private final List<PollListener<? super T>> listeners = new ArrayList<>();

    private boolean watched;
    private boolean pauses;
    private PollPolicy<? super T> policy = PollPolicy.every(PollLoop.DEFAULT_DELAY);
    private @Nullable Consumer<? super T> accept;
    private @Nullable PollScheduler scheduler;
    private @Nullable Executor executor;
    private @Nullable CallLimit limit;
    private @Nullable PollObserver observer;
    private Duration deadline = Duration.ofSeconds(10);
    private Duration closeDeadline = Duration.ofSeconds(5);
    private Duration staleAfter = Duration.ofMinutes(5);
    private Duration firstWithin = Duration.ZERO;
    private int concurrency = 16;
    private int mostAbandoned = 16;
    private InstantSource time = InstantSource.system();
    private Supplier<? extends RandomGenerator> random = ThreadLocalRandom::current;
    private String name = "poller";

    PollerBuilder(@Nullable Object task) {
        this.task = task;
    }

    /**
     * Says how long to wait between polls; unless set, {@link PollPolicy#every} 30 seconds.
     *
     * @param policy the policy
     * @return this builder
     */
    public PollerBuilder<T> policy(PollPolicy<? super T> policy) {
        this.policy = once("policy", policy);
        return this;
    }

    /**
     * Takes each value before anybody else hears of it, as the last part of the poll: within its deadline, and if this throws, the
     * poll has failed. It is not called for a poll that was cancelled or abandoned meanwhile, so what comes too late does no harm.
     *
     * @param consumer what takes the value; none unless set
     * @return this builder
     */
    public PollerBuilder<T> accept(Consumer<? super T> consumer) {
        this.accept = once("accept", consumer);
        return this;
    }

    /**
     * Adds a listener; they hear in the order in which they were added. It counts as somebody who listens.
     *
     * @param listener the listener
     * @return this builder
     */
    public PollerBuilder<T> listener(PollListener<? super T> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        watched = true;
        return this;
    }

    /**
     * Adds a listener that does not keep the poller from pausing.
     *
     * @param listener the listener
     * @return this builder
     */
    public PollerBuilder<T> watcher(PollListener<? super T> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Lets a poller pause when its poll is due and nobody listens: neither a {@link #listener} nor one that was added later, nor a
     * subscriber. It polls at once when somebody comes. Unless this is set, it polls on.
     *
     * @return this builder
     */
    public PollerBuilder<T> pauseWhenUnheard() {
        once("pauseWhenUnheard", true);
        pauses = true;
        return this;
    }

    /**
     * Shares a scheduler, which the poller will not close; unless set, it has one of its own, closed with it.
     *
     * @param scheduler what wakes the poller
     * @return this builder
     */
    public PollerBuilder<T> scheduler(PollScheduler scheduler) {
        this.scheduler = once("scheduler", scheduler);
        return this;
    }

    /**
     * Runs the polls and the listeners; unless set, the {@linkplain PollScheduler#executor() scheduler's} does. It stays the
     * host's. While it refuses, polls that are due stay in the queue, and it is asked again every second. A poll that ignores its
     * cancellation holds one of its threads; where it has no other left, nothing runs.
     *
     * @param executor what runs them; it must run or refuse, for what it drops in silence keeps a worker's place
     * @return this builder
     */
    public PollerBuilder<T> executor(Executor executor) {
        this.executor = once("executor", executor);
        return this;
    }

    /**
     * Bounds the calls per minute, together with all others that are given the same limit; none unless set.
     *
     * @param limit the shared limit
     * @return this builder
     */
    public PollerBuilder<T> limit(CallLimit limit) {
        this.limit = once("limit", limit);
        return this;
    }

    /**
     * Takes measures; none unless set.
     *
     * @param observer what takes them
     * @return this builder
     */
    public PollerBuilder<T> observer(PollObserver observer) {
        this.observer = once("observer", observer);
        return this;
    }

    /**
     * How long a poll may take before it is cancelled, and after it its listeners.
     *
     * @param deadline longer than zero, at most 100 days; 10 seconds unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> deadline(Duration deadline) {
        this.deadline = once("deadline", PositiveDuration.require(deadline, "deadline"));
        return this;
    }

    /**
     * How long {@link Poller#close()} may take.
     *
     * @param deadline longer than zero, at most 100 days; 5 seconds unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> closeDeadline(Duration deadline) {
        this.closeDeadline = once("closeDeadline", PositiveDuration.require(deadline, "closeDeadline"));
        return this;
    }

    /**
     * From which age on a value is {@linkplain Reading#stale() stale}.
     *
     * @param limit longer than zero, at most 100 days; 5 minutes unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> staleAfter(Duration limit) {
        this.staleAfter = once("staleAfter", PositiveDuration.require(limit, "staleAfter"));
        return this;
    }

    /**
     * Delays each first poll by a random part of a duration, so that pollers which start together do not poll together.
     *
     * @param bound longer than zero, at most 100 days; unless set, the first poll comes at once
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> firstWithin(Duration bound) {
        this.firstWithin = once("firstWithin", PositiveDuration.require(bound, "firstWithin"));
        return this;
    }

    /**
     * How many polls of a group may be in progress at once; a poller alone never has more than one.
     *
     * @param polls 1 to 10,000; 16 unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> concurrency(int polls) {
        this.concurrency = once("concurrency", within(polls, MOST_CONCURRENCY, "concurrency"));
        return this;
    }

    /**
     * How many abandoned polls of one poller may hold a thread each. While there are so many, further polls fail without a call:
     * a source that hangs for good costs no more than these.
     *
     * @param polls 1 to 10,000; 16 unless set
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public PollerBuilder<T> mostAbandoned(int polls) {
        this.mostAbandoned = once("mostAbandoned", within(polls, MOST_CONCURRENCY, "mostAbandoned"));
        return this;
    }

    /**
     * Gives the time that events and readings tell. Delays do not depend on it.
     *
     * @param time the source of time; the system's unless set
     * @return this builder
     */
    public PollerBuilder<T> time(InstantSource time) {
        this.time = once("time", time);
        return this;
    }

    /**
     * Gives the chance in jitter and backoff.
     *
     * @param random asked for a generator whenever one is needed, on any thread; {@link ThreadLocalRandom#current()} unless set
     * @return this builder
     */
    public PollerBuilder<T> random(Supplier<? extends RandomGenerator> random) {
        this.random = once("random", random);
        return this;
    }

    /**
     * Names the poller in logs, messages and measures.
     *
     * @param name the name; {@code poller} unless set
     * @return this builder
     */
    public PollerBuilder<T> name(String name) {
        this.name = once("name", name);
        return this;
    }

    /**
     * Makes a poller with the settings so far. It has no thread and does nothing until it is started.
     *
     * @return a new poller, independent of this builder and of the others it made
     * @throws IllegalStateException if this builder has no task
     */
    public Poller<T> build() {
        if (task == null) {
            throw new IllegalStateException("a group's builder has no task: end it with buildGroup()");
        }
        return new PollLoop<>(rules(true)).add(task);
    }

    /**
     * Makes a group with the settings so far. It has no thread and does nothing until it is started.
     *
     * @return a new group, with the builder's task as its first poller if the builder has one
     */
    public PollGroup<T> buildGroup() {
        PollLoop<T> loop = new PollLoop<>(rules(false));
        if (task != null) {
            loop.add(task);
        }
        return new PollGroup<>(loop);
    }

    private PollRules<T> rules(boolean alone) {
        PollScheduler own = scheduler == null ? PollScheduler.create() : null;
        PollScheduler used = own == null ? Objects.requireNonNull(scheduler) : own;
        return new PollRules<>(
                name,
                alone,
                policy,
                accept,
                List.copyOf(listeners),
                watched,
                pauses,
                deadline,
                closeDeadline,
                staleAfter,
                firstWithin,
                concurrency,
                mostAbandoned,
                limit,
                observer,
                used,
                own,
                executor == null ? used.executor() : executor,
                time,
                random);
    }

    private static int within(int value, int most, String setting) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(setting + " was " + value + " but must be from 1 to " + most);
        }
        return value;
    }

    private <V> V once(String setting, V value) {
        Objects.requireNonNull(value, setting);
        if (!made.add(setting)) {
            throw new IllegalStateException(setting + " was already set");
        }
        return value;
    }
}
