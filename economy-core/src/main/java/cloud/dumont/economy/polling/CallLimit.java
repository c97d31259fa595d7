package cloud.dumont.economy.polling;

import java.util.concurrent.TimeUnit;

/**
 * An upper bound on calls that any number of pollers share: in no minute begin more than so many of them. A poll that would be too
 * many waits its turn, first come, first served; turns lie apart by the minute's part. Thread-safe.
 */
public final class CallLimit {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST = 1_000_000;

    /** When the last so many calls began, a ring; the oldest at {@code next}. */
    private final long[] begun;

    private final long apart;
    private int next;
    private int filled;
    private long freeAt;
    private boolean used;

    private CallLimit(int calls) {
        begun = new long[calls];
        apart = Math.max(1, MINUTE / calls);
    }

    /**
     * A bound.
     *
     * @param calls per minute, 1 to 1,000,000; 8 bytes are kept for each
     * @return a new limit, which counts for itself
     * @throws IllegalArgumentException if {@code calls} is out of range
     */
    public static CallLimit perMinute(int calls) {
        if (calls < 1 || calls > MOST) {
            throw new IllegalArgumentException("calls per minute were " + calls + " but must be from 1 to " + MOST);
        }
        return new CallLimit(calls);
    }

    /** Takes the next turn: how many nanoseconds from now it is. */
    synchronized long turn(long now) {
        if (!used || freeAt - now < 0) {
            freeAt = now;
            used = true;
        }
        long wait = freeAt - now;
        freeAt += apart;
        return wait;
    }

    /** Begins a call whose turn has come: 0, or how much longer it must wait because others began late. */
    synchronized long begin(long now) {
        if (filled == begun.length) {
            long wait = begun[next] + MINUTE - now;
            if (wait > 0) {
                return wait;
            }
        } else {
            filled++;
        }
        begun[next] = now;
        next = next + 1 == begun.length ? 0 : next + 1;
        return 0;
    }

    @Override
    public String toString() {
        return begun.length + " calls per minute";
    }
}
