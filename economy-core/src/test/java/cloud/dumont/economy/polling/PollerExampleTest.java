package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The example in the documentation of {@link Poller}, compiled and run. */
class PollerExampleTest {

    @Test
    void documentation_example_polls() throws Exception {
        Service service = new Service();
        try (Poller<Report> poller = Poller.builder(service::report)
                .policy(PollPolicy.adaptive(Report::isActive, Duration.ofSeconds(30), Duration.ofSeconds(60)))
                .listener(PollListener.onSuccess(System.out::println))
                .build()
                .start()) {
            assertThat(poller.pollNow().get(30, TimeUnit.SECONDS)).isEqualTo(new Report(true));
        }
    }

    private record Report(boolean isActive) {}

    private static final class Service {
        Report report() {
            return new Report(true);
        }
    }
}
