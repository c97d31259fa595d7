package cloud.dumont.economy.polling;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Readings as a stream, in virtual time. */
class PollerFlowTest {

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private long polls;

    private final Poller<Long> poller = Poller.<Long>builder(() -> ++polls)
            .policy((last, random) -> Duration.ofMinutes(1))
            .scheduler(scheduler)
            .time(scheduler)
            .build();

    @Test
    void subscriber_getsTheLatestFirst_thenEachAsItAsks() {
        poller.start();
        scheduler.runDue();
        Subscriber subscriber = subscribe(2);
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(subscriber.heard).containsExactly("1", "2");
    }

    @Test
    void slowSubscriber_getsTheLatestOnly() {
        poller.start();
        Subscriber slow = subscribe(0);
        Subscriber fast = subscribe(Long.MAX_VALUE);
        scheduler.advance(Duration.ofMinutes(4));
        assertThat(slow.heard).isEmpty();
        slow.subscription.request(1);
        slow.subscription.request(1);
        assertThat(slow.heard).containsExactly("5");
        scheduler.advance(Duration.ofMinutes(1));

        assertThat(slow.heard).containsExactly("5", "6");
        assertThat(fast.heard).containsExactly("1", "2", "3", "4", "5", "6");
    }

    @Test
    void close_completes_andSoDoesASubscriptionThatComesLater() {
        poller.start();
        Subscriber subscriber = subscribe(0);
        scheduler.runDue();
        poller.close();
        assertThat(subscriber.heard).containsExactly("complete");
        assertThat(subscribe(5).heard).containsExactly("1", "complete");
    }

    @Test
    void cancel_endsIt_andOthersGoOn() {
        poller.start();
        Subscriber one = subscribe(9);
        Subscriber other = subscribe(9);
        scheduler.runDue();
        one.subscription.cancel();
        scheduler.advance(Duration.ofMinutes(1));
        poller.close();

        assertThat(one.heard).containsExactly("1");
        assertThat(other.heard).containsExactly("1", "2", "complete");
    }

    @Test
    void requestOfNothing_isAnError() {
        Subscriber subscriber = subscribe(-1);

        assertThat(subscriber.heard).containsExactly("requested were -1 but must be at least 1 (rule 3.9)");
    }

    @Test
    void subscriberThatThrows_isCancelled() {
        poller.start();
        Subscriber broken = subscribe(9);
        broken.bug = true;
        scheduler.advance(Duration.ofMinutes(3));

        assertThat(broken.heard).containsExactly("1");
        assertThat(polls).isEqualTo(4);
    }

    @Test
    void subscriber_keepsAReportPollerAwake() {
        Poller<Long> reports = Poller.<Long>builder(() -> ++polls)
                .policy((last, random) -> Duration.ofMinutes(1))
                .scheduler(scheduler)
                .time(scheduler)
                .pauseWhenUnheard()
                .build()
                .start();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(polls).isZero();
        Subscriber subscriber = new Subscriber(9);
        reports.subscribe(subscriber);
        scheduler.advance(Duration.ofMinutes(1));
        subscriber.subscription.cancel();
        scheduler.advance(Duration.ofMinutes(10));

        assertThat(subscriber.heard).containsExactly("1", "2");
        assertThat(polls).isEqualTo(2);
    }

    private Subscriber subscribe(long demand) {
        Subscriber subscriber = new Subscriber(demand);
        poller.subscribe(subscriber);
        return subscriber;
    }

    private static final class Subscriber implements Flow.Subscriber<Reading<Long>> {

        private final List<String> heard = new ArrayList<>();
        private final long demand;
        private Flow.Subscription subscription;
        private boolean bug;

        Subscriber(long demand) {
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (demand != 0) {
                given.request(demand);
            }
        }

        @Override
        public void onNext(Reading<Long> reading) {
            heard.add(Long.toString(reading.value()));
            if (bug) {
                throw new IllegalStateException("subscriber bug");
            }
        }

        @Override
        public void onError(Throwable failure) {
            heard.add(failure.getMessage());
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }
}
