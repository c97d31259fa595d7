package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;

/** Which times can be recorded: the zero values of other languages are years 1 and 1970, and nobody knows the future. */
final class RecordedTime {

    /** Nothing is recorded of earlier times. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /** By how much a recorded time may be ahead of the clock: hosts' clocks differ. */
    static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    private RecordedTime() {}

    static boolean isPossible(Instant at) {
        return !at.isBefore(EARLIEST);
    }

    /**
     * Refuses an interval that cannot have been recorded, whatever the clock shows: simulated workloads may lie in the future.
     *
     * @throws IllegalArgumentException if it begins before 2000
     */
    static void require(UsageInterval interval) {
        if (!isPossible(interval.start())) {
            throw new IllegalArgumentException(interval + " begins before " + EARLIEST
                    + ", the earliest time that can be recorded; give the real time");
        }
    }

    /**
     * Refuses what cannot be a recorded time.
     *
     * @param what what lies at that time, for the message
     * @param now what the clock shows
     * @throws IllegalArgumentException if the time lies before 2000, or more than five minutes ahead of the clock
     */
    static void require(String what, Instant at, Instant now) {
        if (!isPossible(at)) {
            throw new IllegalArgumentException(what + " at " + at + " lies before " + EARLIEST
                    + ", the earliest time that can be recorded; give the real time");
        }
        if (at.isAfter(now.plus(MOST_AHEAD))) {
            throw new IllegalArgumentException(what + " at " + at + " lies more than " + MOST_AHEAD.toMinutes()
                    + " minutes ahead of the clock, which shows " + now + "; give a time that has come");
        }
    }
}
