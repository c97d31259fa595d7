package cloud.dumont.economy.polling;

import java.time.Instant;

/**
 * A time that never makes a value younger than it is. It goes with the monotonic clock, and forward with the wall clock where that
 * jumps ahead: after the computer slept (when many a monotonic clock stands still), or was set. A wall clock that is set back
 * changes nothing. Not thread-safe.
 */
final class AgeClock {

    /** Smaller differences are the clocks' own: they are read one after the other, and the wall's is corrected slowly. */
    private static final long JUMP = 1_000_000_000;

    private final long nanosAtOrigin;
    private final long wallAtOrigin;
    private long drift;
    private long slept;

    AgeClock(long nanos, Instant wall) {
        nanosAtOrigin = nanos;
        wallAtOrigin = wall.toEpochMilli();
    }

    /** Nanoseconds since the origin, by both clocks. */
    long now(long nanos, Instant wall) {
        long elapsed = nanos - nanosAtOrigin;
        long now = (wall.toEpochMilli() - wallAtOrigin) * 1_000_000 - elapsed;
        if (now - drift > JUMP) {
            slept += now - drift;
            drift = now;
        } else if (drift - now > JUMP) {
            drift = now;
        }
        return elapsed + slept;
    }
}
