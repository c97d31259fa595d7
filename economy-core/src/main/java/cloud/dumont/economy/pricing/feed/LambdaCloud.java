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
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lambda's list of machines, whose prices are whole cents an hour for the machine, the same in every region. It wants a key. */
final class LambdaCloud implements PriceFeed {

    private static final String BASE = "https://cloud.lambda.ai";
    private static final String SOURCE = "cloud.lambda.ai";
    private static final Provider PROVIDER = Provider.of("LAMBDA");

    /** Such as {@code gpu_8x_h100_sxm5}. */
    private static final Pattern GPUS = Pattern.compile("gpu_([1-9][0-9]?)x_.+");

    /** Such as {@code H100 (80 GB SXM5)}. */
    private static final Pattern DESCRIBED = Pattern.compile("(.+?) \\(([0-9]+) GB(?: ([A-Za-z0-9]+))?\\)");

    private final FeedHost host;
    private final Supplier<String> key;

    LambdaCloud(Supplier<String> key) {
        this(FeedHost.of(BASE), key);
    }

    LambdaCloud(FeedHost host, Supplier<String> key) {
        this.host = host;
        this.key = key;
    }

    @Override
    public String name() {
        return "lambda";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .read(
                        host,
                        FeedRequest.get(host.path("/api/v1/instance-types"), FeedRequest.INDEX)
                                .with(Optional.of(FeedRequest.Key.bearer(key))),
                        in -> parse(in, input));
        return List.of(FeedPart.of(Region.GLOBAL.id(), answer));
    }

    static Tally.Kept<FeedPrice> parse(InputStream in, FeedInput input) throws IOException {
        JsonNode data = FeedJson.tree(in).path("data");
        if (!data.isObject()) {
            throw new IllegalArgumentException("the answer has no 'data'");
        }
        Tally<FeedPrice> tally = new Tally<>();
        data.forEach(entry -> {
            tally.read();
            take(entry.path("instance_type"), input, tally);
        });
        return OnePrice.each(tally);
    }

    private static void take(JsonNode type, FeedInput input, Tally<FeedPrice> tally) {
        String name = FeedJson.textOf(type, "name");
        Matcher gpus = GPUS.matcher(name);
        if (!gpus.matches()) {
            tally.drop("no GPU");
            return;
        }
        if (!FeedJson.textOf(type.path("specs"), "gpus").equals(gpus.group(1))) {
            tally.drop("its name and its description count other GPUs");
            return;
        }
        Matcher described = DESCRIBED.matcher(FeedJson.textOf(type, "gpu_description"));
        Optional<GpuModel> model = described.matches()
                ? GpuNames.model(
                        input.gpus(),
                        described.group(1) + (described.group(3) == null ? "" : " " + described.group(3)),
                        GpuNames.memoryGib(Optional.of(described.group(2))))
                : Optional.empty();
        Optional<InstanceSpec> spec = input.spec(PROVIDER, name)
                .or(() -> model.map(gpu -> GpuNames.spec(input, PROVIDER, name, gpu, Integer.parseInt(gpus.group(1)))));
        if (spec.isEmpty()) {
            tally.drop("GPU that is not known, or could be one of several");
            return;
        }
        JsonNode cents = type.path("price_cents_per_hour");
        if (!cents.isIntegralNumber()) {
            tally.drop("no price");
            return;
        }
        tally.rate(new BigDecimal(cents.bigIntegerValue(), 2).toString())
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        spec.get(),
                        Region.GLOBAL,
                        PurchaseOption.ON_DEMAND,
                        rate,
                        Optional.empty(),
                        SOURCE,
                        "api/v1/instance-types",
                        "")));
    }
}
