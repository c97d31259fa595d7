package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PollEventTest {

    private static final Instant THEN = Instant.EPOCH;
    private static final Exception FAILURE = new Exception("down");

    @Test
    void succeeded_asOutcome_hasItsValueAndNoFailures() {
        PollOutcome<String> outcome = new PollSucceeded<>(THEN, THEN.plusSeconds(1), "value");

        assertThat(outcome.latest()).contains("value");
        assertThat(outcome.consecutiveFailures()).isZero();
        assertThat(outcome.at()).isEqualTo(THEN.plusSeconds(1));
    }

    @Test
    void succeeded_nullPart_isRefusedByName() {
        assertThatThrownBy(() -> new PollSucceeded<>(null, THEN, "value")).hasMessage("startedAt");
        assertThatThrownBy(() -> new PollSucceeded<>(THEN, null, "value")).hasMessage("at");
        assertThatThrownBy(() -> new PollSucceeded<>(THEN, THEN, null)).hasMessage("value");
    }

    @Test
    void failed_nullPartOrNoFailures_isRefusedByName() {
        assertThatThrownBy(() -> new PollFailed<>(null, THEN, FAILURE, 1, Optional.empty()))
                .hasMessage("startedAt");
        assertThatThrownBy(() -> new PollFailed<>(THEN, null, FAILURE, 1, Optional.empty()))
                .hasMessage("at");
        assertThatThrownBy(() -> new PollFailed<>(THEN, THEN, null, 1, Optional.empty()))
                .hasMessage("failure");
        assertThatThrownBy(() -> new PollFailed<>(THEN, THEN, FAILURE, 1, null)).hasMessage("latest");
        assertThatThrownBy(() -> new PollFailed<>(THEN, THEN, FAILURE, 0, Optional.empty()))
                .hasMessage("consecutiveFailures was 0 but must be at least 1");
    }

    @Test
    void valueListener_otherEvents_areIgnored() {
        List<String> values = new ArrayList<>();
        PollListener<String> listener = PollListener.onSuccess(values::add);
        listener.onEvent(new PollScheduled<>(THEN, Duration.ZERO));
        listener.onEvent(new PollFailed<>(THEN, THEN, FAILURE, 1, Optional.of("old")));
        listener.onEvent(new PollSucceeded<>(THEN, THEN, "new"));

        assertThat(values).containsExactly("new");
    }

    @Test
    void scheduled_nullPartOrNegativeDelay_isRefusedByName() {
        assertThatThrownBy(() -> new PollScheduled<>(null, Duration.ZERO)).hasMessage("at");
        assertThatThrownBy(() -> new PollScheduled<>(THEN, null)).hasMessage("delay");
        assertThatThrownBy(() -> new PollScheduled<>(THEN, Duration.ofNanos(-1)))
                .hasMessage("delay was PT-0.000000001S but must be zero or more");
    }
}
