package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sources and listeners that hang, on real threads and the real clock. The timeout only ends a test that hangs itself. */
@Timeout(120)
class PollerHangTest {

    private static final Duration SHORT = Duration.ofMillis(400);

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final PollScheduler scheduler = PollScheduler.create();

    @AfterEach
    void endThreads() {
        gate.countDown();
        scheduler.close();
        until(() -> ours().isEmpty());
    }

    private Set<Thread> ours() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(before);
        threads.removeIf(thread -> !thread.getName().startsWith("economy-poll"));
        return threads;
    }

    /** Ignores interruption, as a read from a socket does. */
    private void hang() {
        while (true) {
            try {
                gate.await();
                return;
            } catch (InterruptedException ignored) {
                // on purpose
            }
        }
    }

    private <T> PollerBuilder<T> quick(PollerBuilder<T> builder) {
        return quick(builder, SHORT);
    }

    private <T> PollerBuilder<T> quick(PollerBuilder<T> builder, Duration deadline) {
        return builder.policy((last, random) -> Duration.ofMillis(20))
                .deadline(deadline)
                .closeDeadline(SHORT)
                .scheduler(scheduler);
    }

    @Test
    void hungSource_holdsNeitherItsPollerNorOthersNorClose() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        RecordingListener<Object> listener = new RecordingListener<>();
        Poller<Integer> hung = quick(Poller.<Integer>builder(() -> {
                    if (calls.incrementAndGet() <= 2) {
                        hang();
                    }
                    return calls.get();
                }))
                .listener(listener)
                .build()
                .start();
        Poller<Integer> other =
                quick(Poller.<Integer>builder(others::incrementAndGet)).build().start();
        until(() -> listener.kinds().contains("Abandoned"));
        assertThat(hung.status().abandonedRunning()).isPositive();
        int seen = others.get();
        until(() -> others.get() > seen + 5); // others go on meanwhile
        until(() -> listener.kinds().contains("Succeeded")); // and it recovers without its hung polls

        assertThat(hung.status().abandonedRunning()).isEqualTo(2);
        assertThat(hung.latest().orElseThrow().value()).isGreaterThanOrEqualTo(3);
        assertThat(listener.kinds()).startsWith("Started", "Abandoned", "Started", "Abandoned", "Started", "Succeeded");
        gate.countDown();
        until(() -> hung.status().abandonedRunning() == 0);
        hung.close();
        other.close();
    }

    @Test
    void sourceThatHangsForGood_costsNoMoreThanItsBound() {
        AtomicInteger calls = new AtomicInteger();
        RecordingListener<Object> listener = new RecordingListener<>();
        Poller<Integer> poller = quick(Poller.<Integer>builder(() -> {
                    calls.incrementAndGet();
                    hang();
                    return 1;
                }))
                .mostAbandoned(2)
                .listener(listener)
                .build()
                .start();
        until(() -> listener.kinds().contains("Failed"));

        assertThat(calls).hasValue(2);
        assertThat(listener.last(PollEvent.Failed.class).failure())
                .hasMessageStartingWith("2 polls of this poller were abandoned");
        gate.countDown();
        until(() -> calls.get() > 2);
        poller.close();
    }

    @Test
    void sourceThatHeedsInterruption_isInterruptedAtItsDeadline_andTheNextPollDoesNotSeeIt() {
        ConcurrentLinkedQueue<Boolean> interrupted = new ConcurrentLinkedQueue<>();
        AtomicInteger calls = new AtomicInteger();
        RecordingListener<Object> listener = new RecordingListener<>();
        Poller<Integer> poller = quick(Poller.<Integer>builder(() -> {
                    interrupted.add(Thread.currentThread().isInterrupted());
                    if (calls.incrementAndGet() == 1) {
                        gate.await();
                    }
                    return 1;
                }))
                .listener(listener)
                .listener(
                        (which, event) -> interrupted.add(Thread.currentThread().isInterrupted()))
                .build()
                .start();
        until(() -> listener.kinds().contains("Succeeded"));

        assertThat(listener.kinds()).startsWith("Started", "Failed", "Started", "Succeeded");
        assertThat(interrupted).containsOnly(false);
        poller.close();
    }

    @Test
    void close_returnsWithinItsDeadline_whateverHangs() {
        CountDownLatch hanging = new CountDownLatch(3);
        Poller<Integer> source = quick(
                        Poller.<Integer>builder(() -> {
                            hanging.countDown();
                            hang();
                            return 1;
                        }),
                        Duration.ofHours(1))
                .build()
                .start();
        Poller<Integer> listener = quick(Poller.<Integer>builder(() -> 1), Duration.ofHours(1))
                .listener((which, event) -> {
                    if (event instanceof PollEvent.Succeeded) {
                        hanging.countDown();
                        hang();
                    }
                })
                .build()
                .start();
        Poller<Integer> policy = Poller.<Integer>builder(() -> 1)
                .closeDeadline(SHORT)
                .scheduler(scheduler)
                .deadline(Duration.ofHours(1))
                .policy((last, random) -> {
                    hanging.countDown();
                    hang();
                    return SHORT;
                })
                .build()
                .start();
        awaitQuietly(hanging);
        for (Poller<Integer> each : List.of(source, listener, policy)) {
            long start = System.nanoTime();
            each.close();
            // A machine that is busy may add to it; without a deadline it would take for ever.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void close_letsThePollInProgressEnd() {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger accepted = new AtomicInteger();
        RecordingListener<Object> listener = new RecordingListener<>();
        Poller<Integer> poller = Poller.<Integer>builder(() -> {
                    running.countDown();
                    gate.await();
                    return 1;
                })
                .accept(value -> accepted.incrementAndGet())
                .closeDeadline(Duration.ofHours(1))
                .deadline(Duration.ofHours(1))
                .scheduler(scheduler)
                .listener(listener)
                .build()
                .start();
        awaitQuietly(running);
        Thread closing = new Thread(poller::close);
        closing.start();
        until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        until(() -> !closing.isAlive());

        assertThat(listener.kinds()).containsExactly("Started", "Succeeded", "Closed");
        assertThat(accepted).hasValue(1);
        assertThat(poller.latest().orElseThrow().value()).isEqualTo(1);
    }

    @Test
    void close_interruptedCaller_doesNotWait_andStaysInterrupted() {
        CountDownLatch running = new CountDownLatch(1);
        Poller<Integer> poller = Poller.<Integer>builder(() -> {
                    running.countDown();
                    hang();
                    return 1;
                })
                .closeDeadline(Duration.ofHours(1))
                .scheduler(scheduler)
                .build()
                .start();
        awaitQuietly(running);
        Thread.currentThread().interrupt();
        poller.close();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void hungListener_hearsNothingMoreUntilItReturns_andThePollsGoOn() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger inListener = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger heard = new AtomicInteger();
        Poller<Integer> poller = quick(Poller.<Integer>builder(calls::incrementAndGet))
                .listener((which, event) -> {
                    most.accumulateAndGet(inListener.incrementAndGet(), Math::max);
                    if (heard.incrementAndGet() == 3) {
                        hang();
                    }
                    inListener.decrementAndGet();
                })
                .build()
                .start();
        until(() -> calls.get() > 5);
        assertThat(heard).hasValue(3);
        gate.countDown();
        until(() -> heard.get() > 6);

        assertThat(most).hasValue(1);
        poller.close();
    }

    @Test
    void threads_areOwnAndNamedDaemons_andKeepNoContextLoader() {
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        AtomicReference<ClassLoader> loader = new AtomicReference<>();
        ClassLoader mine = new URLClassLoader(new URL[0]);
        Thread.currentThread().setContextClassLoader(mine);
        try {
            Poller<Integer> poller = Poller.<Integer>builder(() -> {
                        threads.add(Thread.currentThread());
                        loader.set(Thread.currentThread().getContextClassLoader());
                        return 1;
                    })
                    .build();
            assertThat(ours()).isEmpty(); // building starts nothing
            poller.start();
            until(() -> poller.latest().isPresent());
            assertThat(threads)
                    .allMatch(Thread::isDaemon)
                    .allMatch(thread -> thread.getName().matches("economy-poll-\\d+"));
            assertThat(loader.get()).isSameAs(ClassLoader.getSystemClassLoader());
            assertThat(ours())
                    .filteredOn(thread -> thread.getContextClassLoader() == mine)
                    .isEmpty();
            poller.close();
        } finally {
            Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
        }
        until(() -> ours().isEmpty());
    }

    @Test
    void closedPoller_leavesNothingOfTheHostsInASharedScheduler() {
        Object task = new Object();
        WeakReference<Object> weak = new WeakReference<>(task);
        pollAndClose(task);
        task = null;
        until(() -> {
            System.gc();
            return weak.get() == null;
        });
        assertThat(scheduler).isNotNull(); // it still lives
    }

    private void pollAndClose(Object held) {
        Poller<Integer> poller = Poller.<Integer>builder(held::hashCode)
                .scheduler(scheduler)
                .build()
                .start();
        until(() -> poller.latest().isPresent());
        poller.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
            Thread.onSpinWait();
            Thread.yield();
        }
    }
}
