package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Runs short tasks after a delay. One scheduler serves any number of {@linkplain Poller pollers}; a poller or a {@link PollGroup}
 * asks it for one wake-up at a time and runs nothing of the host's on its thread. Whoever made a scheduler closes it; a poller
 * never closes one that it was given.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface PollScheduler extends AutoCloseable {

    /**
     * Runs a task once, after a delay, and never inside this call.
     *
     * @param task what to run; short
     * @param delay how long to wait; zero or less is as soon as possible
     * @return a way to call it off
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    Cancellable schedule(Runnable task, Duration delay);

    /**
     * The time that delays are measured by: it only ever rises, whatever happens to the wall clock.
     *
     * @return nanoseconds since some moment; {@link System#nanoTime()} unless a scheduler has a time of its own
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * What runs the polls of those pollers that were given no executor. Never the common pool.
     *
     * @return an executor; by default the thread that wakes them, which is right only where no poll can hang: in tests
     */
    default Executor executor() {
        return Runnable::run;
    }

    /** Ends what this scheduler itself began. By default that is nothing. */
    @Override
    default void close() {}

    /**
     * A scheduler with one daemon thread of its own, {@code economy-poll-scheduler}, made when the first task is scheduled, and
     * workers beside it: daemon threads {@code economy-poll-N} that come when there is something to run and leave after five
     * idle seconds; virtual ones from JDK 24 on, where a thread that waits in a monitor no longer holds its carrier. Tasks are
     * never early and, while the processor is free, at most some twenty milliseconds late: what is due in the same hundredth of a
     * second shares a wake-up.
     *
     * <p>{@link #close()} drops what waits, interrupts the workers, waits at most a second for the scheduler's thread, and
     * refuses from then on.
     *
     * @return the scheduler, without a thread yet
     */
    static PollScheduler create() {
        return new SingleThreadPollScheduler();
    }

    /**
     * A scheduler on a host's executor, which also runs the polls unless a poller has another, and stays the host's: closing the
     * scheduler does not shut it down. A poll that hangs holds one of its threads.
     *
     * @param executor what waits and runs; with more than one thread, unless polls run elsewhere
     * @return the scheduler
     * @throws NullPointerException if {@code executor} is null
     */
    static PollScheduler using(ScheduledExecutorService executor) {
        return new HostPollScheduler(Objects.requireNonNull(executor, "executor"));
    }

    /** A scheduled task that can be called off. Thread-safe. */
    @FunctionalInterface
    interface Cancellable {

        /** Keeps the task from running; no effect if it has begun, has ended or was cancelled. Never blocks. */
        void cancel();
    }
}
