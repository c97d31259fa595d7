package cloud.dumont.economy.polling.testing;

import cloud.dumont.economy.polling.PollScheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * A scheduler whose time moves only when a test says so, and which tells that time. Tasks run in the thread that moves the time, and
 * so do the polls of pollers without an executor: a test needs no other thread, and waits for nothing.
 *
 * <p>It has two clocks, as a computer has: the one that delays go by, and the wall's, which {@link #step} sets. Give it to a poller
 * as its scheduler and as its time. Thread-safe.
 */
public final class ManualPollScheduler implements PollScheduler, InstantSource {

    /** The wall clock's time when a scheduler is made. */
    public static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task task) -> task.due).thenComparingLong(task -> task.number));
    private long nanos;
    private long stepped;
    private long numbers;
    private boolean closed;

    /** A scheduler at {@link #EPOCH}. */
    public ManualPollScheduler() {}

    @Override
    public synchronized Cancellable schedule(Runnable task, Duration delay) {
        if (closed) {
            throw new RejectedExecutionException("the manual poll scheduler is closed");
        }
        Task added = new Task(task, nanos + Math.max(0, delay.toNanos()), numbers++);
        tasks.add(added);
        return () -> remove(added);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized void close() {
        closed = true;
        tasks.clear();
    }

    @Override
    public synchronized Instant instant() {
        return EPOCH.plusNanos(nanos).plusNanos(stepped);
    }

    /**
     * Moves time, running on the way what falls due, each task at its time.
     *
     * @param duration zero or more
     */
    public void advance(Duration duration) {
        long end = nanoTime() + duration.toNanos();
        for (Task due = takeDue(end); due != null; due = takeDue(end)) {
            due.action.run();
        }
        passTo(end);
    }

    /** Runs what is due at this very moment. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /**
     * Moves time and runs nothing, as when a task is slow or the process is stopped: what falls due meanwhile is late.
     *
     * @param duration zero or more
     */
    public synchronized void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    /**
     * Sets the wall clock, as an administrator does, or a computer that wakes up.
     *
     * @param duration how far ahead; negative sets it back
     */
    public synchronized void step(Duration duration) {
        stepped += duration.toNanos();
    }

    /**
     * How long until each task that waits is due.
     *
     * @return soonest first; negative if it is late
     */
    public synchronized List<Duration> waiting() {
        List<Duration> waiting = new ArrayList<>();
        tasks.stream().sorted(tasks.comparator()).forEach(task -> waiting.add(Duration.ofNanos(task.due - nanos)));
        return waiting;
    }

    private synchronized Task takeDue(long end) {
        Task first = tasks.peek();
        if (first == null || first.due > end) {
            return null;
        }
        tasks.remove();
        nanos = Math.max(nanos, first.due);
        return first;
    }

    private synchronized void passTo(long end) {
        nanos = Math.max(nanos, end);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    private record Task(Runnable action, long due, long number) {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }
}
