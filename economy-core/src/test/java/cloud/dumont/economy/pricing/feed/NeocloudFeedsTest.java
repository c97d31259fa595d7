package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.source.PriceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of sellers of GPUs by the hour. */
class NeocloudFeedsTest {

    private static String runPod(String id, String shown, String memory, String more) {
        return "{\"id\":\"" + id + "\",\"displayName\":\"" + shown + "\",\"memoryInGb\":" + memory + more + "}";
    }

    private static Tally.Kept<FeedPrice> runPods(String... gpus) throws IOException {
        return RunPod.parse(Feeds.in("{\"data\":{\"gpuTypes\":[" + String.join(",", gpus) + "]}}"), Feeds.input());
    }

    @Test
    void runPod_sellsInTwoClouds() throws IOException {
        Tally.Kept<FeedPrice> kept = runPods(runPod(
                "NVIDIA H100 80GB HBM3",
                "H100 SXM",
                "80",
                ",\"secureCloud\":true,\"communityCloud\":true,\"securePrice\":3.29,\"communityPrice\":2.6900000000000004,"
                        + "\"secureSpotPrice\":1.75,\"communitySpotPrice\":null"));

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("runpod-h100-sxm-secure global ON_DEMAND", "3.29"),
                        Map.entry("runpod-h100-sxm-secure global SPOT", "1.75"),
                        Map.entry("runpod-h100-sxm-community global ON_DEMAND", "2.69"));
    }

    /** 0, and the 0.5 that stands where it sells nothing, are no prices; nor is spot at the price on demand. */
    @Test
    void runPod_whatIsNotSold_hasNoPrice() throws IOException {
        Tally.Kept<FeedPrice> kept = runPods(
                runPod(
                        "AMD Instinct MI300X OAM",
                        "MI300X",
                        "192",
                        ",\"secureCloud\":true,\"communityCloud\":false,\"securePrice\":2.39,\"communityPrice\":0.5,"
                                + "\"secureSpotPrice\":2.39"),
                runPod(
                        "NVIDIA L40S",
                        "L40S",
                        "48",
                        ",\"secureCloud\":true,\"communityCloud\":false,\"securePrice\":0,\"communityPrice\":0"),
                runPod("unknown", "unknown", "0", ",\"secureCloud\":true,\"securePrice\":0.5"),
                runPod("NVIDIA RTX A4000", "RTX A4000", "16", ",\"securePrice\":0.3"));

        assertThat(Feeds.words(kept.entries()))
                .containsExactly(Map.entry("runpod-mi300x-secure global ON_DEMAND", "2.39"));
        assertThat(kept.dropped())
                .containsOnly(
                        Map.entry("not sold there", 2L),
                        Map.entry("price is 0: not offered, or not charged here", 1L),
                        Map.entry("GPU that is not known, or could be one of several", 1L),
                        Map.entry("does not say whether it is sold there", 2L));
    }

    /** GraphQL says what is wrong with status 200. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"errors\":[{\"message\":\"no\"}]}",
                "{\"errors\":[{\"message\":\"no\"}],\"data\":null}",
                "{\"errors\":[{\"message\":\"no\"}],\"data\":{\"gpuTypes\":[]}}"
            })
    void runPod_errors_areNoList(String answer) {
        assertThatThrownBy(() -> RunPod.parse(Feeds.in(answer), Feeds.input()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String offer(String gpu, int gpus, String price, String more) {
        return "{\"gpu_name\":\"" + gpu + "\",\"num_gpus\":" + gpus + ",\"gpu_ram\":81559,\"dph_base\":" + price
                + ",\"dph_total\":99,\"min_bid\":" + price + ",\"rentable\":true,\"verification\":\"verified\"" + more
                + "}";
    }

    private static Tally.Kept<FeedPrice> vast(String... offers) throws IOException {
        return VastMarket.parse(Feeds.in("{\"offers\":[" + String.join(",", offers) + "]}"), Feeds.input());
    }

    /** Offers are for all of their GPUs; the middle of four is between two of them. */
    @Test
    void vast_isTheMiddleOfTheMarket_perGpu() throws IOException {
        Tally.Kept<FeedPrice> kept = vast(
                offer("H100 SXM", 8, "16", ""),
                offer("H100 SXM", 1, "1.5", ""),
                offer("H100 SXM", 2, "6", ""),
                offer("H100 SXM", 1, "2.5", ""));

        assertThat(kept.entries())
                .filteredOn(price -> price.option().name().equals("ON_DEMAND"))
                .singleElement()
                .satisfies(price -> {
                    assertThat(price.rate().toUsd()).isEqualByComparingTo("2.25");
                    assertThat(price.spec().gpuModel()).contains("H100 SXM 80GB");
                    assertThat(price.path()).contains("median of 4");
                });
    }

    @Test
    void vast_takesOnlyWhatCanBeRented() throws IOException {
        List<String> offers = new ArrayList<>(List.of(
                offer("H100 SXM", 1, "0.1", "").replace("\"verified\"", "\"unverified\""),
                offer("H100 SXM", 1, "0.1", "").replace("true", "false"),
                offer("H100 SXM", 1, "0.1", "").replace("\"num_gpus\":1", "\"num_gpus\":0"),
                offer("H100 SXM", 1, "null", ""),
                offer("Something", 1, "0.1", "")));
        Stream.of("2", "2", "2").map(usd -> offer("H100 SXM", 1, usd, "")).forEach(offers::add);

        Tally.Kept<FeedPrice> kept = vast(offers.toArray(String[]::new));

        assertThat(kept.entries())
                .allSatisfy(price -> assertThat(price.rate().toUsd()).isEqualByComparingTo("2"));
        assertThat(kept.dropped().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(5);
    }

    /** To follow a market all day would fill the catalog with noise. */
    @Test
    void vast_isTakenOnceADay() throws IOException {
        String[] offers = {offer("L4", 1, "0.251", ""), offer("L4", 1, "0.251", ""), offer("L4", 1, "0.251", "")};
        PriceStore store = PriceStore.inMemory(() -> Feeds.SMALL);
        AtomicReference<Instant> now = new AtomicReference<>(Feeds.NOW);
        PriceRefresh refresh = PriceRefresh.builder()
                .client(FeedClientTest.client())
                .feed(new PriceFeed() {
                    @Override
                    public String name() {
                        return "vast";
                    }

                    @Override
                    public List<FeedPart> read(FeedInput input) {
                        try {
                            Tally.Kept<FeedPrice> kept = VastMarket.parse(
                                    Feeds.in("{\"offers\":[" + String.join(",", offers) + "]}"), input);
                            return List.of(new FeedPart(
                                    "all", kept.entries(), kept.read(), kept.dropped(), 0, false, Optional.empty()));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                })
                .build();

        assertThat(refresh.refresh("vast", store, GpuCatalog.bundled(), now::get)
                        .kept())
                .isEqualTo(2);
        now.set(Feeds.NOW.plus(Duration.ofHours(6)));
        assertThat(refresh.refresh("vast", store, GpuCatalog.bundled(), now::get)
                        .kept())
                .isZero();
        now.set(Feeds.NOW.plus(Duration.ofHours(12)));
        assertThat(refresh.refresh("vast", store, GpuCatalog.bundled(), now::get)
                        .unchanged())
                .isEqualTo(2);
    }

    @Test
    void vast_twoOffersAreNoMarket() throws IOException {
        assertThat(vast(offer("H100 SXM", 1, "2", ""), offer("H100 SXM", 1, "2", ""))
                        .entries())
                .isEmpty();
    }

    private static String product(String part, String shown, String metric, String category, String value) {
        return "{\"partNumber\":\"" + part + "\",\"displayName\":\"" + shown + "\",\"metricName\":\"" + metric
                + "\",\"serviceCategory\":\"" + category
                + "\",\"currencyCodeLocalizations\":[{\"currencyCode\":\"USD\",\"prices\":[{"
                + "\"model\":\"PAY_AS_YOU_GO\",\"value\":" + value + "}]}]}";
    }

    /** Software for GPUs, and nodes on loan, are sold by the hour too; a part keeps its name when its display name changes. */
    @Test
    void oracle_sellsGpusByPartNumber() throws IOException {
        String gpu = "GPU Per Hour";
        Tally.Kept<FeedPrice> kept = OraclePriceList.parse(
                Feeds.in("{\"lastUpdated\":\"2026-11-27\",\"items\":["
                        + String.join(
                                ",",
                                product("B109479", "Compute - GPU - L40S (new name)", gpu, "Compute - GPU", "3.5"),
                                product("B999999", "OCI - Compute - GPU - H200", gpu, "Compute - GPU", "10"),
                                product("B1", "AI Enterprise - GPU - H200", gpu, "AI Software", "1"),
                                product("B2", "Cloud@Customer - GPU - H200", gpu, "Compute Cloud@Customer", "5"),
                                product("B3", "VMware - BM.GPU.A10.64", "Node Per Hour", "Compute - VMware", "16"),
                                product("B4", "OCI - Compute - GPU - H100T", gpu, "Compute - GPU - Other", "10.75"))
                        + "]}"),
                Feeds.input());

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("B109479 Compute - GPU - L40S (per GPU) global ON_DEMAND", "3.5"),
                        Map.entry("B999999 OCI - Compute - GPU - H200 (per GPU) global ON_DEMAND", "10"));
        assertThat(kept.entries())
                .allSatisfy(price -> assertThat(price.revision()).isEqualTo("2026-11-27"));
    }

    private static String lambda(String name, String described, String cents, int gpus) {
        return "\"" + name + "\":{\"instance_type\":{\"name\":\"" + name + "\",\"gpu_description\":\"" + described
                + "\",\"price_cents_per_hour\":" + cents + ",\"specs\":{\"vcpus\":208,\"memory_gib\":1800,\"gpus\":"
                + gpus
                + "}},\"regions_with_capacity_available\":[]}";
    }

    /** Whole cents, for the whole machine. */
    @Test
    void lambda_pricesMachinesInCents() throws IOException {
        Tally.Kept<FeedPrice> kept = LambdaCloud.parse(
                Feeds.in("{\"data\":{"
                        + String.join(
                                ",",
                                lambda("gpu_8x_h100_sxm5", "H100 (80 GB SXM5)", "2392", 8),
                                lambda("gpu_2x_h100_sxm5", "H100 (80 GB SXM5)", "638", 2),
                                lambda("gpu_4x_h100_sxm5", "H100 (80 GB SXM5)", "1276", 8),
                                lambda("gpu_1x_h100_sxm5", "H100 (80 GB SXM5)", "23.9", 1),
                                lambda("cpu_4x_general", "N/A", "20", 0))
                        + "}}"),
                Feeds.input());

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("gpu_8x_h100_sxm5 global ON_DEMAND", "23.92"),
                        Map.entry("gpu_2x_h100_sxm5 global ON_DEMAND", "6.38"));
        assertThat(kept.dropped())
                .containsOnly(
                        Map.entry("no GPU", 1L),
                        Map.entry("no price", 1L),
                        Map.entry("its name and its description count other GPUs", 1L));
    }

    @Test
    void lambda_isAskedWithItsKey() {
        try (FeedStub seller = new FeedStub()) {
            List<String> keys = new CopyOnWriteArrayList<>();
            seller.on("/api/v1/instance-types", exchange -> {
                keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
                FeedStub.send(exchange, 200, "{\"data\":{}}".getBytes(StandardCharsets.UTF_8));
            });

            PriceFeeds.lambda(seller.base(), () -> "k").read(Feeds.input());

            assertThat(keys).containsExactly("Bearer k");
        }
    }

    private static String sku(String description, String group, String usage, String unit, String units, long nanos) {
        return "{\"description\":\"" + description + "\",\"category\":{\"resourceGroup\":\"" + group
                + "\",\"usageType\":\""
                + usage
                + "\"},\"serviceRegions\":[\"us-central1\",\"us-east1\"],\"pricingInfo\":[{\"pricingExpression\":{\"usageUnit\":\""
                + unit
                + "\",\"tieredRates\":[{\"startUsageAmount\":0,\"unitPrice\":{\"currencyCode\":\"USD\",\"units\":\""
                + units
                + "\",\"nanos\":" + nanos + "}}]}}]}";
    }

    private static Tally.Kept<FeedPrice> google(Stream<String> skus) throws IOException {
        return GcpBilling.composed(
                List.of(GcpBilling.page(Feeds.in("{\"skus\":[" + skus.collect(Collectors.joining(",")) + "]}"))),
                Feeds.input());
    }

    private static final List<String> A2 = List.of(
            sku("A2 Instance Core running in Americas", "CPU", "OnDemand", "h", "0", 30_000_000),
            sku("A2 Instance Ram running in Americas", "RAM", "OnDemand", "GiBy.h", "0", 4_000_000),
            sku("Nvidia Tesla A100 GPU running in Americas", "GPU", "OnDemand", "h", "3", 0),
            sku("Nvidia Tesla A100 80GB GPU running in Americas", "GPU", "OnDemand", "h", "4", 0),
            sku("SSD backed Local Storage", "LocalSSD", "OnDemand", "GiBy.mo", "0", 73_000_000));

    /** 12 cores, 85 GiB and a GPU; with 80 GB also 375 GiB of disk, by the month of 730 hours. */
    @Test
    void google_machinesArePutTogether() throws IOException {
        Map<String, String> prices = Feeds.words(google(A2.stream()).entries());

        assertThat(prices)
                .containsEntry("a2-highgpu-1g us-central1 ON_DEMAND", "3.7")
                .containsEntry("a2-highgpu-8g us-east1 ON_DEMAND", "29.6")
                .containsEntry("a2-ultragpu-1g us-central1 ON_DEMAND", "5.0775")
                .doesNotContainKey("a3-highgpu-8g us-central1 ON_DEMAND");
    }

    /** What is missing in one part is not offered. */
    @Test
    void google_machineWithoutAPart_isNotOffered() throws IOException {
        for (String missing : A2.subList(0, 2)) {
            assertThat(google(A2.stream().filter(sku -> !sku.equals(missing))).entries())
                    .isEmpty();
        }
        assertThat(Feeds.words(
                        google(A2.stream().filter(sku -> !sku.contains("SSD"))).entries()))
                .containsKey("a2-highgpu-1g us-central1 ON_DEMAND")
                .doesNotContainKey("a2-ultragpu-1g us-central1 ON_DEMAND");
    }

    /** Each of these would double a price, or give a machine away. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Reserved Nvidia Tesla A100 GPU running in Americas",
                "Nvidia Tesla A100 GPU attached to DWS Defined Duration VMs running in Americas",
                "DWS Calendar Mode Nvidia Tesla A100 GPU running in Americas",
                "Nvidia Tesla A100 GPU running in Americas in Calendar Mode",
                "Nvidia Tesla A100 GPU attached to Spot Preemptible VMs running in Americas",
                "Commitment v1: Nvidia Tesla A100 GPU in Americas for 1 Year",
                "Licensing Fee for Ubuntu (GPU cost)",
                "A2 Sole Tenancy Instance Core running in Americas",
                "Reserved A2 Instance Core in Americas",
                "A2 Custom Instance Core running in Americas"
            })
    void google_whatIsSomethingElse_isNoPart(String description) throws IOException {
        String other = sku(description, "GPU", "OnDemand", "h", "1", 0);

        assertThat(Feeds.words(
                        google(Stream.concat(A2.stream(), Stream.of(other))).entries()))
                .isEqualTo(Feeds.words(google(A2.stream()).entries()));
    }

    /** "Commitment v1: Nvidia Tesla A100" begins the name of another card too. */
    @Test
    void google_commitments_areToldApart() throws IOException {
        Stream<String> committed = Stream.of(
                sku("Commitment v1: A2 Cpu in Americas for 3 Years", "CPU", "Commit3Yr", "h", "0", 20_000_000),
                sku("Commitment v1: A2 Ram in Americas for 3 Year", "RAM", "Commit3Yr", "GiBy.h", "0", 2_000_000),
                sku(
                        "Commitment v1: Nvidia Tesla A100 80GB GPU in Americas for 3 Years",
                        "GPU",
                        "Commit3Yr",
                        "h",
                        "2",
                        0),
                sku(
                        "Commitment v1: Nvidia Tesla A100 GPU running in Americas for 3 Year",
                        "GPU",
                        "Commit3Yr",
                        "h",
                        "1",
                        0));

        assertThat(Feeds.words(google(committed).entries()))
                .containsEntry("a2-highgpu-1g us-central1 COMMITTED_3Y", "1.41")
                .doesNotContainKey("a2-ultragpu-1g us-central1 COMMITTED_3Y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"usageUnit\":\"mo\"", "\"usageUnit\":\"GiBy.h\""})
    void google_otherUnits_areNoPrice(String unit) throws IOException {
        Stream<String> skus =
                A2.stream().map(sku -> sku.contains("Tesla A100 GPU") ? sku.replace("\"usageUnit\":\"h\"", unit) : sku);

        assertThat(Feeds.words(google(skus).entries())).doesNotContainKey("a2-highgpu-1g us-central1 ON_DEMAND");
    }

    /** Some regions list a card that they do not sell at 0. */
    @Test
    void google_zero_isNotSold() throws IOException {
        String v100 = sku("Nvidia Tesla V100 GPU running in Americas", "GPU", "OnDemand", "h", "0", 0);

        assertThat(google(Stream.of(v100)).entries()).isEmpty();
    }

    @Test
    void google_twoPricesForAPart_areNone() throws IOException {
        String other = sku("Nvidia Tesla A100 GPU running in Iowa", "GPU", "OnDemand", "h", "9", 0);

        assertThat(Feeds.words(
                        google(Stream.concat(A2.stream(), Stream.of(other))).entries()))
                .doesNotContainKey("a2-highgpu-1g us-central1 ON_DEMAND")
                .containsKey("a2-ultragpu-1g us-central1 ON_DEMAND");
    }

    @Test
    void google_pagesAreFollowed_withTheKeyInAHeader() {
        try (FeedStub seller = new FeedStub()) {
            List<String> keys = new CopyOnWriteArrayList<>();
            seller.on("/v1/services/6F81-5844-456A/skus", exchange -> {
                keys.add(exchange.getRequestHeaders().getFirst("X-Goog-Api-Key"));
                boolean isSecond = exchange.getRequestURI().toString().contains("pageToken=t%2B1");
                String answer = "{\"skus\":[" + String.join(",", isSecond ? A2.subList(2, 5) : A2.subList(0, 2))
                        + "],\"nextPageToken\":\"" + (isSecond ? "" : "t+1") + "\"}";
                FeedStub.send(exchange, 200, answer.getBytes(StandardCharsets.UTF_8));
            });

            List<FeedPart> parts = PriceFeeds.gcp(seller.base(), () -> "k3y").read(Feeds.input());

            assertThat(Feeds.words(parts.get(0).prices())).containsEntry("a2-highgpu-1g us-central1 ON_DEMAND", "3.7");
            assertThat(keys).containsExactly("k3y", "k3y");
            assertThat(seller.asked()).noneMatch(address -> address.contains("k3y"));
        }
    }

    /** An unknown service answers 200 and nothing. */
    @Test
    void google_emptyList_isAFailure() {
        try (FeedStub seller = new FeedStub()) {
            seller.answers("/v1/services/6F81-5844-456A/skus", "{\"skus\":[]}");

            assertThatThrownBy(() -> PriceFeeds.gcp(seller.base(), () -> "k").read(Feeds.input()))
                    .isInstanceOf(FeedException.class)
                    .hasMessageContaining("no SKU at all");
        }
    }
}
