package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.usage.AccountId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much work each account gets done for it. An account that asks one question after the other is never refused, whatever they cost; one
 * that floods the host has its processor time cut to half of the machine, so that others are served. Processor time is charged when it is
 * known, after the answer.
 */
final class Budgets {

    /** What an account may take at once before it has to wait. */
    private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int MOST_AT_ONCE = 64;

    private final LongSupplier nanoTime;
    private final LongSupplier cpuTime;
    private final long processors;
    private final Map<AccountId, Account> accounts = new ConcurrentHashMap<>();

    /**
     * Budgets that are full.
     *
     * @param nanoTime the time that passes
     * @param cpuTime the processor time that the calling thread has taken
     * @param processors how many processors the machine has
     */
    Budgets(LongSupplier nanoTime, LongSupplier cpuTime, int processors) {
        this.nanoTime = nanoTime;
        this.cpuTime = cpuTime;
        this.processors = processors;
    }

    /** Budgets by the time and the processors of this machine. */
    static Budgets ofThisMachine() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new Budgets(
                System::nanoTime,
                threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : System::nanoTime,
                Runtime.getRuntime().availableProcessors());
    }

    /** Work in progress; it ends on the thread that it began on. */
    @FunctionalInterface
    interface Work {

        void close();
    }

    /**
     * Begins some work.
     *
     * @throws HttpProblem if the account has taken too much lately
     */
    Work begin(AccountId account) {
        Account of = accounts.computeIfAbsent(account, any -> new Account(nanoTime.getAsLong()));
        of.enter(nanoTime.getAsLong(), processors);
        long before = cpuTime.getAsLong();
        return () -> of.leave(cpuTime.getAsLong() - before);
    }

    private static final class Account {

        private long left = BURST_NANOS;
        private long refilledAt;
        private int inProgress;

        Account(long now) {
            refilledAt = now;
        }

        synchronized void enter(long now, long processors) {
            left = Math.min(BURST_NANOS, left + Math.max(0, now - refilledAt) * processors / 2);
            refilledAt = now;
            if (left < 0) {
                long wait = -left * 2 / processors;
                throw HttpProblem.tooMany(
                        "this account has taken too much of this host's time; ask again later, and one question at a time",
                        TimeUnit.NANOSECONDS.toSeconds(wait) + 1);
            }
            if (inProgress >= MOST_AT_ONCE) {
                throw HttpProblem.tooMany(
                        "this account has " + MOST_AT_ONCE + " questions in progress; allowed: at most " + MOST_AT_ONCE
                                + " at once",
                        1);
            }
            inProgress++;
        }

        synchronized void leave(long cost) {
            inProgress--;
            left -= Math.max(0, cost);
        }
    }
}
