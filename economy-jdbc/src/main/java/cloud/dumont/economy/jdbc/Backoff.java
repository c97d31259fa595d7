package cloud.dumont.economy.jdbc;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits before something is tried again that gave way to others. */
@FunctionalInterface
interface Backoff {

    /**
     * Up to 2 ms before the second try, up to twice as long before each further one, at most a quarter of a second: by chance, so that
     * those who met do not meet again. Who is interrupted does not wait.
     */
    Backoff BY_CHANCE = tries -> LockSupport.parkNanos(ThreadLocalRandom.current()
            .nextLong(TimeUnit.MILLISECONDS.toNanos(Math.min(1L << Math.min(tries, 8), 250))));

    /**
     * Waits, or not.
     *
     * @param tries how often it was tried, 1 or more
     */
    void after(int tries);
}
