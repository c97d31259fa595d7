package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The data behind AWS's page of on-demand prices: one small document a region, without a key. It is the same list as the offer files, without
 * their hundred thousand other prices, and without a date: a price counts from when it was read.
 */
final class AwsPricingPage implements PriceFeed {

    private static final String BASE = "https://b0.p.awsstatic.com";
    private static final String PATH = "/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel/";
    private static final String SOURCE = "b0.p.awsstatic.com";

    /** Such as 1 and 1,152. */
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,3}(,?[0-9]{3})*");

    /** The names that the page has for each region; where AWS writes it in two ways, both. */
    private static final Map<Region, List<String>> LOCATIONS = locations();

    private final FeedHost host;

    AwsPricingPage() {
        this(FeedHost.of(BASE));
    }

    AwsPricingPage(FeedHost host) {
        this.host = host;
    }

    private static Map<Region, List<String>> locations() {
        InputStream in = Objects.requireNonNull(AwsPricingPage.class.getResourceAsStream("aws-locations.csv"));
        Map<Region, List<String>> locations = new TreeMap<>();
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            CsvReader.builder()
                    .ofNamedCsvRecord(reader)
                    .forEach(row -> locations
                            .computeIfAbsent(Region.of(row.getField("region")), region -> new ArrayList<>())
                            .add(row.getField("location")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return locations;
    }

    @Override
    public String name() {
        return "aws";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        return FeedInput.parts(LOCATIONS.keySet(), Region::id, region -> region(region, input));
    }

    private FeedPart region(Region region, FeedInput input) {
        List<String> names = Objects.requireNonNull(LOCATIONS.get(region));
        for (int i = 0; ; i++) {
            try {
                return location(region, names.get(i), input);
            } catch (FeedException e) {
                if (e.kind() != FeedException.Kind.REFUSED || i == names.size() - 1) {
                    throw e;
                }
            }
        }
    }

    private FeedPart location(Region region, String location, FeedInput input) {
        String path =
                PATH + URLEncoder.encode(location, StandardCharsets.UTF_8).replace("+", "%20") + "/Linux/index.json";
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .read(
                        host,
                        FeedRequest.get(host.path(path), FeedRequest.SMALL),
                        in -> parse(in, region, location, input));
        return FeedPart.of(region.id(), answer);
    }

    /** Entry by entry: a region has a thousand machines, of which a few dozen have GPUs. */
    static Tally.Kept<FeedPrice> parse(InputStream in, Region region, String location, FeedInput input)
            throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        String revision = "";
        boolean found = false;
        try (JsonParser json = FeedJson.open(in)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("the answer is no object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("manifest")) {
                    JsonNode manifest = FeedJson.entry(json);
                    String currency = FeedJson.text(manifest, "currencyCode").orElse("USD");
                    if (!currency.equals("USD")) {
                        throw new IllegalArgumentException("its prices are in another currency than USD");
                    }
                    revision = FeedJson.textOf(manifest, "hawkFilePublicationDate");
                } else if (name.equals("regions") && json.currentToken() == JsonToken.START_OBJECT && !found) {
                    found = true;
                    regions(json, region, location, input, tally);
                } else if (name.equals("regions")) {
                    throw new IllegalArgumentException("'regions' is not what it is in such a list");
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IllegalArgumentException("the answer does not end where it should");
            }
        }
        if (!found) {
            throw new IllegalArgumentException("the answer has no 'regions'");
        }
        return revised(OnePrice.each(tally), location, revision);
    }

    private static void regions(
            JsonParser json, Region region, String location, FeedInput input, Tally<FeedPrice> tally)
            throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a region is not what it is in such a list");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                json.nextToken();
                JsonNode entry = FeedJson.entry(json);
                tally.read();
                take(entry, region, location, input, tally);
            }
        }
    }

    private static void take(JsonNode entry, Region region, String location, FeedInput input, Tally<FeedPrice> tally) {
        String type = FeedJson.textOf(entry, "Instance Type");
        if (type.isEmpty()) {
            tally.drop("no instance type");
            return;
        }
        Optional<InstanceSpec> spec;
        try {
            spec = input.spec(Provider.AWS, type)
                    .filter(known -> known.gpuModel().isPresent());
        } catch (IllegalArgumentException e) {
            tally.drop("no instance type");
            return;
        }
        if (spec.isEmpty()) {
            tally.drop(
                    AwsMeter.isGpuFamily(entry.path("Instance Family").asText())
                            ? "GPU type that the catalog does not know"
                            : "no GPU");
            return;
        }
        if (!FeedJson.text(entry, "Location").map(shown -> isIn(region, shown)).orElse(true)) {
            tally.drop("of another region");
        } else if (!FeedJson.text(entry, "Operating System").orElse("Linux").equals("Linux")) {
            tally.drop("not Linux");
        } else if (!AwsMeter.isNone(FeedJson.textOf(entry, "Pre Installed S/W"))) {
            tally.drop("with software");
        } else if (!FeedJson.text(entry, "License Model")
                .orElse(AwsMeter.NO_LICENCE)
                .equals(AwsMeter.NO_LICENCE)) {
            tally.drop("with a licence");
        } else if (isOtherMachine(entry, spec.get())) {
            tally.drop("described otherwise than it is known");
        } else {
            tally.rate(FeedJson.textOf(entry, "price"))
                    .ifPresent(rate -> tally.keep(new FeedPrice(
                            spec.get(),
                            region,
                            PurchaseOption.ON_DEMAND,
                            rate,
                            Optional.empty(),
                            SOURCE,
                            location,
                            "")));
        }
    }

    private static boolean isIn(Region region, String shown) {
        try {
            return RegionNames.of(Provider.AWS, shown).equals(region);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A count that contradicts what is known of the type says that one of the two means another machine. */
    private static boolean isOtherMachine(JsonNode entry, InstanceSpec spec) {
        return FeedJson.text(entry, "vCPU")
                .filter(count -> WHOLE.matcher(count).matches() && count.length() <= 9)
                .map(count -> Integer.parseInt(count.replace(",", "")))
                .flatMap(count -> spec.vcpus().map(known -> !known.equals(count)))
                .orElse(false);
    }

    private static Tally.Kept<FeedPrice> revised(Tally.Kept<FeedPrice> kept, String location, String revision) {
        return new Tally.Kept<>(
                kept.entries().stream()
                        .map(price -> new FeedPrice(
                                price.spec(),
                                price.region(),
                                price.option(),
                                price.rate(),
                                price.since(),
                                SOURCE,
                                "ec2-ondemand " + location,
                                revision))
                        .sorted(Comparator.comparing(
                                price -> price.spec().instanceType().name()))
                        .toList(),
                kept.read(),
                kept.dropped());
    }
}
