package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Runs tasks after a delay. One scheduler serves any number of {@linkplain Poller pollers}. Whoever made it closes it;
 * a poller never closes one that it was given.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface PollScheduler extends AutoCloseable {

    /**
     * Runs a task once, after a delay, and never inside this call.
     *
     * @param task what to run; short, unless the host knows that nothing else waits for this scheduler
     * @param delay how long to wait; zero or less is as soon as possible
     * @return a way to call it off
     * @throws java.util.concurrent.RejectedExecutionException if the scheduler is closed
     */
    Cancellable schedule(Runnable task, Duration delay);

    /** Ends what this scheduler itself began. By default that is nothing. */
    @Override
    default void close() {}

    /**
     * A scheduler with one daemon thread of its own, made when the first task is scheduled. Tasks are never early and,
     * while the thread is free, about ten milliseconds late: tasks that are due in the same hundredth of a second share
     * a wake-up. Those due together run in no particular order. A task that throws is logged, and the others go on.
     *
     * <p>{@link #close()} drops the tasks that wait, waits up to ten seconds for the one that runs, and interrupts it
     * if that was not enough; the thread ends with that task. From then on scheduling is refused.
     *
     * @return the scheduler, without a thread yet
     */
    static PollScheduler create() {
        return new SingleThreadPollScheduler();
    }

    /**
     * A scheduler on a host's executor, which stays the host's: closing the scheduler does not shut it down.
     *
     * @param executor what runs the tasks
     * @return the scheduler
     * @throws NullPointerException if {@code executor} is null
     */
    static PollScheduler using(ScheduledExecutorService executor) {
        return new ExecutorPollScheduler(Objects.requireNonNull(executor, "executor"));
    }

    /** A scheduled task that can be called off. Thread-safe. */
    @FunctionalInterface
    interface Cancellable {

        /** Keeps the task from running; no effect if it has begun, has ended or was cancelled. Never blocks. */
        void cancel();
    }
}
