package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * 10,000 pollers, of whose polls 5% fail and 1% hang, half of these for good: a simulated day, and with {@code -Dsoak.minutes=10} so
 * many real minutes. It prints what it counted.
 */
class PollerSoakTest {

    private static final int POLLERS = 10_000;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final AtomicLong polls = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong abandoned = new AtomicLong();
    private final AtomicLong overlaps = new AtomicLong();
    private final AtomicIntegerArray inProgress = new AtomicIntegerArray(POLLERS);
    private final AtomicLongArray lastGood = new AtomicLongArray(POLLERS);
    private final AtomicLongArray began = new AtomicLongArray(POLLERS);
    private final AtomicLongArray longestGap = new AtomicLongArray(POLLERS);
    private final AtomicLongArray lateness = new AtomicLongArray(10_000); // in hundredths of a second
    private volatile boolean faulty = true;

    private PollerBuilder<Integer> rules(PollScheduler scheduler, InstantSource time) {
        return PollGroup.<Integer>builder()
                .policy(PollPolicy.<Integer>adaptive(value -> value % 2 == 0).build())
                .scheduler(scheduler)
                .time(time)
                .deadline(DEADLINE)
                .firstWithin(Duration.ofSeconds(30))
                .concurrency(1_000)
                .observer(this::count)
                .name("soak");
    }

    private void count(PollObserver.Sample sample) {
        polls.incrementAndGet();
        switch (sample.result()) {
            case SUCCEEDED -> {}
            case FAILED -> failed.incrementAndGet();
            case ABANDONED -> abandoned.incrementAndGet();
        }
        lateness.incrementAndGet((int) Math.min(9_999, sample.lateness().toMillis() / 10));
    }

    private void begin(int me, long now) {
        // A poll that was given up does not end by itself; the next may come once it was.
        if (!inProgress.compareAndSet(me, 0, 1) && now - began.get(me) < DEADLINE.toNanos()) {
            overlaps.incrementAndGet();
        }
        began.set(me, now);
    }

    private int good(int me, long now) {
        longestGap.accumulateAndGet(me, now - lastGood.getAndSet(me, now), Math::max);
        inProgress.set(me, 0);
        return me;
    }

    @Test
    @Tag("full")
    void simulatedDay() {
        ManualPollScheduler scheduler = new ManualPollScheduler();
        SplittableRandom random = new SplittableRandom(1);
        PollGroup<Integer> group =
                rules(scheduler, scheduler).random(() -> random).buildGroup();
        for (int i = 0; i < POLLERS; i++) {
            int me = i;
            group.addAsync(() -> virtualPoll(me, scheduler, random));
        }
        group.start();
        scheduler.advance(Duration.ofHours(1));
        long before = heap();
        for (int hour = 1; hour < 24; hour++) {
            scheduler.advance(Duration.ofMinutes(59));
            scheduler.pass(Duration.ofSeconds(random.nextInt(120))); // the process stands still
            scheduler.step(Duration.ofSeconds(random.nextInt(-7_200, 7_200))); // and somebody sets the clock
        }
        long after = heap();
        faulty = false;
        assertRecovered(() -> {
            scheduler.advance(Duration.ofMinutes(5));
            return scheduler.nanoTime();
        });
        assertThat(scheduler.waiting()).hasSize(1);
        assertThat(group.states().keySet()).isSubsetOf(PollState.WAITING, PollState.RUNNING, PollState.READY);
        report("a simulated day", before, after);
        assertThat(after - before).isLessThan(4L << 20);
        group.close();
        assertThat(scheduler.waiting()).isEmpty();
    }

    private CompletableFuture<Integer> virtualPoll(int me, ManualPollScheduler scheduler, RandomGenerator random) {
        begin(me, scheduler.nanoTime());
        int dice = faulty ? random.nextInt(200) : 199;
        if (dice < 10) {
            inProgress.set(me, 0);
            return CompletableFuture.failedFuture(new IllegalStateException("5% fail"));
        }
        if (dice < 12) {
            return dice == 10 ? new CompletableFuture<>() : new PollerTest.Deaf<>();
        }
        return CompletableFuture.completedFuture(good(me, scheduler.nanoTime()));
    }

    @Test
    @EnabledIfSystemProperty(named = "soak.minutes", matches = "\\d+")
    void realMinutes() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch forGood = new CountDownLatch(1);
        try (PollScheduler scheduler = PollScheduler.create()) {
            PollGroup<Integer> group = rules(scheduler, InstantSource.system()).buildGroup();
            for (int i = 0; i < POLLERS; i++) {
                int me = i;
                lastGood.set(i, System.nanoTime());
                group.add(() -> realPoll(me, forGood));
            }
            group.start();
            assertThat(end.await(30, TimeUnit.SECONDS)).isFalse();
            long before = heap();
            int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
            assertThat(end.await(Long.getLong("soak.minutes") * 60 - 30, TimeUnit.SECONDS))
                    .isFalse();
            long after = heap();
            int threadsAfter = ManagementFactory.getThreadMXBean().getThreadCount();
            faulty = false;
            assertRecovered(() -> {
                try {
                    assertThat(end.await(200, TimeUnit.SECONDS)).isFalse();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return System.nanoTime();
            });
            report("real minutes; threads " + threadsBefore + " and " + threadsAfter, before, after);
            forGood.countDown();
            group.close();
        }
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("economy-poll"))) {
            assertThat(System.nanoTime()).as("threads left").isLessThan(limit);
            Thread.onSpinWait();
        }
    }

    private int realPoll(int me, CountDownLatch forGood) throws InterruptedException {
        begin(me, System.nanoTime());
        int dice = faulty ? ThreadLocalRandom.current().nextInt(200) : 199;
        if (dice < 10) {
            inProgress.set(me, 0);
            throw new IllegalStateException("5% fail");
        }
        if (dice == 10) {
            try {
                forGood.await(); // until it is interrupted
            } finally {
                inProgress.set(me, 0);
            }
        }
        if (dice == 11) { // ignores it, as a read from a socket does, for half a minute
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
                try {
                    if (forGood.await(left, TimeUnit.NANOSECONDS)) {
                        break;
                    }
                } catch (InterruptedException ignored) {
                    // on purpose
                }
            }
            return me;
        }
        return good(me, System.nanoTime());
    }

    /** Once nothing fails any more, all are good within the longest backoff and one deadline. */
    private void assertRecovered(LongSupplier fiveMinutesLater) {
        long now = fiveMinutesLater.getAsLong();
        int missed = 0;
        for (int i = 0; i < POLLERS; i++) {
            missed += now - lastGood.get(i) > Duration.ofSeconds(140).toNanos() ? 1 : 0;
        }
        assertThat(missed).as("missed recoveries").isZero();
        assertThat(overlaps).hasValue(0);
    }

    @SuppressWarnings("SystemOut")
    private void report(String what, long before, long after) {
        long counted = 0;
        int p99 = 0;
        while (counted < polls.get() * 99 / 100) {
            counted += lateness.get(p99++);
        }
        long gap = 0;
        for (int i = 0; i < POLLERS; i++) {
            gap = Math.max(gap, longestGap.get(i));
        }
        System.out.println("soak, " + what + ": "
                + Map.of(
                        "polls",
                        polls,
                        "failed",
                        failed,
                        "abandoned",
                        abandoned,
                        "overlaps",
                        overlaps,
                        "p99 lateness below ms",
                        p99 * 10,
                        "longest gap s",
                        gap / 1_000_000_000L,
                        "heap before KB",
                        before >> 10,
                        "heap after KB",
                        after >> 10));
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
