package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What holds whatever happens: random groups under random results, failures, delays, hangs, pauses, clock steps, nudges, listeners
 * and closes, in virtual time. Each poller's events are run through the grammar of a poller, and each call is checked against what
 * was announced.
 */
class PollerLawsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void anySchedule_keepsTheLaws() {
        Law.holds(150, gen -> new World(gen).live(200));
    }

    @Test
    @Tag("full")
    void anySchedule_keepsTheLaws_manyTimes() {
        Law.holds(3_000, gen -> new World(gen).live(400));
    }

    /** Remembers what a poller did and may do next. */
    private static final class Subject {

        private final World world;
        private Poller<Long> poller;
        private final List<Answer> open = new ArrayList<>();
        private final Map<Long, Long> begun = new HashMap<>();
        private boolean calling;
        private long expectedDue = Long.MIN_VALUE;
        private boolean broughtForward;
        private boolean inPoll;
        private int failures;
        private boolean closed;
        private long lastEnd;
        private long lastGood;
        private long lastGoodAt = -1;

        Subject(World world) {
            this.world = world;
        }

        CompletableFuture<Long> call() {
            long now = world.scheduler.nanoTime();
            world.check(() -> {
                assertThat(closed).as("a call after close").isFalse();
                assertThat(calling).as("two polls at once").isFalse();
                if (!broughtForward && expectedDue != Long.MIN_VALUE) {
                    assertThat(now).as("earlier than due").isGreaterThanOrEqualTo(expectedDue);
                }
            });
            broughtForward = false;
            CompletableFuture<Long> future = world.gen.oneIn(4) ? new PollerTest.Deaf<>() : new CompletableFuture<>();
            calling = true;
            long number = ++world.calls;
            begun.put(number, now);
            switch (world.gen.between(0, 5)) {
                case 0 -> future.complete(number);
                case 1 -> future.completeExceptionally(new IllegalStateException("down"));
                case 2 -> throw new StackOverflowError("made up by a test");
                default -> open.add(new Answer(future, number)); // later, or never
            }
            return future;
        }

        void hear(PollEvent<? extends Long> event) {
            assertThat(closed).as("%s after Closed", event).isFalse();
            long now = world.scheduler.nanoTime();
            if (event instanceof PollEvent.Started<?> started) {
                assertThat(inPoll).as("started twice").isFalse();
                assertThat(started.facts().attempt()).isEqualTo(failures + 1);
                inPoll = true;
            } else if (event instanceof PollEvent.Succeeded<? extends Long> succeeded) {
                ended();
                assertThat(succeeded.facts().duration()).isLessThan(DEADLINE);
                assertThat(succeeded.value()).as("an answer from before").isGreaterThan(lastGood);
                lastGood = succeeded.value();
                lastGoodAt = begun.get(lastGood);
                if (poller.status().state() != PollState.CLOSED) {
                    assertThat(poller.latest().orElseThrow().value()).isEqualTo(lastGood);
                }
            } else if (event instanceof PollEvent.Failed<?> || event instanceof PollEvent.Abandoned<?>) {
                ended();
                failures++;
                PollStatus status = poller.status();
                assertThat(status.consecutiveFailures()).isEqualTo(status.state() == PollState.CLOSED ? 0 : failures);
            } else if (event instanceof PollEvent.Recovered<?> recovered) {
                assertThat(failures).isPositive();
                assertThat(recovered.failures()).isEqualTo(failures);
                failures = 0;
            } else if (event instanceof PollEvent.Scheduled<?> scheduled) {
                assertThat(inPoll).isFalse();
                long due = nanosUntil(scheduled) + now;
                expectedDue = due;
                if (lastEnd > 0) { // never longer than the policy's longest, with its jitter
                    assertThat(due - now).isBetween(1L, Duration.ofMinutes(2).toNanos());
                }
            } else if (event instanceof PollEvent.Closed<?>) {
                closed = true;
                assertThat(inPoll).as("closed within a poll").isFalse();
            }
            event.facts()
                    .age()
                    .ifPresent(age -> assertThat(age)
                            .isGreaterThanOrEqualTo(
                                    lastGoodAt < 0 ? Duration.ZERO : Duration.ofNanos(now - lastGoodAt)));
        }

        private long nanosUntil(PollEvent.Scheduled<?> scheduled) {
            return Duration.between(
                            scheduled.facts().at(), scheduled.facts().nextDue().orElseThrow())
                    .toNanos();
        }

        private void ended() {
            assertThat(inPoll).as("ended without a start").isTrue();
            inPoll = false;
            calling = false;
            lastEnd = world.scheduler.nanoTime() + 1;
        }
    }

    private record Answer(CompletableFuture<Long> future, long number) {}

    private static final class World {

        private final Gen gen;
        private final ManualPollScheduler scheduler = new ManualPollScheduler();
        private final SplittableRandom random;
        private final Map<Poller<?>, Subject> subjects = new HashMap<>();
        private Subject added;
        private AssertionError broken;
        private long calls;
        private final PollGroup<Long> group;

        World(Gen gen) {
            this.gen = gen;
            random = new SplittableRandom(gen.anyLong());
            PollerBuilder<Long> builder = PollGroup.<Long>builder()
                    .policy(PollPolicy.<Long>adaptive(value -> value % 2 == 0).build())
                    .scheduler(scheduler)
                    .time(scheduler)
                    .random(() -> random)
                    .deadline(DEADLINE)
                    .closeDeadline(Duration.ofNanos(2)) // what is in progress then is given up at once
                    .concurrency(gen.between(1, 20))
                    .watcher(this::hear);
            if (gen.oneIn(2)) {
                builder.firstWithin(Duration.ofSeconds(30));
            }
            if (gen.oneIn(3)) {
                builder.pauseWhenUnheard();
            }
            if (gen.oneIn(3)) {
                builder.limit(CallLimit.perMinute(gen.between(30, 300)));
            }
            group = builder.buildGroup();
        }

        private void hear(Poller<? extends Long> poller, PollEvent<? extends Long> event) {
            Subject subject = subjects.get(poller);
            if (subject == null) { // being added: its first event comes before its handle
                subject = added;
            }
            Subject hearing = subject;
            check(() -> hearing.hear(event));
        }

        /** A poller takes what tasks and listeners throw, so it is kept for {@link #live}. */
        private void check(Runnable law) {
            try {
                law.run();
            } catch (AssertionError e) {
                broken = broken == null ? e : broken;
            }
        }

        private void requireUnbroken() {
            if (broken != null) {
                throw broken;
            }
        }

        void live(int steps) {
            for (int step = 0; step < steps; step++) {
                List<Subject> all = List.copyOf(subjects.values());
                switch (gen.between(0, 11)) {
                    case 0 -> add();
                    case 1 -> group.start();
                    case 2 -> scheduler.step(Duration.ofSeconds(gen.between(-100_000, 100_000)));
                    case 3 -> scheduler.pass(Duration.ofMillis(gen.between(0, 200_000)));
                    case 4 ->
                        any(all, subject -> {
                            if (subject.poller.status().state() != PollState.NEW) {
                                subject.broughtForward = true;
                                subject.poller.nudge();
                            }
                        });
                    case 5 ->
                        any(all, subject -> {
                            subject.broughtForward = true;
                            Poller.Registration listening = subject.poller.listen((poller, event) -> {});
                            if (gen.oneIn(2)) {
                                listening.close();
                            }
                        });
                    case 6 -> {
                        if (gen.oneIn(5)) {
                            any(all, this::close);
                        }
                    }
                    case 7, 8 -> any(all, this::answer);
                    default -> scheduler.advance(Duration.ofMillis(gen.between(0, 60_000)));
                }
                requireUnbroken();
            }
            everybodyRecovers();
            group.close();
            assertThat(scheduler.waiting()).as("timers left").isEmpty();
            subjects.values().forEach(subject -> subject.closed = true);
            scheduler.advance(Duration.ofHours(1));
            subjects.values().forEach(this::answer);
            requireUnbroken();
        }

        private void add() {
            Subject subject = new Subject(this);
            added = subject;
            subject.poller = group.addAsync(subject::call);
            subjects.put(subject.poller, subject);
        }

        private void close(Subject subject) {
            subject.poller.close();
            subject.closed = true;
            subjects.remove(subject.poller);
            assertThat(subject.poller.status().state()).isEqualTo(PollState.CLOSED);
        }

        private void answer(Subject subject) {
            if (!subject.open.isEmpty()) {
                Answer answer = subject.open.remove(gen.between(0, subject.open.size() - 1));
                answer.future.complete(answer.number);
            }
        }

        /** Once all answer, none is stuck: no recovery is missed. */
        private void everybodyRecovers() {
            group.start();
            subjects.values().forEach(subject -> {
                subject.broughtForward = true;
                subject.poller.listen((poller, event) -> {});
            });
            long from = scheduler.nanoTime();
            for (int i = 0;
                    i < 3_000 && !subjects.values().stream().allMatch(subject -> subject.lastGoodAt > from);
                    i++) {
                scheduler.advance(Duration.ofSeconds(5));
                subjects.values().forEach(subject -> {
                    while (!subject.open.isEmpty()) {
                        answer(subject);
                    }
                });
            }
            assertThat(subjects.values()).allMatch(subject -> subject.lastGoodAt > from);
        }

        private void any(List<Subject> all, Consumer<Subject> action) {
            if (!all.isEmpty()) {
                action.accept(gen.pick(all));
            }
        }
    }
}
