package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One daemon thread over a {@link TaskQueue}; see {@link PollScheduler#create()}. */
final class SingleThreadPollScheduler implements PollScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(SingleThreadPollScheduler.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(1);

    private final Object lock = new Object();
    private final TaskQueue queue = new TaskQueue();
    private final long origin = System.nanoTime();
    private final PollWorkers workers = new PollWorkers();
    private @Nullable Thread thread;
    private boolean closed;

    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
        Objects.requireNonNull(task, "task");
        long nanos = TimeUnit.NANOSECONDS.convert(delay);
        synchronized (lock) {
            if (closed) {
                throw new RejectedExecutionException("the poll scheduler is closed");
            }
            if (thread == null) {
                startThread();
            }
            TaskQueue.Entry entry = queue.add(task, now(), nanos);
            if (queue.isNext(entry)) {
                lock.notifyAll();
            }
            return entry;
        }
    }

    @Override
    public Executor executor() {
        return workers;
    }

    @Override
    public void close() {
        close(CLOSE_DEADLINE);
    }

    /** Closes with a deadline, which may be zero: then a task that runs is interrupted at once. */
    void close(Duration deadline) {
        Thread running;
        synchronized (lock) {
            closed = true;
            queue.clear();
            lock.notifyAll();
            running = thread;
        }
        workers.close();
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(running, TimeUnit.NANOSECONDS.convert(deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.interrupt();
    }

    private void startThread() {
        Thread started = PollWorkers.daemon(this::loop, "economy-poll-scheduler");
        started.start();
        thread = started;
    }

    private void loop() {
        try {
            for (Runnable task = take(); task != null; task = take()) {
                run(task);
            }
        } finally {
            synchronized (lock) {
                thread = null;
                if (queue.size() > 0) {
                    startThread(); // a fatal error ended this thread, which is no reason for the other tasks to wait
                }
            }
        }
    }

    private @Nullable Runnable take() {
        synchronized (lock) {
            while (!closed) {
                long now = now();
                Runnable due = queue.pollDue(now);
                if (due != null) {
                    return due;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, queue.untilNext(now));
                } catch (InterruptedException e) {
                    LOG.debug("interrupted while waiting; looking again", e);
                }
            }
            return null;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failure) {
            LOG.error("a scheduled task failed", failure);
        } finally {
            Thread.interrupted(); // one task's interrupt is not the next one's
        }
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
