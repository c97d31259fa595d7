package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.HistoryBucket;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Savings over time. Hours are billable hours; money on both sides is that of compared hours. */
record HistoryView(
        boolean success,
        String provider,
        String currency,
        BaselineView baseline,
        String granularity,
        List<Row> history,
        Totals totals,
        long periodDays,
        String from,
        String to,
        String timezone,
        String observedUntil,
        long provisionalSeconds,
        long inferredSeconds,
        boolean demo) {

    static HistoryView of(
            BaselineView baseline,
            Provider provider,
            HistoryPeriod period,
            Granularity granularity,
            ZoneId zone,
            List<HistoryBucket> buckets,
            boolean demo) {
        List<Row> rows = new ArrayList<>();
        Amount paid = Amount.ZERO;
        Amount listed = Amount.ZERO;
        long billable = 0;
        long compared = 0;
        long provisional = 0;
        long inferred = 0;
        for (HistoryBucket bucket : buckets) {
            paid = paid.plus(bucket.totals().effectiveCost());
            listed = listed.plus(bucket.totals().equivalentCost());
            billable += bucket.totals().billableSeconds();
            compared += bucket.totals().comparedSeconds();
            provisional += bucket.totals().provisionalSeconds();
            inferred += bucket.totals().inferredSeconds();
            rows.add(Row.of(bucket, listed.minus(paid), granularity, zone));
        }
        return new HistoryView(
                true,
                provider.id(),
                "USD",
                baseline,
                granularity.name().toLowerCase(Locale.ROOT),
                rows,
                new Totals(
                        Decimals.hours(billable),
                        paid.toUsd(),
                        listed.toUsd(),
                        listed.minus(paid).toUsd(),
                        Decimals.hours(compared)),
                period.days(),
                buckets.get(0).start().toString(),
                period.to().toString(),
                zone.getId(),
                buckets.get(buckets.size() - 1).observedUntil().toString(),
                provisional,
                inferred,
                demo);
    }

    /** One bucket of time; its date is the local one, or the instant it begins at where buckets are hours. */
    record Row(
            String date,
            BigDecimal hoursUsed,
            BigDecimal dumontCost,
            BigDecimal providerCost,
            BigDecimal savings,
            BigDecimal cumulativeSavings,
            BigDecimal comparedHours,
            String observedUntil,
            long provisionalSeconds,
            long inferredSeconds) {

        static Row of(HistoryBucket bucket, Amount cumulative, Granularity granularity, ZoneId zone) {
            return new Row(
                    granularity == Granularity.HOUR
                            ? bucket.start().toString()
                            : bucket.start().atZone(zone).toLocalDate().toString(),
                    bucket.totals().billableHours(),
                    bucket.totals().effectiveCost().toUsd(),
                    bucket.totals().equivalentCost().toUsd(),
                    bucket.totals().savings().toUsd(),
                    cumulative.toUsd(),
                    bucket.totals().comparedHours(),
                    bucket.observedUntil().toString(),
                    bucket.totals().provisionalSeconds(),
                    bucket.totals().inferredSeconds());
        }
    }

    /** Rounded from the exact totals: not the sum of rounded rows. */
    record Totals(
            BigDecimal totalHours,
            BigDecimal totalDumontCost,
            BigDecimal totalProviderCost,
            BigDecimal totalSavings,
            BigDecimal totalComparedHours) {}
}
