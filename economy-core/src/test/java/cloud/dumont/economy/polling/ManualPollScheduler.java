package cloud.dumont.economy.polling;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** A scheduler whose time moves only when a test says so, and which tells that time. Tasks run in the test's thread. */
public final class ManualPollScheduler implements PollScheduler, InstantSource {

    public static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Task> tasks = new ArrayList<>();
    private Instant now = EPOCH;
    private boolean closed;

    @Override
    public synchronized Cancellable schedule(Runnable task, Duration delay) {
        if (closed) {
            throw new RejectedExecutionException("closed");
        }
        Task added = new Task(task, now.plus(delay));
        tasks.add(added);
        return () -> remove(added);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves time by a duration, running on the way what falls due, each task at its time. */
    public void advance(Duration duration) {
        Instant end = instant().plus(duration);
        for (Optional<Task> due = takeDue(end); due.isPresent(); due = takeDue(end)) {
            due.get().action().run();
        }
        pass(end);
    }

    /** Moves time while a task runs, as a slow one would. */
    public synchronized void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** Runs what is due at this very moment. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** How long until each task that waits is due, soonest first. */
    public synchronized List<Duration> waiting() {
        return tasks.stream()
                .map(task -> Duration.between(now, task.due()))
                .sorted()
                .toList();
    }

    private synchronized Optional<Task> takeDue(Instant end) {
        Optional<Task> due =
                tasks.stream().filter(task -> !task.due().isAfter(end)).min(Comparator.comparing(Task::due));
        due.ifPresent(task -> {
            remove(task);
            pass(task.due());
        });
        return due;
    }

    private synchronized void pass(Instant end) {
        now = now.isBefore(end) ? end : now;
    }

    private synchronized void remove(Task task) {
        tasks.removeIf(other -> other == task);
    }

    private record Task(Runnable action, Instant due) {}
}
