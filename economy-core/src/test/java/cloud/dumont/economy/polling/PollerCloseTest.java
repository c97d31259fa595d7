package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing, in every state a poller can be in. The timeout only ends a test that hangs. */
@Timeout(60)
class PollerCloseTest {

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final RecordingListener<Object> listener = new RecordingListener<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void endThreads() throws InterruptedException {
        gate.countDown();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void close_whileWaiting_cancelsTheNextPoll() {
        Poller<Integer> poller = quick().build().start();
        scheduler.runDue();
        int events = listener.events().size();
        poller.close();
        assertThat(scheduler.waiting()).isEmpty();
        scheduler.advance(Duration.ofHours(1));

        assertThat(calls).hasValue(1);
        assertThat(listener.events()).hasSize(events);
        assertThat(poller.latest()).contains(1);
    }

    @Test
    void close_twice_changesNothing() {
        Poller<Integer> poller = quick().build().start();
        poller.close();
        poller.close();

        assertThat(listener.kinds()).containsExactly("PollScheduled");
    }

    @Test
    void close_pollRequested_cancelsItsFuture() {
        Poller<Integer> poller = quick().build().start();
        CompletableFuture<Integer> future = poller.pollNow();
        poller.close();

        assertThatThrownBy(future::join).hasRootCauseInstanceOf(CancellationException.class);
        assertThatThrownBy(poller::pollNow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("poller unnamed is closed");
    }

    @Test
    void close_whileQueuedAtTheExecutor_doesNotWaitAndThePollNeverRuns() {
        List<Runnable> queue = new ArrayList<>();
        Poller<Integer> poller = quick().executor(queue::add).build().start();
        scheduler.runDue();
        poller.close();
        queue.get(0).run();

        assertThat(calls).hasValue(0);
        assertThat(listener.kinds()).containsExactly("PollScheduled");
    }

    @Test
    void close_duringAPoll_waitsForItsEventAndSchedulesNothing() throws Exception {
        Poller<Integer> poller =
                gated().closeDeadline(Duration.ofHours(1)).build().start();
        CompletableFuture<Integer> requested = poller.pollNow();
        scheduler.runDue();
        await(running);
        CompletableFuture<List<String>> toldWhenClosed = CompletableFuture.supplyAsync(
                () -> {
                    poller.close();
                    return listener.kinds();
                },
                threads);
        untilClosing(poller);
        gate.countDown();

        assertThat(toldWhenClosed.get(30, TimeUnit.SECONDS)).containsExactly("PollScheduled", "PollSucceeded");
        assertThat(listener.events()).hasSize(2);
        assertThat(requested).isCompletedWithValue(1);
        assertThat(poller.latest()).contains(1);
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void close_duringAPollThatEndsFatally_returnsWhenItHasEnded() throws Exception {
        Poller<Integer> poller = configured(() -> {
                    running.countDown();
                    awaitGate();
                    throw new OutOfMemoryError("made up by a test");
                })
                .executor(command -> threads.submit(command))
                .closeDeadline(Duration.ofHours(1))
                .build()
                .start();
        scheduler.runDue();
        await(running);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(poller::close, threads);
        untilClosing(poller);
        gate.countDown();
        closed.get(30, TimeUnit.SECONDS);

        assertThat(listener.kinds()).containsExactly("PollScheduled");
        assertThatThrownBy(poller::pollNow).hasMessageEndingWith("is closed");
    }

    @Test
    void close_againAfterGivingUp_waitsForTheRunWithoutBringingItsEventBack() throws Exception {
        Poller<Integer> poller = gated().build().start();
        scheduler.runDue();
        await(running);
        Thread.currentThread().interrupt();
        poller.close(); // gives up at once
        assertThat(Thread.interrupted()).isTrue();
        Thread second = new Thread(poller::close);
        second.start();
        while (second.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        gate.countDown();
        second.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(second.isAlive()).isFalse();
        assertThat(calls).hasValue(1);
        assertThat(listener.kinds()).containsExactly("PollScheduled");
        assertThat(poller.latest()).isEmpty();
    }

    @Test
    void close_byATaskThatThenEndsFatally_staysClosed() {
        AtomicReference<Poller<Integer>> self = new AtomicReference<>();
        Poller<Integer> poller = configured(() -> {
                    self.get().close();
                    throw new OutOfMemoryError("made up by a test");
                })
                .build();
        self.set(poller);
        poller.start();

        assertThatThrownBy(scheduler::runDue).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(poller::pollNow).hasMessageEndingWith("is closed");
    }

    @Test
    void close_tickThatCannotBeCancelled_findsItClosed() {
        List<Runnable> ticks = new ArrayList<>();
        PollScheduler deaf = (task, delay) -> {
            ticks.add(task);
            return () -> {};
        };
        Poller<Integer> poller = Poller.builder(calls::incrementAndGet)
                .scheduler(deaf)
                .listener(listener)
                .build()
                .start();
        poller.close();
        ticks.get(0).run();

        assertThat(calls).hasValue(0);
        assertThat(listener.kinds()).containsExactly("PollScheduled");
    }

    @Test
    void close_deadlinePasses_returnsAndDropsTheOutcome() throws Exception {
        CountDownLatch executed = new CountDownLatch(1);
        Poller<Integer> poller = gated(command -> threads.execute(() -> {
                    command.run();
                    executed.countDown();
                }))
                .closeDeadline(Duration.ofMillis(1))
                .build()
                .start();
        CompletableFuture<Integer> requested = poller.pollNow();
        scheduler.runDue();
        await(running);
        poller.close();
        assertThat(requested).isCompletedExceptionally();
        gate.countDown();
        await(executed);

        assertThat(listener.kinds()).containsExactly("PollScheduled");
        assertThat(poller.latest()).isEmpty();
        assertThat(scheduler.waiting()).isEmpty();
        poller.close();
    }

    @Test
    void close_callerInterrupted_doesNotWaitAndStaysInterrupted() throws Exception {
        Poller<Integer> poller = gated().build().start();
        scheduler.runDue();
        await(running);
        Thread.currentThread().interrupt();
        poller.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(listener.kinds()).containsExactly("PollScheduled");
    }

    @Test
    void close_byTheTaskItself_dropsItsOutcome() {
        AtomicReference<Poller<Integer>> self = new AtomicReference<>();
        Poller<Integer> poller = configured(() -> {
                    self.get().close();
                    return 1;
                })
                .build();
        self.set(poller);
        poller.start();
        scheduler.runDue();

        assertThat(listener.kinds()).containsExactly("PollScheduled");
        assertThat(poller.latest()).isEqualTo(Optional.empty());
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void close_byAListener_keepsTheEventFromThoseAfterIt() {
        AtomicReference<Poller<Integer>> self = new AtomicReference<>();
        Poller<Integer> poller = Poller.builder(calls::incrementAndGet)
                .scheduler(scheduler)
                .listener(event -> {
                    if (event instanceof PollSucceeded) {
                        self.get().close();
                    }
                })
                .listener(listener)
                .build();
        self.set(poller);
        poller.start();
        scheduler.runDue();

        assertThat(listener.kinds()).containsExactly("PollScheduled");
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void close_byTheFirstListenerOfStart_schedulesNothing() {
        AtomicReference<Poller<Integer>> self = new AtomicReference<>();
        Poller<Integer> poller = Poller.builder(calls::incrementAndGet)
                .scheduler(scheduler)
                .listener(event -> self.get().close())
                .build();
        self.set(poller);
        poller.start();

        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void close_givenScheduler_staysOpen() {
        Poller<Integer> poller = quick().build().start();
        poller.close();
        AtomicInteger ran = new AtomicInteger();
        scheduler.schedule(ran::incrementAndGet, Duration.ZERO);
        scheduler.runDue();

        assertThat(ran).hasValue(1);
    }

    @Test
    void close_ownScheduler_leavesNoThread() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Poller<Integer> poller = Poller.<Integer>builder(() -> {
                    thread.set(Thread.currentThread());
                    return 1;
                })
                .build()
                .start();
        poller.pollNow().get(30, TimeUnit.SECONDS);
        poller.close();

        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void close_ownSchedulerAndHungTask_interruptsIt() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Poller<Integer> poller = Poller.<Integer>builder(() -> {
                    running.countDown();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return 1;
                })
                .closeDeadline(Duration.ofMillis(1))
                .listener(listener)
                .build()
                .start();
        await(running);
        poller.close();
        await(interrupted);

        assertThat(listener.kinds()).containsExactly("PollScheduled");
    }

    @Test
    void close_byAListenerOnTheOwnScheduler_doesNotWaitForItself() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Poller<Integer>> self = new AtomicReference<>();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Poller<Integer> poller = Poller.builder(calls::incrementAndGet)
                .listener(PollListener.onSuccess(value -> {
                    thread.set(Thread.currentThread());
                    self.get().close();
                    closed.countDown();
                }))
                .build();
        self.set(poller);
        poller.start();
        await(closed);
        thread.get().join(TimeUnit.SECONDS.toMillis(30));

        assertThat(thread.get().isAlive()).isFalse();
    }

    private PollerBuilder<Integer> quick() {
        return configured(calls::incrementAndGet);
    }

    private PollerBuilder<Integer> gated() {
        return gated(threads);
    }

    private PollerBuilder<Integer> gated(Executor executor) {
        return configured(() -> {
                    running.countDown();
                    awaitGate();
                    return calls.incrementAndGet();
                })
                .executor(executor);
    }

    private PollerBuilder<Integer> configured(Supplier<Integer> task) {
        return Poller.<Integer>builder(task::get).scheduler(scheduler).listener(listener);
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void untilClosing(Poller<?> poller) {
        try {
            while (true) {
                poller.pollNow();
                Thread.onSpinWait();
            }
        } catch (IllegalStateException closing) {
            assertThat(closing).hasMessageEndingWith("is closed");
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
