package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.BillingRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What one unbroken billable run does to the measures, as changes in time. The run's equivalent cost is that of {@link UsageWalk} at
 * every second: all of the minimum is charged when the run begins, and what rounding takes off is taken off when it ends.
 */
final class RunChanges {

    private static final long NEVER = Long.MAX_VALUE;

    private final BillingRule billing;
    private final long start;
    private final long end;
    private final List<MeterChange> changes = new ArrayList<>();

    private RunChanges(List<PricedUsage> run, BillingRule billing) {
        this.billing = billing;
        this.start = run.get(0).interval().start().getEpochSecond();
        this.end = endSecond(run.get(run.size() - 1));
    }

    static List<MeterChange> of(List<PricedUsage> run, BillingRule billing) {
        RunChanges changes = new RunChanges(run, billing);
        changes.step(changes.start, changes.end, Measure.BILLABLE_INSTANCES, 1);
        changes.ramp(changes.start, changes.end, Measure.BILLABLE_SECONDS, 1);
        for (PricedUsage usage : run) {
            changes.cost(usage);
        }
        changes.minimum(run);
        changes.rounding(run);
        return changes.changes;
    }

    private static long endSecond(PricedUsage usage) {
        return usage.interval().end().map(instant -> instant.getEpochSecond()).orElse(NEVER);
    }

    private void ramp(long from, long to, Measure measure, long slope) {
        if (from < to) {
            changes.add(MeterChange.slope(from, measure, slope));
            if (to != NEVER) {
                changes.add(MeterChange.slope(to, measure, -slope));
            }
        }
    }

    private void step(long from, long to, Measure measure, long height) {
        changes.add(MeterChange.jump(from, measure, Amount.ofQuanta(height)));
        if (to != NEVER) {
            changes.add(MeterChange.jump(to, measure, Amount.ofQuanta(-height)));
        }
    }

    private void jump(long second, PricedUsage usage, long nanoUsdPerHour, long seconds) {
        Amount by = HourlyRate.ofNanoUsd(nanoUsdPerHour).forSeconds(seconds);
        changes.add(
                MeterChange.jump(second, Measure.equivalent(usage.equivalent().tier()), by));
        changes.add(MeterChange.jump(second, Measure.SAVINGS, by));
    }

    private void cost(PricedUsage usage) {
        long from = usage.interval().start().getEpochSecond();
        long to = endSecond(usage);
        if (usage.match().isEmpty()) {
            usage.instance().rate().ifPresent(rate -> ramp(from, to, Measure.UNCOMPARED_COST, rate.nanoUsdPerHour()));
            return;
        }
        Tier tier = usage.equivalent().tier();
        long paid = usage.effectiveNanoUsdPerHour();
        ramp(from, to, Measure.COMPARED_SECONDS, 1);
        ramp(from, to, Measure.effective(tier), paid);
        ramp(from, to, Measure.SAVINGS, -paid);
        step(from, to, Measure.EFFECTIVE_RATE, paid);
        long minimumEnd = start + billing.minimumSeconds();
        UsageWalk.pieces(usage, from, to, (a, b, rate) -> {
            step(a, b, Measure.EQUIVALENT_RATE, rate);
            ramp(Math.max(a, minimumEnd), b, Measure.equivalent(tier), rate);
            ramp(Math.max(a, minimumEnd), b, Measure.SAVINGS, rate);
        });
    }

    /** All of the minimum is charged one second into the run; where other usage takes over, what is left of it changes hands. */
    private void minimum(List<PricedUsage> run) {
        long minimumEnd = start + billing.minimumSeconds();
        for (PricedUsage usage : run) {
            long from = usage.interval().start().getEpochSecond();
            long to = endSecond(usage);
            UsageWalk.pieces(usage, from, minimumEnd, (a, b, rate) -> jump(from + 1, usage, rate, b - a));
            if (to < end) {
                UsageWalk.pieces(usage, to, minimumEnd, (a, b, rate) -> jump(to + 1, usage, rate, a - b));
            }
        }
    }

    private void rounding(List<PricedUsage> run) {
        if (end == NEVER) {
            return;
        }
        long tail = start + billing.chargedSeconds(end - start);
        for (PricedUsage usage : run) {
            long from = Math.max(tail, usage.interval().start().getEpochSecond());
            UsageWalk.pieces(usage, from, endSecond(usage), (a, b, rate) -> jump(end, usage, rate, a - b));
        }
    }
}
