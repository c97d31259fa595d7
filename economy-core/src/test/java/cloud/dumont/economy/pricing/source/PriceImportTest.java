package cloud.dumont.economy.pricing.source;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
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
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What gets into a catalog, and what is kept out of it. */
class PriceImportTest {

    private static final String HEADER = "provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,"
            + "memory_gib,purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of";
    private static final String OVER_TIME = "provider,region,instance_type,gpu_model,gpu_count,purchase_option,"
            + "usd_per_hour,first_seen,last_seen,source_repo,source_path,source_commit";
    private static final String CHANGES = "provider,region,instance_type,purchase_option,old_usd_per_hour,"
            + "new_usd_per_hour,old_last_seen,new_first_seen,confidence,note,source_repo,source_path,source_commit";
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

    @TempDir
    Path folder;

    private int files;
    private PriceCatalog known = PriceCatalog.of(List.of());

    @BeforeEach
    void knowSomePrices() throws IOException {
        known = read(
                        price("g4dn.xlarge", "T4", 1, 4, "0.526", "2026-07-20"),
                        price("g4dn.2xlarge", "T4", 1, 8, "0.752", "2026-07-20"),
                        price("g4dn.12xlarge", "T4", 4, 48, "3.912", "2026-07-20"),
                        price("p5.4xlarge", "H100", 1, 16, "6.88", "2026-07-20"),
                        price("p5.48xlarge", "H100", 8, 192, "55.04", "2026-07-20"))
                .finish(Absurd.HELD)
                .catalog();
    }

    private static String price(String type, String gpu, int count, int vcpus, String usd, String day) {
        return price("us-east-1", type, gpu, count, vcpus, "on_demand", usd, day);
    }

    private static String price(
            String region, String type, String gpu, int count, int vcpus, String option, String usd, String day) {
        String memory = gpu.equals("T4") ? "16" : "80";
        return "aws,%s,%s,%s,%s,%s,%s,64,%s,%s,repo,path,abc,%s"
                .formatted(region, type, gpu, count, memory, vcpus, option, usd, day);
    }

