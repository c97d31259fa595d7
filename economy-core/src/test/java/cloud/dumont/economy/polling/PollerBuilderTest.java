package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the builder refuses, and that it makes independent pollers. */
class PollerBuilderTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @TestFactory
    Stream<DynamicTest> setting_madeTwice_isRefusedByName() {
        return Stream.of(
                twice("policy", builder -> builder.policy(PollPolicy.fixed(SECOND))),
                twice("scheduler", builder -> builder.scheduler(new ManualPollScheduler())),
                twice("executor", builder -> builder.executor(Runnable::run)),
                twice("jitter", builder -> builder.jitter(SECOND, new SplittableRandom(1))),
                twice("time", builder -> builder.time(InstantSource.system())),
                twice("closeDeadline", builder -> builder.closeDeadline(SECOND)),
                twice("name", builder -> builder.name("fleet")));
    }

    @TestFactory
    Stream<DynamicTest> setting_null_isRefusedByName() {
        return Stream.of(
                isNull("task", builder -> Poller.builder(null)),
                isNull("policy", builder -> builder.policy(null)),
                isNull("scheduler", builder -> builder.scheduler(null)),
                isNull("executor", builder -> builder.executor(null)),
                isNull("listener", builder -> builder.listener(null)),
                isNull("bound", builder -> builder.jitter(null, new SplittableRandom(1))),
                isNull("random", builder -> builder.jitter(SECOND, null)),
                isNull("time", builder -> builder.time(null)),
                isNull("deadline", builder -> builder.closeDeadline(null)),
                isNull("name", builder -> builder.name(null)),
                isNull("consumer", builder -> PollListener.onSuccess(null)),
                isNull("executor", builder -> PollScheduler.using(null)),
                isNull("delay", builder -> PollPolicy.fixed(null)),
                isNull("maxBackoff", builder -> PollPolicy.fixed(SECOND, null)),
                isNull("active", builder -> PollPolicy.adaptive(null, SECOND, SECOND)),
                isNull("whenActive", builder -> PollPolicy.adaptive(value -> true, null, SECOND)),
                isNull("whenIdle", builder -> PollPolicy.adaptive(value -> true, SECOND, null)));
    }

    @TestFactory
    Stream<DynamicTest> duration_notPositive_isRefusedWithItsValue() {
        return Stream.of(Duration.ZERO, SECOND.negated())
                .flatMap(bad -> Stream.of(
                        refused("bound", bad, builder -> builder.jitter(bad, new SplittableRandom(1))),
                        refused("deadline", bad, builder -> builder.closeDeadline(bad))));
    }

    @Test
    void setting_refused_mayStillBeMade() {
        PollerBuilder<String> builder = Poller.builder(() -> "value");
        assertThatThrownBy(() -> builder.closeDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);

        assertThat(builder.closeDeadline(SECOND)).isSameAs(builder);
    }

    @Test
    void build_twice_makesIndependentPollers() {
        ManualPollScheduler scheduler = new ManualPollScheduler();
        RecordingListener<String> early = new RecordingListener<>();
        RecordingListener<String> late = new RecordingListener<>();
        PollerBuilder<String> builder =
                Poller.builder(() -> "value").scheduler(scheduler).listener(early);
        Poller<String> first = builder.build();
        Poller<String> second = builder.listener(late).build();
        first.start();
        scheduler.runDue();

        assertThat(first.latest()).contains("value");
        assertThat(second.latest()).isEmpty();
        assertThat(early.events()).hasSize(3);
        assertThat(late.events()).isEmpty();
    }

    @Test
    void listenerAndPolicyOfASupertype_serveAnyPoller() {
        ManualPollScheduler scheduler = new ManualPollScheduler();
        RecordingListener<Object> metrics = new RecordingListener<>();
        PollPolicy<Object> policy = last -> SECOND;
        Poller.builder(() -> "text")
                .policy(policy)
                .scheduler(scheduler)
                .listener(metrics)
                .build()
                .start();
        Poller.builder(() -> 1)
                .policy(policy)
                .scheduler(scheduler)
                .listener(metrics)
                .build()
                .start();
        scheduler.runDue();

        assertThat(metrics.events())
                .filteredOn(PollSucceeded.class::isInstance)
                .extracting(event -> (Object) ((PollSucceeded<?>) event).value())
                .containsExactlyInAnyOrderElementsOf(List.of("text", 1));
    }

    private static DynamicTest twice(String setting, Consumer<PollerBuilder<String>> setter) {
        return DynamicTest.dynamicTest(setting, () -> {
            PollerBuilder<String> builder = Poller.builder(() -> "value");
            setter.accept(builder);
            assertThatThrownBy(() -> setter.accept(builder))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(setting + " was already set");
        });
    }

    private static DynamicTest isNull(String parameter, Consumer<PollerBuilder<String>> setter) {
        return DynamicTest.dynamicTest(
                parameter,
                () -> assertThatThrownBy(() -> setter.accept(Poller.builder(() -> "value")))
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage(parameter));
    }

    private static DynamicTest refused(String parameter, Duration bad, Consumer<PollerBuilder<String>> setter) {
        return DynamicTest.dynamicTest(
                parameter + " " + bad,
                () -> assertThatThrownBy(() -> setter.accept(Poller.builder(() -> "value")))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(parameter + " was " + bad + " but must be longer than zero"));
    }
}
