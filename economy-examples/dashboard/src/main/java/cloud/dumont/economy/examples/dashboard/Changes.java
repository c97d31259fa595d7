package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsReport;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.usage.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an answer says that could not be worked out from an earlier one: whoever has the earlier one lets the other instances go on at their
 * rates, and has every figure of now to the last digit.
 *
 * @param since the moment of the earlier answer
 * @param instances whose line is new, or has changed beyond that its time went on
 * @param ended those that were billable then and are not now, in order
 */
record Changes(Instant since, Set<InstanceId> instances, List<InstanceId> ended) {

    static Changes between(SavingsReport then, SavingsReport now) {
        Map<InstanceId, SavingsLine> earlier = new HashMap<>();
        then.lines().forEach(line -> earlier.put(line.instance().id(), line));
        long seconds = Duration.between(then.at(), now.at()).toSeconds();
        Set<InstanceId> changed = new HashSet<>();
        for (SavingsLine line : now.lines()) {
            SavingsLine known = earlier.remove(line.instance().id());
            if (known == null || !goesOn(known, line, seconds)) {
                changed.add(line.instance().id());
            }
        }
        return new Changes(
                then.at(), changed, earlier.keySet().stream().sorted().toList());
    }

    List<SavingsLine> among(List<SavingsLine> lines) {
        return lines.stream()
                .filter(line -> instances.contains(line.instance().id()))
                .toList();
    }

    private static boolean goesOn(SavingsLine then, SavingsLine now, long seconds) {
        SavingsTotals before = then.session();
        SavingsTotals after = now.session();
        Optional<HourlyRate> own = now.instance().rate();
        boolean compared = now.equivalentRate().isPresent();
        return then.instance().equals(now.instance())
                && then.state() == now.state()
                && then.sessionStart().equals(now.sessionStart())
                && then.equivalentRate().equals(now.equivalentRate())
                && then.equivalent().tier() == now.equivalent().tier()
                && sku(then).equals(sku(now))
                && before.billableSeconds() + seconds == after.billableSeconds()
                && before.inferredSeconds() == after.inferredSeconds()
                && grows(before.effectiveCost(), after.effectiveCost(), compared ? own : Optional.empty(), seconds)
                && grows(before.uncomparedCost(), after.uncomparedCost(), compared ? Optional.empty() : own, seconds)
                && grows(before.equivalentCost(), after.equivalentCost(), now.equivalentRate(), seconds);
    }

    private static boolean grows(Amount before, Amount after, Optional<HourlyRate> rate, long seconds) {
        return rate.map(each -> each.forSeconds(seconds)).orElse(Amount.ZERO).equals(after.minus(before));
    }

    private static Optional<Sku> sku(SavingsLine line) {
        return line.equivalent().match().map(Equivalent.Match::offer).map(offer -> offer.sku());
    }
}
