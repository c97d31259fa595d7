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
}
