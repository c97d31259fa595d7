package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.polling.PollListener;
import cloud.dumont.economy.polling.PollObserver;
import cloud.dumont.economy.polling.PollState;
import cloud.dumont.economy.polling.PollStatus;
import cloud.dumont.economy.polling.Poller;
import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceSource;
import cloud.dumont.economy.usage.ObservedInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a host sees of the polling, in virtual time. */
class EconomyPollingTest {

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final List<Duration> polls = new ArrayList<>();
    private boolean down;

    private Economy.Builder economy(Optional<Duration> deadline, Duration takes) {
        return Economy.builder().scheduler(scheduler).time(scheduler).instances(new InstanceSource() {
            @Override
            public Collection<ObservedInstance> instances() {
                polls.add(Duration.ofNanos(scheduler.nanoTime()));
                scheduler.pass(takes);
                if (down) {
                    throw new StackOverflowError("made up by a test");
                }
                return List.of();
            }

            @Override
            public Optional<Duration> pollDeadline() {
                return deadline;
            }
        });
    }

    @Test
    void health_tellsHowTheFleetsPollingStands_andAnOutagesEndIsSeenWithinTwoMinutes() {
        try (Economy economy = economy(Optional.empty(), Duration.ZERO).build().start()) {
            scheduler.runDue();
            PollStatus good = economy.health().polling().get(0);
            assertThat(good.name()).isEqualTo("fleet");
            assertThat(good.state()).isEqualTo(PollState.WAITING);
            assertThat(good.lastSuccess()).contains(ManualPollScheduler.EPOCH);
            assertThat(good.nextDue().orElseThrow())
                    .isBetween(ManualPollScheduler.EPOCH.plusSeconds(54), ManualPollScheduler.EPOCH.plusSeconds(67));
            down = true;
            scheduler.advance(Duration.ofHours(1));
            assertThat(economy.health().polling().get(0).consecutiveFailures()).isGreaterThan(20);
            assertThat(economy.health().polling().get(0).stale()).isTrue();
            down = false;
            scheduler.advance(Duration.ofMinutes(2).plusMillis(10));
            assertThat(economy.health().polling().get(0).consecutiveFailures()).isZero();
        }
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void deadline_isTheSourcesOwn_elseTheHosts_elseTenSeconds() {
        Duration takes = Duration.ofSeconds(20);
        assertThat(failures(economy(Optional.empty(), takes))).isEqualTo(1);
        assertThat(failures(economy(Optional.empty(), takes).pollDeadline(Duration.ofMinutes(1))))
                .isZero();
        assertThat(failures(economy(Optional.of(Duration.ofMinutes(1)), takes))).isZero();
    }

    private int failures(Economy.Builder builder) {
        List<PollObserver.Sample> samples = new ArrayList<>();
        try (Economy economy = builder.pollObserver(samples::add).build().start()) {
            scheduler.runDue();
            assertThat(samples).hasSize(1);
            return economy.health().polling().get(0).consecutiveFailures();
        }
    }

    @Test
    void reports_arePolledWhileSomebodyListens() {
        AccountId account = new AccountId("acct");
        List<SavingsReport> heard = new ArrayList<>();
        try (Economy economy = Economy.builder()
                        .scheduler(scheduler)
                        .time(scheduler)
                        .build()
                        .start();
                Poller<SavingsReport> reports = economy.poller(account, Baseline.onDemand(Provider.AWS))
                        .build()
                        .start()) {
            scheduler.advance(Duration.ofHours(1));
            assertThat(reports.latest()).isEmpty();
            assertThat(reports.status().state()).isEqualTo(PollState.PAUSED);
            Poller.Registration mine = reports.listen(PollListener.onSuccess(heard::add));
            scheduler.advance(Duration.ofSeconds(1));
            assertThat(heard).hasSize(1);
            mine.close();
            scheduler.advance(Duration.ofHours(1));
            assertThat(heard).hasSize(1);
        }
    }
}
