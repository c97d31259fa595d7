package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The AWS Price List: one file a region with every price of EC2, reservations too, up to half a gigabyte of it. A file is read as it comes, and
 * what is kept of it is the machines that the catalog knows. Its address changes with every publication, so a region is read again only when
 * there is a new one.
 */
final class AwsOffers implements PriceFeed {

    static final String SOURCE = "AWS Price List API";

    private static final String BASE = "https://pricing.us-east-1.amazonaws.com";
    private static final String INDEX = "/offers/v1.0/aws/AmazonEC2/current/region_index.json";

    private static final int MOST_PRODUCTS = 100_000;
    private static final Pattern GPUS = Pattern.compile("[1-9][0-9]?");

    /** How the columns of a CSV file are called in a JSON file. */
    private static final Map<String, String> COLUMNS = Map.ofEntries(
            Map.entry("productFamily", "Product Family"),
            Map.entry("regionCode", "Region Code"),
            Map.entry("locationType", "Location Type"),
            Map.entry("tenancy", "Tenancy"),
            Map.entry("operatingSystem", "Operating System"),
            Map.entry("preInstalledSw", "Pre Installed S/W"),
            Map.entry("licenseModel", "License Model"),
            Map.entry("capacitystatus", "CapacityStatus"),
            Map.entry("marketoption", "MarketOption"),
            Map.entry("operation", "operation"),
            Map.entry("usagetype", "usageType"),
            Map.entry("instanceType", "Instance Type"),
            Map.entry("gpu", "GPU"));

    private static final List<String> NEEDED = List.of(
            "SKU",
            "TermType",
            "EffectiveDate",
            "Unit",
            "PricePerUnit",
            "Currency",
            "Product Family",
            "Location Type",
            "Instance Type",
            "Tenancy",
            "Operating System",
            "License Model",
            "usageType",
            "operation",
            "CapacityStatus",
            "Pre Installed S/W",
            "Region Code");

    private final FeedHost host;
    private final Set<Region> regions;
    private final PriceFeeds.OfferFormat format;

    AwsOffers(Set<Region> regions, PriceFeeds.OfferFormat format) {
        this(FeedHost.of(BASE), regions, format);
    }

    AwsOffers(FeedHost host, Set<Region> regions, PriceFeeds.OfferFormat format) {
        this.host = host;
        this.regions = Set.copyOf(regions);
        this.format = format;
        if (regions.isEmpty()) {
            throw new IllegalArgumentException(
                    "which regions? an offer file has up to half a gigabyte: name those whose prices are wanted");
        }
    }

    @Override
    public String name() {
        return "aws-offers";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        FeedClient.Answer<Map<String, String>> index =
                input.client().read(host, FeedRequest.get(host.path(INDEX), FeedRequest.INDEX), AwsOffers::index);
        return FeedInput.parts(
                regions.stream().sorted().toList(), Region::id, region -> offers(region, index.value(), input));
    }

    /** Where each region's newest file is. */
    static Map<String, String> index(InputStream in) throws IOException {
        JsonNode regions = FeedJson.tree(in).path("regions");
        if (!regions.isObject() || regions.isEmpty()) {
            throw new IllegalArgumentException("the region index has no 'regions'");
        }
        Map<String, String> urls = new HashMap<>();
        regions.forEach(region -> FeedJson.text(region, "currentVersionUrl")
                .ifPresent(url -> urls.put(FeedJson.textOf(region, "regionCode"), url)));
        return Map.copyOf(urls);
    }

    private FeedPart offers(Region region, Map<String, String> index, FeedInput input) {
        String url = index.get(region.id());
        if (url == null) {
            throw new FeedException(
                    FeedException.Kind.REFUSED,
                    "AWS's region index does not know '" + region + "'; it has "
                            + index.keySet().stream().sorted().toList());
        }
        boolean csv = format == PriceFeeds.OfferFormat.CSV;
        String path = csv && url.endsWith(".json") ? url.substring(0, url.length() - ".json".length()) + ".csv" : url;
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .readOnce(
                        host,
                        FeedRequest.get(host.link(path), FeedRequest.LARGE),
                        in -> csv ? csv(in, region, input) : json(in, region, input));
        return FeedPart.of(region.id(), answer);
    }

    /** A machine that is wanted; what it is not, if it is not, is counted. */
    private static Optional<InstanceSpec> wanted(
            Function<String, String> attribute, Region region, FeedInput input, Tally<FeedPrice> tally) {
        Optional<String> other = AwsMeter.isOther(attribute, region.id());
        if (other.isPresent()) {
            tally.drop(other.get());
            return Optional.empty();
        }
        String gpus = attribute.apply("gpu");
        Optional<InstanceSpec> spec;
        try {
            spec = input.spec(Provider.AWS, attribute.apply("instanceType"))
                    .filter(known -> known.gpuModel().isPresent());
        } catch (IllegalArgumentException e) {
            spec = Optional.empty();
        }
        if (spec.isEmpty()) {
            tally.drop(GPUS.matcher(gpus).matches() ? "GPU type that the catalog does not know" : "no GPU");
            return Optional.empty();
        }
        boolean isOther = GPUS.matcher(gpus).matches()
                && spec.get()
                        .gpuCount()
                        .filter(count -> !count.isFraction() && count.numerator() != Integer.parseInt(gpus))
                        .isPresent();
        if (isOther) {
            tally.drop("described otherwise than it is known");
            return Optional.empty();
        }
        return spec;
    }