    private Path file(String header, String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("prices" + files++ + ".csv"),
                Stream.concat(Stream.of(header), Arrays.stream(lines)).collect(Collectors.joining("\n")) + "\n");
    }

    private PriceImport start() {
        return new PriceImport(known, GpuCatalog.bundled(), TODAY, Undated.REFUSED);
    }

    private PriceImport read(String... lines) throws IOException {
        return start().read(file(HEADER, lines));
    }

    private static Sku sku(String type, PurchaseOption option) {
        return new Sku(Provider.AWS, Region.of("us-east-1"), InstanceType.of(type), option);
    }

    private static List<String> prices(PriceImport.Result result, String type) {
        return result.catalog().history(sku(type, PurchaseOption.ON_DEMAND)).orElseThrow().prices().stream()
                .map(ListPrice::rate)
                .map(rate -> rate.toUsd().stripTrailingZeros().toPlainString())
                .toList();
    }

    @Test
    void newPrice_isAddedToWhatIsKnown() throws IOException {
        PriceImport.Result result =
                read(price("p5.48xlarge", "H100", 8, 192, "50", "2026-10-01")).finish(Absurd.HELD);

        assertThat(prices(result, "p5.48xlarge")).containsExactly("50", "55.04");
        assertThat(result.catalog().size()).isEqualTo(known.size());
        assertThat(result.taken()).isEqualTo(1);
        assertThat(result.refused()).isEmpty();
        assertThat(result.held()).isEmpty();
    }

    @Test
    void farJump_isHeldAndTheLastGoodPriceStays() throws IOException {
        for (String absurd : List.of("550.41", "11.5")) {
            PriceImport.Result result = read(
                            price("p5.48xlarge", "H100", 8, 192, absurd, "2026-10-01"),
                            price("p5.4xlarge", "H100", 1, 16, "6.5", "2026-10-01"))
                    .finish(Absurd.HELD);

            assertThat(prices(result, "p5.48xlarge")).containsExactly("55.04");
            assertThat(prices(result, "p5.4xlarge")).containsExactly("6.5", "6.88");
            assertThat(result.held()).singleElement().satisfies(note -> {
                assertThat(note.line()).isEqualTo(2);
                assertThat(note.reason()).contains("p5.48xlarge", "after 55.04 USD/h is more than 4 times away");
            });
        }
    }

    @Test
    void farJump_onceConfirmed_isTaken() throws IOException {
        PriceImport.Result result =
                read(price("p5.48xlarge", "H100", 8, 192, "5.5", "2026-10-01")).finish(Absurd.CONFIRMED);

        assertThat(prices(result, "p5.48xlarge")).containsExactly("5.5", "55.04");
        assertThat(result.held()).isEmpty();
    }

    /** AWS once took 44% off: large, and true. */
    @Test
    void largeTrueCut_isTaken() throws IOException {
        PriceImport.Result result = read(price("p5.48xlarge", "H100", 8, 192, "30.82", "2026-10-01"))
                .finish(Absurd.HELD);

        assertThat(prices(result, "p5.48xlarge")).containsExactly("30.82", "55.04");
    }

    @Test
    void oneNumberOverAFamilyOfSizes_isHeld() throws IOException {
        PriceImport.Result result = read(
                        price("g4dn.xlarge", "T4", 1, 4, "1.3", "2026-10-01"),
                        price("g4dn.2xlarge", "T4", 1, 8, "1.3", "2026-10-01"),
                        price("g4dn.12xlarge", "T4", 4, 48, "1.3", "2026-10-01"))
                .finish(Absurd.HELD);

        assertThat(result.held()).hasSize(3);
        assertThat(result.held().get(0).reason()).contains("1.3 USD/h is given for all 3 prices of T4", "placeholder");
        assertThat(prices(result, "g4dn.xlarge")).containsExactly("0.526");
    }

    @Test
    void oneNumberOverAllRegionsOfAType_isHeldWhereTheyDiffered() throws IOException {
        List<String> regions = List.of("us-east-1", "eu-west-1", "ap-south-1");
        known = read(IntStream.range(0, 3)
                        .mapToObj(i -> price(
                                regions.get(i), "p5.48xlarge", "H100", 8, 192, "on_demand", "6" + i, "2026-08-01"))
                        .toArray(String[]::new))
                .finish(Absurd.HELD)
                .catalog();

        PriceImport.Result result = read(regions.stream()
                        .map(region -> price(region, "p5.48xlarge", "H100", 8, 192, "on_demand", "300.0", "2026-10-01"))
                        .toArray(String[]::new))
                .finish(Absurd.HELD);

        assertThat(result.held()).hasSize(3);
        assertThat(prices(result, "p5.48xlarge")).containsExactly("60", "55.04");
    }

    /** Without anything to compare with: no cloud sells one GPU and eight for one price. */
    @Test
    void oneNumberForOneGpuAndForEight_isHeldEvenInAFirstImport() throws IOException {
        known = PriceCatalog.of(List.of());

        PriceImport.Result result = read(
                        price("p5.4xlarge", "H100", 1, 16, "700.0", "2026-10-01"),
                        price("p5.48xlarge", "H100", 8, 192, "700.0", "2026-10-01"),
                        price("g4dn.xlarge", "T4", 1, 4, "0.526", "2026-10-01"))
                .finish(Absurd.HELD);

        assertThat(result.held()).hasSize(2);
        assertThat(result.taken()).isEqualTo(1);
    }

    @Test
    void familyThatMovesFarToOneNumber_isHeldAlsoWhereItHadOnePrice() throws IOException {
        List<String> regions = List.of("us-east-1", "eu-west-1", "ap-south-1");
        known = all(regions, "113.9328", "2026-08-01").finish(Absurd.HELD).catalog();

        assertThat(all(regions, "700.0", "2026-10-01").finish(Absurd.HELD).held())
                .hasSize(3);
        assertThat(all(regions, "75.955", "2026-10-01").finish(Absurd.HELD).held())
                .isEmpty();
    }

    private PriceImport all(List<String> regions, String usd, String day) throws IOException {
        return read(regions.stream()
                .map(region -> price(region, "p6-b200.48xlarge", "B200", 8, 192, "on_demand", usd, day))
                .toArray(String[]::new));
    }

    @Test
    void familyThatVanishes_isToldAndItsPricesStay() throws IOException {
        PriceImport.Result result =
                read(price("g4dn.xlarge", "T4", 1, 4, "0.5", "2026-10-01")).finish(Absurd.HELD);

        assertThat(result.vanished())
                .containsExactly("AWS H100 SXM 80GB is no longer listed in [us-east-1]: the last good prices stay");
        assertThat(prices(result, "p5.48xlarge")).containsExactly("55.04");
    }

    @Test
    void excerptOfFewFamilies_missesNothing() throws IOException {
        known = read(
                        price("a", "A100", 1, 16, "1", "2026-08-01"),
                        price("b", "L4", 1, 16, "2", "2026-08-01").replace(",80,", ",24,"))
                .finish(Absurd.HELD)
                .catalog();

        assertThat(read(price("g4dn.xlarge", "T4", 1, 4, "0.5", "2026-10-01"))
                        .finish(Absurd.HELD)
                        .vanished())
                .isEmpty();
    }

    @Test
    void lineThatContradictsWhatIsKnown_isRefusedAloneWithItsReason() throws IOException {
        PriceImport.Result result = read(
                        price("p5.48xlarge", "H100", 8, 96, "50", "2026-10-01"),
                        price("p5.48xlarge", "H100", 8, 192, "56", "2026-07-20"),
                        price("p5.48xlarge", "H100", 8, 192, "51", "2026-10-02"))
                .finish(Absurd.HELD);

        assertThat(result.refused()).extracting(PriceImport.Note::line).containsExactly(2L, 3L);
        assertThat(result.refused().get(0).reason()).contains("described twice: vCPUs 192 and 96");
        assertThat(result.refused().get(1).reason()).contains("two prices", "55.04 USD/h", "56 USD/h");
        assertThat(prices(result, "p5.48xlarge")).containsExactly("51", "55.04");
    }

    @Test
    void pricesOverTime_takeMemoryAndGpuFromWhatIsKnownOfTheType() throws IOException {
        known = start().read(file(
                        HEADER,
                        price("p4d.24xlarge", "A100", 8, 96, "21.957642", "2026-07-20")
                                .replace(",80,", ",40,")))
                .finish(Absurd.HELD)
                .catalog();

        PriceImport.Result result = start().read(file(
                        OVER_TIME,
                        "aws,us-east-1,p4d.24xlarge,A100,8,on_demand,32.7726,2023-09-18,2025-04-28,repo,path,a",
                        "aws,us-east-1,p9.24xlarge,A100,8,on_demand,32.7726,2023-09-18,2025-04-28,repo,path,a",
                        "aws,us-east-1,p4d.24xlarge,A100,8,on_demand,21.957642,2025-06-23,2026-07-20,repo,path,a"))
                .finish(Absurd.HELD);

        assertThat(prices(result, "p4d.24xlarge")).containsExactly("21.957642", "32.7726");
        assertThat(result.refused()).singleElement().satisfies(note -> {
            assertThat(note.line()).isEqualTo(3);
            assertThat(note.reason()).contains("ambiguous", "A100 SXM 40GB", "A100 SXM 80GB");
        });
    }

    @Test
    void changes_areTwoSightingsAndWhatTheyDoubtIsPassedOver() throws IOException {
        PriceImport.Result result = start().read(file(
                        CHANGES,
                        "aws,us-east-1,p5.48xlarge,on_demand,98.32,55.04,2025-06-04,2025-06-05,high,cut,repo,path,a",
                        "aws,us-east-1,p5.4xlarge,on_demand,9,6.88,2025-06-04,2025-06-05,low,a slip,repo,path,a",
                        "aws,us-east-1,p9.48xlarge,on_demand,9,8,2025-06-04,2025-06-05,high,,repo,path,a",
                        "aws,us-east-1,p5.48xlarge,on_demand,9,8,2025-06-05,2025-06-05,high,,repo,path,a",
                        "aws,us-east-1,p5.48xlarge,on_demand,9,8,2025-06-04,2025-06-05,sure,,repo,path,a"))
                .finish(Absurd.HELD);

        assertThat(prices(result, "p5.48xlarge")).containsExactly("55.04", "98.32");
        assertThat(prices(result, "p5.4xlarge")).containsExactly("6.88");
        assertThat(result.doubted()).extracting(PriceImport.Note::line).containsExactly(3L);
        assertThat(result.refused())
                .extracting(PriceImport.Note::reason)
                .satisfiesExactlyInAnyOrder(
                        reason -> assertThat(reason).contains("nothing is known of AWS p9.48xlarge"),
                        reason -> assertThat(reason).contains("new_first_seen 2025-06-05 must lie after"),
                        reason -> assertThat(reason).contains("unknown confidence 'sure'", "high, medium, low"));
    }

    @Test
    void undatedPrice_isRefusedUnlessAskedFor() throws IOException {
        Path undated = file(HEADER, price("us-east-1", "g4dn.xlarge", "T4", 1, 4, "spot", "0.2", ""));

        assertThat(start().read(undated).finish(Absurd.HELD).refused())
                .singleElement()
                .satisfies(note -> assertThat(note.reason()).contains("as_of is blank"));
        PriceImport.Result taken = new PriceImport(known, GpuCatalog.bundled(), TODAY, Undated.TAKEN)
                .read(undated)
                .finish(Absurd.HELD);
        assertThat(taken.catalog()
                        .history(sku("g4dn.xlarge", PurchaseOption.SPOT))
                        .orElseThrow()
                        .latest()
                        .provenance()
                        .readOn())
                .isEmpty();
    }

    @Test
    void gcpSkus_areTheGpusThatGoWithN1Machines() throws IOException {
        Path skus = Files.writeString(folder.resolve("skus.json"), """
                {"skus":[
                 %s, %s, %s, %s, %s, %s, %s, %s]}
                """.formatted(
                gcpSku("Nvidia Tesla T4 GPU running in Americas", "0", 350_000_000),
                gcpSku("Nvidia Tesla T4 GPU attached to Spot Preemptible VMs running in Americas", "0", 110_000_000),
                gcpSku("Commitment v1: Nvidia Tesla T4 GPU running in Netherlands for 3 Years", "0", 220_000_000),
                gcpSku("Nvidia Tesla T4 GPU running in Paris", "0", 400_000_000),
                gcpSku("Nvidia Tesla T4 GPU attached to DWS Defined Duration VMs running in Paris", "0", 5),
                gcpSku("Nvidia Tesla V100 GPU running in Warsaw", "0", 0),
                gcpSku("Nvidia Tesla P4 GPU running in Atlantis", "1", 0),
                gcpSku("Nvidia Tesla P100 GPU running in Paris", "1", 5).replace("USD", "EUR")));

        PriceImport.Result result =
                start().readGcpSkus(skus, new FileOrigin("billing", "skus", "")).finish(Absurd.HELD);

        assertThat(result.catalog()
                        .offers(Provider.GCP)
                        .map(offer ->
                                offer.sku() + " " + offer.history().latest().rate()))
                .containsExactlyInAnyOrder(
                        "GCP us-central1 nvidia-tesla-t4 ON_DEMAND 0.35 USD/h",
                        "GCP us-central1 nvidia-tesla-t4 SPOT 0.11 USD/h",
                        "GCP us-east1 nvidia-tesla-t4 ON_DEMAND 0.35 USD/h",
                        "GCP us-east1 nvidia-tesla-t4 SPOT 0.11 USD/h",
                        "GCP us-west1 nvidia-tesla-t4 ON_DEMAND 0.35 USD/h",
                        "GCP us-west1 nvidia-tesla-t4 SPOT 0.11 USD/h",
                        "GCP europe-west4 nvidia-tesla-t4 COMMITTED_3Y 0.22 USD/h"); // and nothing in Paris, which has
        // none
        assertThat(result.refused())
                .extracting(PriceImport.Note::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("'Atlantis'"),
                        reason -> assertThat(reason).contains("'EUR'"));
    }

    private static String gcpSku(String description, String units, int nanos) {
        return """
                {"skuId":"0000-0000-0000","description":"%s","pricingInfo":[{"pricingExpression":{"usageUnit":"h",
                "tieredRates":[{"unitPrice":{"currencyCode":"USD","units":"%s","nanos":%s}}]},
                "effectiveTime":"2025-06-16T20:08:26.437914Z"}]}""".formatted(description, units, nanos);
    }

    @Test
    void whatIsWritten_readsBackAsTheSameCatalog() throws IOException {
        PriceCatalog catalog = start().read(file(
                        OVER_TIME,
                        "aws,us-east-1,p5.48xlarge,,,on_demand,98.32,2023-09-18,2025-06-04,repo,path,a",
                        "aws,us-east-1,p5.48xlarge,,,on_demand,55.04,2025-06-30,2026-07-20,repo,path,a",
                        "aws,,slice,L4,0.333333,spot,1.5,2025-06-30,2026-07-20,\"a \"\"b\"\", c\",path,a"))
                .finish(Absurd.HELD)
                .catalog();

        Path written = Files.writeString(
                folder.resolve("written.csv"), PriceCsv.write(catalog.rows().toList()));
        PriceImport.Result again = new PriceImport(
                        PriceCatalog.of(List.of()), GpuCatalog.bundled(), TODAY, Undated.REFUSED)
                .read(written)
                .finish(Absurd.HELD);

        assertThat(again.refused()).isEmpty();
        assertThat(again.catalog().version()).isEqualTo(catalog.version());
    }
}
