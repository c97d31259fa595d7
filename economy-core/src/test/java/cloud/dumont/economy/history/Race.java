package cloud.dumont.economy.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks on a thread each, all let off at one gate. */
final class Race {

    private Race() {}

    /** What each task threw, in order of the tasks. */
    static List<Optional<Throwable>> of(List<Runnable> tasks) {
        CyclicBarrier gate = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Optional<Throwable>>> running = new ArrayList<>();
            for (Runnable task : tasks) {
                running.add(threads.submit(() -> {
                    gate.await();
                    return failureOf(task);
                }));
            }
            List<Optional<Throwable>> failures = new ArrayList<>();
            for (Future<Optional<Throwable>> one : running) {
                failures.add(one.get(2, TimeUnit.MINUTES));
            }
            return failures;
        } catch (Exception e) {
            throw new AssertionError("a task did not end", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Optional<Throwable> failureOf(Runnable task) {
        try {
            task.run();
            return Optional.empty();
        } catch (Throwable e) {
            return Optional.of(e);
        }
    }
}
