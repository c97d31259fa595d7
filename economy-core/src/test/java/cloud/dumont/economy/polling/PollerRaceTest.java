package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** The state machine under real threads that do everything at once. */
@Timeout(120)
class PollerRaceTest {

    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final AtomicReference<String> broken = new AtomicReference<>();

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    /** What one poller's events must be, told by one thread at a time. */
    private final class Grammar implements PollListener<Integer> {

        private final AtomicInteger inside = new AtomicInteger();
        private String last = "";
        private boolean closed; // plain: each event has to see what the one before did

        @Override
        public void onEvent(Poller<? extends Integer> poller, PollEvent<? extends Integer> event) {
            if (inside.incrementAndGet() > 1) {
                broken.set("two events at once");
            }
            String kind = event.getClass().getSimpleName();
            if (closed) {
                broken.set(kind + " after Closed");
            }
            boolean ends = kind.equals("Succeeded") || kind.equals("Failed") || kind.equals("Abandoned");
            if (ends && !last.equals("Started")) {
                broken.set(kind + " after " + last);
            }
            if (kind.equals("Started") && last.equals("Started")) {
                broken.set("Started twice");
            }
            last = kind;
            closed = kind.equals("Closed");
            inside.decrementAndGet();
        }
    }

    @RepeatedTest(15)
    void nudgesListenersAndCloses_fromManyThreads_keepTheGrammar() throws Exception {
        AtomicInteger[] running = new AtomicInteger[8];
        List<Poller<Integer>> pollers = new ArrayList<>();
        try (PollScheduler scheduler = PollScheduler.create()) {
            PollGroup<Integer> group = PollGroup.<Integer>builder()
                    .policy((last, random) -> Duration.ofNanos(1 + random.nextInt(20_000_000)))
                    .scheduler(scheduler)
                    .concurrency(4)
                    .deadline(Duration.ofSeconds(30))
                    .closeDeadline(Duration.ofSeconds(60))
                    .buildGroup();
            for (int i = 0; i < running.length; i++) {
                AtomicInteger mine = running[i] = new AtomicInteger();
                Poller<Integer> poller = i % 2 == 0
                        ? group.add(() -> poll(mine))
                        : group.addAsync(() -> CompletableFuture.supplyAsync(() -> poll(mine), threads));
                poller.listen(new Grammar());
                pollers.add(poller);
            }
            CyclicBarrier barrier = new CyclicBarrier(2);
            List<Future<?>> racers = new ArrayList<>();
            for (int racer = 0; racer < 2; racer++) {
                int seed = racer;
                racers.add(threads.submit(() -> {
                    barrier.await();
                    group.start();
                    for (int i = 0; i < 300; i++) {
                        Poller<Integer> poller = pollers.get((i * 7 + seed) % pollers.size());
                        try {
                            switch (i % 5) {
                                case 0 -> poller.nudge();
                                case 1 -> poller.listen((which, event) -> {}).close();
                                case 2 -> poller.latest();
                                case 3 -> poller.status();
                                default -> {
                                    if (i > 250) {
                                        poller.close();
                                    }
                                }
                            }
                        } catch (IllegalStateException closed) {
                            assertThat(closed).hasMessageEndingWith("is closed");
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : racers) {
                each.get(60, TimeUnit.SECONDS);
            }
            group.close();
            assertThat(group.size()).isZero();
        }
        assertThat(broken).hasValue(null);
        for (AtomicInteger each : running) {
            assertThat(each).hasValue(0);
        }
    }

    private int poll(AtomicInteger running) {
        if (running.incrementAndGet() > 1) {
            broken.set("two polls at once");
        }
        Thread.yield();
        running.decrementAndGet();
        return 1;
    }

    @RepeatedTest(30)
    void nudges_fromManyThreads_allComplete_andSeeAPollThatBeganAfterThem() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        try (PollScheduler scheduler = PollScheduler.create();
                Poller<Integer> poller = Poller.<Integer>builder(begun::incrementAndGet)
                        .policy((last, random) -> Duration.ofHours(1))
                        .scheduler(scheduler)
                        .build()
                        .start()) {
            List<Future<Void>> racers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                racers.add(threads.submit(() -> {
                    for (int nudge = 0; nudge < 10; nudge++) {
                        int before = begun.get();
                        int seen = poller.nudge().get(30, TimeUnit.SECONDS);
                        assertThat(seen).isGreaterThan(before);
                    }
                    return null;
                }));
            }
            for (Future<Void> each : racers) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }
}
