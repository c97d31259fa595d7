package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Run;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks timelines up to a moment, run by run, and tells a visitor what each moment of billable time cost on both sides. The obvious
 * way: interval by interval, cut where a price changes, with the provider's billing rule settled per run.
 *
 * <p>The equivalent cost of a run is told so that no closed bucket changes later: all of a minimum counts at the run's first second, at
 * the prices that will be in effect; if another kind of usage takes over before it is used up, the rest changes hands at that moment.
 * A run whose launch nobody vouches for has no minimum. What rounding takes off is settled in the bucket the run ends in.
 */
final class UsageWalk {

    /** Is told about billable time and what it would have cost. Seconds are seconds since 1970. */
    interface Visitor {

        /** A run that lasts, and what the instance does in it at the moment of the walk. */
        default void lasts(PricedUsage usage) {}

        /** Billable time from a second up to but not including another. */
        void time(PricedUsage usage, long fromSecond, long toSecond);

        /** The equivalent cost of some time, at one rate, where it was spent. */
        void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour);

        /** The equivalent cost of some of a run's first seconds, which the minimum makes count when they began. */
        default void accrueUpFront(
                PricedUsage usage, long atSecond, long fromSecond, long toSecond, long nanoUsdPerHour) {
            settle(usage, atSecond, toSecond - fromSecond, fromSecond, nanoUsdPerHour);
        }

        /**
         * What the billing rule adds at one moment beyond the time spent, at the price of a given second; negative seconds take
         * off.
         */
        void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour);
    }

    private final PricedSnapshot prices;
    private final Instant until;

    UsageWalk(PricedSnapshot prices, Instant until) {
        this.prices = prices;
        this.until = until;
    }

    private PricedUsage priced(UsageInterval interval, Optional<Instant> sessionStart) {
        return new PricedUsage(interval, prices.kind(UsageKind.of(interval)), sessionStart);
    }

    void walk(InstanceTimeline timeline, Visitor visitor) {
        Run.of(timeline).forEach(run -> walk(run, visitor));
    }

    void walk(Run run, Visitor visitor) {
        if (run.start().isAfter(until)) {
            return;
        }
        boolean lasts = run.end().map(end -> end.isAfter(until)).orElse(true);
        Optional<Instant> sessionStart = lasts ? Optional.of(run.start()) : Optional.empty();
        List<PricedUsage> usages = new ArrayList<>(run.intervals().size());
        UsageInterval now = null;
        for (UsageInterval interval : run.intervals()) {
            if (!interval.start().isAfter(until)) {
                now = interval;
            }
            if (interval.start().isBefore(until)) {
                usages.add(priced(interval, sessionStart));
            }
        }
        if (lasts && now != null) {
            visitor.lasts(priced(now, sessionStart));
        }
        if (!usages.isEmpty()) {
            BillingRule charging = prices.charging(run);
            long start = run.start().getEpochSecond();
            visitTime(usages, start + charging.minimumSeconds(), visitor);
            visitRounding(usages, start, charging, lasts, visitor);
        }
    }

    private void visitTime(List<PricedUsage> run, long minimumEnd, Visitor visitor) {
        long end = endSecond(run.get(run.size() - 1));
        for (PricedUsage usage : run) {
            long from = startSecond(usage);
            long to = endSecond(usage);
            visitor.time(usage, from, to);
            long upFront = Math.max(from, Math.min(to, minimumEnd));
            pieces(usage, from, upFront, (a, b, rate) -> visitor.accrueUpFront(usage, from, a, b, rate));
            pieces(usage, upFront, to, (a, b, rate) -> visitor.accrue(usage, a, b, rate));
            // The minute is charged in advance at what is known then; where something else takes over, what is left is
            // given back.
            pieces(usage, upFront, minimumEnd, (a, b, rate) -> visitor.settle(usage, from, b - a, a, rate));
            if (to < end) {
                pieces(usage, to, minimumEnd, (a, b, rate) -> visitor.settle(usage, to, a - b, a, rate));
            }
        }
    }

    /** What rounding takes off is taken off where the run ends. */
    private void visitRounding(
            List<PricedUsage> run, long start, BillingRule charging, boolean lasts, Visitor visitor) {
        long end = endSecond(run.get(run.size() - 1));
        long length = end - start;
        long tail = start + (lasts ? charging.accruedSeconds(length) : charging.chargedSeconds(length));
        for (PricedUsage usage : run) {
            long from = Math.max(tail, startSecond(usage));
            pieces(usage, from, endSecond(usage), (a, b, rate) -> visitor.settle(usage, end - 1, a - b, a, rate));
        }
    }

    private static long startSecond(PricedUsage usage) {
        return usage.interval().start().getEpochSecond();
    }

    private long endSecond(PricedUsage usage) {
        return usage.interval()
                .end()
                .filter(end -> end.isBefore(until))
                .orElse(until)
                .getEpochSecond();
    }

    interface Piece {
        void at(long fromSecond, long toSecond, long nanoUsdPerHour);
    }

    /** Cuts compared time where the equivalent's price changes. */
    static void pieces(PricedUsage usage, long fromSecond, long toSecond, Piece piece) {
        if (usage.match().isEmpty()) {
            return;
        }
        RateTimeline rates = usage.match().get().rates();
        long at = fromSecond;
        while (at < toSecond) {
            long next = Math.min(toSecond, rates.nextChangeAfter(at));
            piece.at(at, next, rates.nanoUsdPerHourAt(at));
            at = next;
        }
    }
}
