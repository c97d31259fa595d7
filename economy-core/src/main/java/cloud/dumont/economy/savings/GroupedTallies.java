package cloud.dumont.economy.savings;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Adds each usage to the tallies it belongs to, whenever it was. */
final class GroupedTallies implements UsageWalk.Visitor {

    private final Function<PricedUsage, List<Tally>> tallies;
    private Optional<PricedUsage> lasting = Optional.empty();

    GroupedTallies(Function<PricedUsage, List<Tally>> tallies) {
        this.tallies = tallies;
    }

    /** What the instance does now, if it is billable. */
    Optional<PricedUsage> lasting() {
        return lasting;
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        tallies.apply(usage).forEach(tally -> tally.time(usage, fromSecond, toSecond));
    }

    @Override
    public void lasts(PricedUsage usage) {
        lasting = Optional.of(usage);
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        tallies.apply(usage).forEach(tally -> tally.charge(usage, nanoUsdPerHour, toSecond - fromSecond));
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        tallies.apply(usage).forEach(tally -> tally.charge(usage, nanoUsdPerHour, seconds));
    }
}
