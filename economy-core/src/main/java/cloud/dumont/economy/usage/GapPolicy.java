package cloud.dumont.economy.usage;

import java.time.Duration;

/**
 * What to make of the time between two observations, where the source does not know since when an instance is in its state.
 *
 * @param longestObserved up to here a state counts as seen without a break, and a new one as begun when it is seen; 1 s or more
 * @param longestInferred up to here a state seen before and after is inferred for the time between; longer time, and time after
 *     which another state is seen, is unknown; not less than {@code longestObserved}
 */
public record GapPolicy(Duration longestObserved, Duration longestInferred) {

    /**
     * 2 minutes and 1 hour. Economy polls every 30 s while an instance is billable: up to three polls in a row may fail before a gap
     * shows. An hour covers a restart, an upgrade, most outages; over a longer time an instance may well have been stopped and started
     * again.
     */
    public static final GapPolicy STANDARD = new GapPolicy(Duration.ofMinutes(2), Duration.ofHours(1));

    /**
     * Checks both limits.
     *
     * @throws IllegalArgumentException if {@code longestObserved} is less than 1 s, or {@code longestInferred} less than that
     */
    public GapPolicy {
        if (longestObserved.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("longestObserved is 1 s or more, not " + longestObserved);
        }
        if (longestInferred.compareTo(longestObserved) < 0) {
            throw new IllegalArgumentException("longestInferred is not less than longestObserved, " + longestObserved
                    + ", unlike " + longestInferred);
        }
    }
}
