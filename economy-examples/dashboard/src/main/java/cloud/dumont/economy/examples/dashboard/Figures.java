package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.HistoryBucket;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.savings.SavingsRange;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.Trend;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Every figure that this host tells comes from here, one method for each kind of question, so that it is seen at one place what the
 * library is asked.
 */
final class Figures {

    private final Economy economy;

    Figures(Economy economy) {
        this.economy = economy;
    }

    /** The moment that answers made now speak of. */
    Instant now() {
        return economy.now().truncatedTo(ChronoUnit.SECONDS);
    }

    SavingsReport report(AccountId account, Baseline baseline) {
        return economy.report(account, baseline);
    }

    /** Against several baselines, all of one moment. */
    List<SavingsReport> reports(AccountId account, List<Baseline> baselines) {
        return economy.reports(account, baselines, economy.now());
    }

    /** What a report said at a moment, from what was recorded before it. What was recorded at that very moment is left out: it may have come after
     * the report. */
    SavingsReport saidAt(AccountId account, Baseline baseline, Instant then) {
        return economy.calculator().asTold(then.minusMillis(1)).report(account, baseline, then);
    }

    List<HistoryBucket> history(
            AccountId account, Baseline baseline, Instant from, Instant to, Granularity granularity, ZoneId zone) {
        return economy.history(List.of(account), baseline, from, to, granularity, zone);
    }

    Breakdown breakdown(AccountId account, Baseline baseline, Instant at, Dimension by) {
        return economy.breakdown(List.of(account), baseline, at, by);
    }

    SavingsRange range(AccountId account, Baseline baseline, Instant at) {
        return economy.calculator().range(account, baseline, at);
    }

    Optional<Trend> trend(AccountId account, Baseline baseline, Instant at, ZoneId zone) {
        return economy.trend(account, baseline, at, zone);
    }

    Receipt receipt(
            Receipt.Figure figure, AccountId account, Optional<InstanceId> instance, Baseline baseline, Instant at) {
        return economy.calculator().receipt(figure, account, instance, baseline, at);
    }

    /** All that is recorded of an account, one timeline for each instance. */
    List<InstanceTimeline> timelines(AccountId account) {
        return economy.timelines(account);
    }

    /** What an imagined workload would come to, against several baselines. */
    List<SavingsReport> simulate(
            AccountId account, Collection<UsageInterval> workload, List<Baseline> baselines, Instant at) {
        return economy.calculator().simulating(workload).reports(account, baselines, at);
    }
}
