package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.savings.HistoryBucket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/** Savings over time, as JSON or as CSV. */
final class HistoryEndpoint implements Endpoint {

    static final List<Parameter> PARAMETERS = Parameter.list(
            Parameter.BASELINE,
            Parameter.wholeNumber(
                    "days", "The last days, today among them.", 1, HistoryPeriod.MOST_DAYS, HistoryPeriod.USUAL_DAYS),
            Parameter.text("from", "Instead of days: since when, a day or an instant."),
            Parameter.text("to", "With from: until when, a day or an instant; now unless given."),
            Parameter.choice("granularity", "How finely to cut; day unless given.", Granularity.values()),
            ApiRequest.FORMAT);

    /** As many hours as a leap year has, and some. */
    private static final long MOST_ROWS = 10_000;

    private static final ZoneId ZONE = ZoneId.of("UTC");

    private final Figures figures;

    HistoryEndpoint(Figures figures) {
        this.figures = figures;
    }

    @Override
    public Content answer(ApiRequest request) {
        Baseline baseline = request.baseline();
        HistoryPeriod period = HistoryPeriod.of(request.query(), ZONE, figures.now());
        Granularity granularity = request.query().choice("granularity", Granularity.DAY);
        boolean csv = request.wantsCsv();
        checkSize(period, granularity);
        List<HistoryBucket> buckets =
                figures.history(request.account(), baseline, period.from(), period.to(), granularity, ZONE);
        HistoryView view = HistoryView.of(
                BaselineView.of(baseline, request.catalog().referenceRegion(baseline.provider())),
                baseline.provider(),
                period,
                granularity,
                ZONE,
                buckets,
                request.demo());
        return csv ? new HistoryCsv(view) : new JsonContent(view);
    }

    private static void checkSize(HistoryPeriod period, Granularity granularity) {
        Instant from = period.from();
        long rows = Duration.between(from, period.to()).dividedBy(shortest(granularity)) + 1;
        if (rows > MOST_ROWS) {
            throw HttpProblem.tooLarge("by " + granularity.name().toLowerCase(Locale.ROOT) + " from " + from + " to "
                    + period.to() + " is " + rows + " rows; allowed: at most " + MOST_ROWS
                    + " rows; ask for less time, or a coarser granularity");
        }
    }

    private static Duration shortest(Granularity granularity) {
        return switch (granularity) {
            case HOUR -> Duration.ofHours(1);
            case DAY -> Duration.ofDays(1);
            case WEEK -> Duration.ofDays(7);
            case MONTH -> Duration.ofDays(28);
        };
    }
}
