package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.savings.Dimension;
import cloud.dumont.economy.savings.SavingsRange;
import cloud.dumont.economy.savings.SavingsTotals;
import cloud.dumont.economy.savings.Trend;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** How sure the lifetime figure is, and what the last days say of the next. */
final class RangeEndpoint implements Endpoint {

    private static final ZoneId ZONE = ZoneId.of("UTC");

    private final Figures figures;

    RangeEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        Instant now = figures.now();
        SavingsRange range = figures.range(request.account(), baseline, now);
        SavingsTotals reported = range.nearest();
        return new JsonContent(new RangeView(
                true,
                baseline.provider().id(),
                "USD",
                BaselineView.of(baseline, request.catalog().referenceRegion(baseline.provider())),
                Side.of(range.floor()),
                Side.of(reported),
                new Side(
                        range.likeForLike().effectiveCost().toUsd(),
                        range.likeForLike().equivalentCost().toUsd(),
                        range.likeForLike().savings().toUsd()),
                Waste.of(reported),
                UnitCosts.of(reported),
                figures.trend(request.account(), baseline, now, ZONE)
                        .map(TrendView::of)
                        .orElse(null),
                ZONE.getId(),
                now.toString(),
                figures.breakdown(request.account(), baseline, now, Dimension.GPU)
                        .observedUntil()
                        .toString(),
                reported.provisionalSeconds(),
                reported.inferredSeconds(),
                request.demo()));
    }

    /**
     * From the least that can be claimed to what is compared with the very same machine.
     *
     * @param floor all that is compared, with {@code NEAREST} matches priced at the cheapest GPU with enough memory, however slow
     * @param reported all that is compared, as every other answer has it
     * @param likeForLike only what is compared with the same GPU in a machine of the same size
     * @param trend what the last complete days say of the next; null with fewer than seven of them
     */
    record RangeView(
            boolean success,
            String provider,
            String currency,
            BaselineView baseline,
            Side floor,
            Side reported,
            Side likeForLike,
            Waste waste,
            UnitCosts unitCosts,
            @Nullable TrendView trend,
            String timezone,
            String calculatedAt,
            String observedUntil,
            long provisionalSeconds,
            long inferredSeconds,
            boolean demo) {}

    /** Both sides of some usage. */
    record Side(BigDecimal dumontCost, BigDecimal providerCost, BigDecimal savings) {

        static Side of(SavingsTotals totals) {
            return new Side(
                    totals.effectiveCost().toUsd(),
                    totals.equivalentCost().toUsd(),
                    totals.savings().toUsd());
        }
    }

    /** What idle time cost: a cost, never savings. */
    record Waste(BigDecimal idleHours, BigDecimal cost) {

        static Waste of(SavingsTotals totals) {
            return new Waste(totals.waste().idleHours(), totals.waste().cost().toUsd());
        }
    }

    /** What an hour really cost over all time whose rate is known; null where there is no such time. */
    record UnitCosts(
            BigDecimal gpuHours,
            @Nullable BigDecimal perInstanceHour,
            @Nullable BigDecimal perGpuHour,
            @Nullable BigDecimal perPflopHour) {

        static UnitCosts of(SavingsTotals totals) {
            return new UnitCosts(
                    totals.gpuHours(),
                    totals.unitCosts().perInstanceHour().orElse(null),
                    totals.unitCosts().perGpuHour().orElse(null),
                    totals.unitCosts().perPflopHour().orElse(null));
        }
    }

    /**
     * The mean of daily savings, days without usage included, and what it comes to.
     *
     * @param days how many complete days it rests on
     */
    record TrendView(
            int days,
            BigDecimal meanPerDay,
            BigDecimal deviationPerDay,
            Interval daily,
            Interval weekly,
            Interval monthly,
            Interval yearly) {

        private static final int PLACES = 9;

        static TrendView of(Trend trend) {
            return new TrendView(
                    trend.days(),
                    trend.meanPerDay().setScale(PLACES, RoundingMode.HALF_EVEN),
                    trend.deviationPerDay().setScale(PLACES, RoundingMode.HALF_EVEN),
                    Interval.of(trend.over(1)),
                    Interval.of(trend.over(7)),
                    Interval.of(trend.over(30)),
                    Interval.of(trend.over(365)));
        }
    }

    /** Expected savings and their 80% interval. */
    record Interval(BigDecimal low, BigDecimal expected, BigDecimal high) {

        static Interval of(Trend.Range range) {
            return new Interval(range.low(), range.expected(), range.high());
        }
    }
}
