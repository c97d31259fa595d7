package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Leaves the waiting to an executor that belongs to the host. */
record ExecutorPollScheduler(ScheduledExecutorService executor) implements PollScheduler {

    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
        Future<?> future = executor.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
