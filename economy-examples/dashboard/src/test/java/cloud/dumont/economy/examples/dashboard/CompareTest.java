package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompareTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void oneGpu_isComparedAtEveryProvider_cheapestFirst() {
        JsonNode body = site.json(ACME, "/compare?gpu=nvidia-t4");

        assertThat(names(body))
                .containsAll(words("success gpu_model gpu_count compare unsold as_of stale currency unit demo"));
        assertThat(names(body.at("/compare/0")))
                .containsAll(words("provider region instance_type gpu_model gpu_count tier sizing usd_per_hour"
                        + " effective_from source read_on explanation"));
        assertThat(body.get("gpu_model").asText()).isEqualTo("T4");
        assertThat(body.get("compare")).hasSize(2);
        assertThat(body.at("/compare/0/provider").asText()).isEqualTo("GCP");
        assertThat(figure(body, "/compare/0/usd_per_hour")).isEqualTo("0.1");
        assertThat(body.at("/compare/1/provider").asText()).isEqualTo("AWS");
        assertThat(body.at("/compare/1/tier").asText()).isEqualTo("LIKE_FOR_LIKE");
        assertThat(figure(body, "/compare/1/usd_per_hour")).isEqualTo("0.526");
        assertThat(body.at("/unsold/0/provider").asText()).isEqualTo("AZURE");
        assertThat(body.at("/unsold/0/reason").asText()).contains("AZURE sells neither T4");
        assertThat(body.get("as_of").asText()).isEqualTo("2026-07-01");
        assertThat(body.get("stale").asBoolean(false)).isTrue();
    }

    @Test
    void severalGpus_areAShareOfABiggerMachine_orWholeOnes() {
        JsonNode share = site.json(ACME, "/compare?gpu=H100%20SXM&count=2");
        JsonNode whole = site.json(ACME, "/compare?gpu=H100%20SXM&count=2&sizing=whole_instance");

        assertThat(figure(share, "/gpu_count")).isEqualTo("2");
        assertThat(share.at("/compare/0/sizing").asText()).isEqualTo("GPU_SHARE");
        assertThat(figure(share, "/compare/0/usd_per_hour")).isEqualTo("13.76");
        assertThat(whole.at("/compare/0/sizing").asText()).isEqualTo("WHOLE_INSTANCE");
        assertThat(figure(whole, "/compare/0/usd_per_hour")).isEqualTo("55.04");
    }

    @Test
    void otherTerms_haveOtherPrices() {
        JsonNode body = site.json(ACME, "/compare?gpu=T4&option=spot");

        assertThat(body.get("compare")).hasSize(1);
        assertThat(figure(body, "/compare/0/usd_per_hour")).isEqualTo("0.2104");
    }

    @Test
    void wrongParameters_areRefusedWithWhatIsAllowed() {
        assertThat(site.refusal(400, ACME, "/compare")).contains("gpu is missing");
        assertThat(site.refusal(400, ACME, "/compare?gpu=Voodoo")).contains("Voodoo", "T4");
        assertThat(site.refusal(400, ACME, "/compare?gpu=A100")).contains("A100 SXM 40GB");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&count=0")).contains("count '0'", "above 0");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&option=barter")).contains("barter", "ON_DEMAND");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&sizing=half")).contains("half", "gpu_share");
    }
}
