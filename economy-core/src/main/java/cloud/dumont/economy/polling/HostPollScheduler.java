package cloud.dumont.economy.polling;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Leaves the waiting, and the polls, to an executor that belongs to the host. */
record HostPollScheduler(ScheduledExecutorService host) implements PollScheduler {

    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
        Future<?> future = host.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Executor executor() {
        return host;
    }
}
