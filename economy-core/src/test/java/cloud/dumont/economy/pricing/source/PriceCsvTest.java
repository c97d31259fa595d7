package cloud.dumont.economy.pricing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceCsvTest {

    private static final String HEADER = "provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,"
            + "memory_gib,purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of";
    private static final String GOOD =
            "aws,us-east-1,g4dn.xlarge,T4,1,16,4,16,on_demand,0.526,repo,path,abc,2026-07-20";
    private static final String ALSO_GOOD =
            "gcp,us-central1,g2-standard-4,L4,1,24,4,16,spot,0.3,repo,path,abc,2026-07-20";
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

    @TempDir
    Path folder;

    private PriceCsv read(String... lines) throws IOException {
        Path file = Files.writeString(folder.resolve("prices.csv"), String.join("\n", lines) + "\n");
        return PriceCsv.read(file, GpuCatalog.bundled(), TODAY);
    }

    private PriceRow one(String line) throws IOException {
        PriceCsv prices = read(HEADER, line);
        assertThat(prices.refused()).isEmpty();
        assertThat(prices.rows()).hasSize(1);
        return prices.rows().get(0);
    }

    @Test
    void read_fullLine_isTheFact() throws IOException {
        assertThat(one(GOOD))
                .isEqualTo(PriceRow.seen(
                        new InstanceSpec(
                                Provider.AWS,
                                InstanceType.of("g4dn.xlarge"),
                                Optional.of("T4"),
                                Optional.of(GpuCount.ONE),
                                Optional.of(new BigDecimal("16")),
                                Optional.of(4),
                                Optional.of(new BigDecimal("16"))),
                        Region.of("us-east-1"),
                        PurchaseOption.ON_DEMAND,
                        HourlyRate.usd("0.526"),
                        LocalDate.of(2026, 7, 20),
                        LocalDate.of(2026, 7, 20),
                        new Provenance("repo", "path", "abc", LocalDate.of(2026, 7, 20))));
    }

    @Test
    void read_blankRegion_isOnePriceForAll() throws IOException {
        assertThat(one("neo,,a100,A100 80GB,1,80,,,spot,1.08,r,p,c,2026-05-24").region())
                .isEqualTo(Region.GLOBAL);
    }

    @Test
    void read_nameOfSeveral_isToldApartByTheMemory() throws IOException {
        assertThat(one("aws,us-east-1,p4d.24xlarge,A100,8,40,96,1152,on_demand,21.957642,r,p,c,2026-07-20")
                        .spec()
                        .gpuModel())
                .contains("A100 SXM 40GB");
        assertThat(one("aws,us-east-1,p3dn.24xlarge,V100,8,32,96,768,on_demand,31.212,r,p,c,2026-07-20")
                        .spec()
                        .gpuModel())
                .contains("V100 32GB");
    }

    /** Of a slice the memory is the slice's: it must not make the model unknown. */
    @Test
    void read_sliceOfAGpu_keepsItsModelAndItsExactPart() throws IOException {
        InstanceSpec spec =
                one("azure,eastus,Standard_NV12ads_A10_v5,A10,0.333333,8,12,110,on_demand,0.908,r,p,c,2026-06-18")
                        .spec();

        assertThat(spec.gpuModel()).contains("A10");
        assertThat(spec.gpuCount()).contains(new GpuCount(1, 3));
        assertThat(spec.gpuMemoryGib()).contains(new BigDecimal("8"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.166667, 1, 6",
        "0.333333, 1, 3",
        "0.125, 1, 8",
        "0.5, 1, 2",
        "0.250000, 1, 4",
        "0.123456, 1929, 15625",
        "8, 8, 1"
    })
    void read_sixDecimals_areThePartThatWasMeant(String count, long numerator, long denominator) throws IOException {
        assertThat(one("azure,eastus,t,A10," + count + ",,,,on_demand,1,r,p,c,2026-06-18")
                        .spec()
                        .gpuCount())
                .contains(new GpuCount(numerator, denominator));
    }

    @Test
    void read_machineWithoutGpu_hasNoCount() throws IOException {
        InstanceSpec spec = one("gcp,us-central1,n1-standard-4,,0,,4,15,on_demand,0.19,r,p,c,2026-07-30")
                .spec();

        assertThat(spec.gpuModel()).isEmpty();
        assertThat(spec.gpuCount()).isEmpty();
    }

    @Test
    void read_unknownCount_staysUnknown() throws IOException {
        InstanceSpec spec =
                one("azure,eastus,x,RTX PRO 6000 Blackwell Server Edition,,,,,on_demand,6.38,r,p,c,2026-06-18")
                        .spec();

        assertThat(spec.gpuModel()).contains("RTX PRO 6000 Blackwell Server Edition");
        assertThat(spec.gpuCount()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ",us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | provider",
                "aws,us-east-1,,T4,1,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | instance type",
                "aws,us-east-1,x,T4,1,16,4,16,sometimes,0.5,r,p,c,2026-07-20 | unknown purchase option 'sometimes'",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,,r,p,c,2026-07-20 | usd_per_hour is blank",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0,r,p,c,2026-07-20 | usd_per_hour must be above 0, not 0",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,-1,r,p,c,2026-07-20 | usd_per_hour must be above 0, not -1",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,free,r,p,c,2026-07-20 | usd_per_hour 'free'",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,1e-10,r,p,c,2026-07-20 | usd_per_hour",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,1e10,r,p,c,2026-07-20 | usd_per_hour",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,1e999999999,r,p,c,2026-07-20 | usd_per_hour",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c, | as_of is blank",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c,20.07.2026 | as_of '20.07.2026'",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c,2026-02-30 | as_of '2026-02-30'",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c,2026-11-24 | as_of 2026-11-24 lies in the future",
                "aws,us-east-1,x,T400,1,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_model 'T400' is unknown",
                "aws,us-east-1,x,A100,1,,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_model 'A100' is ambiguous",
                "aws,us-east-1,x,A100,1,60,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_model 'A100'",
                "aws,us-east-1,x,T4,0,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_count is 0, but gpu_model is T4",
                "aws,us-east-1,x,T4,-1,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | GPU count '-1'",
                "aws,us-east-1,x,T4,one,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_count 'one'",
                "aws,us-east-1,x,T4,1e999999999,16,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_count",
                "aws,us-east-1,x,T4,1,much,4,16,on_demand,0.5,r,p,c,2026-07-20 | gpu_memory_gib_each 'much'",
                "aws,us-east-1,x,T4,1,-16,4,16,on_demand,0.5,r,p,c,2026-07-20 | memory",
                "aws,us-east-1,x,T4,1,16,4.5,16,on_demand,0.5,r,p,c,2026-07-20 | vcpus must be a whole number, not 4.5",
                "aws,us-east-1,x,T4,1,16,-1,16,on_demand,0.5,r,p,c,2026-07-20 | vCPUs",
                "aws,us-east-1,x,T4,1,16,1e999999999,16,on_demand,0.5,r,p,c,2026-07-20 | vcpus",
                "aws,us-east-1,x,T4,1,16,4,lots,on_demand,0.5,r,p,c,2026-07-20 | memory_gib 'lots'",
                "aws,us-east-1,g4dn.xlarge,T4,1,16,4,16,on_demand,0.527,r,p,c,2026-07-20 | another price, 0.526 USD/h",
                "aws,us-east-1,x,T4 | 4 fields instead of 14",
                "aws,us-east-1,x,T4,1,16,4,16,on_demand,0.5,r,p,c,2026-07-20,more | 15 fields instead of 14"
            })
    void read_badLine_isRefusedWithItsNumberAndReasonAndTheGoodStay(String line, String reason) throws IOException {
        PriceCsv prices = read(HEADER, GOOD, line, ALSO_GOOD);

        assertThat(prices.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.line()).isEqualTo(3);
            assertThat(refused.reason()).contains(reason);
        });
        assertThat(prices.rows()).isEqualTo(read(HEADER, GOOD, ALSO_GOOD).rows());
        assertThat(PriceCatalog.of(prices.rows()).size()).isEqualTo(2);
    }

    @Test
    void read_sameLineTwice_isOneRow() throws IOException {
        PriceCsv prices = read(HEADER, GOOD, GOOD);

        assertThat(prices.rows()).hasSize(1);
        assertThat(prices.refused()).isEmpty();
    }

    @Test
    void read_sameSkuOnAnotherDay_isAnotherPrice() throws IOException {
        assertThat(read(HEADER, GOOD, GOOD.replace("0.526", "0.6").replace("2026-07-20", "2026-08-20"))
                        .rows())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider", "usd_per_hour", "as_of"})
    void read_missingColumn_refusesTheFileAndNamesTheColumn(String column) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(HEADER.replace(column, "other"), GOOD))
                .withMessageContaining("prices.csv")
                .withMessageContaining("[" + column + "]");
    }

    @Test
    void read_missingColumnWithoutLines_refusesTheFileToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("provider,region"))
                .withMessageContaining("prices.csv")
                .withMessageContaining("as_of");
    }

    @Test
    void read_columnTwice_refusesTheFileAndNamesTheColumn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(HEADER + ",vcpus", GOOD + ",4"))
                .withMessageContaining("prices.csv")
                .withMessageContaining("[vcpus]");
    }

    @Test
    void read_blankFirstLine_isNoHeader() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("", HEADER, GOOD))
                .withMessageContaining("missing columns");
    }

    /** Most lines share texts with others; each must still mean what it says itself. */
    @Test
    void read_linesThatDifferInOneColumn_areThatOneApart() throws IOException {
        PriceRow first = one(GOOD);
        PriceCsv prices = read(
                HEADER, GOOD, GOOD.replace("us-east-1", "us-west-2"), GOOD.replace("2026-07-20", "2026-07-21"), GOOD);

        assertThat(prices.rows())
                .containsExactly(
                        first,
                        one(GOOD.replace("us-east-1", "us-west-2")),
                        one(GOOD.replace("2026-07-20", "2026-07-21")));
    }

    @ParameterizedTest
    @CsvSource({
        "0.000000001, 1",
        "0.526, 526000000",
        ".5, 500000000",
        "1., 1000000000",
        "00.5, 500000000",
        "9999999999, ",
        "9223372037, ",
        "999999999.999999999, 999999999999999999",
        "123456789.5, 123456789500000000",
        "1e3, 1000000000000",
        "0.1234567891, 123456789",
        "9223372036.854775807, 9223372036854775807"
    })
    void read_priceHoweverWritten_isExactOrRefused(String usd, @Nullable String nanos) throws IOException {
        assertThat(read(HEADER, GOOD.replace("0.526", usd)).rows())
                .extracting(row -> row.rate().nanoUsdPerHour())
                .isEqualTo(Stream.ofNullable(nanos).map(Long::valueOf).toList());
    }

    @Test
    void read_byteOrderMark_isNotPartOfTheFirstColumn() throws IOException {
        assertThat(read("\uFEFF" + HEADER, GOOD).rows()).hasSize(1);
    }
}
