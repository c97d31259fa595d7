package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Vast.ai's market. There is no list price: what is taken is the middle, per GPU, of what verified machines that can be rented now are offered at,
 * named as that. Too few offers are no market.
 */
final class VastMarket implements PriceFeed {

    private static final String BASE = "https://console.vast.ai";
    private static final String SOURCE = "console.vast.ai";
    private static final Provider PROVIDER = Provider.of("VAST-AI");
    private static final String QUERY = "{\"verified\":{\"eq\":true},\"rentable\":{\"eq\":true},\"type\":\"on-demand\","
            + "\"order\":[[\"dph_total\",\"asc\"]],\"limit\":5000}";

    private static final int FEWEST_OFFERS = 3;

    /** A median is no list price: cents are as exact as it is. */
    private static final int DECIMALS = 2;

    private static final Pattern GPUS = Pattern.compile("[1-9][0-9]?");

    private final FeedHost host;

    VastMarket() {
        this(FeedHost.of(BASE));
    }

    VastMarket(FeedHost host) {
        this.host = host;
    }

    /** What the offers of one model cost, per GPU. */
    private record Market(String slug, List<BigDecimal> onDemand, List<BigDecimal> interruptible) {

        Market(String slug) {
            this(slug, new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public String name() {
        return "vast";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        FeedClient.Answer<Tally.Kept<FeedPrice>> answer = input.client()
                .read(host, FeedRequest.post(host.path("/api/v0/bundles/"), QUERY), in -> parse(in, input));
        return List.of(FeedPart.of(Region.GLOBAL.id(), answer));
    }

    static Tally.Kept<FeedPrice> parse(InputStream in, FeedInput input) throws IOException {
        Tally<FeedPrice> tally = new Tally<>();
        Map<String, Market> markets = new TreeMap<>();
        Map<String, GpuModel> models = new TreeMap<>();
        FeedJson.list(in, List.of("offers"), offer -> {
            tally.read();
            take(offer, input, tally, markets, models);
        });
        markets.forEach((name, market) -> {
            GpuModel model = Objects.requireNonNull(models.get(name));
            keep(market.onDemand(), market, model, PurchaseOption.ON_DEMAND, input, tally);
            keep(market.interruptible(), market, model, PurchaseOption.SPOT, input, tally);
        });
        return tally.done();
    }

    private static void take(
            JsonNode offer,
            FeedInput input,
            Tally<FeedPrice> tally,
            Map<String, Market> markets,
            Map<String, GpuModel> models) {
        if (!FeedJson.textOf(offer, "verification").equals("verified")) {
            tally.drop("not verified");
            return;
        }
        if (!offer.path("rentable").asBoolean(false)) {
            tally.drop("not to be rented now");
            return;
        }
        String gpus = FeedJson.textOf(offer, "num_gpus");
        if (!GPUS.matcher(gpus).matches()) {
            tally.drop("a GPU count that no machine has");
            return;
        }
        Optional<GpuModel> model = GpuNames.model(input.gpus(), FeedJson.textOf(offer, "gpu_name"), memory(offer));
        if (model.isEmpty()) {
            tally.drop("GPU that is not known, or could be one of several");
            return;
        }
        Optional<HourlyRate> whole = rate(offer, "dph_base");
        if (whole.isEmpty()) {
            tally.drop("no price");
            return;
        }
        models.put(model.get().name(), model.get());
        Market market = markets.computeIfAbsent(
                model.get().name(), name -> new Market(GpuNames.slug(model.get().name())));
        market.onDemand().add(perGpu(whole.get(), gpus));
        rate(offer, "min_bid")
                .filter(bid -> bid.compareTo(whole.get()) <= 0)
                .ifPresent(bid -> market.interruptible().add(perGpu(bid, gpus)));
    }

    private static Optional<GpuMemory> memory(JsonNode offer) {
        JsonNode mib = offer.path("gpu_ram");
        try {
            return mib.canConvertToLong() && mib.isNumber()
                    ? Optional.of(GpuMemory.ofMib(mib.longValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<HourlyRate> rate(JsonNode offer, String name) {
        JsonNode value = offer.path(name);
        try {
            return value.isNumber()
                    ? Optional.of(HourlyRate.usd(value.decimalValue())).filter(rate -> rate.nanoUsdPerHour() > 0)
                    : Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** An offer is for all of its GPUs. */
    private static BigDecimal perGpu(HourlyRate whole, String gpus) {
        return whole.toUsd().divide(new BigDecimal(gpus), MathContext.DECIMAL64);
    }

    /** A market moves all the time: to follow it more than once a day would fill the catalog with noise. */
    private static boolean isFromToday(InstanceSpec spec, PurchaseOption option, FeedInput input) {
        LocalDate today = input.now().atOffset(ZoneOffset.UTC).toLocalDate();
        return input.catalog()
                .history(new Sku(PROVIDER, Region.GLOBAL, spec.instanceType(), option))
                .flatMap(history -> history.latest().provenance().readOn())
                .filter(today::equals)
                .isPresent();
    }

    private static void keep(
            List<BigDecimal> offers,
            Market market,
            GpuModel model,
            PurchaseOption option,
            FeedInput input,
            Tally<FeedPrice> tally) {
        if (offers.size() < FEWEST_OFFERS) {
            offers.forEach(offer -> tally.drop("of a GPU with fewer than " + FEWEST_OFFERS + " offers"));
            return;
        }
        List<BigDecimal> sorted = offers.stream().sorted().toList();
        BigDecimal upper = sorted.get(sorted.size() / 2);
        BigDecimal lower = sorted.get((sorted.size() - 1) / 2);
        BigDecimal median = upper.add(lower).divide(BigDecimal.valueOf(2), MathContext.DECIMAL64);
        InstanceSpec spec = GpuNames.spec(input, PROVIDER, "vast-ai-" + market.slug() + "-median", model, 1);
        if (isFromToday(spec, option, input)) {
            tally.drop("of a market that was read today");
            return;
        }
        tally.rate(median.setScale(DECIMALS, RoundingMode.HALF_EVEN).toString())
                .ifPresent(rate -> tally.keep(new FeedPrice(
                        spec,
                        Region.GLOBAL,
                        option,
                        rate,
                        Optional.empty(),
                        SOURCE,
                        "api/v0/bundles, median of " + offers.size() + " verified offers",
                        "")));
    }
}
