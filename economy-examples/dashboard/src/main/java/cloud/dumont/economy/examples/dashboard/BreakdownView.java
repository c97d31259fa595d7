package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.provider.Provider;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Savings by group; the groups sum exactly to the total. Hours are billable hours; money is that of compared hours. */
record BreakdownView(
        boolean success,
        String provider,
        String currency,
        String by,
        String period,
        @Nullable String from,
        String to,
        List<Group> breakdown,
        Group total,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static BreakdownView of(
            Provider provider,
            String by,
            BreakdownPeriod period,
            Optional<Instant> from,
            Instant to,
            Map<String, Usage> groups,
            Usage total,
            Instant observedUntil,
            boolean demo) {
        return new BreakdownView(
                true,
                provider.id(),
                "USD",
                by.toLowerCase(Locale.ROOT),
                period.name().toLowerCase(Locale.ROOT),
                from.map(Instant::toString).orElse(null),
                to.toString(),
                groups.entrySet().stream()
                        .map(group -> Group.of(group.getKey(), group.getValue()))
                        .toList(),
                Group.of("total", total),
                observedUntil.toString(),
                total.provisionalSeconds(),
                total.inferredSeconds(),
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

        static Group of(String name, Usage usage) {
            return new Group(
                    name,
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
