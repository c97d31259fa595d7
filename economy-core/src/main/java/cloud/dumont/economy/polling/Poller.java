package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a task, tells listeners how it went, waits as long as a {@link PollPolicy} says, and calls it again.
 *
 * <p>A poll never overlaps another of the same poller, and the wait begins when a poll has ended: one that is slow
 * delays the next, and nothing piles up. The loop outlives its task: whatever that throws is a {@link PollFailed}, and
 * the next poll is scheduled. Only a {@link VirtualMachineError} (of the task, the policy or a listener) is passed on
 * to the thread it came up in; then polling stops until {@link #pollNow()}, as it does if the scheduler refuses the
 * next poll. Both are logged as errors.
 *
 * <p>This class is thread-safe. The task and the listeners are called by one thread at a time, each call seeing what
 * the one before it did.
 *
 * <pre>{@code
 * try (Poller<Report> poller = Poller.builder(service::report)
 *         .policy(PollPolicy.adaptive(Report::isActive, Duration.ofSeconds(30), Duration.ofSeconds(60)))
 *         .listener(PollListener.onSuccess(System.out::println))
 *         .build()
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * @param <T> what the task returns
 */
public final class Poller<T> implements AutoCloseable {

    static final Duration DEFAULT_DELAY = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    /** WAITING for the scheduler, QUEUED at the executor, CLOSING while the poll in progress is let finish. */
    private enum State {
        NEW,
        WAITING,
        QUEUED,
        RUNNING,
        CLOSING,
        CLOSED
    }

    private final Callable<? extends T> task;
    private final List<PollListener<? super T>> listeners;
    private final PollPolicy<? super T> policy;
    private final PollScheduler scheduler;
    private final @Nullable SingleThreadPollScheduler ownScheduler;
    private final Executor executor;
    private final Supplier<Duration> firstDelay;
    private final InstantSource time;
    private final Duration closeDeadline;
    private final String name;

    private final Object lock = new Object();
    private State state = State.NEW;
    private @Nullable Thread runner;
    private PollScheduler.@Nullable Cancellable next;
    private @Nullable CompletableFuture<T> requested;
    private int failures;
    private volatile @Nullable T latest;

    Poller(PollerBuilder<T> settings) {
        task = settings.task;
        listeners = List.copyOf(settings.listeners);
        policy = settings.policy;
        ownScheduler = settings.scheduler == null ? new SingleThreadPollScheduler() : null;
        scheduler = ownScheduler == null ? Objects.requireNonNull(settings.scheduler) : ownScheduler;
        executor = settings.executor;
        firstDelay = settings.firstDelay;
        time = settings.time;
        closeDeadline = settings.closeDeadline;
        name = settings.name;
    }

    /**
     * Begins a poller.
     *
     * @param task what to call; what it returns must not be null
     * @param <T> what the task returns
     * @return a builder with every default
     * @throws NullPointerException if {@code task} is null
     */
    public static <T> PollerBuilder<T> builder(Callable<? extends T> task) {
        return new PollerBuilder<>(task);
    }

    /**
     * Schedules the first poll, due at once or after the builder's jitter. A poller starts once.
     *
     * @return this poller
     * @throws IllegalStateException if it was started before, or is closed
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    public Poller<T> start() {
        if (!enter(State.NEW)) {
            throw new IllegalStateException("poller " + name + " was already started or is closed");
        }
        try {
            Duration delay = firstDelay.get();
            publish(new PollScheduled<>(time.instant(), delay));
            leave(delay);
        } catch (Throwable fatal) {
            stop(fatal);
            throw fatal;
        }
        return this;
    }

    /**
     * Polls as soon as possible instead of when the next poll is due; the wait after it begins anew. Joins a poll that
     * is already under way, so the value may be from a little before this call.
     *
     * <p>The future completes after the listeners were told: with the value, with what the task threw, or with a
     * {@link CancellationException} if the poller is closed first. Do not wait for it in the task or in a listener.
     *
     * @return the future of that poll, the caller's own: cancelling it changes nothing here
     * @throws IllegalStateException if the poller is not started yet, or is closed
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    public CompletableFuture<T> pollNow() {
        synchronized (lock) {
            if (state == State.NEW || state == State.CLOSING || state == State.CLOSED) {
                throw new IllegalStateException(
                        "poller " + name + (state == State.NEW ? " is not started" : " is closed"));
            }
            if (requested == null) {
                if (state == State.WAITING) {
                    PollScheduler.Cancellable later = next;
                    next = scheduler.schedule(this::tick, Duration.ZERO);
                    if (later != null) {
                        later.cancel();
                    }
                }
                requested = new CompletableFuture<>();
            }
            return requested.copy();
        }
    }

    /**
     * What the last successful poll returned; later failures and closing do not take it away.
     *
     * @return the value, empty as long as no poll has succeeded
     */
    public Optional<T> latest() {
        return Optional.ofNullable(latest);
    }

    /**
     * Ends the polling for good. The poll in progress is let finish and its listeners are told, for which this waits
     * until the builder's close deadline; after it has returned, no poll and no event begins. Closing again changes
     * nothing.
     *
     * <p>What is left of a poll is dropped, its value included, when the deadline passes or the calling thread is
     * interrupted (the interrupt stays set), and when the task or a listener itself calls this, which then doesn't
     * wait. A scheduler of the poller's own is closed too, interrupting a task that still runs on it.
     */
    @Override
    public void close() {
        boolean ended;
        synchronized (lock) {
            if (state != State.CLOSED) {
                state = State.CLOSING;
            }
            if (next != null) {
                next.cancel();
                next = null;
            }
            ended = awaitRunner();
            state = State.CLOSED;
        }
        CompletableFuture<T> dropped = takeRequested();
        if (dropped != null) {
            dropped.completeExceptionally(new CancellationException("poller " + name + " was closed"));
        }
        if (ownScheduler != null) {
            ownScheduler.close(ended ? closeDeadline : Duration.ZERO);
        }
    }

    private boolean awaitRunner() {
        long deadline = TimeUnit.NANOSECONDS.convert(closeDeadline);
        long start = System.nanoTime();
        try {
            while (runner != null && runner != Thread.currentThread()) {
                long left = deadline - (System.nanoTime() - start);
                if (left <= 0) {
                    LOG.warn("poller {}: a poll still runs {} after close", name, closeDeadline);
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** On the scheduler's thread: hands the poll to the executor. A tick that comes too late finds another state. */
    private void tick() {
        synchronized (lock) {
            if (state != State.WAITING) {
                return;
            }
            state = State.QUEUED;
            if (next != null) {
                next.cancel(); // if pollNow() lost the race against this tick, its own must not follow
                next = null;
            }
        }
        try {
            executor.execute(this::run);
        } catch (Throwable refusal) {
            if (!enter(State.QUEUED)) {
                throw refusal; // the poll has begun, so this isn't about it
            }
            conclude(() -> failed(time.instant(), refusal));
        }
    }

    private void run() {
        if (enter(State.QUEUED)) {
            conclude(this::poll);
        }
    }

    private PollOutcome<T> poll() {
        Instant startedAt = time.instant();
        try {
            T value = Objects.requireNonNull(task.call(), "the task returned null");
            return new PollSucceeded<>(startedAt, time.instant(), value);
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failure) {
            return failed(startedAt, failure);
        }
    }

    private PollFailed<T> failed(Instant startedAt, Throwable failure) {
        if (failures == 0) {
            LOG.warn("poller {}: poll failed; further failures in a row are logged as debug", name, failure);
        } else {
            LOG.debug("poller {}: poll failed, {} in a row before", name, failures, failure);
        }
        return new PollFailed<>(startedAt, time.instant(), failure, failures + 1, latest());
    }

    private void conclude(Supplier<PollOutcome<T>> poll) {
        PollOutcome<T> outcome;
        try {
            outcome = poll.get();
            remember(outcome);
            publish(outcome);
            fulfil(outcome);
            Duration delay = delayAfter(outcome);
            publish(new PollScheduled<>(time.instant(), delay));
            leave(delay);
        } catch (Throwable fatal) {
            stop(fatal);
            if (fatal instanceof VirtualMachineError error) {
                throw error;
            }
            return;
        }
        if (outcome instanceof PollFailed<T> failed && failed.failure() instanceof InterruptedException) {
            Thread.currentThread().interrupt(); // only now: listeners shall not be hit by it
        }
    }

    private boolean enter(State from) {
        synchronized (lock) {
            if (state != from) {
                return false;
            }
            state = State.RUNNING;
            runner = Thread.currentThread();
            return true;
        }
    }

    private void remember(PollOutcome<T> outcome) {
        synchronized (lock) {
            failures = outcome.consecutiveFailures();
            if (state != State.CLOSED && outcome instanceof PollSucceeded<T> succeeded) {
                latest = succeeded.value();
            }
        }
    }

    private void publish(PollEvent<T> event) {
        for (PollListener<? super T> listener : listeners) {
            if (!mayPublish(event)) {
                return;
            }
            try {
                listener.onEvent(event);
            } catch (VirtualMachineError fatal) {
                throw fatal;
            } catch (Throwable failure) {
                LOG.warn("poller {}: listener {} failed", name, listener, failure);
            }
        }
    }

    private boolean mayPublish(PollEvent<T> event) {
        synchronized (lock) {
            return state == State.RUNNING || (state == State.CLOSING && event instanceof PollOutcome<T>);
        }
    }

    private void fulfil(PollOutcome<T> outcome) {
        CompletableFuture<T> waiting = takeRequested();
        if (waiting == null) {
            return;
        }
        if (outcome instanceof PollSucceeded<T> succeeded) {
            waiting.complete(succeeded.value());
        } else if (outcome instanceof PollFailed<T> failed) {
            waiting.completeExceptionally(failed.failure());
        }
    }

    private Duration delayAfter(PollOutcome<T> outcome) {
        try {
            return PositiveDuration.require(policy.nextDelay(outcome), "the policy's delay");
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failure) {
            LOG.error("poller {}: policy {} failed; waiting {}", name, policy, DEFAULT_DELAY, failure);
            return DEFAULT_DELAY;
        }
    }

    private void leave(Duration delay) {
        synchronized (lock) {
            if (state == State.RUNNING) {
                next = scheduler.schedule(this::tick, requested == null ? delay : Duration.ZERO);
                state = State.WAITING;
            } else {
                state = State.CLOSED;
            }
            runner = null;
            lock.notifyAll();
        }
    }

    private void stop(Throwable fatal) {
        LOG.error("poller {}: polling stops", name, fatal);
        synchronized (lock) {
            state = state == State.RUNNING ? State.WAITING : State.CLOSED;
            runner = null;
            lock.notifyAll();
        }
        CompletableFuture<T> waiting = takeRequested();
        if (waiting != null) {
            waiting.completeExceptionally(fatal);
        }
    }

    private @Nullable CompletableFuture<T> takeRequested() {
        synchronized (lock) {
            CompletableFuture<T> waiting = requested;
            requested = null;
            return waiting;
        }
    }
}
