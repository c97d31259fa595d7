package cloud.dumont.economy.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An unbroken run of billable intervals of one instance: each begins where the one before ends. It is what a provider bills as one launch.
 *
 * @param start when it began
 * @param launchVouched whether somebody vouches for that moment, so that a minimum charge applies
 * @param intervals what is known of it, in order, at least one; where a run is known in part only, its first intervals may be missing
 */
public record Run(Instant start, boolean launchVouched, List<UsageInterval> intervals) {

    /** Copies the intervals. */
    public Run {
        intervals = List.copyOf(intervals);
    }

    /**
     * The runs of an instance.
     *
     * @param timeline all that is known of it
     * @return its runs, oldest first
     */
    public static List<Run> of(InstanceTimeline timeline) {
        List<Run> runs = new ArrayList<>();
        List<UsageInterval> run = new ArrayList<>();
        for (UsageInterval interval : timeline.intervals()) {
            if (interval.state().isBillable()) {
                if (!run.isEmpty() && !run.get(run.size() - 1).end().equals(Optional.of(interval.start()))) {
                    runs.add(of(run));
                    run.clear();
                }
                run.add(interval);
            }
        }
        if (!run.isEmpty()) {
            runs.add(of(run));
        }
        return runs;
    }

    private static Run of(List<UsageInterval> intervals) {
        UsageInterval first = intervals.get(0);
        return new Run(first.start(), first.evidence().vouchesForStart(), intervals);
    }

    /**
     * When it ended.
     *
     * @return the end of its last interval; empty while it lasts
     */
    public Optional<Instant> end() {
        return intervals.get(intervals.size() - 1).end();
    }

    /**
     * The same run, of which the beginning is known from elsewhere.
     *
     * @param earlier a run that begins with the intervals that are missing here
     * @return these intervals as a part of that run
     */
    public Run continuing(Run earlier) {
        return new Run(earlier.start, earlier.launchVouched, intervals);
    }

    /**
     * Whether it was under way at a moment: what it did just before goes on, or ends with it.
     *
     * @param moment the moment
     * @return true if one of its intervals begins before the moment, and none of the time since is missing
     */
    public boolean goesOver(Instant moment) {
        return intervals.stream()
                .anyMatch(interval -> interval.start().isBefore(moment)
                        && interval.end().filter(moment::isAfter).isEmpty());
    }
}
