package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.HistoryBucket;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Savings over time, as JSON or as CSV. */
final class HistoryEndpoint implements Endpoint {

    private enum Format {
        JSON,
        CSV
    }

    private static final ZoneId ZONE = ZoneId.of("UTC");

    private final Economy economy;

    HistoryEndpoint(Economy economy) {
        this.economy = economy;
    }

    @Override
    public Content answer(ApiRequest request) {
        Provider provider = request.provider();
        Instant now = economy.now().truncatedTo(ChronoUnit.SECONDS);
        HistoryPeriod period = HistoryPeriod.of(request.query(), ZONE, now);
        Granularity granularity = request.query().choice("granularity", Granularity.DAY);
        Format format = request.query().choice("format", request.prefersCsv() ? Format.CSV : Format.JSON);
        List<HistoryBucket> buckets = economy.calculator()
                .history(
                        List.of(request.account()),
                        Baseline.onDemand(provider),
                        period.from(),
                        period.to(),
                        granularity,
                        ZONE);
        HistoryView view = HistoryView.of(provider, period, granularity, ZONE, buckets, request.demo());
        return format == Format.CSV ? new HistoryCsv(view) : new JsonContent(view);
    }
}
