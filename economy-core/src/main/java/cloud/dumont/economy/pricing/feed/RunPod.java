package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RunPod's GraphQL list of GPUs: prices of one GPU an hour, in its own data centres ("secure") and in those of others ("community"). A price
 * counts only where RunPod says that it sells the GPU there: where it does not, the field holds 0, or a placeholder.
 */
final class RunPod implements PriceFeed {

    private static final String BASE = "https://api.runpod.io";
    private static final String SOURCE = "api.runpod.io";
    private static final Provider PROVIDER = Provider.of("RUNPOD");
    private static final String QUERY =
            "{\"query\":\"query { gpuTypes { id displayName memoryInGb secureCloud communityCloud"
                    + " securePrice communityPrice secureSpotPrice communitySpotPrice } }\"}";

    /** Prices come as binary fractions with their noise: 1.9679999999999997. */
    private static final int DECIMALS = 6;

    /** What the catalog calls otherwise than RunPod does. */
    private static final Map<String, String> OTHER_NAMES = Map.of("h200-sxm", "h200", "b300", "hgx-b300");

    private final FeedHost host;

    RunPod() {
        this(FeedHost.of(BASE));
    }

    RunPod(FeedHost host) {
        this.host = host;
    }

    @Override
    public String name() {
        return "runpod";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer =
                input.client().read(host, FeedRequest.post(host.path("/graphql"), QUERY), in -> parse(in, input));
        return List.of(FeedPart.of(Region.GLOBAL.id(), answer));
    }

    static Tally.Kept<FeedPrice> parse(InputStream in, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        Map<String, JsonNode> fields = FeedJson.list(in, List.of("data", "gpuTypes"), gpu -> {
            tally.read();
            take(gpu, input, tally);
        });
        if (fields.containsKey("errors")) { // with status 200
            throw new IllegalArgumentException("the answer is an error, not a list");
        }
        return OnePrice.each(tally);
    }

    private static void take(JsonNode gpu, FeedInput input, Tally<FeedPrice> tally) {
        Optional<GpuModel> model = GpuNames.model(
                        input.gpus(), FeedJson.textOf(gpu, "id"), GpuNames.memoryGib(FeedJson.text(gpu, "memoryInGb")))
                .or(() -> GpuNames.model(
                        input.gpus(),
                        FeedJson.textOf(gpu, "displayName"),
                        GpuNames.memoryGib(FeedJson.text(gpu, "memoryInGb"))));
        String shown = FeedJson.textOf(gpu, "displayName");
        if (model.isEmpty() || shown.isEmpty()) {
            tally.drop("GPU that is not known, or could be one of several");
            return;
        }
        String slug = GpuNames.slug(shown);
        String type = "runpod-" + OTHER_NAMES.getOrDefault(slug, slug) + "-";
        price(gpu, "secure", type, model.get(), input, tally);
        price(gpu, "community", type, model.get(), input, tally);
    }

    private static void price(
            JsonNode gpu, String cloud, String type, GpuModel model, FeedInput input, Tally<FeedPrice> tally) {
        JsonNode isSold = gpu.path(cloud + "Cloud");
        if (!isSold.isBoolean()) {
            tally.drop("does not say whether it is sold there");
            return;
        }
        if (!isSold.booleanValue()) {
            tally.drop("not sold there");
            return;
        }
        InstanceSpec spec = GpuNames.spec(input, PROVIDER, type + cloud, model, 1);
        if (!spec.gpuModel().equals(Optional.of(model.name()))) {
            tally.drop("described otherwise than it is known");
            return;
        }
        Optional<BigDecimal> onDemand = number(gpu, cloud + "Price");
        onDemand.ifPresentOrElse(
                usd -> keep(usd, spec, PurchaseOption.ON_DEMAND, cloud, tally), () -> tally.drop("no price"));
        // Spot at or above the price on demand is none: RunPod fills the field with that where it sells no spot.
        number(gpu, cloud + "SpotPrice")
                .filter(spot -> onDemand.isPresent() && spot.compareTo(onDemand.get()) < 0)
                .ifPresent(usd -> keep(usd, spec, PurchaseOption.SPOT, cloud, tally));
    }

    private static Optional<BigDecimal> number(JsonNode gpu, String name) {
        JsonNode value = gpu.path(name);
        return value.isNumber()
                ? Optional.of(value.decimalValue()).filter(usd -> Math.abs((long) usd.scale()) < 64)
                : Optional.empty();
    }

    private static void keep(
            BigDecimal usd, InstanceSpec spec, PurchaseOption option, String cloud, Tally<FeedPrice> tally) {
        tally.rate(usd.setScale(DECIMALS, RoundingMode.HALF_EVEN).toString())
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        spec,
                        Region.GLOBAL,
                        option,
                        rate,
                        Optional.empty(),
                        SOURCE,
                        "graphql gpuTypes." + cloud + (option == PurchaseOption.SPOT ? "SpotPrice" : "Price"),
                        "")));
    }
}
