package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The schedulers on the real clock. The timeouts only end a test that hangs. */
@Timeout(60)
class PollSchedulerTest {

    private final PollScheduler scheduler = PollScheduler.create();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void create_beforeFirstTask_hasNoThread() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (PollScheduler unused = PollScheduler.create()) {
            assertThat(unused).isNotNull();
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .doesNotContain("economy-poll-scheduler");
        }
    }

    @Test
    void schedule_manyTasks_shareOneDaemonThread() throws Exception {
        CountDownLatch done = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            scheduler.schedule(
                    () -> {
                        threads.add(Thread.currentThread());
                        done.countDown();
                    },
                    Duration.ofMillis(i % 7));
        }
        await(done);

        assertThat(threads).hasSize(1).allMatch(Thread::isDaemon);
        assertThat(threads).extracting(Thread::getName).containsExactly("economy-poll-scheduler");
    }

    @Test
    void schedule_taskDueBeforeTheOneWaitedFor_wakesTheThread() throws Exception {
        AtomicInteger late = new AtomicInteger();
        CountDownLatch early = new CountDownLatch(1);
        scheduler.schedule(late::incrementAndGet, Duration.ofDays(1));
        scheduler.schedule(early::countDown, Duration.ofMillis(1));
        await(early);

        assertThat(late).hasValue(0);
    }

    @Test
    void schedule_longestDelay_isAccepted() {
        scheduler.schedule(() -> {}, Duration.ofSeconds(Long.MAX_VALUE)).cancel();
    }

    @Test
    void schedule_null_isRefusedByName() {
        assertThatThrownBy(() -> scheduler.schedule(null, Duration.ZERO))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("task");
    }

    @Test
    void schedule_taskThrows_othersStillRunOnTheSameThread() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        scheduler.schedule(
                () -> {
                    threads.add(Thread.currentThread());
                    done.countDown();
                    throw new AssertionError("made up by a test");
                },
                Duration.ZERO);
        scheduler.schedule(
                () -> {
                    threads.add(Thread.currentThread());
                    done.countDown();
                },
                Duration.ofMillis(20));
        await(done);

        assertThat(threads).hasSize(1);
    }

    @Test
    void schedule_fatalErrorEndsTheThread_othersRunOnItsSuccessor() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch scheduled = new CountDownLatch(1);
        scheduler.schedule(
                () -> {
                    threads.add(Thread.currentThread());
                    Thread.currentThread().setUncaughtExceptionHandler((thread, fatal) -> {});
                    awaitQuietly(scheduled);
                    throw new OutOfMemoryError("made up by a test");
                },
                Duration.ZERO);
        scheduler.schedule(
                () -> {
                    threads.add(Thread.currentThread());
                    done.countDown();
                },
                Duration.ZERO);
        scheduled.countDown();
        await(done);

        assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
    }

    @Test
    void schedule_taskLeavesItsThreadInterrupted_nextTaskDoesNotSeeIt() throws Exception {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        scheduler.schedule(() -> Thread.currentThread().interrupt(), Duration.ZERO);
        scheduler.schedule(
                () -> {
                    interrupted.add(Thread.currentThread().isInterrupted());
                    done.countDown();
                },
                Duration.ofMillis(20));
        await(done);

        assertThat(interrupted).containsExactly(false);
    }

    @Test
    void cancel_beforeDue_taskNeverRuns() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch after = new CountDownLatch(1);
        scheduler.schedule(() -> awaitQuietly(gate), Duration.ZERO);
        PollScheduler.Cancellable cancelled = scheduler.schedule(ran::incrementAndGet, Duration.ofMillis(1));
        scheduler.schedule(after::countDown, Duration.ofMillis(50));
        cancelled.cancel();
        cancelled.cancel();
        gate.countDown();
        await(after);

        assertThat(ran).hasValue(0);
    }

    @Test
    void close_taskRunning_waitsForItAndEndsTheThread() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger dropped = new AtomicInteger();
        scheduler.schedule(
                () -> {
                    threads.add(Thread.currentThread());
                    running.countDown();
                    while (!refuses()) {
                        Thread.onSpinWait(); // until close() has begun
                    }
                    ended.incrementAndGet();
                },
                Duration.ZERO);
        scheduler.schedule(dropped::incrementAndGet, Duration.ofMillis(1));
        await(running);
        scheduler.close();

        assertThat(ended).hasValue(1);
        assertThat(dropped).hasValue(0);
        assertThat(threads).hasSize(1).noneMatch(Thread::isAlive);
    }

    @Test
    void close_idleThread_wakesAndLeavesNoThreadOfItsGroup() throws Exception {
        ThreadGroup group = new ThreadGroup("poll-scheduler-test");
        SingleThreadPollScheduler idle = new SingleThreadPollScheduler();
        CountDownLatch done = new CountDownLatch(1);
        Thread user = new Thread(group, () -> idle.schedule(done::countDown, Duration.ZERO));
        user.start();
        user.join();
        await(done);
        assertThat(group.activeCount()).isEqualTo(1);
        idle.schedule(done::countDown, Duration.ofDays(1));
        idle.close(Duration.ofHours(1));

        assertThat(group.activeCount()).isZero();
    }

    @Test
    void close_thenSchedule_isRefused() {
        scheduler.close();
        scheduler.close();

        assertThatThrownBy(() -> scheduler.schedule(() -> {}, Duration.ZERO))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("the poll scheduler is closed");
    }

    @Test
    void using_hostsExecutor_runsThereAndStaysOpen() throws Exception {
        ScheduledThreadPoolExecutor host =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "host's thread"));
        try {
            AtomicInteger ran = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(1);
            try (PollScheduler shared = PollScheduler.using(host)) {
                shared.schedule(ran::incrementAndGet, Duration.ofDays(1)).cancel();
                shared.schedule(
                        () -> {
                            threads.add(Thread.currentThread());
                            done.countDown();
                        },
                        Duration.ofMillis(1));
                await(done);
            }

            assertThat(host.isShutdown()).isFalse();
            assertThat(host.getQueue()).allMatch(task -> ((Future<?>) task).isCancelled());
            assertThat(threads).extracting(Thread::getName).containsExactly("host's thread");
        } finally {
            host.shutdownNow();
            assertThat(host.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private boolean refuses() {
        try {
            scheduler.schedule(() -> {}, Duration.ofDays(1)).cancel();
            return false;
        } catch (RejectedExecutionException e) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            await(latch);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
