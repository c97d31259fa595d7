package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples in the documentation of {@link Poller} and {@link PollGroup}, compiled and run. */
class PollerExampleTest {

    private final Service service = new Service();

    @Test
    void documentation_example_polls() throws Exception {
        try (Poller<Report> poller = Poller.builder(service::report)
                .policy(PollPolicy.<Report>adaptive(Report::isActive).build())
                .listener(PollListener.onSuccess(System.out::println))
                .build()
                .start()) {
            assertThat(poller.nudge().get(30, TimeUnit.SECONDS)).isEqualTo(new Report(true));
        }
    }

    @Test
    void documentation_groupExample_polls() throws Exception {
        try (PollGroup<Report> reports = PollGroup.<Report>builder()
                .name("reports")
                .policy(PollPolicy.<Report>adaptive(Report::isActive).build())
                .firstWithin(Duration.ofSeconds(30))
                .buildGroup()
                .start()) {
            List<Poller<Report>> pollers = List.of("one", "two").stream()
                    .map(account -> reports.add(service::report))
                    .toList();
            assertThat(pollers.get(0).nudge().get(30, TimeUnit.SECONDS)).isEqualTo(new Report(true));
        }
    }

    private record Report(boolean isActive) {}

    private static final class Service {
        Report report() {
            return new Report(true);
        }
    }
}
