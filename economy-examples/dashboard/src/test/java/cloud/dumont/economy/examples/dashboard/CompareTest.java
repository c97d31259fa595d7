package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.GLOBEX;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.provider.Provider;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
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
                        + " usd_per_gpu_hour ratios effective_from source read_on trust uncertain sustained_use_percent negotiated_percent"
                        + " explanation"));
        assertThat(body.get("gpu_model").asText()).isEqualTo("T4");
        assertThat(body.get("compare")).hasSize(2);
        assertThat(body.at("/compare/0/provider").asText()).isEqualTo("GCP");
        assertThat(figure(body, "/compare/0/usd_per_hour")).isEqualTo("0.1");
        assertThat(body.at("/compare/1/provider").asText()).isEqualTo("AWS");
        assertThat(body.at("/compare/1/tier").asText()).isEqualTo("LIKE_FOR_LIKE");
        assertThat(figure(body, "/compare/1/usd_per_hour")).isEqualTo("0.526");
        assertThat(body.at("/unsold/0/provider").asText()).isEqualTo("AZURE");
        assertThat(body.at("/unsold/0/tier").asText()).isEqualTo("NONE");
        assertThat(body.at("/unsold/0/reason").asText())
                .contains("The catalog has no price for T4 or a variant of it at AZURE on demand");
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
        assertThat(figure(share, "/compare/0/usd_per_gpu_hour")).isEqualTo("6.88");
        assertThat(whole.at("/compare/0/sizing").asText()).isEqualTo("WHOLE_INSTANCE");
        assertThat(figure(whole, "/compare/0/usd_per_hour")).isEqualTo("55.04");
        assertThat(figure(whole, "/compare/0/usd_per_gpu_hour")).isEqualTo("27.52");
    }

    @Test
    void ratiosTellHowAlikeTheGpusAre_andTheExplanationHowTheyWereChosen() {
        JsonNode same = site.json(ACME, "/compare?gpu=H100%20SXM").at("/compare/0");
        JsonNode near = site.json(ACME, "/compare?gpu=L4").at("/compare/0");

        assertThat(figure(same, "/ratios/memory")).isEqualTo("1");
        assertThat(figure(same, "/ratios/throughput")).isEqualTo("1");
        assertThat(figure(same, "/ratios/bandwidth")).isEqualTo("1");
        assertThat(same.get("trust").asText()).isEqualTo("UNRATED");
        assertThat(same.get("explanation").asText()).contains("charged for 1 of its 8 GPUs", "list aws.csv");
        assertThat(near.get("tier").asText()).isEqualTo("NEAREST");
        assertThat(near.at("/ratios/memory").decimalValue()).isGreaterThanOrEqualTo(BigDecimal.ONE);
        assertThat(near.get("explanation").asText()).contains("nearest GPU of NVIDIA");
    }

    @Test
    void earlierMoment_hasTheEarlierPrice_andSaysSo() {
        JsonNode then = site.json(ACME, "/compare?gpu=H100%20SXM&at=2026-06-15T00:00:00Z");
        JsonNode unknown =
                site.json(ACME, "/compare?gpu=H100%20SXM&at=2026-05-01").at("/compare/0");

        assertThat(then.get("at").asText()).isEqualTo("2026-06-15T00:00:00Z");
        assertThat(figure(then, "/compare/0/usd_per_hour")).isEqualTo("12.29");
        assertThat(then.at("/compare/0/read_on").asText()).isEqualTo("2026-06-01");
        assertThat(then.at("/compare/0/explanation").asText())
                .endsWith(" At 2026-06-15T00:00:00Z that was 12.29 USD/h.");
        assertThat(figure(unknown, "/usd_per_hour")).isEqualTo("12.29");
        assertThat(unknown.get("explanation").asText())
                .contains("No price is known of 2026-05-01T00:00:00Z", "12.29 USD/h");
    }

    @Test
    void whatTheProviderTakesOffByItself_isTold() {
        try (SiteFixture odd = SiteFixture.withPrices(SiteFixture::oddPrices)) {
            JsonNode composed = odd.json(ACME, "/compare?gpu=T4").at("/compare/0");
            JsonNode none = site.json(ACME, "/compare?gpu=H100%20SXM").at("/compare/0");

            assertThat(composed.get("instance_type").asText()).isEqualTo("n1-standard-4 + 1 x nvidia-tesla-t4");
            assertThat(figure(composed, "/usd_per_hour")).isEqualTo("0.54");
            assertThat(figure(composed, "/sustained_use_percent")).isEqualTo("30");
            assertThat(none.get("sustained_use_percent").isNull()).isTrue();
        }
    }

    @Test
    void undatedPrice_makesTheAnswersAgeUnknown() {
        try (SiteFixture odd = SiteFixture.withPrices(SiteFixture::oddPrices)) {
            JsonNode body = odd.json(ACME, "/compare?gpu=A10");

            assertThat(body.at("/compare/0/provider").asText()).isEqualTo("LAMBDA");
            assertThat(body.at("/compare/0/read_on").isNull()).isTrue();
            assertThat(body.at("/compare/0/effective_from").isNull()).isTrue();
            assertThat(body.get("as_of").isNull()).isTrue();
            assertThat(body.get("stale").asBoolean(false)).isTrue();
        }
    }

    @Test
    void whatIsNegotiated_changesTheOrder_ofThatAccountAlone() {
        PriceOverlay overlay = PriceOverlay.builder()
                .discount(OfferFilter.of(Provider.AWS), new BigDecimal("90"), "EDP 2026")
                .build();
        try (SiteFixture own =
                SiteFixture.withFleet(account -> account.value().equals("acme") ? overlay : PriceOverlay.NONE)) {
            JsonNode negotiated = own.json(ACME, "/compare?gpu=T4");

            assertThat(negotiated.at("/compare/0/provider").asText()).isEqualTo("AWS");
            assertThat(figure(negotiated, "/compare/0/usd_per_hour")).isEqualTo("0.0526");
            assertThat(figure(negotiated, "/compare/0/usd_per_gpu_hour")).isEqualTo("0.0526");
            assertThat(figure(negotiated, "/compare/0/negotiated_percent")).isEqualTo("90");
            assertThat(negotiated.at("/compare/0/explanation").asText()).contains("90% negotiated (EDP 2026)");
            assertThat(negotiated.at("/compare/1/provider").asText()).isEqualTo("GCP");
            assertThat(own.json(GLOBEX, "/compare?gpu=T4")
                            .at("/compare/0/provider")
                            .asText())
                    .isEqualTo("GCP");
        }
    }

    @Test
    void otherTerms_haveOtherPrices() {
        JsonNode body = site.json(ACME, "/compare?gpu=T4&option=spot");

        assertThat(body.get("compare")).hasSize(1);
        assertThat(figure(body, "/compare/0/usd_per_hour")).isEqualTo("0.2104");
    }

    @Test
    void wrongParameters_areRefusedWithWhatIsAllowed() {
        assertThat(site.refusal(400, ACME, "/compare?gpu=Voodoo")).contains("Voodoo", "T4");
        assertThat(site.refusal(400, ACME, "/compare?gpu=A100")).contains("A100 SXM 40GB");
        assertThat(site.refusal(400, ACME, "/compare?gpu=Tesla-T4-SHARED")).contains("name of the card itself");
        assertThat(site.refusal(400, ACME, "/compare?gpu=L4-4Q")).contains("it is a vGPU profile, not a whole GPU");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&count=0")).contains("count '0'", "above 0");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&option=barter")).contains("barter", "ON_DEMAND");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&at=noon")).contains("noon", "2026-01-31");
        assertThat(site.refusal(400, ACME, "/compare?gpu=T4&sizing=half")).contains("half", "gpu_share");
    }
}