    /** Products come before the terms that price them, so one pass is enough. */
    static Tally.Kept<FeedPrice> json(InputStream in, Region region, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        AwsTerms terms = new AwsTerms(region, tally);
        Map<String, InstanceSpec> wanted = new HashMap<>();
        boolean hasProducts = false;
        boolean hasTerms = false;
        try (JsonParser json = FeedJson.open(in)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the answer is no object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("version") && value.isScalarValue()) {
                    terms.version(json.getText());
                } else if (name.equals("products") && value == JsonToken.START_OBJECT && !hasProducts) {
                    hasProducts = true;
                    products(json, region, input, tally, wanted);
                } else if (name.equals("terms") && value == JsonToken.START_OBJECT && hasProducts && !hasTerms) {
                    hasTerms = true;
                    terms(json, wanted, terms);
                } else if (name.equals("terms") || name.equals("products")) {
                    throw new IllegalArgumentException(
                            "'products' and 'terms' come once each, in this order, in an offer file");
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IllegalArgumentException("the answer does not end where it should");
            }
        }
        if (!hasTerms) {
            throw new IllegalArgumentException("the answer has no 'products' and 'terms'");
        }
        return terms.done();
    }

    private static void products(
            JsonParser json, Region region, FeedInput input, Tally<FeedPrice> tally, Map<String, InstanceSpec> wanted)
            throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String sku = json.currentName();
            json.nextToken();
            JsonNode product = FeedJson.entry(json);
            tally.read();
            JsonNode attributes = product.path("attributes");
            Optional<InstanceSpec> spec = wanted(
                    name -> name.equals("productFamily")
                            ? FeedJson.textOf(product, name)
                            : FeedJson.textOf(attributes, name),
                    region,
                    input,
                    tally);
            if (spec.isPresent() && wanted.put(sku, spec.get()) != null) {
                throw new IllegalArgumentException("a product is described twice");
            }
            if (wanted.size() > MOST_PRODUCTS) {
                throw new IllegalArgumentException("more than " + MOST_PRODUCTS + " machines with GPUs in one region");
            }
        }
    }

    private static void terms(JsonParser json, Map<String, InstanceSpec> wanted, AwsTerms terms) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String kind = json.currentName();
            boolean isOnDemand = kind.equals("OnDemand");
            if (json.nextToken() != JsonToken.START_OBJECT || !(isOnDemand || kind.equals("Reserved"))) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String sku = json.currentName();
                InstanceSpec spec = wanted.get(sku);
                json.nextToken();
                if (spec == null) {
                    json.skipChildren();
                } else {
                    JsonNode offers = FeedJson.entry(json);
                    offers.forEach(offer -> offer(offer, sku, spec, isOnDemand, terms));
                }
            }
        }
    }

    private static void offer(JsonNode offer, String sku, InstanceSpec spec, boolean isOnDemand, AwsTerms terms) {
        Optional<Instant> since = FeedJson.text(offer, "effectiveDate").flatMap(AwsOffers::instant);
        JsonNode attributes = offer.path("termAttributes");
        String length = FeedJson.textOf(attributes, "LeaseContractLength");
        offer.path("priceDimensions").forEach(dimension -> {
            String unit = FeedJson.textOf(dimension, "unit");
            String usd = FeedJson.textOf(dimension.path("pricePerUnit"), "USD");
            if (isOnDemand && length.isEmpty()) { // some files have reservations among what is on demand
                terms.onDemand(spec, unit, usd, since);
            } else if (!length.isEmpty()) {
                terms.reserved(
                        spec,
                        sku,
                        length,
                        FeedJson.textOf(attributes, "OfferingClass"),
                        FeedJson.textOf(attributes, "PurchaseOption"),
                        unit,
                        usd,
                        since);
            }
        });
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(
                    text.contains("T")
                            ? Instant.parse(text)
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** One price a row; a reservation with a fee has two. */
    static Tally.Kept<FeedPrice> csv(InputStream in, Region region, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        AwsTerms terms = new AwsTerms(region, tally);
        try (AwsCsv csv = AwsCsv.open(in, NEEDED)) {
            terms.version(csv.version());
            while (csv.hasNext()) {
                CsvRecord record = csv.next();
                row(name -> csv.field(record, name), region, input, tally, terms);
            }
        }
        return terms.done();
    }

    private static void row(
            Function<String, String> column, Region region, FeedInput input, Tally<FeedPrice> tally, AwsTerms terms) {
        tally.read();
        Optional<InstanceSpec> spec =
                wanted(name -> column.apply(Objects.requireNonNull(COLUMNS.get(name), name)), region, input, tally);
        if (spec.isEmpty()) {
            return;
        }
        if (!column.apply("Currency").equals("USD")) {
            tally.drop("not in USD");
            return;
        }
        String unit = column.apply("Unit");
        String usd = column.apply("PricePerUnit");
        Optional<Instant> since = instant(column.apply("EffectiveDate"));
        switch (column.apply("TermType")) {
            case "OnDemand" -> terms.onDemand(spec.get(), unit, usd, since);
            case "Reserved" ->
                terms.reserved(
                        spec.get(),
                        column.apply("SKU"),
                        column.apply("LeaseContractLength"),
                        column.apply("OfferingClass"),
                        column.apply("PurchaseOption"),
                        unit,
                        usd,
                        since);
            default -> tally.drop("under terms of another kind");
        }
    }
}
