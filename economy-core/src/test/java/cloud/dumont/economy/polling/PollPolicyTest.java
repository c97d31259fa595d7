package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.testing.Law;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PollPolicyTest {

    private final PollPolicy<Boolean> usual =
            PollPolicy.<Boolean>adaptive(value -> value).build();

    @Test
    void goodPoll_waitsByItsValue_aTenthSoonerOrLater() {
        DoubleSummaryStatistics active = seconds(usual, good(true));
        assertThat(active.getMin()).isBetween(27.0, 27.1);
        assertThat(active.getMax()).isBetween(32.9, 33.0);
        DoubleSummaryStatistics idle = seconds(usual, good(false));
        assertThat(idle.getMin()).isBetween(54.0, 54.2);
        assertThat(idle.getMax()).isBetween(65.8, 66.0);
    }

    @Test
    void failures_waitARandomPartOfABoundThatDoublesToTwoMinutes() {
        int[] bounds = {0, 30, 60, 120, 120, 120};
        for (int failures = 1; failures < bounds.length; failures++) {
            DoubleSummaryStatistics waits = seconds(usual, failed(Optional.of(true), failures));
            assertThat(waits.getMin()).isBetween(1.0, 1.3);
            assertThat(waits.getMax()).isBetween(bounds[failures] * 0.99, (double) bounds[failures]);
        }
        assertThat(seconds(usual, failed(Optional.empty(), 255)).getMax()).isLessThanOrEqualTo(120);
    }

    @Test
    void anySettings_stayWithinTheirBounds() {
        Law.holds(1_000, gen -> {
            Duration active = Duration.ofNanos(gen.between(1L, 10_000_000_000_000L));
            Duration idle = Duration.ofNanos(gen.between(1L, 10_000_000_000_000L));
            int jitter = gen.between(0, 50);
            Duration longest = active.compareTo(idle) > 0 ? active : idle;
            Duration backoff = longest.multipliedBy(gen.between(1, 50));
            PollPolicy<Boolean> policy = PollPolicy.<Boolean>adaptive(value -> value)
                    .whenActive(active)
                    .whenIdle(idle)
                    .jitterPercent(jitter)
                    .longestBackoff(backoff)
                    .build();
            SplittableRandom random = new SplittableRandom(gen.anyLong());
            boolean isActive = gen.oneIn(2);
            Duration good = policy.nextDelay(good(isActive), random);
            Duration usualDelay = isActive ? active : idle;
            assertThat(good.minus(usualDelay).abs())
                    .isLessThanOrEqualTo(usualDelay.multipliedBy(jitter).dividedBy(100));
            Duration failed = policy.nextDelay(failed(Optional.of(isActive), gen.between(1, 255)), random);
            assertThat(failed).isPositive().isLessThanOrEqualTo(backoff);
        });
    }

    @Test
    void badSettings_areNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> PollPolicy.every(Duration.ZERO))
                .hasMessage("whenActive was PT0S but must be longer than zero and at most PT2400H");
        assertThatThrownBy(() -> PollPolicy.adaptive(value -> true).jitterPercent(51))
                .hasMessage("jitterPercent was 51 but must be from 0 to 50");
        assertThatThrownBy(() -> PollPolicy.adaptive(value -> true)
                        .longestBackoff(Duration.ofSeconds(59))
                        .build())
                .hasMessage(
                        "longestBackoff was PT59S but must be at least PT1M, the longest interval when nothing fails");
        assertThatThrownBy(() -> CallLimit.perMinute(0))
                .hasMessage("calls per minute were 0 but must be from 1 to 1000000");
        assertThatThrownBy(() -> Poller.builder(() -> 1).concurrency(0))
                .hasMessage("concurrency was 0 but must be from 1 to 10000");
        assertThatThrownBy(() ->
                        Poller.builder(() -> 1).deadline(Duration.ofSeconds(1)).deadline(Duration.ofSeconds(1)))
                .hasMessage("deadline was already set");
        assertThatThrownBy(() -> PollGroup.builder().build())
                .hasMessage("a group's builder has no task: end it with buildGroup()");
    }

    private static PollOutcome<Boolean> good(boolean value) {
        return new PollOutcome<>(Optional.of(value), 0, Optional.empty());
    }

    private static PollOutcome<Boolean> failed(Optional<Boolean> latest, int failures) {
        return new PollOutcome<>(latest, failures, Optional.of(new IllegalStateException("down")));
    }

    private static DoubleSummaryStatistics seconds(PollPolicy<Boolean> policy, PollOutcome<Boolean> last) {
        SplittableRandom random = new SplittableRandom(1);
        DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
        for (int i = 0; i < 10_000; i++) {
            seconds.accept(policy.nextDelay(last, random).toNanos() / 1e9);
        }
        return seconds;
    }
}
