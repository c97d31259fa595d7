package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Threads that start at one gate. The timeouts only end a test that hangs. */
@Timeout(60)
class PollerRaceTest {

    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CyclicBarrier gate = new CyclicBarrier(THREADS);

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @RepeatedTest(20)
    void pollNow_fromManyThreads_neverOverlapsAndAlwaysCompletes() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        int[] calls = new int[1]; // not volatile: each poll has to see what the one before did
        try (PollScheduler scheduler = PollScheduler.create()) {
            Poller<Integer> poller = Poller.builder(() -> {
                        if (running.incrementAndGet() > 1) {
                            overlaps.incrementAndGet();
                        }
                        Thread.yield();
                        int call = ++calls[0];
                        running.decrementAndGet();
                        return call;
                    })
                    .policy(PollPolicy.fixed(Duration.ofNanos(1)))
                    .scheduler(scheduler)
                    .executor(threads)
                    .build()
                    .start();
            race(() -> {
                List<CompletableFuture<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    futures.add(poller.pollNow());
                }
                for (CompletableFuture<Integer> future : futures) {
                    future.get(30, TimeUnit.SECONDS);
                }
            });
            poller.close();

            assertThat(overlaps).hasValue(0);
            assertThat(poller.latest()).contains(calls[0]);
        }
    }

    @RepeatedTest(50)
    void close_fromManyThreadsWhilePolling_nothingHappensAfterAnyOfThem() throws Exception {
        AtomicInteger happened = new AtomicInteger();
        CountDownLatch polled = new CountDownLatch(1);
        try (PollScheduler scheduler = PollScheduler.create()) {
            Poller<Integer> poller = Poller.builder(() -> {
                        polled.countDown();
                        return happened.incrementAndGet();
                    })
                    .policy(PollPolicy.fixed(Duration.ofNanos(1)))
                    .scheduler(scheduler)
                    .executor(threads)
                    .listener(event -> happened.incrementAndGet())
                    .build()
                    .start();
            assertThat(polled.await(30, TimeUnit.SECONDS)).isTrue();
            race(() -> {
                poller.close();
                int whenClosed = happened.get();
                gate.await(30, TimeUnit.SECONDS);
                CountDownLatch later = new CountDownLatch(1);
                scheduler.schedule(later::countDown, Duration.ofMillis(1));
                assertThat(later.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(happened).hasValue(whenClosed);
            });
        }
    }

    @RepeatedTest(50)
    void start_fromManyThreads_startsOnce() throws Exception {
        AtomicInteger started = new AtomicInteger();
        ManualPollScheduler scheduler = new ManualPollScheduler();
        Poller<Integer> poller = Poller.builder(() -> 1).scheduler(scheduler).build();
        race(() -> {
            try {
                poller.start();
                started.incrementAndGet();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("already started");
            }
        });

        assertThat(started).hasValue(1);
        assertThat(scheduler.waiting()).hasSize(1);
    }

    private void race(Racer racer) throws Exception {
        List<Future<Void>> racers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            racers.add(threads.submit(() -> {
                gate.await(30, TimeUnit.SECONDS);
                racer.run();
                return null;
            }));
        }
        for (Future<Void> each : racers) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    @FunctionalInterface
    private interface Racer {
        void run() throws Exception;
    }
}
