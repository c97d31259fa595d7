package cloud.dumont.economy.polling;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order they fall due, 24 bytes and an array slot each. Times are nanoseconds since some origin, zero or
 * more.
 *
 * <p>Due times are rounded up to slots of ten milliseconds, so that the thread wakes up once a slot and not once a
 * task. A cancelled entry stays, empty, until it is due or until the queue has doubled, whichever comes first:
 * cancelling takes no lock and no search. Not thread-safe, but for {@link Entry#cancel()}.
 */
final class TaskQueue {

    static final long SLOT = TimeUnit.MILLISECONDS.toNanos(10);
    static final int FIRST_SWEEP = 64;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private int sweepAt = FIRST_SWEEP;

    Entry add(Runnable task, long now, long delay) {
        if (entries.size() >= sweepAt) {
            entries.removeIf(entry -> entry.task == null);
            sweepAt = Math.max(FIRST_SWEEP, entries.size() * 2);
        }
        Entry entry = new Entry(task, slot(now, delay));
        entries.add(entry);
        return entry;
    }

    /** Takes out a task that is due, or returns null if none is. */
    @Nullable
    Runnable pollDue(long now) {
        for (Entry next = entries.peek(); next != null && next.slot * SLOT <= now; next = entries.peek()) {
            entries.remove();
            Runnable task = next.task;
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    /** How long until the next entry is due; the longest time there is if the queue is empty. */
    long untilNext(long now) {
        Entry next = entries.peek();
        return next == null ? Long.MAX_VALUE : next.slot * SLOT - now;
    }

    boolean isNext(Entry entry) {
        return entries.peek() == entry;
    }

    int size() {
        return entries.size();
    }

    void clear() {
        entries.clear();
    }

    private static long slot(long now, long delay) {
        if (delay <= 0) {
            return now / SLOT;
        }
        long due = now + Math.min(delay, Long.MAX_VALUE - SLOT - now);
        return (due + SLOT - 1) / SLOT;
    }

    static final class Entry implements PollScheduler.Cancellable, Comparable<Entry> {

        private volatile @Nullable Runnable task;
        private final long slot;

        private Entry(Runnable task, long slot) {
            this.task = task;
            this.slot = slot;
        }

        @Override
        public void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Entry other) {
            return Long.compare(slot, other.slot);
        }
    }
}
