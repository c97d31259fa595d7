package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What a report and a meter both say, as numbers in one order: of usage of different instances they add up one by one. */
record Figures(List<BigInteger> values) {

    private static final List<Tier> TIERS = List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST);

    static Figures of(SavingsReport report) {
        List<BigInteger> values = new ArrayList<>();
        for (SavingsTotals totals : List.of(report.lifetime(), report.session())) {
            TIERS.forEach(tier -> add(values, totals.tier(tier)));
            values.add(totals.savings().toQuanta());
            values.add(totals.uncomparedCost().toQuanta());
            values.add(BigInteger.valueOf(totals.comparedSeconds()));
            values.add(BigInteger.valueOf(totals.billableSeconds()));
        }
        add(values, report.effectiveRate(), report.equivalentRate(), report.savingsPerHour());
        values.add(BigInteger.valueOf(report.lines().size()));
        return new Figures(values);
    }

    static Figures of(LiveTotals live) {
        List<BigInteger> values = new ArrayList<>();
        for (LiveTotals.Sum sum : List.of(live.lifetime(), live.session())) {
            TIERS.forEach(tier -> add(values, sum.tiers().get(tier)));
            values.add(sum.savings().toQuanta());
            values.add(sum.uncomparedCost().toQuanta());
            values.add(BigInteger.valueOf(sum.comparedSeconds()));
            values.add(BigInteger.valueOf(sum.billableSeconds()));
        }
        add(values, live.effectiveRate(), live.equivalentRate(), live.savingsPerHour());
        values.add(BigInteger.valueOf(live.billableInstances()));
        return new Figures(values);
    }

    private static void add(List<BigInteger> values, TierTotals totals) {
        values.add(totals.effectiveCost().toQuanta());
        values.add(totals.equivalentCost().toQuanta());
    }

    private static void add(List<BigInteger> values, HourlyRate... rates) {
        for (HourlyRate rate : rates) {
            values.add(BigInteger.valueOf(rate.nanoUsdPerHour()));
        }
    }

    Figures plus(Figures other) {
        List<BigInteger> sums = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            sums.add(values.get(i).add(other.values.get(i)));
        }
        return new Figures(sums);
    }

    /** The savings since ever. */
    Amount savings() {
        return Amount.ofQuanta(values.get(2 * TIERS.size()));
    }
}
