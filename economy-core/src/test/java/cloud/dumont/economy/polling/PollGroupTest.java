package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many pollers, in virtual time. */
class PollGroupTest {

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final SplittableRandom random = new SplittableRandom(3);

    private PollerBuilder<Long> every(Duration interval) {
        return PollGroup.<Long>builder()
                .policy(PollPolicy.every(interval))
                .scheduler(scheduler)
                .time(scheduler)
                .random(() -> random);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT3.5S", "PT30S", "PT8H"})
    void afterAPause_thousandsNeitherBurstNorStarve_andAreSpreadWithinOneInterval(Duration pause) {
        int pollers = 3_000;
        Duration interval = Duration.ofSeconds(30);
        List<Long> polls = new ArrayList<>();
        long[] lastPoll = new long[pollers];
        try (PollGroup<Long> group =
                every(interval).firstWithin(interval).buildGroup().start()) {
            for (int i = 0; i < pollers; i++) {
                int me = i;
                group.add(() -> {
                    polls.add(scheduler.nanoTime());
                    return lastPoll[me] = scheduler.nanoTime();
                });
            }
            scheduler.advance(Duration.ofMinutes(5));
            polls.clear();
            scheduler.pass(pause);
            long resumed = scheduler.nanoTime();
            scheduler.advance(interval.multipliedBy(10));

            Map<Long, Integer> perHalfSecond = new TreeMap<>();
            polls.forEach(at -> perHalfSecond.merge((at - resumed) / 500_000_000L, 1, Integer::sum));
            // Evenly spread they are 50; those that a second usually sees run at once.
            assertThat(perHalfSecond.values())
                    .allSatisfy(count -> assertThat(count).isLessThan(200));
            assertThat(perHalfSecond.entrySet().stream().filter(half -> half.getKey() > 60))
                    .allSatisfy(half -> assertThat(half.getValue()).isLessThan(120));
            for (long last : lastPoll) {
                assertThat(scheduler.nanoTime() - last)
                        .isLessThan(Duration.ofSeconds(34).toNanos());
            }
        }
    }

    @Test
    void fewPollers_pollAtOnceAfterAPause() {
        List<Long> polls = new ArrayList<>();
        try (PollGroup<Long> group = every(Duration.ofSeconds(30)).buildGroup().start()) {
            for (int i = 0; i < 5; i++) {
                group.add(() -> {
                    polls.add(scheduler.nanoTime());
                    return 1L;
                });
            }
            scheduler.runDue();
            polls.clear();
            scheduler.pass(Duration.ofHours(1));
            scheduler.runDue();

            assertThat(polls).hasSize(5);
        }
    }

    @Test
    void callLimit_sharedByTwoGroups_isNeverPassedInAnyMinute_andStarvesNobody() {
        CallLimit limit = CallLimit.perMinute(100);
        List<Long> calls = new ArrayList<>();
        int[] mine = new int[200];
        try (PollGroup<Long> one =
                        every(Duration.ofSeconds(30)).limit(limit).buildGroup().start();
                PollGroup<Long> other =
                        every(Duration.ofSeconds(30)).limit(limit).buildGroup().start()) {
            for (int i = 0; i < mine.length; i++) {
                int me = i;
                (i % 2 == 0 ? one : other).add(() -> {
                    calls.add(scheduler.nanoTime());
                    mine[me]++;
                    return 1L;
                });
            }
            for (int minute = 0; minute < 20; minute++) {
                scheduler.advance(Duration.ofSeconds(50));
                scheduler.pass(Duration.ofSeconds(random.nextInt(20))); // and then many turns are late
            }
        }
        long minute = Duration.ofMinutes(1).toNanos();
        for (int i = 100; i < calls.size(); i++) {
            assertThat(calls.get(i) - calls.get(i - 100)).isGreaterThanOrEqualTo(minute);
        }
        assertThat(calls).hasSizeGreaterThan(1_400);
        for (int count : mine) {
            assertThat(count).isBetween(5, 11);
        }
    }

    @Test
    void concurrency_boundsWhatIsInProgress() {
        List<CompletableFuture<Long>> asked = new ArrayList<>();
        try (PollGroup<Long> group = every(Duration.ofSeconds(30))
                .concurrency(3)
                .closeDeadline(Duration.ofNanos(1))
                .buildGroup()) {
            for (int i = 0; i < 10; i++) {
                group.addAsync(() -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(asked.size() - 1);
                });
            }
            group.start();
            scheduler.advance(Duration.ofSeconds(1));
            assertThat(asked).hasSize(3);
            asked.get(1).complete(1L);
            assertThat(asked).hasSize(4);
            assertThat(group.states())
                    .isEqualTo(Map.of(PollState.RUNNING, 3, PollState.WAITING, 1, PollState.READY, 6));
        }
    }

    @Test
    void closedPoller_leavesTheOthers_andItsHandleIsDeadEvenWhenItsPlaceIsTaken() {
        List<String> polls = new ArrayList<>();
        try (PollGroup<Long> group = every(Duration.ofSeconds(30)).buildGroup().start()) {
            Poller<Long> first = group.add(() -> {
                polls.add("first");
                return 1L;
            });
            group.add(() -> {
                polls.add("second");
                return 2L;
            });
            first.close();
            Poller<Long> third = group.add(() -> {
                polls.add("third");
                return 3L;
            });
            first.close();
            scheduler.runDue();

            assertThat(polls).containsExactlyInAnyOrder("second", "third");
            assertThat(first.latest()).isEmpty();
            assertThat(first.status().state()).isEqualTo(PollState.CLOSED);
            assertThat(third.latest().orElseThrow().value()).isEqualTo(3L);
            assertThat(first).isNotEqualTo(third);
            assertThat(group.size()).isEqualTo(2);
        }
    }

    @Test
    void scheduler_isAskedForOneWakeUp_howeverManyPollersThereAre() {
        try (PollGroup<Long> group = every(Duration.ofSeconds(30))
                .firstWithin(Duration.ofSeconds(30))
                .buildGroup()
                .start()) {
            for (int i = 0; i < 1_000; i++) {
                group.add(() -> 1L);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(scheduler.waiting()).hasSize(1);
                scheduler.advance(Duration.ofMillis(777));
            }
        }
        assertThat(scheduler.waiting()).isEmpty();
    }
}
