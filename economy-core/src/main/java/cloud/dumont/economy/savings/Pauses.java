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

    /**
     * What the past of an instance means for a pause.
     *
     * @param rate what it last cost while it was billable
     * @param allowed how many more seconds of a pause count
     */
    record Past(Optional<HourlyRate> rate, long allowed) {

        static final Past NONE = new Past(Optional.empty(), 0);
    }

    private final Duration longest;
    private final AmountAccumulator avoided = new AmountAccumulator();
    private long seconds;

    Pauses(Duration longest) {
        this.longest = longest;
    }

    /** Adds all pauses of an instance up to a moment. */
    void add(InstanceTimeline timeline, Instant until) {
        add(timeline, Past.NONE, Instant.MIN, until);
    }

    /**
     * Adds pauses of an instance between two moments.
     *
     * @param timeline what is known of it from the first moment on, at least
     * @param past what was before
     * @return what it means for what comes later
     */
    Past add(InstanceTimeline timeline, Past past, Instant from, Instant until) {
        Optional<HourlyRate> rate = past.rate();
        long allowed = past.allowed();
        for (UsageInterval interval : timeline.intervals()) {
            if (!interval.start().isBefore(until)) {
                break;
            }
            if (interval.end().filter(end -> !end.isAfter(from)).isPresent()) {
                continue; // of the past
            }
            if (interval.state().isBillable()) {
                rate = interval.instance().rate();
                allowed = longest.toSeconds();
            } else if (interval.state().isPaused() && rate.isPresent()) {
                Instant start = interval.start().isBefore(from) ? from : interval.start();
                Instant end = interval.end().filter(e -> e.isBefore(until)).orElse(until);
                long counted = Math.min(allowed, Duration.between(start, end).toSeconds());
                allowed -= counted;
                seconds += counted;
                avoided.add(rate.get().nanoUsdPerHour(), counted);
                interval.instance().storageRate().ifPresent(storage -> avoided.add(-storage.nanoUsdPerHour(), counted));
            }
        }
        return new Past(rate, allowed);
    }

    /** Adds what others have added up. */
    void add(Pauses other) {
        avoided.add(other.avoided.toAmount());
        seconds += other.seconds;
    }

    /** Takes it off again. */
    void subtract(Pauses other) {
        avoided.add(other.avoided.toAmount().negated());
        seconds -= other.seconds;
    }

    CostAvoidance avoidance() {
        return new CostAvoidance(seconds, avoided.toAmount());
    }
}
