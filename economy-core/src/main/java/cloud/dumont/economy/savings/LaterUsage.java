package cloud.dumont.economy.savings;

import java.util.List;

/** Passes on to others what a walk visits from a second on. */
record LaterUsage(long from, List<UsageWalk.Visitor> others) implements UsageWalk.Visitor {

    @Override
    public void lasts(PricedUsage usage) {
        for (UsageWalk.Visitor other : others) {
            other.lasts(usage);
        }
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        if (toSecond > from) {
            for (UsageWalk.Visitor other : others) {
                other.time(usage, Math.max(from, fromSecond), toSecond);
            }
        }
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        if (toSecond > from) {
            for (UsageWalk.Visitor other : others) {
                other.accrue(usage, Math.max(from, fromSecond), toSecond, nanoUsdPerHour);
            }
        }
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        if (atSecond >= from) {
            for (UsageWalk.Visitor other : others) {
                other.settle(usage, atSecond, seconds, pricedSecond, nanoUsdPerHour);
            }
        }
    }
}
