package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The loop, in virtual time: no test here waits for anything. */
class PollerTest {

    private static final Instant START = ManualPollScheduler.EPOCH;
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Duration NANO = Duration.ofNanos(1);

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final RecordingListener<Object> listener = new RecordingListener<>();
    private final List<Instant> polls = new ArrayList<>();
    private final AtomicBoolean active = new AtomicBoolean();
    private RuntimeException failure;

    @Test
    void build_untilStart_doesNothing() {
        AtomicInteger executed = new AtomicInteger();
        Poller<Boolean> poller =
                adaptive().executor(command -> executed.incrementAndGet()).build();
        scheduler.advance(Duration.ofHours(1));

        assertThat(scheduler.waiting()).isEmpty();
        assertThat(listener.events()).isEmpty();
        assertThat(executed).hasValue(0);
        assertThat(poller.latest()).isEmpty();
    }

    @Test
    void start_withoutJitter_pollsAtOnceOnTheScheduler() {
        Poller<Boolean> poller = adaptive().build().start();
        assertThat(polls).isEmpty();

        scheduler.runDue();

        assertThat(polls).containsExactly(START);
        assertThat(poller.latest()).contains(false);
    }

    @Test
    void start_secondTime_isRefusedAndSchedulesNothing() {
        Poller<Boolean> poller = adaptive().name("fleet").build().start();

        assertThatThrownBy(poller::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("poller fleet was already started or is closed");
        assertThat(scheduler.waiting()).hasSize(1);
    }

    @Test
    void start_afterClose_isRefused() {
        Poller<Boolean> poller = adaptive().build();
        poller.close();

        assertThatThrownBy(poller::start).isInstanceOf(IllegalStateException.class);
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void start_schedulerClosed_isRefusedAndClosesCleanly() {
        scheduler.close();
        Poller<Boolean> poller = adaptive().build();

        assertThatThrownBy(poller::start).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(poller::pollNow).isInstanceOf(RejectedExecutionException.class);
        poller.close();
        assertThat(polls).isEmpty();
    }

    @Test
    void start_jitter_drawsFirstDelayOnly() {
        Duration expected = Duration.ofNanos(new SplittableRandom(7).nextLong(MINUTE.toNanos()));
        adaptive().jitter(MINUTE, new SplittableRandom(7)).build().start();

        assertThat(listener.events()).containsExactly(new PollScheduled<>(START, expected));
        assertThat(scheduler.waiting()).containsExactly(expected);
        scheduler.advance(expected);
        assertThat(polls).hasSize(1);
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void poll_activeThenIdleThenActive_switchesRightAfterThePollThatSaysSo() {
        active.set(true);
        adaptive().build().start();
        scheduler.runDue();
        scheduler.advance(HALF_MINUTE);
        active.set(false);
        scheduler.advance(HALF_MINUTE); // sees idle at 60
        scheduler.advance(MINUTE.minus(NANO));
        assertThat(polls).hasSize(3);
        active.set(true);
        scheduler.advance(NANO); // sees active at 120
        scheduler.advance(HALF_MINUTE);

        assertThat(polls).containsExactly(at(0), at(30), at(60), at(120), at(150));
    }

    @Test
    void poll_default_isEveryThirtySeconds() {
        Poller.builder(this::poll).scheduler(scheduler).time(scheduler).build().start();
        scheduler.advance(Duration.ofSeconds(90));

        assertThat(polls).containsExactly(at(0), at(30), at(60), at(90));
    }

    @Test
    void poll_failing_backsOffAndRecoversAtOnce() {
        active.set(true);
        Poller<Boolean> poller = adaptive().build().start();
        scheduler.runDue();
        failure = new IllegalStateException("down");
        scheduler.advance(Duration.ofSeconds(30 + 30 + 60)); // fails at 30, 60, 120
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(scheduler.waiting()).containsExactly(Duration.ofSeconds(120));
        assertThat(poller.latest()).contains(true);
        failure = null;
        scheduler.advance(Duration.ofSeconds(120 + 30));

        assertThat(polls).containsExactly(at(0), at(30), at(60), at(120), at(240), at(270));
    }

    @Test
    void poll_failing_tellsFailureCountAndLastValue() {
        active.set(true);
        adaptive().build().start();
        scheduler.runDue();
        failure = new IllegalStateException("down");
        scheduler.advance(MINUTE);

        assertThat(listener.events())
                .containsExactly(
                        new PollScheduled<>(at(0), Duration.ZERO),
                        new PollSucceeded<>(at(0), at(0), true),
                        new PollScheduled<>(at(0), HALF_MINUTE),
                        new PollFailed<>(at(30), at(30), failure, 1, Optional.of(true)),
                        new PollScheduled<>(at(30), HALF_MINUTE),
                        new PollFailed<>(at(60), at(60), failure, 2, Optional.of(true)),
                        new PollScheduled<>(at(60), MINUTE));
    }

    @Test
    void poll_errorOrCheckedExceptionOrNull_isAFailureLikeAnyOther() {
        Deque<Callable<String>> calls = new ArrayDeque<>(List.of(
                () -> {
                    throw new AssertionError("an error");
                },
                () -> {
                    throw new Exception("checked");
                },
                () -> null,
                () -> "fine"));
        PollPolicy<Object> everyMinute = PollPolicy.fixed(MINUTE, MINUTE);
        Poller<String> poller = Poller.<String>builder(() -> calls.remove().call())
                .policy(everyMinute)
                .scheduler(scheduler)
                .listener(listener)
                .build()
                .start();
        scheduler.advance(Duration.ofMinutes(3));

        assertThat(poller.latest()).contains("fine");
        assertThat(listener.events())
                .filteredOn(PollFailed.class::isInstance)
                .extracting(event -> ((PollFailed<?>) event).failure().getMessage())
                .containsExactly("an error", "checked", "the task returned null");
    }

    @Test
    void poll_slow_waitStartsAtItsEndAndMissedTicksAreNotCaughtUp() {
        active.set(true);
        Poller.builder(() -> {
                    poll();
                    scheduler.pass(Duration.ofSeconds(100)); // more than three delays
                    return true;
                })
                .policy(PollPolicy.fixed(HALF_MINUTE))
                .scheduler(scheduler)
                .time(scheduler)
                .listener(listener)
                .build()
                .start();
        scheduler.runDue();

        assertThat(scheduler.waiting()).containsExactly(HALF_MINUTE);
        assertThat(listener.events()).contains(new PollSucceeded<>(at(0), at(100), true));
        scheduler.advance(HALF_MINUTE);
        assertThat(polls).containsExactly(at(0), at(130));
    }

    @Test
    void poll_whileQueuedAtTheExecutor_isNotQueuedAgain() {
        List<Runnable> queue = new ArrayList<>();
        adaptive().executor(queue::add).build().start();
        scheduler.advance(Duration.ofHours(1));

        assertThat(queue).hasSize(1);
        assertThat(scheduler.waiting()).isEmpty();
        queue.get(0).run();
        queue.get(0).run(); // an executor that runs it twice
        assertThat(polls).hasSize(1);
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void poll_executorRejects_isAFailureAndPollingGoesOn() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        AtomicBoolean rejecting = new AtomicBoolean(true);
        adaptive()
                .executor(command -> {
                    if (rejecting.get()) {
                        throw full;
                    }
                    command.run();
                })
                .build()
                .start();
        scheduler.runDue();

        assertThat(listener.events()).contains(new PollFailed<>(at(0), at(0), full, 1, Optional.empty()));
        rejecting.set(false);
        scheduler.advance(MINUTE);
        assertThat(polls).containsExactly(at(60));
    }

    @Test
    void poll_executorThatThrowsAfterRunning_countsOnce() {
        adaptive()
                .executor(command -> {
                    command.run();
                    throw new IllegalStateException("executor bug");
                })
                .build()
                .start();

        assertThatThrownBy(scheduler::runDue).hasMessage("executor bug");
        assertThat(listener.kinds()).containsExactly("PollScheduled", "PollSucceeded", "PollScheduled");
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void poll_fatalError_isPassedOnAndOnlyPollNowRevivesIt() {
        OutOfMemoryError fatal = new OutOfMemoryError("made up by a test");
        AtomicBoolean broken = new AtomicBoolean(true);
        Poller<String> poller = Poller.<String>builder(() -> {
                    if (broken.get()) {
                        throw fatal;
                    }
                    return "fine";
                })
                .scheduler(scheduler)
                .build()
                .start();
        CompletableFuture<String> future = poller.pollNow();

        assertThatThrownBy(scheduler::runDue).isSameAs(fatal);
        assertThat(scheduler.waiting()).isEmpty();
        assertThatThrownBy(future::join).hasCause(fatal);
        broken.set(false);
        CompletableFuture<String> second = poller.pollNow();
        scheduler.runDue();
        assertThat(second).isCompletedWithValue("fine");
        assertThat(scheduler.waiting()).containsExactly(HALF_MINUTE);
        poller.close();
    }

    @Test
    void poll_interruptedTask_keepsInterruptForTheThreadButNotForListeners() {
        List<Boolean> seenByListener = new ArrayList<>();
        Poller.<String>builder(() -> {
                    throw new InterruptedException();
                })
                .scheduler(scheduler)
                .listener(event -> seenByListener.add(Thread.currentThread().isInterrupted()))
                .build()
                .start();
        scheduler.runDue();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seenByListener).containsOnly(false);
    }

    @Test
    void policy_throwsOrGivesNoDelay_waitsThirtySeconds() {
        Deque<Callable<Duration>> delays = new ArrayDeque<>(List.of(
                () -> {
                    throw new AssertionError("policy bug");
                },
                () -> null,
                () -> Duration.ZERO,
                () -> Duration.ofSeconds(-1),
                () -> Duration.ofHours(1)));
        Poller.builder(this::poll)
                .policy(last -> {
                    try {
                        return delays.remove().call();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .scheduler(scheduler)
                .time(scheduler)
                .build()
                .start();
        scheduler.advance(Duration.ofMinutes(30));

        assertThat(polls).containsExactly(at(0), at(30), at(60), at(90), at(120));
    }

    @Test
    void listener_throws_isLoggedByNameAndChangesNothing() {
        assumeTrue(LoggerFactory.getLogger(Poller.class).isWarnEnabled());
        AtomicInteger named = new AtomicInteger();
        PollListener<Object> broken = new PollListener<>() {
            @Override
            public void onEvent(PollEvent<?> event) {
                throw new AssertionError("listener bug");
            }

            @Override
            public String toString() {
                named.incrementAndGet();
                return "broken listener";
            }
        };
        Poller<Boolean> poller = Poller.builder(this::poll)
                .policy(PollPolicy.fixed(MINUTE))
                .scheduler(scheduler)
                .time(scheduler)
                .listener(broken)
                .listener(listener)
                .build()
                .start();
        scheduler.advance(MINUTE);

        assertThat(polls).containsExactly(at(0), at(60));
        assertThat(poller.latest()).contains(false);
        assertThat(listener.kinds())
                .containsExactly("PollScheduled", "PollSucceeded", "PollScheduled", "PollSucceeded", "PollScheduled");
        assertThat(named).hasValue(5);
    }

    @Test
    void listener_onSuccess_getsValuesOnly() {
        List<Object> values = new ArrayList<>();
        Consumer<Object> consumer = values::add;
        adaptive().listener(PollListener.onSuccess(consumer)).build().start();
        scheduler.runDue();
        failure = new IllegalStateException("down");
        scheduler.advance(MINUTE);

        assertThat(values).containsExactly(false);
    }

    @Test
    void pollNow_whileWaiting_pollsAtOnceAndRestartsTheWait() {
        Poller<Boolean> poller = adaptive().build().start();
        scheduler.runDue();
        scheduler.advance(Duration.ofSeconds(10));
        CompletableFuture<Boolean> first = poller.pollNow();
        CompletableFuture<Boolean> second = poller.pollNow();
        assertThat(first).isNotDone();
        scheduler.runDue();

        assertThat(polls).containsExactly(at(0), at(10));
        assertThat(first).isCompletedWithValue(false);
        assertThat(second).isCompletedWithValue(false);
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void pollNow_beforeJitteredFirstPoll_bringsItForward() {
        Poller<Boolean> poller =
                adaptive().jitter(MINUTE, new SplittableRandom(7)).build().start();
        CompletableFuture<Boolean> future = poller.pollNow();
        scheduler.runDue();

        assertThat(future).isCompletedWithValue(false);
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void pollNow_failing_completesWithTheFailure() {
        failure = new IllegalStateException("down");
        Poller<Boolean> poller = adaptive().build().start();
        CompletableFuture<Boolean> future = poller.pollNow();
        scheduler.runDue();

        assertThatThrownBy(future::join).hasCause(failure);
    }

    @Test
    void pollNow_callerCancelsItsFuture_othersStillGetTheValue() {
        Poller<Boolean> poller = adaptive().build().start();
        CompletableFuture<Boolean> mine = poller.pollNow();
        CompletableFuture<Boolean> theirs = poller.pollNow();
        mine.cancel(true);
        scheduler.runDue();

        assertThat(theirs).isCompletedWithValue(false);
    }

    @Test
    void pollNow_fromAListenerOfTheOutcome_joinsThatPoll() {
        Poller<?>[] self = new Poller<?>[1];
        Poller<Boolean> poller = adaptive()
                .listener(event -> {
                    if (event instanceof PollOutcome && polls.size() == 1) {
                        self[0].pollNow();
                    }
                })
                .build();
        self[0] = poller;
        poller.start();
        scheduler.runDue();

        assertThat(polls).hasSize(1);
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void pollNow_afterTheOutcomeWasTold_isFollowedByAnotherPollAtOnce() {
        Poller<?>[] self = new Poller<?>[1];
        Poller<Boolean> poller = adaptive()
                .listener(event -> {
                    if (event instanceof PollScheduled && polls.size() == 1) {
                        self[0].pollNow();
                    }
                })
                .build();
        self[0] = poller;
        poller.start();
        scheduler.runDue();

        assertThat(polls).containsExactly(at(0), at(0));
        assertThat(scheduler.waiting()).containsExactly(MINUTE);
    }

    @Test
    void pollNow_tickAlreadyUnderWay_isNotFollowedByASecondLoop() {
        List<Runnable> ticks = new ArrayList<>();
        List<Integer> cancelled = new ArrayList<>();
        PollScheduler racy = (task, delay) -> {
            int number = ticks.size();
            ticks.add(task);
            return () -> cancelled.add(number); // too late to keep the tick from running
        };
        Poller<Boolean> poller = Poller.builder(this::poll)
                .scheduler(racy)
                .time(scheduler)
                .build()
                .start();
        poller.pollNow();
        assertThat(cancelled).containsExactly(0);
        ticks.get(0).run(); // the tick that pollNow() came too late to cancel

        assertThat(polls).hasSize(1);
        assertThat(cancelled).containsExactly(0, 1);
        assertThat(ticks).hasSize(3);
    }

    @Test
    void pollNow_beforeStart_isRefused() {
        assertThatThrownBy(adaptive().name("fleet").build()::pollNow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("poller fleet is not started");
    }

    @Test
    void pollNow_schedulerClosed_isRefusedAndLeavesNoFutureBehind() {
        Poller<Boolean> poller = adaptive().build().start();
        scheduler.close();

        assertThatThrownBy(poller::pollNow).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(poller::pollNow).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void scheduler_closedUnderThePoller_pollingStopsAndCloseStillWorks() {
        Poller<Boolean> poller = adaptive().build().start();
        scheduler.close();
        scheduler.runDue();

        assertThat(listener.kinds()).containsExactly("PollScheduled", "PollSucceeded", "PollScheduled");
        assertThat(poller.latest()).contains(false);
        poller.close();
    }

    private PollerBuilder<Boolean> adaptive() {
        return Poller.builder(this::poll)
                .policy(PollPolicy.adaptive(value -> value, HALF_MINUTE, MINUTE))
                .scheduler(scheduler)
                .time(scheduler)
                .listener(listener);
    }

    private Boolean poll() {
        polls.add(scheduler.instant());
        if (failure != null) {
            throw failure;
        }
        return active.get();
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }
}
