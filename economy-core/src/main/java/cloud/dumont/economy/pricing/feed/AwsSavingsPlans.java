package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AWS's Compute Savings Plans: one CSV file a region. The rate of a plan is all there is to pay for an hour. Plans that are bound to a family of
 * machines are cheaper, and are others; so are those with a fee in advance.
 */
final class AwsSavingsPlans implements PriceFeed {

    private static final String BASE = "https://pricing.us-east-1.amazonaws.com";
    private static final String INDEX = "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json";
    private static final Pattern BOX_USAGE = Pattern.compile("([A-Z0-9]+-)?BoxUsage:(.+)");
    private static final List<String> NEEDED = List.of(
            "EffectiveDate",
            "Unit",
            "DiscountedRate",
            "Currency",
            "DiscountedServiceCode",
            "DiscountedUsageType",
            "DiscountedOperation",
            "PurchaseOption",
            "LeaseContractLength",
            "LeaseContractLengthUnit",
            "Product Family",
            "DiscountedRegionCode");

    private final FeedHost host;
    private final Set<Region> regions;

    AwsSavingsPlans(Set<Region> regions) {
        this(FeedHost.of(BASE), regions);
    }

    AwsSavingsPlans(FeedHost host, Set<Region> regions) {
        this.host = host;
        this.regions = Set.copyOf(regions);
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("which regions? name those whose prices are wanted");
        }
    }

    @Override
    public String name() {
        return "aws-savings-plans";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        Map<String, String> index = input.client()
                .read(host, FeedRequest.get(host.path(INDEX), FeedRequest.INDEX), AwsSavingsPlans::index)
                .value();
        return FeedInput.parts(regions.stream().sorted().toList(), Region::id, region -> plans(region, index, input));
    }

    /** Where each region's newest file is; a list, where that of the offer files is a map. */
    static Map<String, String> index(InputStream in) throws IOException {
        JsonNode regions = FeedJson.tree(in).path("regions");
        if (!regions.isArray() || regions.isEmpty()) {
            throw new IllegalArgumentException("the region index has no 'regions'");
        }
        Map<String, String> urls = new HashMap<>();
        regions.forEach(region -> FeedJson.text(region, "versionUrl")
                .ifPresent(url -> urls.put(FeedJson.textOf(region, "regionCode"), url)));
        return Map.copyOf(urls);
    }

    private FeedPart plans(Region region, Map<String, String> index, FeedInput input) {
        String url = index.get(region.id());
        if (url == null) {
            throw new FeedException(
                    FeedException.Kind.REFUSED,
                    "AWS's index of savings plans does not know '" + region + "'; it has "
                            + index.keySet().stream().sorted().toList());
        }
        String path = url.endsWith(".json") ? url.substring(0, url.length() - ".json".length()) + ".csv" : url;
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .readOnce(host, FeedRequest.get(host.link(path), FeedRequest.LARGE), in -> parse(in, region, input));
        return FeedPart.of(region.id(), answer);
    }

    static Tally.Kept<FeedPrice> parse(InputStream in, Region region, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        try (AwsCsv csv = AwsCsv.open(in, NEEDED)) {
            while (csv.hasNext()) {
                CsvRecord row = csv.next();
                tally.read();
                take(csv, row, region, input, tally);
            }
        }
        return OnePrice.each(tally);
    }

    private static void take(AwsCsv csv, CsvRecord row, Region region, FeedInput input, Tally<FeedPrice> tally) {
        Matcher usage = BOX_USAGE.matcher(csv.field(row, "DiscountedUsageType"));
        if (!csv.field(row, "DiscountedServiceCode").equals("AmazonEC2") || !usage.matches()) {
            tally.drop("no machine on shared hardware");
            return;
        }
        if (!csv.field(row, "DiscountedRegionCode").equals(region.id())) {
            tally.drop("of another region, or of a zone outside it");
            return;
        }
        if (!csv.field(row, "DiscountedOperation").equals("RunInstances")) {
            tally.drop("not Linux, or with software");
            return;
        }
        String length = csv.field(row, "LeaseContractLength");
        boolean isPlan = csv.field(row, "Product Family").equals("ComputeSavingsPlans")
                && csv.field(row, "PurchaseOption").equals("No Upfront")
                && csv.field(row, "LeaseContractLengthUnit").equals("year")
                && (length.equals("1") || length.equals("3"));
        if (!isPlan) {
            tally.drop("a plan of another kind");
            return;
        }
        if (!csv.field(row, "Unit").equals("Hrs") || !csv.field(row, "Currency").equals("USD")) {
            tally.drop("not in USD by the hour");
            return;
        }
        Optional<InstanceSpec> spec;
        try {
            spec = input.spec(Provider.AWS, usage.group(2))
                    .filter(known -> known.gpuModel().isPresent());
        } catch (IllegalArgumentException e) {
            spec = Optional.empty();
        }
        if (spec.isEmpty()) {
            tally.drop("no GPU, or a GPU type that the catalog does not know");
            return;
        }
        InstanceSpec known = spec.get();
        tally.rate(csv.field(row, "DiscountedRate"))
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        known,
                        region,
                        length.equals("1") ? PurchaseOption.SAVINGS_PLAN_1Y : PurchaseOption.SAVINGS_PLAN_3Y,
                        rate,
                        instant(csv.field(row, "EffectiveDate")),
                        AwsOffers.SOURCE,
                        "AWSComputeSavingsPlan " + region + ", No Upfront",
                        csv.version())));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
