package cloud.dumont.economy.polling;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is in progress, oldest first: first what is within its deadline, then what was cancelled and has a last chance to end. All
 * have the same deadline, so the oldest is always the first to pass it. Not thread-safe.
 */
final class WorkWatch {

    private final Set<Work> running = new LinkedHashSet<>();
    private final Set<Work> cancelled = new LinkedHashSet<>();
    private final int deadline;
    private final int grace;

    WorkWatch(int deadline, int grace) {
        this.deadline = deadline;
        this.grace = grace;
    }

    /** Begins, or begins again with its whole deadline. */
    void begin(Work work, int tick) {
        end(work);
        work.since = tick;
        work.cancelled = false;
        running.add(work);
    }

    void end(Work work) {
        if (!running.remove(work)) {
            cancelled.remove(work);
        }
    }

    void cancel(Work work, int tick) {
        end(work);
        work.since = tick;
        work.cancelled = true;
        cancelled.add(work);
    }

    /** Those that have just passed their deadline and must be cancelled. */
    Collection<Work> overdue(int tick) {
        return passed(running, deadline, tick);
    }

    /** Those that ignored it for too long. */
    Collection<Work> lost(int tick) {
        return passed(cancelled, grace, tick);
    }

    private static Collection<Work> passed(Set<Work> works, int limit, int tick) {
        Iterator<Work> oldest = works.iterator();
        return !oldest.hasNext() || tick - oldest.next().since < limit
                ? List.of()
                : works.stream().takeWhile(work -> tick - work.since >= limit).toList();
    }

    boolean isEmpty() {
        return running.isEmpty() && cancelled.isEmpty();
    }

    /** In how many ticks somebody passes a limit, at most the longest that a caller would wait. */
    int untilNext(int tick, int longest) {
        int next = longest;
        if (!running.isEmpty()) {
            next = Math.min(next, running.iterator().next().since + deadline - tick);
        }
        if (!cancelled.isEmpty()) {
            next = Math.min(next, cancelled.iterator().next().since + grace - tick);
        }
        return next;
    }

    Stream<Work> all() {
        return Stream.concat(running.stream(), cancelled.stream());
    }
}
