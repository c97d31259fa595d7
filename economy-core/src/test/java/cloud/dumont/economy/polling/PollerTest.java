package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One poller, in virtual time: no test here waits for anything. */
class PollerTest {

    private static final Instant START = ManualPollScheduler.EPOCH;
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final RecordingListener<Object> listener = new RecordingListener<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Instant> polls = new ArrayList<>();
    private boolean active;
    private Supplier<? extends Throwable> failure;

    private Boolean poll() throws Exception {
        polls.add(scheduler.instant());
        if (failure != null) {
            Throwable thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown;
        }
        return active;
    }

    private PollerBuilder<Boolean> everyMinute() {
        return configure(Poller.builder(this::poll));
    }

    private <T> PollerBuilder<T> configure(PollerBuilder<T> builder) {
        return builder.policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .random(() -> random)
                .listener(listener);
    }

    @Test
    void build_untilStart_doesNothing() {
        Poller<Boolean> poller = everyMinute().build();
        scheduler.advance(Duration.ofHours(1));

        assertThat(scheduler.waiting()).isEmpty();
        assertThat(listener.events()).isEmpty();
        assertThat(poller.latest()).isEmpty();
        assertThat(poller.status().state()).isEqualTo(PollState.NEW);
        assertThatThrownBy(poller::nudge).hasMessage("poller is not started");
    }

    @Test
    void start_pollsAtOnce_andAgainChangesNothing() {
        Poller<Boolean> poller = everyMinute().build().start();
        poller.start();
        assertThat(polls).isEmpty();
        scheduler.runDue();
        poller.start();
        scheduler.advance(MINUTE);

        assertThat(polls).containsExactly(START, START.plus(MINUTE));
    }

