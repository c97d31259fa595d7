package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.provider.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every parser does with what nobody should send: a clear refusal, or the entries that are good; never anything else. */
class HostileFeedsTest {

    private static final Region VIRGINIA = Region.of("us-east-1");

    @FunctionalInterface
    interface Reading {
        Object read(InputStream in) throws IOException;
    }

    static Stream<Arguments> parsers() {
        FeedInput input = Feeds.input();
        String p5 = Feeds.product("A", "p5.48xlarge", Map.of());
        return Stream.of(
                Arguments.of("page", Feeds.page(Feeds.pageEntry("p5.48xlarge", "55.04", "")), (Reading)
                        in -> AwsPricingPage.parse(in, VIRGINIA, "US East (N. Virginia)", input)),
                Arguments.of("offers", Feeds.offers(p5, Feeds.onDemand("A", "55.04"), ""), (Reading)
                        in -> AwsOffers.json(in, VIRGINIA, input)),
                Arguments.of(
                        "index", "{\"regions\":{\"r\":{\"regionCode\":\"r\",\"currentVersionUrl\":\"/x\"}}}", (Reading)
                                AwsOffers::index),
                Arguments.of("azure", Feeds.items(Feeds.item("Standard_NC4as_T4_v3", "eastus", "0.526", "")), (Reading)
                        in -> AzureRetailPrices.page(in, Optional.empty(), input)),
                Arguments.of(
                        "runpod",
                        "{\"data\":{\"gpuTypes\":[{\"id\":\"NVIDIA L40S\",\"displayName\":\"L40S\",\"memoryInGb\":48,"
                                + "\"secureCloud\":true,\"securePrice\":0.99,\"communityCloud\":false}]}}",
                        (Reading) in -> RunPod.parse(in, input)),
                Arguments.of(
                        "vast",
                        "{\"offers\":[{\"gpu_name\":\"H100 SXM\",\"num_gpus\":1,\"gpu_ram\":81559,\"dph_base\":2.5,\"min_bid\":1.5,"
                                + "\"rentable\":true,\"verification\":\"verified\"}]}",
                        (Reading) in -> VastMarket.parse(in, input)),
                Arguments.of(
                        "oci",
                        "{\"items\":[{\"partNumber\":\"B109479\",\"displayName\":\"Compute - GPU - L40S\",\"metricName\":\"GPU Per Hour\","
                                + "\"serviceCategory\":\"Compute - GPU\",\"currencyCodeLocalizations\":[{\"currencyCode\":\"USD\","
                                + "\"prices\":[{\"model\":\"PAY_AS_YOU_GO\",\"value\":3.5}]}]}]}",
                        (Reading) in -> OraclePriceList.parse(in, input)),
                Arguments.of(
                        "lambda",
                        "{\"data\":{\"gpu_8x_h100_sxm5\":{\"instance_type\":{\"name\":\"gpu_8x_h100_sxm5\",\"gpu_description\":\"H100\","
                                + "\"price_cents_per_hour\":2392,\"specs\":{\"gpus\":8}}}}}",
                        (Reading) in -> LambdaCloud.parse(in, input)),
                Arguments.of(
                        "gcp",
                        "{\"skus\":[{\"description\":\"Nvidia L4 GPU running in Americas\",\"category\":{\"resourceGroup\":\"GPU\","
                                + "\"usageType\":\"OnDemand\"},\"serviceRegions\":[\"us-east1\"],\"pricingInfo\":[{\"pricingExpression\":{"
                                + "\"usageUnit\":\"h\",\"tieredRates\":[{\"unitPrice\":{\"currencyCode\":\"USD\",\"units\":\"0\","
                                + "\"nanos\":560000000}}]}}]}]}",
                        (Reading) GcpBilling::page));
    }

    private static void isRefused(Reading reading, byte[] bytes) {
        assertThatThrownBy(() -> reading.read(new ByteArrayInputStream(bytes)))
                .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void good_isRead(String name, String document, Reading reading) throws IOException {
        assertThat(reading.read(Feeds.in(document))).isNotNull();
    }

    /** Cut off anywhere: a list without its end is no list. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void cutOff_isRefused(String name, String document, Reading reading) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            isRefused(reading, Arrays.copyOf(bytes, length));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void deepNesting_isRefused(String name, String document, Reading reading) {
        String deep = "[".repeat(100_000);
        isRefused(reading, deep.getBytes(StandardCharsets.UTF_8));
        isRefused(
                reading, document.replaceFirst("\\{", "{\"deep\":" + deep + ",").getBytes(StandardCharsets.UTF_8));
        isRefused(reading, "{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    }

    /** An entry of megabytes would be kept as a tree of many times that. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void hugeEntries_areRefused(String name, String document, Reading reading) {
        String huge = ":[" + "[],".repeat(1_100_000) + "[]]";
        isRefused(
                reading,
                document.replaceAll(":\"?[A-Za-z0-9. ]+\"?([,}])", ":0$1")
                        .replaceFirst(":0([,}])", huge + "$1")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The same name twice in one object is ambiguous. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void namesTwice_areRefused(String name, String document, Reading reading) {
        String twice = document.replaceAll("(\"[A-Za-z_ ]+\"):(\"?[0-9][A-Za-z0-9.:-]*\"?|true|\"/x\")", "$1:$2,$1:$2");
        assertThat(twice).isNotEqualTo(document);
        isRefused(reading, twice.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void wrongEncoding_isRefused(String name, String document, Reading reading) {
        byte[] bytes =
                document.replaceFirst("\\{", "{\"town\":\"\u00DCbersee\",").getBytes(StandardCharsets.ISO_8859_1);
        isRefused(reading, bytes);
    }

    /** Numbers of a million digits, and of a billion: neither is worked out. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void hugeNumbers_costNothing(String name, String document, Reading reading) {
        for (String huge : new String[] {"9".repeat(1_000_000), "1e999999999", "1e-999999999", "-1", "1e2147483647"}) {
            String mutated = document.replaceAll(":\"?[0-9.]+\"?([,}])", ":" + huge + "$1");
            try {
                reading.read(Feeds.in(mutated));
            } catch (IOException | IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("9".repeat(1000));
            }
        }
    }

    /** Bytes changed by chance: refused, or read, and nothing else. The seed is told. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("parsers")
    void changedBytes_areRefusedOrRead(String name, String document, Reading reading) {
        long seed = Long.getLong("seed", 20261128);
        Random random = new Random(seed);
        byte[] good = document.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = good.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : good[random.nextInt(good.length)];
            }
            try {
                reading.read(new ByteArrayInputStream(bytes));
            } catch (IOException | IllegalArgumentException e) {
                continue; // as it should be
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8), e);
            }
        }
    }
}
