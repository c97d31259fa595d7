package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatchCommandTest extends CommandLineTest {

    @Test
    void match_ofTheSameGpu_isLikeForLike() {
        Run run = run("match", "--gpu", "Tesla T4", "--provider", "aws", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.text("/gpu_model")).isEqualTo("T4");
        assertThat(run.text("/tier")).isEqualTo("LIKE_FOR_LIKE");
        assertThat(run.text("/instance_type")).isEqualTo("g4dn.xlarge");
        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("0.526");
        assertThat(run.text("/explanation")).contains("read on 2026-07-20");
    }

    @Test
    void match_ofOneOfEight_isAShare_andWhole_isWhole() {
        Run share = run("match", "--gpu", "A100", "--memory-gib", "40", "--provider", "aws", "--json");
        Run whole = run(
                "match",
                "--gpu",
                "A100",
                "--memory-gib",
                "40",
                "--provider",
                "aws",
                "--sizing",
                "whole_instance",
                "--json");

        assertThat(share.number("/usd_per_hour")).isEqualByComparingTo("2.74470525");
        assertThat(share.text("/sizing")).isEqualTo("GPU_SHARE");
        assertThat(whole.number("/usd_per_hour")).isEqualByComparingTo("21.957642");
        assertThat(whole.text("/sizing")).isEqualTo("WHOLE_INSTANCE");
    }

    @Test
    void match_ofTheNearest_givesRatiosAndFloor() {
        Run run = run("match", "--gpu", "RTX_4090", "--provider", "aws", "--json");

        assertThat(run.text("/tier")).isEqualTo("NEAREST");
        assertThat(run.text("/instance_type")).isEqualTo("g6e.xlarge");
        assertThat(run.number("/ratios/memory")).isEqualByComparingTo("2");
        assertThat(run.number("/ratios/bandwidth")).isEqualByComparingTo("0.8571");
        assertThat(run.text("/floor/instance_type")).isEqualTo("g6.xlarge");
        assertThat(run.number("/floor/usd_per_hour")).isEqualByComparingTo("0.8048");
    }

    @Test
    void match_ofAnAmbiguousOrUnknownName_isNone_exits3AndNamesTheChoices() {
        Run ambiguous = run("match", "--gpu", "A100", "--provider", "aws", "--json");
        Run unknown = run("match", "--gpu", "RTX 4095", "--provider", "aws", "--json");

        assertThat(ambiguous.exitCode()).isEqualTo(3);
        assertThat(ambiguous.text("/tier")).isEqualTo("NONE");
        assertThat(ambiguous.json().at("/usd_per_hour").isNull()).isTrue();
        assertThat(ambiguous.err()).contains("A100 SXM 40GB", "A100 SXM 80GB");
        assertThat(unknown.exitCode()).isEqualTo(3);
        assertThat(unknown.text("/tier")).isEqualTo("NONE");
        assertThat(unknown.err()).contains("RTX 4090");
    }

    @Test
    void match_inAnUnknownRegion_exits3AndNamesTheRegions() {
        Run run = run("match", "--gpu", "T4", "--provider", "azure", "--region", "atlantis");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("unknown region 'atlantis' of AZURE", "eastus");
    }

    @Test
    void regionByTheNameThatIsShownToPeople_isTheRegionItMeans() {
        Run match = run("match", "--gpu", "T4", "--provider", "azure", "--region", "East US 2", "--json");
        Run price = run("price", "--provider", "aws", "--type", "p5.48xlarge", "--region", "US East (Ohio)", "--json");
        Run unknown = run("match", "--gpu", "T4", "--provider", "azure", "--region", "US East");

        assertThat(match.text("/region")).isEqualTo("eastus2");
        assertThat(price.text("/region")).isEqualTo("us-east-2");
        assertThat(unknown.exitCode()).isEqualTo(3);
        assertThat(unknown.err()).contains("unknown region 'us east' of AZURE; nearest of");
    }

    @Test
    void match_ofACountThatIsNone_exits4() {
        assertThat(run("match", "--gpu", "T4", "--count", "0", "--provider", "aws"))
                .matches(run -> run.exitCode() == 4 && run.err().contains("GPU count '0'"));
    }

    @Test
    void numbersThatAreTooLong_areRefusedAtOnceInAFewWords() {
        for (String option : new String[] {"--discount", "--vcpus", "--host-memory-gib", "--memory-gib"}) {
            for (String number : new String[] {"1e999999999", "9".repeat(100_000)}) {
                Run run =
                        run("match", "--gpu", "A100", "--provider", "aws", "--host-match", "at_least", option, number);

                assertThat(run.exitCode()).as(option).isIn(2, 4);
                assertThat(run.err().lines().findFirst().orElseThrow())
                        .as(option)
                        .hasSizeLessThan(300);
            }
        }
    }
}
