package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.usage.AccountId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Savings by group, over all time or over the calendar day, week, month or year that now lies in. */
final class BreakdownEndpoint implements Endpoint {

    private enum By {
        GPU(Dimension.GPU),
        INSTANCE(Dimension.INSTANCE),
        REGION(Dimension.REGION);

        private final Dimension dimension;

        By(Dimension dimension) {
            this.dimension = dimension;
        }
    }

    private final Economy economy;

    BreakdownEndpoint(Economy economy) {
        this.economy = economy;
    }

    @Override
    public Content answer(ApiRequest request) {
        Provider provider = request.provider();
        By by = request.query().choice("by", By.GPU);
        BreakdownPeriod period = request.query().choice("period", BreakdownPeriod.ALL);
        Instant now = economy.now().truncatedTo(ChronoUnit.SECONDS);
        Optional<Instant> from = period.start(now);

        Totals totals = new Totals(request.account(), Baseline.onDemand(provider), by.dimension);
        Breakdown untilNow = totals.at(now);
        Map<String, Usage> groups = groups(untilNow);
        Usage total = Usage.of(untilNow.total());
        if (from.isPresent()) {
            Breakdown before = totals.at(from.get());
            groups(before).forEach((name, usage) -> groups.computeIfPresent(name, (same, all) -> all.minus(usage)));
            total = total.minus(Usage.of(before.total()));
        }
        groups.values().removeIf(usage -> usage.billableSeconds() == 0);
        return new JsonContent(BreakdownView.of(
                provider, by.name(), period, from, now, groups, total, untilNow.observedUntil(), request.demo()));
    }

    private static Map<String, Usage> groups(Breakdown breakdown) {
        Map<String, Usage> groups = new TreeMap<>();
        breakdown.groups().forEach(group -> groups.put(group.name(), Usage.of(group.totals())));
        return groups;
    }

    /** A period is what is known now less what was known at its start: totals only ever grow by what happens, so this is exact. */
    private final class Totals {

        private final AccountId account;
        private final Baseline baseline;
        private final Dimension dimension;

        Totals(AccountId account, Baseline baseline, Dimension dimension) {
            this.account = account;
            this.baseline = baseline;
            this.dimension = dimension;
        }

        Breakdown at(Instant at) {
            return economy.calculator().breakdown(List.of(account), baseline, at, dimension);
        }
    }
}
