package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.pricing.source.KnownErrors.Correction;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads price changes from CSV: {@code provider,region,instance_type,purchase_option,old_usd_per_hour,new_usd_per_hour,old_last_seen,
 * new_first_seen,confidence,note,source_repo,source_path,source_commit}. Each line is two sightings. What the file itself holds for a
 * slip of its source ({@code confidence} low) is no change, and is left out.
 *
 * @param lines the sightings, two for each good line; of their types they tell the names alone
 * @param refused lines that cannot be a change
 * @param doubted lines that the file itself doubts
 */
record PriceChangesCsv(List<PriceCsv.Line> lines, List<PriceCsv.Refused> refused, List<PriceCsv.Refused> doubted) {

    private static final List<String> COLUMNS = List.of(
            "provider",
            "region",
            "instance_type",
            "purchase_option",
            "old_usd_per_hour",
            "new_usd_per_hour",
            "old_last_seen",
            "new_first_seen",
            "confidence",
            "note",
            "source_repo",
            "source_path",
            "source_commit");

    private static final List<String> CONFIDENCES = List.of("high", "medium", "low");

    static boolean isOne(List<String> header) {
        return header.contains("old_usd_per_hour");
    }

    static PriceChangesCsv read(Path file, LocalDate today) throws IOException {
        List<PriceCsv.Line> lines = new ArrayList<>();
        List<PriceCsv.Refused> refused = new ArrayList<>();
        List<PriceCsv.Refused> doubted = new ArrayList<>();
        CsvLine.read(
                file,
                "price changes",
                COLUMNS,
                line -> {
                    Correction correction = KnownErrors.of(
                            Provider.of(line.text("provider")),
                            InstanceType.of(line.text("instance_type")),
                            line.text("source_repo"));
                    if (correction.leftOut().isPresent()) {
                        doubted.add(new PriceCsv.Refused(
                                line.number(), correction.leftOut().get()));
                        return;
                    }
                    String confidence = line.text("confidence").toLowerCase(Locale.ROOT);
                    if (!CONFIDENCES.contains(confidence)) {
                        throw new IllegalArgumentException(
                                "unknown confidence '" + Given.shown(confidence) + "'; known: " + CONFIDENCES);
                    }
                    LocalDate before = day(line, "old_last_seen", today);
                    LocalDate after = day(line, "new_first_seen", today);
                    if (!before.isBefore(after)) {
                        throw new IllegalArgumentException(
                                "new_first_seen " + after + " must lie after old_last_seen " + before);
                    }
                    PriceCsv.Line old = line(line, correction, PriceCsv.rate(line, "old_usd_per_hour"), before);
                    PriceCsv.Line now = line(line, correction, PriceCsv.rate(line, "new_usd_per_hour"), after);
                    if (confidence.equals("low")) {
                        doubted.add(new PriceCsv.Refused(line.number(), line.text("note")));
                    } else {
                        lines.add(old);
                        lines.add(now);
                    }
                },
                (line, reason) -> refused.add(new PriceCsv.Refused(line, reason)));
        return new PriceChangesCsv(lines, refused, doubted);
    }

    private static LocalDate day(CsvLine line, String column, LocalDate today) {
        LocalDate day = line.day(column).orElseThrow(() -> new IllegalArgumentException(column + " is blank"));
        if (day.isAfter(today)) {
            throw new IllegalArgumentException(column + " " + day + " lies in the future (today is " + today + ")");
        }
        return day;
    }

    private static PriceCsv.Line line(CsvLine line, Correction correction, HourlyRate rate, LocalDate day) {
        Provider provider = Provider.of(line.text("provider"));
        InstanceSpec named = new InstanceSpec(
                provider,
                correction.instanceType().orElseGet(() -> InstanceType.of(line.text("instance_type"))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new PriceCsv.Line(
                line.number(),
                PriceRow.seen(
                        named,
                        line.optional("region")
                                .map(name -> RegionNames.of(provider, name))
                                .orElse(Region.GLOBAL),
                        PurchaseOption.parse(line.text("purchase_option")),
                        rate,
                        day,
                        day,
                        new Provenance(
                                line.text("source_repo"), line.text("source_path"), line.text("source_commit"), day)));
    }
}
