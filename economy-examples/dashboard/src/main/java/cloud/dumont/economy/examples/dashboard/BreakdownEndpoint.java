package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.savings.Breakdown;
import cloud.dumont.economy.savings.Dimension;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

    static final Listed<Map.Entry<String, Usage>> LIST = new Listed<Map.Entry<String, Usage>>()
            .text("name", group -> Optional.of(group.getKey()))
            .by("hours", group -> Optional.of(group.getValue().billableSeconds()))
            .by("dumont_cost", group -> Optional.of(group.getValue().effectiveCost()))
            .by("provider_cost", group -> Optional.of(group.getValue().equivalentCost()))
            .by("savings", group -> Optional.of(group.getValue().savings()))
            .by(
                    "savings_percentage",
                    group -> group.getValue()
                            .savings()
                            .percentOf(group.getValue().equivalentCost()));

    static final List<Parameter> PARAMETERS = Parameter.list(
            Parameter.list(
                    Parameter.BASELINE,
                    Parameter.choice("by", "What to group by; gpu unless given.", By.values()),
                    Parameter.choice(
                            "period",
                            "All time, or the calendar period that now lies in; all unless given.",
                            BreakdownPeriod.values()),
                    ApiRequest.FORMAT),
            LIST.parameters());

    private final Figures figures;

    BreakdownEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        By by = request.query().choice("by", By.GPU);
        BreakdownPeriod period = request.query().choice("period", BreakdownPeriod.ALL);
        boolean csv = request.wantsCsv();
        Instant now = figures.now();
        Optional<Instant> from = period.start(now);

        Breakdown untilNow = figures.breakdown(request.account(), baseline, now, by.dimension);
        Map<String, Usage> groups = groups(untilNow);
        if (from.isPresent()) {
            // What is known now less what was known at the start: totals only ever grow by what happens, so this is
            // exact.
            groups(figures.breakdown(request.account(), baseline, from.get(), by.dimension))
                    .forEach((name, usage) -> groups.computeIfPresent(name, (same, all) -> all.minus(usage)));
        }
        groups.values().removeIf(usage -> usage.billableSeconds() == 0);
        Page<Map.Entry<String, Usage>> page = LIST.page(request.query(), List.copyOf(groups.entrySet()));
        if (csv) {
            return new TableCsv(
                    "savings-by-" + by.name().toLowerCase(Locale.ROOT),
                    BreakdownView.Group.class,
                    page.all().stream().map(BreakdownView.Group::of).toList());
        }
        return new JsonContent(BreakdownView.of(
                baseline.provider(),
                BaselineView.of(baseline, request.catalog().referenceRegion(baseline.provider())),
                by.name(),
                period,
                from,
                now,
                page,
                untilNow.observedUntil(),
                request.demo()));
    }

    private static Map<String, Usage> groups(Breakdown breakdown) {
        Map<String, Usage> groups = new TreeMap<>();
        breakdown.groups().forEach(group -> groups.put(group.name(), Usage.of(group.totals())));
        return groups;
    }
}
