package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricingTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aPriceSaysWhatWhereAndSinceWhen() {
        JsonNode body = site.json(ACME, "/pricing?provider=aws&gpu=H100%20SXM%2080GB");
        JsonNode row = body.at("/pricing/0");

        assertThat(names(body)).containsAll(words("success pricing as_of stale currency unit demo"));
        assertThat(names(row))
                .containsAll(words("provider region instance_type gpu_model gpu_count vcpus memory_gib purchase_option"
                        + " usd_per_hour usd_per_gpu_hour effective_from source read_on"));
        assertThat(body.get("pricing")).hasSize(1);
        assertThat(row.get("provider").asText()).isEqualTo("AWS");
        assertThat(row.get("region").asText()).isEqualTo("us-east-1");
        assertThat(row.get("instance_type").asText()).isEqualTo("p5.48xlarge");
        assertThat(row.get("gpu_model").asText()).isEqualTo("H100 SXM 80GB");
        assertThat(figure(row, "/gpu_count")).isEqualTo("8");
        assertThat(figure(row, "/vcpus")).isEqualTo("4");
        assertThat(figure(row, "/memory_gib")).isEqualTo("16");
        assertThat(row.get("purchase_option").asText()).isEqualTo("ON_DEMAND");
        assertThat(figure(row, "/usd_per_hour")).isEqualTo("55.04");
        assertThat(figure(row, "/usd_per_gpu_hour")).isEqualTo("6.88");
        assertThat(row.get("effective_from").asText()).isEqualTo("2026-07-28T00:00:00Z");
        assertThat(row.get("source").asText()).isEqualTo("list aws.csv");
        assertThat(row.get("read_on").asText()).isEqualTo("2026-07-28");
        assertThat(row.get("restriction").isNull()).isTrue();
        assertThat(body.get("as_of").asText()).isEqualTo("2026-07-28");
        assertThat(body.get("stale").asBoolean(true)).isFalse();
        assertThat(body.get("currency").asText()).isEqualTo("USD");
        assertThat(body.get("unit").asText()).isEqualTo("per_hour");
    }

    @Test
    void anEarlierMomentHasTheEarlierPrice() {
        JsonNode body = site.json(ACME, "/pricing?gpu=h100sxm80gb&at=2026-07-27T23:59:59Z");

        assertThat(figure(body, "/pricing/0/usd_per_hour")).isEqualTo("98.32");
        assertThat(body.at("/pricing/0/effective_until").asText()).isEqualTo("2026-07-28T00:00:00Z");
    }

    @Test
    void aliasesRegionsAndOptionsNarrow() {
        assertThat(site.json(ACME, "/pricing").get("pricing")).hasSize(6);
        assertThat(site.json(ACME, "/pricing?provider=ALL&gpu=Tesla%20T4").get("pricing"))
                .hasSize(4);
        assertThat(site.json(ACME, "/pricing?gpu=t4&region=US-East-1").get("pricing"))
                .hasSize(2);
        assertThat(site.json(ACME, "/pricing?gpu=t4&region=us-east-1&option=spot")
                        .get("pricing"))
                .hasSize(1);
    }

    @Test
    void restrictedPricesAreListedAndSaySo() {
        JsonNode body = site.json(ACME, "/pricing?region=us-gov-west-1");

        assertThat(body.get("pricing")).hasSize(1);
        assertThat(body.at("/pricing/0/restriction").asText()).isNotBlank();
    }

    @Test
    void aSliceOfAGpuCostsItsPartOfAWholeOne() {
        JsonNode row = site.json(ACME, "/pricing?gpu=A10").at("/pricing/0");

        assertThat(figure(row, "/gpu_count")).isEqualTo("0.333333333");
        assertThat(figure(row, "/usd_per_gpu_hour")).isEqualTo("1.362");
    }

    @Test
    void oldestPriceListedTellsTheAge() {
        JsonNode body = site.json(ACME, "/pricing");

        assertThat(body.get("as_of").asText()).isEqualTo("2026-07-01");
        assertThat(body.get("stale").asBoolean()).isTrue();
        JsonNode none = site.json(ACME, "/pricing?gpu=MI300X");
        assertThat(none.get("pricing")).isEmpty();
        assertThat(none.get("as_of").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "provider=AWZ, provider, AWZ, 'AWS, AZURE, GCP, all'",
        "gpu=A100, gpu, A100, A100 SXM 40GB",
        "gpu=abacus, gpu, abacus, H100 SXM 80GB",
        "region=atlantis, region, atlantis, us-east-1",
        "option=free, option, free, SAVINGS_PLAN_3Y",
        "at=noon, at, noon, 2026-01-31"
    })
    void wrongParameterIsRefusedWithWhatIsAllowed(String query, String parameter, String value, String allowed) {
        assertThat(site.refusal(400, ACME, "/pricing?" + query)).contains(parameter, value, allowed);
    }
}
