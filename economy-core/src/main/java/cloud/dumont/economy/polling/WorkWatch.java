package cloud.dumont.economy.polling;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in progress, oldest first: in one line what is within its deadline, in another what was cancelled and has a last chance to
 * end. All have the same deadline, so the oldest is always the first to pass it. The lines are threaded through the works
 * themselves: entering and leaving makes no object. Not thread-safe.
 */
final class WorkWatch {

    private final Line running = new Line();
    private final Line cancelled = new Line();
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
        Line line = work.line;
        if (line != null) {
            line.remove(work);
        }
    }

    void cancel(Work work, int tick) {
        end(work);
        work.since = tick;
        work.cancelled = true;
        cancelled.add(work);
    }

    /** Those that have just passed their deadline and must be cancelled. */
    List<Work> overdue(int tick) {
        return running.olderThan(tick - deadline);
    }

    /** Those that ignored it for too long. */
    List<Work> lost(int tick) {
        return cancelled.olderThan(tick - grace);
    }

    boolean isEmpty() {
        return running.first == null && cancelled.first == null;
    }

    /** In how many ticks somebody passes a limit, at most the longest that a caller would wait. */
    int untilNext(int tick, int longest) {
        int next = longest;
        if (running.first != null) {
            next = Math.min(next, running.first.since + deadline - tick);
        }
        if (cancelled.first != null) {
            next = Math.min(next, cancelled.first.since + grace - tick);
        }
        return next;
    }

    Stream<Work> all() {
        return Stream.concat(running.all(), cancelled.all());
    }

    /** Works in the order in which they came. */
    static final class Line {

        private @Nullable Work first;
        private @Nullable Work last;

        private void add(Work work) {
            work.line = this;
            work.before = last;
            if (last == null) {
                first = work;
            } else {
                last.behind = work;
            }
            last = work;
        }

        private void remove(Work work) {
            if (work.before == null) {
                first = work.behind;
            } else {
                work.before.behind = work.behind;
            }
            if (work.behind == null) {
                last = work.before;
            } else {
                work.behind.before = work.before;
            }
            work.line = null;
            work.before = null;
            work.behind = null;
        }

        private Stream<Work> all() {
            return Stream.iterate(first, work -> work != null, work -> work.behind);
        }

        private List<Work> olderThan(int tick) {
            if (first == null || first.since - tick > 0) {
                return List.of();
            }
            List<Work> older = new ArrayList<>();
            for (Work work = first; work != null && work.since - tick <= 0; work = work.behind) {
                older.add(work);
            }
            return older;
        }
    }
}
