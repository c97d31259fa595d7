package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.TextReader;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the GPUs that Google Cloud sells by themselves, to be attached to N1 machines, from SKUs of its Cloud Billing Catalog: the
 * array, or the answer that holds it as {@code skus}. Other SKUs are passed over. A price of 0 means that the GPU is not sold there.
 *
 * @param lines what the GPUs cost; the number is the SKU's place in the file
 * @param refused SKUs of such GPUs that cannot be read
 */
record GcpSkus(List<PriceCsv.Line> lines, List<PriceCsv.Refused> refused) {

    /** The whole description: other SKUs say more behind or before it (DWS, Calendar Mode, Reserved, vWS). */
    private static final Pattern ATTACHED_GPU = Pattern.compile("(?<commitment>Commitment v1: )?Nvidia Tesla"
            + " (?<gpu>T4|V100|P100|P4) GPU"
            + " (?<spot>attached to Spot Preemptible VMs )?running in (?<place>.+?)(?: for (?<years>[13]) Years?)?");

    /** Google sells the V100 with 16 GB only. */
    private static final Map<String, String> MODELS =
            Map.of("T4", "T4", "V100", "V100 16GB", "P100", "P100", "P4", "P4");

    private static final BigDecimal NANO = BigDecimal.ONE.movePointLeft(9);

    /** SKUs without their regions name a place. */
    private static final Map<String, List<Region>> PLACES = places();

    private static Map<String, List<Region>> places() {
        InputStream in = Objects.requireNonNull(GcpSkus.class.getResourceAsStream("gcp-places.csv"));
        Map<String, List<Region>> places = new HashMap<>();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder()
                    .ofNamedCsvRecord(reader)
                    .forEach(row -> places.put(
                            row.getField("place"),
                            Pattern.compile(" ")
                                    .splitAsStream(row.getField("regions"))
                                    .map(Region::of)
                                    .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return places;
    }

    static GcpSkus read(Path file, GpuCatalog gpus, LocalDate today, FileOrigin origin) throws IOException {
        JsonNode root;
        try (Reader text = TextReader.open(file)) {
            root = new ObjectMapper().readTree(text);
        }
        JsonNode skus = root.isArray() ? root : root.path("skus");
        if (!skus.isArray()) {
            throw new IllegalArgumentException(file + ": not an answer of the Cloud Billing Catalog: no array of skus");
        }
        List<PriceCsv.Line> lines = new ArrayList<>();
        List<PriceCsv.Refused> refused = new ArrayList<>();
        for (int i = 0; i < skus.size(); i++) {
            Matcher sku = ATTACHED_GPU.matcher(skus.get(i).path("description").asText());
            if (sku.matches()) {
                try {
                    for (PriceRow row : rows(skus.get(i), sku, gpus, today, origin)) {
                        lines.add(new PriceCsv.Line(i + 1L, row));
                    }
                } catch (IllegalArgumentException | DateTimeParseException e) {
                    refused.add(new PriceCsv.Refused(i + 1L, String.valueOf(e.getMessage())));
                }
            }
        }
        return new GcpSkus(lines, refused);
    }

    private static List<PriceRow> rows(
            JsonNode sku, Matcher words, GpuCatalog gpus, LocalDate today, FileOrigin origin) {
        JsonNode pricing = sku.path("pricingInfo").path(0);
        JsonNode tiers = pricing.path("pricingExpression").path("tieredRates");
        String unit = pricing.path("pricingExpression").path("usageUnit").asText();
        if (tiers.size() != 1 || !unit.equals("h")) {
            throw new IllegalArgumentException(
                    "it has " + tiers.size() + " rates per '" + Given.shown(unit) + "', not one per h");
        }
        BigDecimal usd = usd(tiers.path(0).path("unitPrice"));
        if (usd.signum() == 0) {
            return List.of();
        }
        // The time of a publication, the same on every SKU: no price date, but the day this was the list.
        LocalDate day = Instant.parse(pricing.path("effectiveTime").asText())
                .atOffset(ZoneOffset.UTC)
                .toLocalDate();
        if (day.isAfter(today)) {
            throw new IllegalArgumentException("effectiveTime " + day + " lies in the future (today is " + today + ")");
        }
        GpuModel gpu = gpus.model(Objects.requireNonNull(MODELS.get(words.group("gpu"))))
                .orElseThrow();
        InstanceSpec part = new InstanceSpec(
                Provider.GCP,
                InstanceType.of("nvidia-tesla-" + words.group("gpu").toLowerCase(Locale.ROOT)),
                Optional.of(gpu.name()),
                Optional.of(GpuCount.ONE),
                gpu.spec().memoryGib(),
                Optional.empty(),
                Optional.empty());
        Provenance provenance = origin.on(day);
        return regions(sku, words.group("place")).stream()
                .map(region -> PriceRow.seen(part, region, option(words), HourlyRate.usd(usd), day, day, provenance))
                .toList();
    }

    private static BigDecimal usd(JsonNode price) {
        String currency = price.path("currencyCode").asText();
        if (!currency.equals("USD")) {
            throw new IllegalArgumentException("its price is in '" + Given.shown(currency) + "', not in USD");
        }
        return new BigDecimal(price.path("units").asText("0"))
                .add(BigDecimal.valueOf(price.path("nanos").asLong()).multiply(NANO));
    }

    private static PurchaseOption option(Matcher words) {
        if (words.group("commitment") == null) {
            return words.group("spot") == null ? PurchaseOption.ON_DEMAND : PurchaseOption.SPOT;
        }
        return "1".equals(words.group("years")) ? PurchaseOption.COMMITTED_1Y : PurchaseOption.COMMITTED_3Y;
    }

    private static List<Region> regions(JsonNode sku, String place) {
        if (sku.path("serviceRegions").isArray()) {
            List<Region> regions = new ArrayList<>();
            sku.path("serviceRegions").forEach(region -> regions.add(Region.of(region.asText())));
            return regions;
        }
        return Optional.ofNullable(PLACES.get(place))
                .orElseThrow(() -> new IllegalArgumentException("no region is known for '" + Given.shown(place) + "'"));
    }
}
