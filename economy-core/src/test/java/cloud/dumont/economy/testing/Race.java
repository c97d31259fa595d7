package cloud.dumont.economy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks on a thread each, all let off at one gate. The deadline only ends a race that hangs. */
public final class Race {

    /** One runner. */
    @FunctionalInterface
    public interface Task {

        /** Runs. */
        void run() throws Exception;
    }

    private Race() {}

    /** Ends when every task has ended; fails with what the first of them to fail, in their order, threw. */
    public static void run(List<Task> tasks) {
        CyclicBarrier gate = new CyclicBarrier(tasks.size());
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Void>> running = new ArrayList<>();
            for (Task task : tasks) {
                running.add(threads.submit(() -> {
                    gate.await();
                    task.run();
                    return null;
                }));
            }
            for (Future<Void> one : running) {
                one.get(2, TimeUnit.MINUTES);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a task of the race failed", e.getCause());
        } catch (Exception e) {
            throw new AssertionError("the race did not end", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
