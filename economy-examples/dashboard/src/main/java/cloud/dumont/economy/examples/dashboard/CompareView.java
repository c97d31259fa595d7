package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.ListPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one GPU costs at every provider, cheapest first; and who sells nothing that stands for it. */
record CompareView(
        boolean success,
        String gpuModel,
        BigDecimal gpuCount,
        List<Row> compare,
        List<Unsold> unsold,
        @Nullable String asOf,
        boolean stale,
        String currency,
        String unit,
        boolean demo) {

    static CompareView of(GpuModel gpu, GpuCount count, List<Equivalent> equivalents, Instant now, boolean demo) {
        List<Row> rows = equivalents.stream()
                .flatMap(equivalent -> equivalent.match().map(match -> Row.of(equivalent, match, now)).stream())
                .sorted(Comparator.comparing(Row::usdPerHour).thenComparing(Row::provider))
                .toList();
        List<Unsold> unsold = equivalents.stream()
                .filter(equivalent -> equivalent.match().isEmpty())
                .map(equivalent ->
                        new Unsold(equivalent.query().baseline().provider().id(), equivalent.explanation()))
                .toList();
        Optional<LocalDate> oldest =
                rows.stream().map(row -> LocalDate.parse(row.readOn())).min(Comparator.naturalOrder());
        return new CompareView(
                true,
                gpu.name(),
                Decimals.gpus(count),
                rows,
                unsold,
                oldest.map(LocalDate::toString).orElse(null),
                oldest.filter(day -> day.atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                                .plus(Reported.FRESH)
                                .isBefore(now))
                        .isPresent(),
                "USD",
                "per_hour",
                demo);
    }

    /** What a provider sells that stands for it. */
    record Row(
            String provider,
            String region,
            String instanceType,
            String gpuModel,
            BigDecimal gpuCount,
            String tier,
            String sizing,
            BigDecimal usdPerHour,
            String effectiveFrom,
            String source,
            String readOn,
            String explanation) {

        static Row of(Equivalent equivalent, Equivalent.Match match, Instant now) {
            ListPrice price = match.offer().history().at(now);
            return new Row(
                    price.sku().provider().id(),
                    price.sku().region().id(),
                    price.sku().instanceType().name(),
                    match.gpu().name(),
                    Decimals.gpus(match.gpuCount()),
                    equivalent.tier().name(),
                    match.sizing().name(),
                    match.rates().at(now).toUsd(),
                    price.effectiveFrom().toString(),
                    price.provenance().toString(),
                    price.provenance().readOn().toString(),
                    equivalent.explanation());
        }
    }

    /** A provider that sells nothing that stands for it. */
    record Unsold(String provider, String reason) {}
}
