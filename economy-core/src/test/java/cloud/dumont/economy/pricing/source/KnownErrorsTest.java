package cloud.dumont.economy.pricing.source;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.Offer;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceCsv.Undated;
import cloud.dumont.economy.pricing.source.PriceImport.Absurd;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.testing.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was found wrong in the sources is not in the bundled prices, and what was found right is. */
class KnownErrorsTest {

    private static final PriceCatalog BUNDLED = PriceSource.bundled().load();
    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    @TempDir
    Path folder;

    private static ListPrice price(Provider provider, String region, String type, PurchaseOption option) {
        return BUNDLED.price(new Sku(provider, Region.of(region), InstanceType.of(type), option), Instant.MAX);
    }

    private static Stream<Offer> offers(Provider provider, String type) {
        return BUNDLED.offers(provider)
                .filter(offer -> offer.sku().instanceType().name().equals(type));
    }

    private static Tier tier(String gpu, String count, Provider provider) {
        return EquivalencePolicy.standard(GPUS)
                .decide(
                        BUNDLED,
                        new EquivalenceQuery(GPUS.resolve(gpu), GpuCount.parse(count), Baseline.onDemand(provider)))
                .tier();
    }

    /** Google bills A3 Plus SKUs for it; what was put together of A3 ones is no price. */
    @Test
    void a3Mega_hasOnlyWhatGooglesPageSays() {
        assertThat(offers(Provider.GCP, "a3-megagpu-8g")).singleElement().satisfies(offer -> {
            assertThat(offer.sku().purchaseOption()).isEqualTo(PurchaseOption.SPOT);
            assertThat(offer.history().latest().rate()).hasToString("55.894488548 USD/h");
        });
    }

    @Test
    void windowsMetersOfNcc40ads_areGone() {
        assertThat(offers(Provider.AZURE, "Standard_NCC40ads_H100_v5"))
                .allMatch(offer -> offer.sku().purchaseOption() == PurchaseOption.SPOT);
    }

    @Test
    void nc24ads_hasAPcieCard() {
        assertThat(tier("A100 PCIe 80GB", "1", Provider.AZURE)).isEqualTo(Tier.LIKE_FOR_LIKE);
        assertThat(tier("A100 SXM 80GB", "1", Provider.AZURE)).isEqualTo(Tier.SAME_GPU);
    }

    @ParameterizedTest
    @CsvSource({
        "24lds, 0.25",
        "36ds, 0.25",
        "36lds, 0.25",
        "72ds, 0.5",
        "72lds, 0.5",
        "144ds, 1",
        "144lds, 1",
        "288ds, 2",
        "288lds, 2"
    })
    void sizesOfRtxPro6000_haveTheirCountsAndAreSoldToAnyone(String size, String count) {
        assertThat(offers(Provider.AZURE, "Standard_NC" + size + "_xl_RTXPRO6000BSE_v6"))
                .isNotEmpty()
                .allSatisfy(offer -> {
                    assertThat(offer.spec().gpuCount()).contains(GpuCount.parse(count));
                    assertThat(offer.restriction()).isEmpty();
                });
    }

    @Test
    void otherSizesOfRtxPro6000_stayWithoutACount() {
        assertThat(offers(Provider.AZURE, "Standard_NC128lds_xl_RTXPRO6000BSE_v6"))
                .isNotEmpty()
                .allSatisfy(offer -> {
                    assertThat(offer.spec().gpuCount()).isEmpty();
                    assertThat(offer.restriction()).isPresent();
                });
        assertThat(price(Provider.AZURE, "eastus", "Standard_NC144ds_xl_RTXPRO6000BSE_v6", PurchaseOption.ON_DEMAND)
                        .rate())
                .hasToString("6.38 USD/h");
    }

    @Test
    void slippedAndDoubledRowsOfSmallerClouds_areGone() {
        assertThat(offers(Provider.of("crusoe"), "GB200")).isEmpty();
        assertThat(offers(Provider.of("crusoe"), "MI355X")).isEmpty();
        assertThat(BUNDLED.offers(Provider.of("runpod"), PurchaseOption.SPOT)).isEmpty();
        assertThat(BUNDLED.instanceTypes(Provider.of("runpod")))
                .extracting(InstanceType::name)
                .noneMatch(name -> name.contains("secure cloud"))
                .contains("runpod-h100-sxm-secure");
    }

    @Test
    void nv36ads_inCentralus_isWhatAzureAskedInAugust() {
        assertThat(price(Provider.AZURE, "centralus", "Standard_NV36ads_A10_v5", PurchaseOption.ON_DEMAND)
                        .rate())
                .hasToString("3.2 USD/h");
    }

    @Test
    void newerFamilies_areThere() {
        assertThat(tier("H200", "8", Provider.GCP)).isEqualTo(Tier.LIKE_FOR_LIKE);
        assertThat(price(Provider.GCP, "us-central1", "a4-highgpu-8g", PurchaseOption.COMMITTED_3Y)
                        .rate())
                .hasToString("56.7072 USD/h");
        assertThat(price(Provider.AZURE, "eastus", "Standard_ND96isr_H100_v5", PurchaseOption.RESERVED_1Y)
                        .rate())
                .hasToString("62.924772 USD/h");
    }

    /** A catalog that an earlier version made is mended by the next import. */
    @Test
    void catalogWithKnownErrors_isMendedByAnImport() throws IOException {
        PriceCatalog old = PriceCatalog.of(List.of(
                Prices.row(Provider.AZURE, "eastus", "Standard_NC24ads_A100_v4", "A100 SXM 80GB", "1", "3.673")));
        Path file = Files.writeString(folder.resolve("new.csv"), """
                provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,memory_gib,purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of
                azure,westus,Standard_NC24ads_A100_v4,A100,1,80,24,220,on_demand,4.2,repo,path,abc,2026-11-20
                """);

        PriceImport.Result result = new PriceImport(old, GPUS, LocalDate.of(2026, 11, 25), Undated.REFUSED)
                .read(file)
                .finish(Absurd.HELD);

        assertThat(result.refused()).isEmpty();
        assertThat(result.catalog().offers())
                .hasSize(2)
                .allMatch(offer -> offer.spec().gpuModel().orElseThrow().equals("A100 PCIe 80GB"));
    }
}
