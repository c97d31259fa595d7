package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known to be wrong in public lists of prices, read from {@code known-errors.csv}: lines that are no price of what they name, GPUs
 * that are named wrongly, counts that a list leaves out, and offers that it lists under a second name. Each says why. A host's own source is
 * concerned only where an error lies in what is commonly said of a type.
 */
final class KnownErrors {

    /** What is known of a type as one source has it. */
    record Correction(
            Optional<String> leftOut,
            Optional<InstanceType> instanceType,
            Optional<String> gpuModel,
            Optional<BigDecimal> gpuCount) {

        static final Correction NONE =
                new Correction(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private record Rule(Provider provider, Pattern types, Pattern source, String kind, String value, String reason) {

        boolean concerns(Provider seller, InstanceType type, String from) {
            return provider.equals(seller)
                    && types.matcher(type.name()).matches()
                    && source.matcher(from).matches();
        }
    }

    private static final List<Rule> RULES = rules();

    private KnownErrors() {}

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        InputStream in = Objects.requireNonNull(KnownErrors.class.getResourceAsStream("known-errors.csv"));
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder().ofNamedCsvRecord(reader).forEach(row -> rules.add(rule(row)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(rules);
    }

    private static Rule rule(NamedCsvRecord row) {
        Provider provider = Provider.of(row.getField("provider"));
        int flags = provider.ignoresCaseOfTypes() ? Pattern.CASE_INSENSITIVE : 0;
        return new Rule(
                provider,
                Pattern.compile(row.getField("instance_types"), flags),
                Pattern.compile(row.getField("source")),
                row.getField("correction"),
                row.getField("value"),
                row.getField("reason"));
    }

    /** A catalog that an earlier version made, without what is known to be wrong by now. */
    static PriceCatalog mended(PriceCatalog catalog) {
        List<PriceRow> rows = catalog.rows().toList();
        List<PriceRow> mended =
                rows.stream().flatMap(row -> mended(row).stream()).toList();
        return mended.equals(rows) ? catalog : PriceCatalog.of(mended);
    }

    /** A price, put right; empty if it is none of what it names. */
    static Optional<PriceRow> mended(PriceRow row) {
        InstanceSpec spec = row.spec();
        Correction correction =
                of(spec.provider(), spec.instanceType(), row.provenance().source());
        if (correction.leftOut().isPresent()) {
            return Optional.empty();
        }
        if (correction.equals(Correction.NONE)) {
            return Optional.of(row);
        }
        return Optional.of(new PriceRow(
                new InstanceSpec(
                        spec.provider(),
                        correction.instanceType().orElse(spec.instanceType()),
                        correction.gpuModel().or(spec::gpuModel),
                        spec.gpuCount()
                                .or(() -> correction.gpuCount().map(count -> GpuCount.parse(count.toPlainString()))),
                        spec.gpuMemoryGib(),
                        spec.vcpus(),
                        spec.memoryGib()),
                row.region(),
                row.purchaseOption(),
                row.rate(),
                row.effectiveFrom(),
                row.seenUntil(),
                row.provenance()));
    }

    /** What is known to be wrong where this source speaks of that type. */
    static Correction of(Provider provider, InstanceType type, String source) {
        Correction found = Correction.NONE;
        for (Rule rule : RULES) {
            if (rule.concerns(provider, type, source)) {
                found = switch (rule.kind()) {
                    case "left_out" ->
                        new Correction(
                                Optional.of("known to be wrong: " + rule.reason()),
                                found.instanceType(),
                                found.gpuModel(),
                                found.gpuCount());
                    case "instance_type" ->
                        new Correction(
                                found.leftOut(),
                                Optional.of(InstanceType.of(rule.value())),
                                found.gpuModel(),
                                found.gpuCount());
                    case "gpu_model" ->
                        new Correction(
                                found.leftOut(), found.instanceType(), Optional.of(rule.value()), found.gpuCount());
                    case "gpu_count" ->
                        new Correction(
                                found.leftOut(),
                                found.instanceType(),
                                found.gpuModel(),
                                Optional.of(new BigDecimal(rule.value())));
                    default -> throw new IllegalStateException("known-errors.csv: unknown correction " + rule.kind());
                };
            }
        }
        return found;
    }
}
