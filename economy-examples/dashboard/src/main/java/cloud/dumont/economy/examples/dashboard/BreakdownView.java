package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.provider.Provider;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Savings by group. Hours are billable hours; money is that of compared hours.
 *
 * @param breakdown the groups of one page
 * @param totals the exact sum of every group that was asked for, those of other pages too
 * @param total how many groups there are
 * @param next the offset of the next page; null on the last
 */
record BreakdownView(
        boolean success,
        String provider,
        String currency,
        BaselineView baseline,
        String by,
        String period,
        @Nullable String from,
        String to,
        List<Group> breakdown,
        Group totals,
        int total,
        int offset,
        int limit,
        @Nullable Integer next,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static BreakdownView of(
            Provider provider,
            BaselineView baseline,
            String by,
            BreakdownPeriod period,
            Optional<Instant> from,
            Instant to,
            Page<Map.Entry<String, Usage>> page,
            Instant observedUntil,
            boolean demo) {
        Usage sum = page.all().stream().map(Map.Entry::getValue).reduce(Usage.NONE, Usage::plus);
        return new BreakdownView(
                true,
                provider.id(),
                "USD",
                baseline,
                by.toLowerCase(Locale.ROOT),
                period.name().toLowerCase(Locale.ROOT),
                from.map(Instant::toString).orElse(null),
                to.toString(),
                page.rows().stream().map(Group::of).toList(),
                Group.of(Map.entry("total", sum)),
                page.total(),
                page.offset(),
                page.limit(),
                page.next(),
                observedUntil.toString(),
                sum.provisionalSeconds(),
                sum.inferredSeconds(),
                demo);
    }

    /** One group. */
    record Group(
            String name,
            BigDecimal hours,
            BigDecimal dumontCost,
            BigDecimal providerCost,
            BigDecimal savings,
            @Nullable BigDecimal savingsPercentage,
            BigDecimal comparedHours,
            long provisionalSeconds,
            long inferredSeconds) {

        static Group of(Map.Entry<String, Usage> group) {
            Usage usage = group.getValue();
            return new Group(
                    group.getKey(),
                    Decimals.hours(usage.billableSeconds()),
                    usage.effectiveCost().toUsd(),
                    usage.equivalentCost().toUsd(),
                    usage.savings().toUsd(),
                    usage.savings().percentOf(usage.equivalentCost()).orElse(null),
                    Decimals.hours(usage.comparedSeconds()),
                    usage.provisionalSeconds(),
                    usage.inferredSeconds());
        }
    }
}
