package cloud.dumont.economy.pricing.source;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayCsvTest {

    private static final String HEADER =
            "account_id,rule,provider,instance_type,region,purchase_option,value,gpu_model,gpu_count,as_of,reason\n";

    @TempDir
    Path folder;

    private OverlayCsv read(String lines) throws IOException {
        return OverlayCsv.read(Files.writeString(folder.resolve("overlay.csv"), HEADER + lines), GpuCatalog.bundled());
    }

    @Test
    void everyRule_isWhatTheBuilderMakesOfIt() throws IOException {
        OverlayCsv csv = read("""
                acme,discount,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026
                acme,exclude,gcp,,us-central1,,,,,,no quota
                """);

        assertThat(csv.refused()).isEmpty();
        assertThat(csv.of("acme"))
                .isEqualTo(PriceOverlay.builder()
                        .discount(
                                OfferFilter.of(Provider.AWS)
                                        .withInstanceTypes("p5.4xlarge")
                                        .withPurchaseOption(PurchaseOption.ON_DEMAND),
                                BigDecimal.valueOf(45),
                                "EDP 2026")
                        .exclude(
                                OfferFilter.of(Provider.GCP)
                                        .withRegion(cloud.dumont.economy.provider.Region.of("us-central1")),
                                "no quota")
                        .build());
    }

    @Test
    void ownPrice_isAPriceOfTheCatalog() throws IOException {
        OverlayCsv csv = read("acme,price,ours,rack-8,berlin,on_demand,9.5,A100 80GB,8,2026-01-01,our rack\n");

        PriceCatalog catalog = PriceCatalog.of(List.of()).with(csv.of("acme"));

        assertThat(catalog.offers()).singleElement().satisfies(offer -> {
            assertThat(offer.history().latest().rate()).isEqualTo(HourlyRate.usd("9.5"));
            assertThat(offer.history().latest().provenance().source()).isEqualTo("our rack");
            assertThat(offer.spec().gpuModel()).contains("A100 SXM 80GB");
        });
    }

    @Test
    void accountWithoutLines_takesEverybodysOrNone() throws IOException {
        OverlayCsv csv = read("*,discount,aws,,,,5,,,,all\nacme,discount,aws,,,,45,,,,acme\n");

        assertThat(csv.of("acme")).isNotEqualTo(csv.of("other"));
        assertThat(csv.of("other")).isEqualTo(csv.of("*"));
        assertThat(read("").of("acme")).isEqualTo(PriceOverlay.NONE);
    }

    @Test
    void badLine_isRefusedWithItsReasonAndTheOthersStay() throws IOException {
        OverlayCsv csv = read("""
                acme,gift,aws,,,,5,,,,
                acme,discount,aws,,,,500,,,,
                acme,discount,aws,,,lease,5,,,,
                acme,price,aws,x,,on_demand,-1,,,2026-01-01,
                acme,price,aws,x,,on_demand,1,A100,,2026-01-01,
                acme,price,aws,x,,on_demand,1,,,,
                ,discount,aws,,,,5,,,,
                acme,discount,aws,,,,5,,,,good
                """);

        assertThat(csv.refused())
                .extracting(line -> line.line() + ": " + line.reason())
                .satisfiesExactly(
                        line -> assertThat(line).contains("2: unknown rule 'gift'; known: discount, exclude, price"),
                        line -> assertThat(line).contains("3: a discount must be 0 to 100 percent", "not 500"),
                        line -> assertThat(line).contains("4: unknown purchase option 'lease'"),
                        line -> assertThat(line).contains("5: value must be above 0, not -1"),
                        line -> assertThat(line).contains("6: gpu_model 'A100' is not one known GPU"),
                        line -> assertThat(line).contains("7: as_of is blank"),
                        line -> assertThat(line).contains("8: account_id is blank"));
        assertThat(csv.of("acme")).isNotEqualTo(PriceOverlay.NONE);
    }

    private List<String> unmatched(String lines) throws IOException {
        OverlayCsv csv = read(lines);
        assertThat(csv.refused()).isEmpty();
        return csv.check(PriceSource.bundled().load()).unmatched().stream()
                .map(PriceCsv.Refused::reason)
                .toList();
    }

    @Test
    void lineThatReachesNothing_isFoundWithTheNamesThatComeNearest() throws IOException {
        assertThat(unmatched("""
                acme,discount,microsoft,,,,5,,,,
                acme,discount,aws,p5.48large,,,5,,,,
                acme,discount,aws,p5.48xlarge,us-east-11,,5,,,,
                acme,discount,gcp,g2-*,us-central1,reserved_1y,5,,,,
                acme,exclude,aws,P5.48xlarge,,,,,,,
                """))
                .satisfiesExactly(
                        line -> assertThat(line).contains("nobody called 'MICROSOFT'", "nearest of"),
                        line -> assertThat(line).contains("no instance type is called 'p5.48large'", "p5.48xlarge"),
                        line -> assertThat(line).contains("'us-east-11'", "us-east-1"),
                        line -> assertThat(line).contains("under RESERVED_1Y"),
                        line -> assertThat(line).contains("P5.48xlarge", "p5.48xlarge"));
        assertThat(unmatched("""
                acme,price,aws,p5.48large,,on_demand,5,,,2026-01-01,
                acme,price,microsoft,x,,on_demand,5,,,2026-01-01,
                acme,price,aws,p5.48xlarge,us-east-11,on_demand,50,,,2026-01-01,
                """))
                .satisfiesExactly(
                        line -> assertThat(line).contains("p5.48large", "needs gpu_model and gpu_count"),
                        line -> assertThat(line).contains("MICROSOFT", "needs gpu_model and gpu_count"),
                        line -> assertThat(line).contains("unknown region 'us-east-11' of AWS"));
    }

    @Test
    void lineThatReachesSomething_isNotTold() throws IOException {
        assertThat(unmatched("""
                acme,discount,azure,standard_nc40ads_h100_v5,East US,,5,,,,
                acme,discount,aws,p5.*,US East (N. Virginia),on_demand,5,,,,
                acme,exclude,gcp,,,,,,,,
                acme,price,ours,rack-8,berlin,on_demand,9.5,A100 80GB,8,2026-01-01,our rack
                acme,discount,ours,rack-8,,,5,,,,its own
                acme,price,aws,p5.48xlarge,,on_demand,40,,,2026-01-01,
                """)).isEmpty();
    }

    @Test
    void azureNameInAnotherCase_isDiscounted() throws IOException {
        PriceCatalog catalog = PriceSource.bundled().load().with(read("""
                        acme,discount,azure,standard_nc40ads_h100_v5,,,50,,,,half
                        acme,price,azure,STANDARD_NC80adis_h100_v5,eastus,on_demand,9,,,2026-01-01,own
                        """).of("acme"));

        assertThat(catalog.offers()
                        .filter(offer -> offer.sku().instanceType().name().equals("Standard_NC40ads_H100_v5")))
                .isNotEmpty()
                .allMatch(offer -> offer.negotiated().isPresent());
        assertThat(catalog.offers()
                        .filter(offer ->
                                offer.history().latest().provenance().source().equals("own")))
                .singleElement()
                .satisfies(
                        offer -> assertThat(offer.sku().instanceType().name()).isEqualTo("Standard_NC80adis_H100_v5"));
    }

    @Test
    void ownPriceThatLooksLikeASlip_isTold() throws IOException {
        String machine = "acme,price,azure,Standard_NC40ads_H100_v5,eastus,on_demand,%s,,,2026-09-30,\n";
        PriceCatalog list = PriceSource.bundled().load();
        for (String slip : List.of("0.0069", "5095.4")) {
            assertThat(read(machine.formatted(slip)).check(list).doubtful())
                    .singleElement()
                    .satisfies(line -> assertThat(line.reason()).contains(slip, "6.98", "another unit"));
        }
        for (String contract : List.of("4.2", "6.98", "5.95")) {
            assertThat(read(machine.formatted(contract)).check(list).doubtful())
                    .as(contract)
                    .isEmpty();
        }
    }
}
