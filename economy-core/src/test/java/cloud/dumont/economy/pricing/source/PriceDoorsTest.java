package cloud.dumont.economy.pricing.source;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.pricing.source.PriceCsv.Undated;
import cloud.dumont.economy.pricing.source.PriceImport.Absurd;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes to the bundled prices from a file: what is absurd stays outside, each kind beside a true price that must come in. */
class PriceDoorsTest {

    private static final String HEADER = "provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,"
            + "memory_gib,purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of";
    private static final PriceCatalog BUNDLED = PriceSource.bundled().load();
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

    @TempDir
    Path folder;

    private PriceImport.Result addLines(String header, String... lines) throws IOException {
        Path file = Files.writeString(
                folder.resolve("prices.csv"),
                Stream.concat(Stream.of(header), Arrays.stream(lines)).collect(Collectors.joining("\n")));
        return new PriceImport(BUNDLED, GpuCatalog.bundled(), TODAY, Undated.REFUSED)
                .read(file)
                .finish(Absurd.HELD);
    }

    private PriceImport.Result add(String... machines) throws IOException {
        return addLines(
                HEADER,
                Arrays.stream(machines)
                        .map(machine -> machine + ",repo,path,abc,2026-11-20")
                        .toArray(String[]::new));
    }

    private static void assertHeld(PriceImport.Result result, String... words) {
        assertThat(result.refused()).isEmpty();
        assertThat(result.held())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains(words));
        assertThat(result.taken()).isZero();
    }

    private static void assertTaken(PriceImport.Result result) {
        assertThat(result.refused()).isEmpty();
        assertThat(result.held()).isEmpty();
        assertThat(result.taken()).isPositive();
    }

    private static String p5(String usd) {
        return "aws,us-east-1,p5.48xlarge,H100,8,80,192,2048,on_demand," + usd;
    }

    @ParameterizedTest
    @CsvSource({
        "6.88, 1/8 of",
        "440.32, 8 times",
        "6.75, 1/8 of",
        "27.52, 1/2 of",
        "13.76, 1/4 of",
        "110.08, 2 times",
        "3.44, 1/16 of"
    })
    void offByTheGpuCount_isHeld(String usd, String words) throws IOException {
        assertHeld(add(p5(usd)), "p5.48xlarge", words, "the last good price");
    }

    /** What AWS and Azure really did: 44%, 33% and 46% off, 16% on. */
    @ParameterizedTest
    @ValueSource(strings = {"30.82", "36.88", "29.83", "63.85", "49.5", "98.32"})
    void trueSteps_areTaken(String usd) throws IOException {
        assertTaken(add(p5(usd)));
    }

    @Test
    void severalFamiliesDividedByTheirCounts_areAllHeld() throws IOException {
        PriceImport.Result result = add(
                p5("6.88"),
                "aws,us-east-1,g6.12xlarge,L4,4,24,48,192,on_demand,1.1504",
                "aws,us-east-1,g5.48xlarge,A10G,8,24,192,768,on_demand,2.036");

        assertThat(result.held()).hasSize(3);
    }

    @Test
    void sliceAsAWholeGpu_isHeld() throws IOException {
        String price = BUNDLED.price(sku("AZURE", "eastus", "Standard_NV6ads_A10_v5"), Instant.MAX)
                .rate()
                .toUsd()
                .multiply(java.math.BigDecimal.valueOf(6))
                .toPlainString();

        assertHeld(add("azure,eastus,Standard_NV6ads_A10_v5,A10,0.166667,4,6,55,on_demand," + price), "6 times");
    }

    /** Per month, per second, per thousand, in cents: of a price that is known, and of one that is not. */
    @ParameterizedTest
    @ValueSource(strings = {"40179.2", "0.015289", "0.05504", "5504"})
    void anotherUnit_isHeld(String usd) throws IOException {
        assertHeld(add(p5(usd)), "more than 4 times away");
        assertHeld(add("aws,mx-central-1,p5.48xlarge,H100,8,80,192,2048,on_demand," + usd), "the same type");
        assertHeld(add("aws,us-east-1,p5.new,H100,8,80,192,2048,on_demand," + usd), "AWS takes for one H100");
        assertHeld(add("newcomer,,h100-8,H100,8,80,192,2048,on_demand," + usd), "the middle of the market");
    }

    @ParameterizedTest
    @CsvSource({
        "aws us-east-1 g6.new1 L4 1 24, 0.0011",
        "aws us-east-1 b200.new B200 1 180, 0.01",
        "aws mx-central-1 g6.xlarge L4 1 24, 587.5",
        "newcomer x b200 B200 1 180, 0.01",
        "aws us-east-1 new RTX_3070 1 8, 0.0001"
    })
    void firstPriceFarFromItsPeers_isHeldUntilItIsConfirmed(String machine, String usd) throws IOException {
        String[] parts = machine.split(" ");
        String line = String.join(",", parts) + ",,,on_demand," + usd;
        assertHeld(add(line), usd);

        PriceImport confirmed = new PriceImport(BUNDLED, GpuCatalog.bundled(), TODAY, Undated.REFUSED)
                .read(folder.resolve("prices.csv"));
        assertThat(confirmed.finish(Absurd.CONFIRMED).taken()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws,mx-central-1,g6.xlarge,L4,1,24,4,16,on_demand,0.93",
                "aws,us-east-1,g6.new1,L4,1,24,4,16,on_demand,0.7",
                "aws,mx-central-1,p5.48xlarge,H100,8,80,192,2048,spot,17.63",
                "newcomer,,h100,H100,1,80,,,on_demand,1.35",
                "newcomer,,b200,B200,1,180,,,on_demand,3.1",
                "azure,eastus,Standard_NC144ds_xl_RTXPRO6000BSE_v6,RTX PRO 6000 Blackwell Server Edition,1,96,144,516,on_demand,7.4"
            })
    void trueFirstPrices_areTaken(String line) throws IOException {
        assertTaken(add(line));
    }

    @Test
    void spotAboveOnDemand_isToldAndNeverAnEquivalent() throws IOException {
        String machine = "aws,us-east-1,g6e.xlarge,L40S,1,48,4,32,spot,";
        PriceImport.Result above = add(machine + "3.72");

        assertThat(above.taken()).isEqualTo(1);
        assertThat(above.told())
                .singleElement()
                .satisfies(note -> assertThat(note.reason())
                        .contains("3.72 USD/h is above the on-demand price, 1.861 USD/h", "never an equivalent"));
        assertThat(spotTier(above.catalog())).isEqualTo(Tier.NONE);

        PriceImport.Result below = add(machine + "1.12");
        assertThat(below.told()).isEmpty();
        assertThat(spotTier(below.catalog())).isEqualTo(Tier.LIKE_FOR_LIKE);
    }

    private static Tier spotTier(PriceCatalog catalog) {
        GpuCatalog gpus = GpuCatalog.bundled();
        return EquivalencePolicy.standard(gpus)
                .decide(
                        catalog,
                        new EquivalenceQuery(
                                gpus.resolve("L40S"),
                                GpuCount.ONE,
                                Baseline.onDemand(Provider.AWS).withPurchaseOption(PurchaseOption.SPOT)))
                .tier();
    }

    @Test
    void reservedAboveOnDemand_isTold() throws IOException {
        assertThat(add("aws,us-east-1,g6e.xlarge,L40S,1,48,4,32,reserved_1y,1.9")
                        .told())
                .hasSize(1);
        assertThat(add("aws,us-east-1,g6e.xlarge,L40S,1,48,4,32,reserved_1y,1.17")
                        .told())
                .isEmpty();
    }

    @Test
    void windowsMeterOfAKnownPrice_isHeld() throws IOException {
        assertHeld(add("azure,eastus2,Standard_NC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,8.82"), "Windows");
        assertTaken(add("azure,eastus2,Standard_NC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,7.33"));
    }

    @Test
    void windowsMeterOfTheSameHardware_isHeldAsAFirstPrice() throws IOException {
        assertHeld(
                add("azure,eastus2,Standard_NCC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,8.82"),
                "Standard_NC40ads_H100_v5",
                "Windows");
        assertTaken(add("azure,eastus2,Standard_NCC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,6.98"));
    }

    /** A catalog that knows nothing yet is held against the prices that come with the library. */
    @Test
    void newCatalogs_areHeldAgainstTheBundledPrices() throws IOException {
        String half = "gcp,us-central1,a2-highgpu-2g,A100 SXM 40GB,2,40,24,170,on_demand,3.67,repo,path,abc,2026-11-20";
        String spot = "aws,us-east-1,g6e.xlarge,L40S,1,48,4,32,spot,3.72,repo,path,abc,2026-11-20";
        String good = "gcp,us-central1,a2-highgpu-1g,A100 SXM 40GB,1,40,12,85,on_demand,3.67,repo,path,abc,2026-11-20";
        Path file = Files.writeString(folder.resolve("first.csv"), String.join("\n", HEADER, half, spot, good));

        PriceImport.Result result = new PriceImport(
                        PriceCatalog.of(List.of()), GpuCatalog.bundled(), TODAY, Undated.REFUSED)
                .read(file)
                .finish(Absurd.HELD);

        assertHeldBeside(result, 2, "1/2 of the last good price");
        assertThat(result.told())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains("above the on-demand price, 1.861 USD/h"));
    }

    private static void assertHeldBeside(PriceImport.Result result, int taken, String words) {
        assertThat(result.refused()).isEmpty();
        assertThat(result.held())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains(words));
        assertThat(result.taken()).isEqualTo(taken);
    }

    /** Azure takes as much off Windows as off the machine: what its Retail Prices had in September 2026 for the first of these and 10.551811. */
    @ParameterizedTest
    @CsvSource({
        "azure,westeurope,Standard_ND96amsr_A100_v4,A100 SXM 80GB,8,80,96,1800,10.551811,11.367888",
        "azure,eastus,Standard_NC40ads_H100_v5,H100 NVL 94GB,1,94,40,320,1.2899,1.629936"
    })
    void windowsMetersOnSpot_areToldApart(
            String provider,
            String region,
            String type,
            String gpu,
            String count,
            String memory,
            String vcpus,
            String host,
            String linux,
            String windows)
            throws IOException {
        String machine = String.join(",", provider, region, type, gpu, count, memory, vcpus, host, "spot,");

        PriceImport.Result both = add(machine + windows, machine + linux);
        assertTaken(both);
        assertThat(both.leftOut())
                .singleElement()
                .satisfies(note -> assertThat(note.line()).isEqualTo(2));
        assertHeld(add(machine + windows), "Windows");
        assertTaken(add(machine + linux));
    }

    @Test
    void windowsMeterAsAFirstSpotPrice_isHeldAtAzuresUsualShare() throws IOException {
        String machine = "azure,canadacentral,Standard_NC80adis_H100_v5,H100 NVL 94GB,2,94,80,640,spot,";

        assertHeld(add(machine + "3.854928"), "0.1848, of 17.18 USD/h", "Windows"); // 0.1848 x (17.18 + 80 x 0.046)
        assertTaken(add(machine + "3.174864")); // 0.1848 x 17.18
    }

    @Test
    void windowsAndLinuxOfOneKey_areToldApartInEitherOrder() throws IOException {
        String linux = "azure,eastus2,Standard_NCC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,6.98";
        String windows = "azure,eastus2,Standard_NCC40ads_H100_v5,H100 NVL,1,94,40,320,on_demand,8.82";
        for (List<String> order : List.of(List.of(linux, windows), List.of(windows, linux))) {
            PriceImport.Result result = add(order.toArray(String[]::new));

            assertTaken(result);
            assertThat(result.leftOut()).singleElement().satisfies(note -> {
                assertThat(note.line()).isEqualTo(2 + order.indexOf(windows));
                assertThat(note.reason()).contains("Windows");
            });
            assertThat(result.catalog()
                            .price(sku("AZURE", "eastus2", "Standard_NCC40ads_H100_v5"), Instant.MAX)
                            .rate())
                    .hasToString("6.98 USD/h");
        }
    }

    private static Sku sku(String provider, String region, String type) {
        return new Sku(Provider.of(provider), Region.of(region), InstanceType.of(type), PurchaseOption.ON_DEMAND);
    }

    @ParameterizedTest
    @CsvSource({
        "operating_system, Windows, Linux",
        "tenancy, Dedicated, Shared",
        "license_model, Bring your own license, No License required"
    })
    void otherMeters_areLeftOutWhereAColumnSaysSo(String column, String other, String own) throws IOException {
        String line = p5("60") + ",repo,path,abc,2026-11-20,";

        assertThat(addLines(HEADER + "," + column, line + other).leftOut())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains(column, other));
        assertTaken(addLines(HEADER + "," + column, line + own));
    }

    @Test
    void anotherCurrencyOrUnit_isRefusedByName() throws IOException {
        String line = p5("60") + ",repo,path,abc,2026-11-20,";

        assertThat(addLines(HEADER + ",currency", line + "CNY").refused())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains("currency is 'CNY'"));
        assertThat(addLines(HEADER + ",unit", line + "month").refused()).hasSize(1);
        assertTaken(addLines(HEADER + ",currency", line + "usd"));
        assertTaken(addLines(HEADER + ",unit", line + "Hrs"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws | US East (N. Virginia) | us-east-1",
                "aws | EU (Frankfurt) | eu-central-1",
                "azure | East US | eastus",
                "azure | uk south | uksouth",
                "gcp | Iowa | us-central1",
                "gcp | us-central1 (Iowa) | us-central1",
                "aws | US-EAST-1 | us-east-1",
                "aws | us-east-1-wl1-atl1 | us-east-1-wl1-atl1",
                "neo | EU - Paris | eu - paris"
            })
    void displayNames_areTheRegionTheyMean(String provider, String name, String region) {
        assertThat(RegionNames.of(Provider.of(provider), name)).isEqualTo(Region.of(region));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"aws | US East (Nowhere)", "azure | US East", "gcp | Atlantis", "aws | Virginia"})
    void displayNamesThatNobodyKnows_areRefused(String provider, String name) throws IOException {
        assertThat(add("%s,%s,new.type,T4,1,16,4,16,on_demand,0.5".formatted(provider, name))
                        .refused())
                .singleElement()
                .satisfies(
                        note -> assertThat(note.reason()).contains("'" + name + "'", "write it as its interfaces do"));
    }

    @Test
    void displayNamesInABaseline_areTheRegionTheyMean() {
        assertThat(Baseline.onDemand(Provider.AZURE).withRegion(Region.of("East US")))
                .isEqualTo(Baseline.onDemand(Provider.AZURE).withRegion(Region.of("eastus")));
        assertThat(Baseline.onDemand(Provider.AZURE)
                        .withRegion(Region.of("US East"))
                        .region())
                .contains(Region.of("us east"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws,us-east-1,g6.\u202Exlarge,L4,1,24,4,16,on_demand,0.81",
                "aws,us-east-1,g6.\u200Bxlarge,L4,1,24,4,16,on_demand,0.81",
                "aws,us-\u2066east-1,g6.xlarge,L4,1,24,4,16,on_demand,0.81",
                "aws,us-east-1,g6.xlarge,L4\u061C,1,24,4,16,on_demand,0.81"
            })
    void whatIsNotSeenInsideAName_isRefused(String line) throws IOException {
        assertThat(add(line).refused())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains("U+"));
    }

    @Test
    void blanksThatAreNotSeenAtTheEnds_areCut() throws IOException {
        assertTaken(add("aws,us-east-1\u00A0,\u200Bg6.xlarge\uFEFF,L4,1,24,4,16,on_demand,0.81"));
    }

    @ParameterizedTest
    @CsvSource({"H100,8,640", "H100 SXM,2,160", "H100 SXM,1,640", "L4,4,96"})
    void memoryTimesTheCount_isRefused(String gpu, String count, String memory) throws IOException {
        assertThat(add("aws,us-east-1,new.type,%s,%s,%s,4,16,on_demand,5".formatted(gpu, count, memory))
                        .refused())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains(memory));
    }

    @Test
    void memoryOfOneGpuOrOfASlice_isTaken() throws IOException {
        assertTaken(add("aws,us-east-1,new.type,H100,8,80,192,2048,on_demand,55"));
        assertTaken(add("aws,us-east-1,new.type,L4,0.125,3,2,8,on_demand,0.2"));
    }

    @Test
    void azureNamesInAnotherCase_areTheSameType() throws IOException {
        PriceImport.Result result = add("azure,eastus,standard_nc40ads_h100_v5,H100 NVL,1,94,40,320,on_demand,7.1");

        assertTaken(result);
        assertThat(result.catalog().size()).isEqualTo(BUNDLED.size());
        assertThat(result.catalog()
                        .price(sku("AZURE", "eastus", "STANDARD_NC40ADS_H100_V5"), Instant.MAX)
                        .sku()
                        .instanceType())
                .isEqualTo(InstanceType.of("Standard_NC40ads_H100_v5"));
        assertThat(BUNDLED.history(sku("AWS", "us-east-1", "P5.48xlarge"))).isEmpty();
    }
}
