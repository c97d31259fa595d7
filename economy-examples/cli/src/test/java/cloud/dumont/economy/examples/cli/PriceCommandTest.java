package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PriceCommandTest extends CommandLineTest {

    @Test
    void price_saysWhatWhereSinceWhenAndFromWhom() {
        Run run = run("price", "--provider", "aws", "--type", "p5.48xlarge", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("55.04");
        assertThat(run.text("/provider")).isEqualTo("AWS");
        assertThat(run.text("/region")).isEqualTo("us-east-1");
        assertThat(run.text("/purchase_option")).isEqualTo("ON_DEMAND");
        assertThat(run.text("/gpu_model")).isEqualTo("H100 SXM 80GB");
        assertThat(run.number("/gpu_count")).isEqualByComparingTo("8");
        assertThat(run.text("/effective_from")).isEqualTo("2025-06-05T00:00:00Z");
        assertThat(run.text("/trust")).isEqualTo("PRICE_LIST");
        assertThat(run.json().at("/effective_until").isNull()).isTrue();
        assertThat(run.text("/source")).contains("ewyluda/gpu-price-index");
        assertThat(run.text("/read_on")).isEqualTo("2026-09-29");
    }

    @Test
    void price_whileNobodySawItChange_isTheLowerAndSaysSo() {
        Run run = run("price", "--provider", "aws", "--type", "p4d.24xlarge", "--at", "2025-05-15T00:00:00Z", "--json");

        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("21.957642");
        assertThat(run.text("/changed_between/0")).isEqualTo("2025-04-29T00:00:00Z");
        assertThat(run.text("/changed_between/1")).isEqualTo("2025-06-23T00:00:00Z");
    }

    @Test
    void price_ofAComposedMachine_saysOfWhat() {
        Run run = run("price", "--provider", "gcp", "--type", "n1-standard-4 + 1 x nvidia-tesla-t4", "--json");

        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("0.539999");
        assertThat(run.text("/composed_of")).isEqualTo("n1-standard-4 and 1 x nvidia-tesla-t4");
    }

    @Test
    void price_thatNoSourceDates_isFoundOnlyWhereItIsAskedFor() {
        String[] spot = {
            "price", "--provider", "aws", "--type", "p3dn.24xlarge", "--region", "ap-northeast-1", "--option", "spot"
        };

        Run unasked = run((Object[]) spot);
        Run asked = run(Stream.concat(Arrays.stream(spot), Stream.of("--undated", "--json"))
                .toArray());

        assertThat(unasked.exitCode()).isEqualTo(3);
        assertThat(asked.number("/usd_per_hour")).isEqualByComparingTo("9.0074");
        assertThat(asked.json().at("/read_on").isNull()).isTrue();
    }

    @Test
    void price_beforeTheFirstKnownOne_isThatOneAndSaysSo() {
        Run run = run("price", "--provider", "aws", "--type", "g4dn.xlarge", "--at", "2020-01-01T00:00:00Z", "--json");

        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("0.526");
        assertThat(run.json().at("/before_first_known_price").asBoolean()).isTrue();
    }

    @Test
    void price_ofAnotherOptionAndRegion_isThatPrice() {
        Run run = run(
                "price",
                "--provider",
                "GCP",
                "--type",
                "a2-highgpu-1g",
                "--region",
                "asia-northeast1",
                "--option",
                "committed_1y",
                "--json");

        assertThat(run.number("/usd_per_hour")).isEqualByComparingTo("2.529607271");
    }

    @Test
    void price_ofSomethingUnknown_exitsWith3AndNamesWhatIsKnown() {
        assertThat(run("price", "--provider", "AWZ", "--type", "p5.48xlarge"))
                .matches(run -> run.exitCode() == 3
                        && run.err().contains("unknown provider 'AWZ'; known: ")
                        && run.err().contains("AZURE"));
        assertThat(run("price", "--provider", "aws", "--type", "p5.49xlarge"))
                .matches(run -> run.exitCode() == 3
                        && run.err().contains("p5.49xlarge")
                        && run.err().contains("p5.48xlarge"));
        assertThat(run("price", "--provider", "aws", "--type", "p5.48xlarge", "--region", "mars-1"))
                .matches(run -> run.exitCode() == 3
                        && run.err().contains("mars-1")
                        && run.err().contains("us-east-1"));
        assertThat(run("price", "--provider", "aws", "--type", "p5.48xlarge", "--option", "spot"))
                .matches(run -> run.exitCode() == 3 && run.err().contains("us-east-1 ON_DEMAND"));
    }

    @Test
    void usage_thatIsWrong_exitsWith2() {
        assertThat(run("price", "--provider", "aws").exitCode()).isEqualTo(2);
        assertThat(run("price", "--provider", "aws", "--type", "x", "--option", "lease"))
                .matches(run -> run.exitCode() == 2 && run.err().contains("ON_DEMAND"));
        assertThat(run().exitCode()).isEqualTo(2);
        assertThat(run("prize").exitCode()).isEqualTo(2);
    }
}
