package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.AmountAccumulator;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Pauses of instances that had been billable: hibernated or stopped time up to the cap, at their own rate. */
final class Pauses {

    private final Instant until;
    private final Duration longest;
    private final AmountAccumulator avoided = new AmountAccumulator();
    private long seconds;

    Pauses(Instant until, Duration longest) {
        this.until = until;
        this.longest = longest;
    }

    void add(InstanceTimeline timeline) {
        Optional<HourlyRate> rate = Optional.empty();
        long allowed = 0;
        for (UsageInterval interval : timeline.intervals()) {
            if (!interval.start().isBefore(until)) {
                break;
            }
            if (interval.state().isBillable()) {
                rate = interval.instance().rate();
                allowed = longest.toSeconds();
            } else if (interval.state().isPaused() && rate.isPresent()) {
                Instant end = interval.end().filter(e -> e.isBefore(until)).orElse(until);
                long counted = Math.min(
                        allowed, Duration.between(interval.start(), end).toSeconds());
                allowed -= counted;
                seconds += counted;
                avoided.add(rate.get().nanoUsdPerHour(), counted);
                interval.instance().storageRate().ifPresent(storage -> avoided.add(-storage.nanoUsdPerHour(), counted));
            }
        }
    }

    CostAvoidance avoidance() {
        return new CostAvoidance(seconds, avoided.toAmount());
    }
}
