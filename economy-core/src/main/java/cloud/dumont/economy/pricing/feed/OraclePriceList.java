package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Oracle's public price list: products by part number, those with GPUs by the GPU and hour, one price everywhere. Software for GPUs is sold by the
 * GPU and hour too, and is none.
 */
final class OraclePriceList implements PriceFeed {

    private static final String BASE = "https://apexapps.oracle.com";
    private static final String SOURCE = "apexapps.oracle.com";
    private static final Provider PROVIDER = Provider.of("OCI");
    private static final Pattern COMPUTE = Pattern.compile("Compute - (GPU|Bare Metal|Virtual Machine).*");

    /** Such as {@code OCI - Compute - GPU - MI300X}: what is behind the last dash. */
    private static final Pattern LAST_WORDS = Pattern.compile(".*GPU\\s*-\\s*([^-]+?)\\s*");

    private final FeedHost host;

    OraclePriceList() {
        this(FeedHost.of(BASE));
    }

    OraclePriceList(FeedHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "oci";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .read(
                        host,
                        FeedRequest.get(
                                host.path("/pls/apex/cetools/api/v1/products/?currencyCode=USD"), FeedRequest.SMALL),
                        in -> parse(in, input));
        return List.of(FeedPart.of(Region.GLOBAL.id(), answer));
    }

    static Tally.Kept<FeedPrice> parse(InputStream in, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        Map<String, JsonNode> fields = FeedJson.list(in, List.of("items"), item -> {
            tally.read();
            take(item, input, tally);
        });
        String revision = Optional.ofNullable(fields.get("lastUpdated"))
                .map(JsonNode::asText)
                .filter(text -> text.length() < 64)
                .orElse("");
        Tally.Kept<FeedPrice> kept = OnePrice.each(tally);
        return new Tally.Kept<>(
                kept.entries().stream()
                        .map(price -> new FeedPrice(
                                price.spec(),
                                price.region(),
                                price.option(),
                                price.rate(),
                                price.since(),
                                SOURCE,
                                price.path(),
                                revision))
                        .toList(),
                kept.read(),
                kept.dropped());
    }

    private static void take(JsonNode item, FeedInput input, Tally<FeedPrice> tally) {
        if (!FeedJson.textOf(item, "metricName").equals("GPU Per Hour")) {
            tally.drop("not by the GPU and hour");
            return;
        }
        if (!COMPUTE.matcher(FeedJson.textOf(item, "serviceCategory")).matches()) {
            tally.drop("no machine: software, or another service");
            return;
        }
        String part = FeedJson.textOf(item, "partNumber");
        Optional<InstanceSpec> spec = spec(part, FeedJson.textOf(item, "displayName"), input);
        if (part.isEmpty() || spec.isEmpty()) {
            tally.drop("GPU that is not known, or could be one of several");
            return;
        }
        Optional<String> usd = payAsYouGo(item);
        if (usd.isEmpty()) {
            tally.drop("no price in USD for pay as you go");
            return;
        }
        tally.rate(usd.get())
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        spec.get(),
                        Region.GLOBAL,
                        PurchaseOption.ON_DEMAND,
                        rate,
                        Optional.empty(),
                        SOURCE,
                        "products " + part,
                        "")));
    }

    /** A part that the catalog knows keeps its name there; a display name may change. */
    private static Optional<InstanceSpec> spec(String part, String shown, FeedInput input) {
        if (part.isEmpty() || shown.isEmpty()) {
            return Optional.empty();
        }
        Optional<InstanceType> known = input.catalog().providers().contains(PROVIDER)
                ? input.catalog().instanceTypes(PROVIDER).stream()
                        .filter(type -> type.name().startsWith(part + " "))
                        .findFirst()
                : Optional.empty();
        if (known.isPresent()) {
            return input.spec(PROVIDER, known.get().name());
        }
        var words = LAST_WORDS.matcher(shown);
        if (!words.matches()) {
            return Optional.empty();
        }
        Optional<GpuModel> model = GpuNames.model(input.gpus(), words.group(1), Optional.empty());
        try {
            return model.map(gpu -> GpuNames.spec(input, PROVIDER, part + " " + shown + " (per GPU)", gpu, 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> payAsYouGo(JsonNode item) {
        for (JsonNode currency : item.path("currencyCodeLocalizations")) {
            if (FeedJson.textOf(currency, "currencyCode").equals("USD")) {
                for (JsonNode price : currency.path("prices")) {
                    if (FeedJson.textOf(price, "model").equals("PAY_AS_YOU_GO")) {
                        return FeedJson.text(price, "value");
                    }
                }
            }
        }
        return Optional.empty();
    }
}