    @Test
    void start_afterClose_isRefused() {
        Poller<Boolean> poller = everyMinute().name("fleet").build();
        poller.close();

        assertThatThrownBy(poller::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fleet is closed");
        assertThatThrownBy(poller::nudge).hasMessage("fleet is closed");
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void firstWithin_spreadsTheFirstPollOnly() {
        everyMinute().firstWithin(MINUTE).build().start();
        scheduler.runDue();
        assertThat(polls).isEmpty();
        scheduler.advance(MINUTE);
        assertThat(polls).hasSize(1);
        Instant first = polls.get(0);
        scheduler.advance(MINUTE);

        assertThat(polls).containsExactly(first, first.plus(MINUTE));
    }

    @Test
    void poll_activeThenIdle_switchesRightAfterThePollThatSaysSo() {
        active = true;
        Poller.builder(this::poll)
                .policy(PollPolicy.<Boolean>adaptive(value -> value)
                        .jitterPercent(0)
                        .build())
                .scheduler(scheduler)
                .time(scheduler)
                .build()
                .start();
        scheduler.advance(HALF_MINUTE);
        active = false;
        scheduler.advance(HALF_MINUTE); // sees idle at 60
        scheduler.advance(MINUTE.minusMillis(10));
        assertThat(polls).hasSize(3);
        scheduler.advance(Duration.ofMillis(10));

        assertThat(polls).containsExactly(START, at(30), at(60), at(120));
    }

    @Test
    void events_tellAttemptDurationNextDueAndAge() {
        Poller<Boolean> poller = Poller.builder(() -> {
                    scheduler.pass(Duration.ofSeconds(2));
                    return poll();
                })
                .policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .listener(listener)
                .build()
                .start();
        scheduler.runDue();

        assertThat(listener.events())
                .containsExactly(
                        new PollEvent.Scheduled<>(facts(0, 1, 0, Optional.of(at(0)), Optional.empty())),
                        new PollEvent.Started<>(facts(0, 1, 0, Optional.empty(), Optional.empty())),
                        new PollEvent.Succeeded<>(
                                facts(2, 1, 2, Optional.of(at(62)), Optional.of(Duration.ofSeconds(2))), false),
                        new PollEvent.Scheduled<>(
                                facts(2, 1, 0, Optional.of(at(62)), Optional.of(Duration.ofSeconds(2)))));
        failure = () -> new IllegalStateException("down");
        scheduler.advance(MINUTE);
        PollEvent.Failed<?> failed = listener.last(PollEvent.Failed.class);
        assertThat(failed.facts())
                .isEqualTo(facts(64, 1, 2, Optional.of(at(124)), Optional.of(Duration.ofSeconds(64))));
        assertThat(failed.failure()).hasMessage("down");
        scheduler.advance(MINUTE);
        assertThat(listener.last(PollEvent.Failed.class).facts().attempt()).isEqualTo(2);
        failure = null;
        scheduler.advance(MINUTE);

        PollEvent.Recovered<?> recovered = listener.last(PollEvent.Recovered.class);
        assertThat(recovered.failures()).isEqualTo(2);
        assertThat(recovered.outage()).isEqualTo(Duration.ofSeconds(188)); // 0 to 188
        poller.close();
        assertThat(listener.kinds())
                .containsExactly(
                        "Started",
                        "Succeeded",
                        "Started",
                        "Failed",
                        "Started",
                        "Failed",
                        "Started",
                        "Succeeded",
                        "Recovered",
                        "Closed");
    }

    @Test
    void anyThrowable_isAFailedPoll_andPollingGoesOn() {
        List<Throwable> thrown = List.of(
                new Exception("checked"),
                new AssertionError("an error"),
                new StackOverflowError("deep"),
                new LinkageError("linked"));
        Poller<Boolean> poller = everyMinute().build();
        for (int i = 0; i < thrown.size(); i++) {
            Throwable each = thrown.get(i);
            failure = () -> each;
            poller.start();
            scheduler.advance(i == 0 ? Duration.ZERO : MINUTE);
            assertThat(listener.last(PollEvent.Failed.class).failure()).isSameAs(each);
            assertThat(poller.status().consecutiveFailures()).isEqualTo(i + 1);
        }
        failure = null;
        scheduler.advance(MINUTE);

        assertThat(poller.latest()).isPresent();
        assertThat(poller.status().consecutiveFailures()).isZero();
    }

    @Test
    void failingJvm_isPassedOn_andPollingGoesOnAllTheSame() {
        OutOfMemoryError fatal = new OutOfMemoryError("made up by a test");
        failure = () -> fatal;
        Poller<Boolean> poller = everyMinute().build().start();

        assertThatThrownBy(scheduler::runDue).isSameAs(fatal);
        failure = null;
        scheduler.advance(MINUTE);
        assertThat(poller.latest()).isPresent();
    }

    @Test
    void nullResult_isAFailedPoll() {
        configure(Poller.<String>builder(() -> null)).build().start();
        scheduler.runDue();

        assertThat(listener.last(PollEvent.Failed.class).failure()).hasMessage("the task returned null");
    }

    @Test
    void slowPoll_delaysTheNext_andNothingPilesUp() {
        Poller.builder(() -> {
                    polls.add(scheduler.instant());
                    scheduler.pass(Duration.ofSeconds(100));
                    return true;
                })
                .policy((last, chance) -> HALF_MINUTE)
                .deadline(Duration.ofMinutes(10))
                .scheduler(scheduler)
                .time(scheduler)
                .build()
                .start();
        scheduler.advance(HALF_MINUTE);
        scheduler.advance(HALF_MINUTE);

        assertThat(polls).containsExactly(at(0), at(130));
    }

    @Test
    void pastItsDeadline_aPollHasFailed_evenIfItReturnsAValue() {
        Poller<Boolean> poller = configure(Poller.<Boolean>builder(() -> {
                    scheduler.pass(Duration.ofSeconds(10));
                    return true;
                }))
                .build()
                .start();
        scheduler.runDue();

        assertThat(poller.latest()).isEmpty();
        assertThat(listener.last(PollEvent.Failed.class).failure())
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no answer within PT10S");
    }

    @Test
    void future_pastItsDeadline_isCancelled() {
        CompletableFuture<String> never = new CompletableFuture<>();
        Poller<String> poller =
                configure(Poller.<String>builderAsync(() -> never)).build().start();
        scheduler.advance(Duration.ofMillis(9_990));
        assertThat(never).isNotDone();
        scheduler.advance(Duration.ofMillis(10));

        assertThat(never).isCancelled();
        assertThat(listener.last(PollEvent.Failed.class).failure())
                .isInstanceOf(TimeoutException.class)
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(poller.status().consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void future_thatIgnoresCancellation_isAbandoned_andItsLateAnswerDropped() {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        Poller<String> poller = configure(Poller.<String>builderAsync(() -> {
                    asked.add(new Deaf<>());
                    return asked.get(asked.size() - 1);
                }))
                .build()
                .start();
        scheduler.advance(Duration.ofSeconds(11));
        assertThat(listener.kinds()).containsExactly("Started", "Abandoned");
        scheduler.advance(MINUTE);
        assertThat(asked).hasSize(2);
        asked.get(0).complete("from before");
        assertThat(poller.latest()).isEmpty();
        asked.get(1).complete("good");

        assertThat(poller.latest().orElseThrow().value()).isEqualTo("good");
        assertThat(listener.kinds()).containsExactly("Started", "Abandoned", "Started", "Succeeded", "Recovered");
    }

    @Test
    void future_completedExceptionally_failsWithTheCause() {
        IllegalStateException down = new IllegalStateException("down");
        configure(Poller.<String>builderAsync(
                        () -> CompletableFuture.<String>failedFuture(down).thenApply(value -> value)))
                .build()
                .start();
        scheduler.runDue();

        assertThat(listener.last(PollEvent.Failed.class).failure()).isSameAs(down);
    }

    @Test
    void accept_isPartOfThePoll() {
        List<Boolean> taken = new ArrayList<>();
        Poller<Boolean> poller = everyMinute()
                .accept(value -> {
                    taken.add(value);
                    if (taken.size() == 1) {
                        throw new IllegalStateException("store down");
                    }
                })
                .build()
                .start();
        scheduler.runDue();
        assertThat(listener.last(PollEvent.Failed.class).failure()).hasMessage("store down");
        assertThat(poller.latest()).isEmpty();
        scheduler.advance(MINUTE);

        assertThat(poller.latest()).isPresent();
        assertThat(taken).hasSize(2);
    }

    @Test
    void accept_isNotCalledForAValueThatComesTooLate() {
        List<String> taken = new ArrayList<>();
        CompletableFuture<String> late = new Deaf<>();
        Poller<String> poller = configure(Poller.<String>builderAsync(() -> late))
                .accept(taken::add)
                .build()
                .start();
        scheduler.advance(Duration.ofSeconds(20));
        late.complete("too late");

        assertThat(taken).isEmpty();
        assertThat(poller.latest()).isEmpty();
    }

    @Test
    void retryAfter_isObeyed_andNotOverriddenByANudge() {
        failure = () -> new java.io.UncheckedIOException(
                new java.io.IOException(new RetryAfterException("429", Duration.ofMinutes(10), null)));
        Poller<Boolean> poller = everyMinute().build().start();
        scheduler.runDue();
        failure = null;
        CompletableFuture<Boolean> nudged = poller.nudge();
        scheduler.advance(Duration.ofMinutes(10).minusMillis(10));
        assertThat(polls).hasSize(1);
        scheduler.advance(Duration.ofMinutes(1).plusMillis(20)); // up to a tenth later

        assertThat(polls).hasSizeGreaterThanOrEqualTo(2);
        assertThat(nudged).isCompletedWithValue(false);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void policy_thatFails_waitsThirtySeconds(long seconds) {
        Poller.builder(this::poll)
                .policy((last, chance) -> {
                    if (polls.size() == 1) {
                        throw new AssertionError("policy bug");
                    }
                    return Duration.ofSeconds(seconds);
                })
                .scheduler(scheduler)
                .time(scheduler)
                .build()
                .start();
        scheduler.advance(MINUTE);

        assertThat(polls).containsExactly(at(0), at(30), at(60));
    }

    @Test
    void listener_thatThrows_harmsNobody() {
        Poller<Boolean> poller = Poller.builder(this::poll)
                .policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .listener((which, event) -> {
                    throw new StackOverflowError("listener bug");
                })
                .listener(listener)
                .build()
                .start();
        scheduler.advance(MINUTE);

        assertThat(polls).hasSize(2);
        assertThat(poller.latest()).isPresent();
        assertThat(listener.kinds()).containsExactly("Started", "Succeeded", "Started", "Succeeded");
    }

    @Test
    void nudge_isCoalesced_andRestartsTheWait() {
        Poller<Boolean> poller = everyMinute().build().start();
        scheduler.advance(Duration.ofSeconds(10));
        CompletableFuture<Boolean> first = poller.nudge();
        CompletableFuture<Boolean> second = poller.nudge();
        first.cancel(true);
        scheduler.advance(MINUTE);

        assertThat(second).isCompletedWithValue(false);
        assertThat(polls).containsExactly(at(0), at(10), at(70));
    }

    @Test
    void nudge_whileAPollIsInProgress_isFollowedByOneMore() {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        Poller<String> poller = configure(Poller.<String>builderAsync(() -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(asked.size() - 1);
                }))
                .build()
                .start();
        scheduler.runDue();
        CompletableFuture<String> nudged = poller.nudge();
        poller.nudge();
        asked.get(0).complete("from before the nudge");
        scheduler.advance(Duration.ofMillis(20));
        assertThat(nudged).isNotDone();
        asked.get(1).complete("from after it");
        scheduler.advance(Duration.ofSeconds(59));

        assertThat(nudged).isCompletedWithValue("from after it");
        assertThat(asked).hasSize(2);
    }

    @Test
    void nudge_closedMeanwhile_isCancelled() {
        Poller<Boolean> poller = everyMinute().firstWithin(MINUTE).build().start();
        CompletableFuture<Boolean> nudged = poller.nudge();
        poller.close();

        assertThatThrownBy(nudged::join).hasRootCauseInstanceOf(CancellationException.class);
        scheduler.advance(Duration.ofHours(1));
        assertThat(polls).isEmpty();
    }

    @Test
    void unheard_pauses_andPollsAtOnceWhenSomebodyComes() {
        Poller<Boolean> poller = Poller.builder(this::poll)
                .policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .watcher(listener)
                .pauseWhenUnheard()
                .build()
                .start();
        scheduler.advance(Duration.ofHours(1));
        assertThat(polls).isEmpty();
        assertThat(poller.status().state()).isEqualTo(PollState.PAUSED);
        assertThat(scheduler.waiting()).isEmpty();

        Poller.Registration mine = poller.listen((which, event) -> {});
        scheduler.advance(Duration.ofMillis(20));
        assertThat(polls).hasSize(1);
        scheduler.advance(MINUTE);
        assertThat(polls).hasSize(2);
        mine.close();
        scheduler.advance(Duration.ofHours(1));

        assertThat(polls).hasSize(2);
        assertThat(listener.kinds())
                .containsExactly("Paused", "Resumed", "Started", "Succeeded", "Started", "Succeeded", "Paused");
        CompletableFuture<Boolean> nudged = poller.nudge();
        scheduler.advance(Duration.ofHours(1));
        assertThat(nudged).isCompleted();
        assertThat(polls).hasSize(3);
    }

    @Test
    void builtWithAListener_neverPauses() {
        everyMinute().pauseWhenUnheard().build().start();
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(polls).hasSize(11);
    }

    @Test
    void latest_tellsAgeAndStaleness() {
        Poller<Boolean> poller =
                everyMinute().staleAfter(Duration.ofMinutes(3)).build().start();
        scheduler.runDue();
        failure = () -> new IllegalStateException("down");
        scheduler.advance(Duration.ofMinutes(3));
        assertThat(poller.latest()).contains(new Reading<>(false, START, Duration.ofMinutes(3), false));
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(poller.latest()).contains(new Reading<>(false, START, Duration.ofSeconds(181), true));
        assertThat(poller.status().stale()).isTrue();
        assertThat(poller.status().lastSuccess()).contains(START);
        assertThat(poller.status().nextDue()).contains(at(240));
    }

    @Test
    void wallClock_setBackOrAhead_movesNoPoll_andMakesNoValueYounger() {
        Poller<Boolean> poller =
                everyMinute().staleAfter(Duration.ofMinutes(3)).build().start();
        scheduler.runDue();
        scheduler.step(Duration.ofHours(-5));
        scheduler.advance(Duration.ofSeconds(50));
        assertThat(poller.latest().orElseThrow().age()).isEqualTo(Duration.ofSeconds(50));
        scheduler.step(Duration.ofHours(10)); // or the computer slept
        assertThat(poller.latest().orElseThrow().age()).isGreaterThan(Duration.ofHours(9));
        assertThat(poller.latest().orElseThrow().stale()).isTrue();
        assertThat(polls).hasSize(1);
        scheduler.advance(Duration.ofSeconds(10));

        assertThat(polls).hasSize(2);
        assertThat(poller.latest().orElseThrow().stale()).isFalse();
    }

    @Test
    void stoppedProcess_pollsOnceAndAtOnce() {
        Poller<Boolean> poller = everyMinute().build().start();
        scheduler.runDue();
        scheduler.pass(Duration.ofHours(8));
        scheduler.runDue();

        assertThat(polls).containsExactly(at(0), START.plus(Duration.ofHours(8)));
        assertThat(poller.status().state()).isEqualTo(PollState.WAITING);
    }

    @Test
    void executor_thatRefuses_isAskedAgain() {
        boolean[] refusing = {true};
        Executor moody = command -> {
            if (refusing[0]) {
                throw new RejectedExecutionException("full");
            }
            command.run();
        };
        Poller<Boolean> poller = everyMinute().executor(moody).build().start();
        scheduler.advance(Duration.ofSeconds(5));
        assertThat(poller.status().state()).isEqualTo(PollState.READY);
        assertThat(poller.status().nextDue()).contains(START);
        refusing[0] = false;
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(polls).hasSize(1);
    }

    @Test
    void scheduler_closedUnderThePoller_endsPolling_andCloseStillWorks() {
        Poller<Boolean> poller = everyMinute().build().start();
        scheduler.runDue();
        scheduler.close();
        poller.nudge();
        poller.close();

        assertThat(polls).hasSize(1);
        assertThat(listener.kinds()).endsWith("Closed");
    }

    @Test
    void close_byTheTaskItself_dropsItsOutcome() {
        Poller<?>[] self = new Poller<?>[1];
        Poller<Boolean> poller = configure(Poller.<Boolean>builder(() -> {
                    self[0].close();
                    return true;
                }))
                .build();
        self[0] = poller;
        poller.start();
        scheduler.advance(Duration.ofHours(1));

        assertThat(listener.kinds()).containsExactly("Started", "Closed");
        assertThat(poller.latest()).isEmpty();
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void close_byAListener_keepsTheEventFromThoseAfterIt() {
        Poller<Boolean> poller = Poller.builder(this::poll)
                .policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .listener((which, event) -> {
                    if (event instanceof PollEvent.Succeeded) {
                        which.close();
                    }
                })
                .listener(listener)
                .build()
                .start();
        scheduler.advance(Duration.ofHours(1));

        assertThat(listener.kinds()).containsExactly("Started", "Closed");
        assertThat(poller.latest().orElseThrow().value()).isFalse();
        assertThat(polls).hasSize(1);
    }

    @Test
    void close_keepsTheLatest_andNothingFollows() {
        Poller<Boolean> poller = everyMinute().build().start();
        scheduler.runDue();
        poller.close();
        poller.close();
        scheduler.advance(Duration.ofHours(1));

        assertThat(poller.latest().orElseThrow().stale()).isTrue();
        assertThat(polls).hasSize(1);
        assertThat(listener.kinds()).containsExactly("Started", "Succeeded", "Closed");
        assertThat(poller.status().state()).isEqualTo(PollState.CLOSED);
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void observer_takesTheMeasures() {
        List<PollObserver.Sample> samples = new ArrayList<>();
        Poller<Boolean> poller = Poller.builder(() -> {
                    scheduler.pass(Duration.ofMillis(300));
                    return poll();
                })
                .policy((last, chance) -> MINUTE)
                .scheduler(scheduler)
                .time(scheduler)
                .observer(samples::add)
                .name("fleet")
                .build()
                .start();
        scheduler.pass(Duration.ofMillis(70));
        scheduler.runDue();
        failure = () -> new IllegalStateException("down");
        scheduler.advance(MINUTE);
        poller.close();

        assertThat(samples)
                .containsExactly(
                        new PollObserver.Sample(
                                "fleet",
                                PollObserver.Result.SUCCEEDED,
                                Duration.ofMillis(300),
                                Duration.ofMillis(70),
                                Optional.of(Duration.ofMillis(370))),
                        new PollObserver.Sample(
                                "fleet",
                                PollObserver.Result.FAILED,
                                Duration.ofMillis(300),
                                Duration.ZERO,
                                samples.get(1).staleness()));
    }

    private static PollFacts facts(
            long at, int attempt, long seconds, Optional<Instant> nextDue, Optional<Duration> age) {
        return new PollFacts(at(at), attempt, Duration.ofSeconds(seconds), nextDue, age);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    /** A future that cannot be cancelled. */
    static final class Deaf<T> extends CompletableFuture<T> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
        }
    }
}
