package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCommandTest extends CommandLineTest {

    private static final String HEADER =
            "provider,region,instance_type,gpu_model,gpu_count,gpu_memory_gib_each,vcpus,memory_gib,"
                    + "purchase_option,usd_per_hour,source_repo,source_path,source_commit,as_of\n";

    @TempDir
    private Path folder;

    private Path prices(String... lines) throws IOException {
        Path file = folder.resolve("prices.csv");
        Files.writeString(file, HEADER + String.join("\n", lines) + "\n");
        return file;
    }

    @Test
    void importedCatalog_holdsThePricesExactly_andServesTheOtherCommands() throws IOException {
        Path csv = prices(
                "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.123456789,src,path,c1,2026-01-01",
                "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.2,src,path,c2,2026-02-01",
                "acme,,m3,A10,0.333333,8,4,16,spot,0.1,src,path,c1,2026-01-01");
        Path catalog = folder.resolve("own.catalog");

        Run imported = run("catalog", "import", "--from", csv, "--to", catalog, "--json");
        Run verified = run("catalog", "verify", "--against", csv, "--catalog", catalog, "--json");

        assertThat(imported.exitCode()).isZero();
        assertThat(imported.number("/skus")).isEqualByComparingTo("2");
        assertThat(verified.number("/checked")).isEqualByComparingTo("3");
        assertThat(verified.number("/equal")).isEqualByComparingTo("3");
        assertThat(run(
                                "price",
                                "--provider",
                                "acme",
                                "--type",
                                "m1",
                                "--region",
                                "mars-1",
                                "--at",
                                "2026-01-15T00:00:00Z",
                                "--catalog",
                                catalog,
                                "--json")
                        .number("/usd_per_hour"))
                .isEqualByComparingTo("0.123456789");
        assertThat(run(
                                "price",
                                "--provider",
                                "acme",
                                "--type",
                                "m1",
                                "--region",
                                "mars-1",
                                "--catalog",
                                catalog,
                                "--json")
                        .number("/usd_per_hour"))
                .isEqualByComparingTo("0.2");
        assertThat(run(
                                "price",
                                "--provider",
                                "acme",
                                "--type",
                                "m3",
                                "--option",
                                "spot",
                                "--catalog",
                                catalog,
                                "--json")
                        .number("/gpu_count"))
                .isEqualByComparingTo("0.333333333");
    }

    @Test
    void verify_countsEveryKindOfDifference() throws IOException {
        Path csv = prices(
                "aws,us-east-1,g4dn.xlarge,T4,1,16,4,16,on_demand,0.526,src,path,c1,2026-07-20",
                "aws,us-east-1,g5.xlarge,A10G,1,24,4,16,on_demand,1.01,src,path,c1,2026-07-20",
                "aws,us-east-1,p5.48xlarge,H100,8,80,192,2048,on_demand,98.32,src,path,c1,2026-07-20",
                "aws,us-east-1,p99.xlarge,H100,8,80,192,2048,on_demand,1,src,path,c1,2026-07-20");

        Run run = run("catalog", "verify", "--against", csv, "--json");

        assertThat(run.number("/equal")).isEqualByComparingTo("1");
        assertThat(run.number("/within_1pct")).isEqualByComparingTo("1");
        assertThat(run.number("/different")).isEqualByComparingTo("1");
        assertThat(run.number("/missing")).isEqualByComparingTo("1");
        assertThat(run.json().at("/differences")).hasSize(3);
    }

    @Test
    void import_ofALineThatCannotBe_writesNothingAndNamesIt() throws IOException {
        Path csv = prices(
                "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01",
                "acme,mars-1,m2,T4,1,16,4,16,on_demand,free,src,path,c1,2026-01-01",
                "acme,mars-1,m2,T4,1,16,4,16,on_demand,0,src,path,c1,2026-01-01",
                "acme,mars-1,m2,T4,1,16,4,16,lease,0.5,src,path,c1,2026-01-01",
                "acme,mars-1,m2,T4,0,16,4,16,on_demand,0.5,src,path,c1,2026-01-01",
                "acme,mars-1,m2,Z9,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01",
                "acme,mars-1,m2,T4,1,16,4,16,on_demand,0.5,src,path,c1,2999-01-01",
                "acme,mars-1,m2,T4,1,16,4,16,on_demand,0.5,src,path,c1,",
                "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.6,src,path,c1,2026-01-01");
        Path catalog = folder.resolve("own.catalog");

        Run run = run("catalog", "import", "--from", csv, "--to", catalog);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains(":3: refused: usd_per_hour 'free'")
                .contains(":4: refused: usd_per_hour must be above 0")
                .contains(":5: refused: unknown purchase option 'lease'")
                .contains(":6: refused: gpu_count is 0, but gpu_model is T4")
                .contains(":7: refused: gpu_model 'Z9' is unknown")
                .contains(":8: refused: as_of 2999-01-01 lies in the future")
                .contains(":9: refused: as_of is blank")
                .contains(":10: refused: the same key has another price");
        assertThat(catalog).doesNotExist();
        assertThat(run("catalog", "import", "--from", csv, "--to", catalog, "--skip-refused")
                        .exitCode())
                .isZero();
        assertThat(catalog).exists();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(csv, catalog);
        }
    }

    @Test
    void damagedCatalog_isRefusedAndSaysWhere() throws IOException {
        Path csv = prices("acme,mars-1,m1,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01");
        Path catalog = folder.resolve("own.catalog");
        run("catalog", "import", "--from", csv, "--to", catalog);
        byte[] bytes = Files.readAllBytes(catalog);
        bytes[bytes.length - 3] ^= 1;
        Files.write(catalog, bytes);

        Run run = run("price", "--provider", "acme", "--type", "m1", "--catalog", catalog);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("own.catalog: section PRICES (bytes ", "is damaged");
    }

    @Test
    void import_intoAnExistingCatalog_addsToItAndHoldsWhatIsAbsurd() throws IOException {
        Path catalog = folder.resolve("own.catalog");
        run(
                "catalog",
                "import",
                "--from",
                prices("acme,mars-1,m1,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01"),
                "--to",
                catalog);
        Path absurd = prices(
                "acme,mars-1,m1,T4,1,16,4,16,on_demand,5.5,src,path,c1,2026-02-01",
                "acme,mars-1,m2,T4,1,16,8,16,on_demand,0.7,src,path,c1,2026-02-01");

        Run held = run("catalog", "import", "--from", absurd, "--to", catalog, "--json");

        assertThat(held.exitCode()).isZero();
        assertThat(held.err())
                .contains(":2: held: ACME mars-1 m1 ON_DEMAND: 5.5 USD/h after 0.5 USD/h is more than 4 times away");
        assertThat(held.number("/quarantined/0/line")).isEqualByComparingTo("2");
        assertThat(held.number("/rows")).isEqualByComparingTo("1");
        assertThat(held.number("/skus")).isEqualByComparingTo("2");
        assertThat(price(catalog, "m1")).isEqualByComparingTo("0.5");
        assertThat(price(catalog, "m2")).isEqualByComparingTo("0.7");

        run("catalog", "import", "--from", absurd, "--to", catalog, "--confirm");
        assertThat(price(catalog, "m1")).isEqualByComparingTo("5.5");
        run("catalog", "import", "--from", absurd, "--to", catalog, "--fresh");
        assertThat(run("catalog", "stats", "--catalog", catalog, "--json").number("/prices"))
                .isEqualByComparingTo("2");
    }

    private static BigDecimal price(Path catalog, String type) {
        return run("price", "--provider", "acme", "--type", type, "--region", "mars-1", "--catalog", catalog, "--json")
                .number("/usd_per_hour");
    }

    @Test
    void diff_tellsWhatIsNewGoneAndDearer() throws IOException {
        Path older = folder.resolve("older.catalog");
        Path newer = folder.resolve("newer.catalog");
        run(
                "catalog",
                "import",
                "--to",
                older,
                "--from",
                prices(
                        "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01",
                        "acme,mars-1,m2,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-01-01"));
        run(
                "catalog",
                "import",
                "--to",
                newer,
                "--from",
                prices(
                        "acme,mars-1,m1,T4,1,16,4,16,on_demand,0.6,src,path,c1,2026-02-01",
                        "acme,mars-1,m3,T4,1,16,4,16,on_demand,0.5,src,path,c1,2026-02-01"));

        Run run = run("catalog", "diff", older, newer, "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.text("/added_prices/0/sku")).contains("m3");
        assertThat(run.text("/removed_prices/0/sku")).contains("m2");
        assertThat(run.number("/changed_prices/0/percent")).isEqualByComparingTo("20");
        assertThat(run("catalog", "diff", older, older, "--json").number("/changed"))
                .isEqualByComparingTo("0");
    }

    @Test
    void export_ofTheBundledCatalog_importsAsTheSameFacts() {
        Path csv = folder.resolve("all.csv");
        Path again = folder.resolve("again.catalog");

        Run exported = run("catalog", "export", "--to", csv, "--json");
        Run imported = run("catalog", "import", "--from", csv, "--to", again, "--json");

        assertThat(exported.exitCode()).isZero();
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        assertThat(imported.number("/rows")).isEqualByComparingTo(exported.number("/rows"));
        assertThat(imported.text("/version"))
                .isEqualTo(run("catalog", "stats", "--json").text("/version"));
    }

    @Test
    void stats_countTheBundledCatalog() {
        Run run = run("catalog", "stats", "--json");

        assertThat(run.number("/skus")).isEqualByComparingTo("15701");
        assertThat(run.json().at("/providers").findValuesAsText("provider")).contains("AWS", "AZURE", "GCP", "RUNPOD");
        assertThat(run.number("/unknown_gpu_count")).isEqualByComparingTo("163");
    }

    @Test
    void gpuSpecifications_areImportedIntoTheTable() throws IOException {
        Path specs = folder.resolve("specs.csv");
        Files.writeString(
                specs,
                "gpu_model,vendor,architecture,release_year,memory_gib,memory_type,memory_bandwidth_gbps,fp32_tflops,"
                        + "fp16_tensor_tflops_dense,tdp_watts,form_factor,source\n"
                        + "T4,NVIDIA,Turing,2018,16,GDDR6,320,8.1,65,70,PCIe,data sheet\n");
        Path table = folder.resolve("gpus.csv");

        assertThat(run("catalog", "import", "--from", specs, "--to", table).exitCode())
                .isZero();
        assertThat(table).content().contains("T4,fp16_tensor_tflops_dense,65,data sheet");
    }
}
