package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@linkplain Poller pollers}. Each setting but {@link #listener} may be made once; what is not set is
 *
 * <ul>
 *   <li>policy: every 30 seconds, {@linkplain PollPolicy#fixed(Duration) backing off} up to ten minutes;
 *   <li>scheduler: one {@linkplain PollScheduler#create() of the poller's own}, closed with it; share one where there
 *       are many pollers;
 *   <li>executor: none, tasks and listeners run on the scheduler's thread;
 *   <li>jitter: none, the first poll is due at once;
 *   <li>time: {@link InstantSource#system()};
 *   <li>close deadline: ten seconds;
 *   <li>name: {@code unnamed};
 *   <li>listeners: none.
 * </ul>
 *
 * <p>Every setter throws {@link NullPointerException} with the parameter's name if it is null, and
 * {@link IllegalStateException} with the setting's name if it was made before. Not thread-safe.
 *
 * @param <T> what the task returns
 */
public final class PollerBuilder<T> {

    final Callable<? extends T> task;
    final List<PollListener<? super T>> listeners = new ArrayList<>();

    private final Set<String> made = new HashSet<>();

    @Nullable
    PollScheduler scheduler;

    PollPolicy<? super T> policy = PollPolicy.fixed(Poller.DEFAULT_DELAY);
    Executor executor = Runnable::run;
    Supplier<Duration> firstDelay = () -> Duration.ZERO;
    InstantSource time = InstantSource.system();
    Duration closeDeadline = Duration.ofSeconds(10);
    String name = "unnamed";

    PollerBuilder(Callable<? extends T> task) {
        this.task = Objects.requireNonNull(task, "task");
    }

    /**
     * Says how long to wait between polls.
     *
     * @param policy the policy
     * @return this builder
     */
    public PollerBuilder<T> policy(PollPolicy<? super T> policy) {
        this.policy = once("policy", policy);
        return this;
    }

    /**
     * Shares a scheduler, which the poller will not close.
     *
     * @param scheduler what waits between polls
     * @return this builder
     */
    public PollerBuilder<T> scheduler(PollScheduler scheduler) {
        this.scheduler = once("scheduler", scheduler);
        return this;
    }

    /**
     * Runs the task and the listeners elsewhere than on the scheduler's thread, which slow tasks would keep from all
     * the other pollers. A refusal by the executor counts as a failed poll.
     *
     * @param executor what runs them; it must run or refuse, for a task dropped in silence ends the polling
     * @return this builder
     */
    public PollerBuilder<T> executor(Executor executor) {
        this.executor = once("executor", executor);
        return this;
    }

    /**
     * Adds a listener; they are told in the order they were added.
     *
     * @param listener the listener
     * @return this builder
     */
    public PollerBuilder<T> listener(PollListener<? super T> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Delays the first poll by a random part of a duration, so that pollers started together do not poll together.
     *
     * @param bound the first delay is less than this; longer than zero
     * @param random where the part comes from, used once, in {@link Poller#start()}
     * @return this builder
     * @throws IllegalArgumentException if {@code bound} is not longer than zero
     */
    public PollerBuilder<T> jitter(Duration bound, RandomGenerator random) {
        long nanos = TimeUnit.NANOSECONDS.convert(PositiveDuration.require(bound, "bound"));
        Objects.requireNonNull(random, "random");
        this.firstDelay = once("jitter", () -> Duration.ofNanos(random.nextLong(nanos)));
        return this;
    }

    /**
     * Gives the time that events carry. Delays do not depend on it.
     *
     * @param time the source of time
     * @return this builder
     */
    public PollerBuilder<T> time(InstantSource time) {
        this.time = once("time", time);
        return this;
    }

    /**
     * Limits how long {@link Poller#close()} waits for the poll in progress.
     *
     * @param deadline the longest wait, longer than zero
     * @return this builder
     * @throws IllegalArgumentException if {@code deadline} is not longer than zero
     */
    public PollerBuilder<T> closeDeadline(Duration deadline) {
        PositiveDuration.require(deadline, "deadline");
        this.closeDeadline = once("closeDeadline", deadline);
        return this;
    }

    /**
     * Names the poller in logs and messages.
     *
     * @param name the name
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
     */
    public Poller<T> build() {
        return new Poller<>(this);
    }

    private <V> V once(String setting, V value) {
        Objects.requireNonNull(value, setting);
        if (!made.add(setting)) {
            throw new IllegalStateException(setting + " was already set");
        }
        return value;
    }
}
