package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The real server over a fleet, prices and a clock that are known, so that every figure can be worked out by hand.
 *
 * <p>{@code acme} has a T4 compared since 60 h, a GPU that nobody sells, a T4 whose rate is unknown, and two H100 that ran for 4 h and
 * are hibernated since. {@code globex} has one T4.
 */
final class SiteFixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-08-03T12:00:00Z");
    static final String ACME = "acme-token";
    static final String GLOBEX = "globex-token";
    static final String DEMO = "demo-token";
    static final String NOTHING = "nothing-token";
    static final String EMBEDDER = "https://console.example.com";
    static final String API = "/api/v1/economy";

    /** Moved by hand. */
    volatile Instant now = NOW;

    final HistoryStore history;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Economy economy;
    private final DashboardServer server;
    private final Site site;

    private SiteFixture(HistoryStore history, PriceSource prices, Function<AccountId, PriceOverlay> overlays) {
        this.history = history;
        economy = Economy.builder()
                .history(history)
                .prices(prices)
                .overlays(overlays)
                .time(() -> now)
                .build()
                .start();
        try {
            server = DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        site = new Site(
                economy,
                new Overlays(overlays),
                new Tokens(Map.of(
                        ACME, AccountId.of("acme"),
                        GLOBEX, AccountId.of("globex"),
                        DEMO, DemoFleet.ACCOUNT,
                        NOTHING, AccountId.of("nothing"))),
                new Hosts(List.of("savings.example.com")),
                new Embedding(List.of(EMBEDDER)),
                Budgets.ofThisMachine());
        server.start(site);
    }

    static SiteFixture over(HistoryStore history) {
        return new SiteFixture(history, SiteFixture::prices, account -> PriceOverlay.NONE);
    }

    static SiteFixture withFleet() {
        return withFleet(account -> PriceOverlay.NONE);
    }

    static SiteFixture withFleet(Function<AccountId, PriceOverlay> overlays) {
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        history.append(fleet());
        DemoFleet.settle(history, UsageLedger.builder(history).time(() -> NOW).build(), NOW);
        return new SiteFixture(history, SiteFixture::prices, overlays);
    }

    /** No usage, other prices. */
    static SiteFixture withPrices(PriceSource prices) {
        return new SiteFixture(new InMemoryHistoryStore(), prices, account -> PriceOverlay.NONE);
    }

    static SiteFixture over(HistoryStore history, PriceSource prices) {
        return new SiteFixture(history, prices, account -> PriceOverlay.NONE);
    }

    private static List<UsageInterval> fleet() {
        AccountId acme = AccountId.of("acme");
        Instance hibernated = Instance.builder(acme, "i-h100")
                .gpu("H100 SXM 80GB", 2)
                .region(Region.of("eu-central"))
                .rate(HourlyRate.usd("5"))
                .storageRate(HourlyRate.usd("0.1"))
                .build();
        return List.of(
                running(t4(acme, "i-t4", "0.15"), "2026-08-01T00:00:00Z"),
                running(
                        Instance.builder(acme, "i-unsold")
                                .gpu("MI355X", 1)
                                .region(Region.of("us-east"))
                                .rate(HourlyRate.usd("1"))
                                .build(),
                        "2026-08-03T00:00:00Z"),
                UsageInterval.openFrom(
                        Instance.builder(acme, "i-unknown-rate")
                                .gpu("Tesla T4", 1)
                                .build(),
                        InstanceState.IDLE,
                        Instant.parse("2026-08-03T06:00:00Z")),
                UsageInterval.between(
                        hibernated,
                        InstanceState.RUNNING,
                        Instant.parse("2026-07-30T10:00:00Z"),
                        Instant.parse("2026-07-30T14:00:00Z")),
                UsageInterval.openFrom(hibernated, InstanceState.HIBERNATED, Instant.parse("2026-07-30T14:00:00Z")),
                running(t4(AccountId.of("globex"), "i-globex", "0.2"), "2026-08-03T11:00:00Z"));
    }

    static Instance t4(AccountId account, String id, String rate) {
        return Instance.builder(account, id)
                .gpu("NVIDIA T4", 1)
                .region(Region.of("us-east"))
                .rate(HourlyRate.usd(rate))
                .build();
    }

    static UsageInterval running(Instance instance, String since) {
        return UsageInterval.openFrom(instance, InstanceState.RUNNING, Instant.parse(since));
    }

    static PriceCatalog prices() {
        List<PriceRow> rows = new ArrayList<>();
        rows.add(price(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "ON_DEMAND", "0.526", "2026-07-25"));
        rows.add(price(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "SPOT", "0.2104", "2026-07-25"));
        rows.add(price(Provider.AWS, "us-gov-west-1", "g4dn.xlarge", "T4", "1", "ON_DEMAND", "0.663", "2026-07-25"));
        rows.add(price(
                Provider.AWS, "us-east-1", "p5.48xlarge", "H100 SXM 80GB", "8", "ON_DEMAND", "98.32", "2026-06-01"));
        rows.add(price(
                Provider.AWS, "us-east-1", "p5.48xlarge", "H100 SXM 80GB", "8", "ON_DEMAND", "55.04", "2026-07-28"));
        rows.add(price(Provider.GCP, "us-central1", "n1-t4", "T4", "1", "ON_DEMAND", "0.1", "2026-07-01"));
        rows.add(price(
                Provider.AZURE, "eastus", "NV6ads_A10_v5", "A10", "0.333333", "ON_DEMAND", "0.454", "2026-08-01"));
        return PriceCatalog.of(rows);
    }

    /** Some of what a price list may hold beside plain prices: see PricingTest. */
    /** A price that changed between 11 June and 1 July 2026, at a moment that nobody saw. */
    static PriceCatalog unseenChange() {
        return PriceCatalog.of(rowsOfUnseenChange());
    }

    private static List<PriceRow> rowsOfUnseenChange() {
        InstanceSpec t4 = spec(Provider.GCP, "g2-t4", Optional.of("T4"), Optional.of(GpuCount.ONE));
        Region home = Region.of("us-central1");
        LocalDate day = LocalDate.parse("2026-08-01");
        Provenance list = new Provenance("list", "odd.csv", "", day);
        PurchaseOption onDemand = PurchaseOption.ON_DEMAND;
        return List.of(
                PriceRow.seen(
                        t4,
                        home,
                        onDemand,
                        HourlyRate.usd("2"),
                        LocalDate.parse("2026-06-01"),
                        LocalDate.parse("2026-06-10"),
                        list),
                PriceRow.seen(t4, home, onDemand, HourlyRate.usd("3"), LocalDate.parse("2026-07-01"), day, list));
    }

    static PriceCatalog oddPrices() {
        Region home = Region.of("us-central1");
        LocalDate day = LocalDate.parse("2026-08-01");
        InstanceSpec machine = spec(Provider.GCP, "n1-standard-4", Optional.empty(), Optional.empty());
        InstanceSpec part = new InstanceSpec(
                Provider.GCP,
                InstanceType.of("nvidia-tesla-t4"),
                Optional.of("T4"),
                Optional.of(GpuCount.ONE),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        InstanceSpec uncounted = spec(Provider.AZURE, "uncounted", Optional.of("A10"), Optional.empty());
        InstanceSpec undated = spec(Provider.of("lambda"), "gpu_1x_a10", Optional.of("A10"), Optional.of(GpuCount.ONE));
        Provenance list = new Provenance("list", "odd.csv", "", day);
        PurchaseOption onDemand = PurchaseOption.ON_DEMAND;
        List<PriceRow> rows = new ArrayList<>(rowsOfUnseenChange());
        rows.addAll(List.of(
                PriceRow.seen(machine, home, onDemand, HourlyRate.usd("0.19"), day, day, list),
                PriceRow.seen(part, home, onDemand, HourlyRate.usd("0.35"), day, day, list),
                PriceRow.seen(uncounted, Region.of("eastus"), onDemand, HourlyRate.usd("1"), day, day, list),
                PriceRow.undated(
                        undated,
                        Region.GLOBAL,
                        onDemand,
                        HourlyRate.usd("0.75"),
                        new Provenance("tardellirs/gpu-pricing", "x.json", "", Optional.empty()))));
        return PriceCatalog.of(rows);
    }

    private static InstanceSpec spec(Provider provider, String type, Optional<String> gpu, Optional<GpuCount> count) {
        return new InstanceSpec(
                provider,
                InstanceType.of(type),
                gpu,
                count,
                Optional.empty(),
                Optional.of(4),
                Optional.of(new BigDecimal("16")));
    }

    private static PriceRow price(
            Provider provider,
            String region,
            String type,
            String gpu,
            String count,
            String option,
            String usd,
            String readOn) {
        LocalDate day = LocalDate.parse(readOn);
        GpuCount gpus = count.equals("0.333333") ? new GpuCount(1, 3) : GpuCount.parse(count);
        return new PriceRow(
                spec(provider, type, Optional.of(gpu), Optional.of(gpus)),
                Region.of(region),
                PurchaseOption.valueOf(option),
                HourlyRate.usd(usd),
                day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                new Provenance("list", "aws.csv", "", day));
    }

    URI at(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    /** GET below the API's prefix, and more headers as name, value, name, value. */
    HttpResponse<String> get(String token, String question, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at(API + question)).header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode json(String token, String question) {
        HttpResponse<String> response = get(token, question);
        if (response.statusCode() != 200) {
            throw new AssertionError(question + ": " + response.statusCode() + " " + response.body());
        }
        return parse(response);
    }

    /** The message of a refusal, which has the contract's shape and nothing more. */
    String refusal(int status, String token, String question) {
        HttpResponse<String> response = get(token, question);
        JsonNode body = parse(response);
        if (response.statusCode() != status
                || !names(body).equals(List.of("success", "error"))
                || body.get("success").asBoolean(true)
                || !names(body.get("error")).equals(List.of("code", "message"))) {
            throw new AssertionError(question + ": " + response.statusCode() + " " + response.body());
        }
        return body.at("/error/message").asText();
    }

    static JsonNode parse(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A figure as it was written, digit for digit; null where it is null. */
    static String figure(JsonNode body, String pointer) {
        JsonNode node = body.at(pointer);
        if (node.isNull()) {
            return null;
        }
        if (!node.isNumber()) {
            throw new AssertionError(pointer + " is no number: " + node);
        }
        return node.decimalValue().toPlainString();
    }

    static List<String> words(String text) {
        return Arrays.asList(text.split(" "));
    }

    @Override
    public void close() {
        site.close();
        server.close();
        economy.close();
    }
}
