package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.GLOBEX;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOTHING;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SavingsTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void everyFieldOfTheContractIsThere() {
        JsonNode savings = site.json(ACME, "/savings");

        assertThat(names(savings))
                .containsAll(words("success provider currency lifetime_savings lifetime_hours lifetime_cost"
                        + " lifetime_provider_cost savings_percentage current_session_savings current_session_hours"
                        + " current_session_cost hourly_comparison projections hibernation active_instances_count"
                        + " instances_summary coverage tiers prices calculated_at demo"));
        assertThat(names(savings.get("hourly_comparison")))
                .containsExactly("dumont_rate", "provider_rate", "savings_per_hour");
        assertThat(names(savings.get("projections")))
                .containsExactlyElementsOf(words("basis daily weekly monthly yearly low high"));
        assertThat(names(savings.get("hibernation"))).containsExactly("hours", "cost_avoided");
        assertThat(names(savings.get("coverage"))).containsExactly("priced_hours", "total_hours", "unpriced_instances");
        assertThat(names(savings.get("tiers"))).containsExactly("LIKE_FOR_LIKE", "SAME_GPU", "NEAREST");
        assertThat(names(savings.get("prices"))).containsExactly("as_of", "stale", "own_terms");
        assertThat(names(savings.get("baseline")))
                .containsExactly("option", "region", "sizing", "discount_percent", "host_match");
        assertThat(savings.get("success").asBoolean()).isTrue();
        assertThat(savings.get("provider").asText()).isEqualTo("AWS");
        assertThat(savings.get("currency").asText()).isEqualTo("USD");
        assertThat(savings.get("calculated_at").asText()).isEqualTo("2026-08-03T12:00:00Z");
        assertThat(savings.get("demo").asBoolean(true)).isFalse();
    }

    /** T4: 60 h at 0.15 against 0.526. H100: 4 h at 5 against 2/8 of 55.04. The other two are left out of both sides. */
    @Test
    void figuresAreExact() {
        JsonNode savings = site.json(ACME, "/savings");

        assertThat(figure(savings, "/lifetime_cost")).isEqualTo("29");
        assertThat(figure(savings, "/lifetime_provider_cost")).isEqualTo("86.6");
        assertThat(figure(savings, "/lifetime_savings")).isEqualTo("57.6");
        assertThat(figure(savings, "/savings_percentage")).isEqualTo("66.5127");
        assertThat(figure(savings, "/lifetime_hours")).isEqualTo("82");
        assertThat(figure(savings, "/current_session_savings")).isEqualTo("22.56");
        assertThat(figure(savings, "/current_session_hours")).isEqualTo("78");
        assertThat(figure(savings, "/current_session_cost")).isEqualTo("9");
        assertThat(figure(savings, "/hourly_comparison/dumont_rate")).isEqualTo("0.15");
        assertThat(figure(savings, "/hourly_comparison/provider_rate")).isEqualTo("0.526");
        assertThat(figure(savings, "/hourly_comparison/savings_per_hour")).isEqualTo("0.376");
        assertThat(savings.at("/projections/basis").asText()).isEqualTo("run_rate");
        assertThat(figure(savings, "/projections/daily")).isEqualTo("9.024");
        assertThat(figure(savings, "/projections/weekly")).isEqualTo("63.168");
        assertThat(figure(savings, "/projections/monthly")).isEqualTo("274.48");
        assertThat(figure(savings, "/projections/yearly")).isEqualTo("3293.76");
        assertThat(figure(savings, "/projections/low")).isNull();
        assertThat(figure(savings, "/projections/high")).isNull();
        assertThat(figure(savings, "/hibernation/hours")).isEqualTo("94");
        assertThat(figure(savings, "/hibernation/cost_avoided")).isEqualTo("460.6");
        assertThat(figure(savings, "/active_instances_count")).isEqualTo("3");
        assertThat(savings.get("instances_summary")).hasSize(3);
        assertThat(figure(savings, "/coverage/priced_hours")).isEqualTo("64");
        assertThat(figure(savings, "/coverage/total_hours")).isEqualTo("82");
        assertThat(figure(savings, "/coverage/unpriced_instances")).isEqualTo("2");
        assertThat(figure(savings, "/tiers/LIKE_FOR_LIKE")).isEqualTo("22.56");
        assertThat(figure(savings, "/tiers/SAME_GPU")).isEqualTo("35.04");
        assertThat(figure(savings, "/tiers/NEAREST")).isEqualTo("0");
        assertThat(savings.at("/prices/as_of").asText()).isEqualTo("2026-07-25");
        assertThat(savings.at("/baseline/option").asText()).isEqualTo("ON_DEMAND");
        assertThat(savings.at("/baseline/region").asText()).isEqualTo("us-east-1");
        assertThat(savings.at("/baseline/sizing").asText()).isEqualTo("GPU_SHARE");
    }

    @Test
    void savingsMayBeNegative() {
        JsonNode savings = site.json(ACME, "/savings?provider=gcp");

        assertThat(savings.get("provider").asText()).isEqualTo("GCP");
        assertThat(figure(savings, "/hourly_comparison/savings_per_hour")).isEqualTo("-0.05");
        assertThat(figure(savings, "/current_session_savings")).isEqualTo("-3");
        assertThat(figure(savings, "/savings_percentage")).isEqualTo("-50");
    }

    @Test
    void ninthDecimalIsRoundedOnceFromTheExactAmount() {
        site.now = SiteFixture.NOW.plusSeconds(1);

        // 216,001 s x 0.376 / 3600 = 22.560104444...
        assertThat(figure(site.json(ACME, "/savings"), "/current_session_savings"))
                .isEqualTo("22.560104444");
    }

    @Test
    void pricesTurnStaleAfterFourteenDays() {
        site.now = SiteFixture.NOW.plus(Duration.ofDays(4)).plus(Duration.ofHours(12));
        assertThat(site.json(ACME, "/savings").at("/prices/stale").asBoolean(true))
                .isFalse();

        site.now = site.now.plusSeconds(1);
        assertThat(site.json(ACME, "/savings").at("/prices/stale").asBoolean()).isTrue();
    }

    @Test
    void whatIsUndefinedIsNull() {
        JsonNode savings = site.json(NOTHING, "/savings");

        assertThat(figure(savings, "/savings_percentage")).isNull();
        assertThat(savings.at("/projections/basis").asText()).isEqualTo("none");
        assertThat(figure(savings, "/projections/monthly")).isNull();
        assertThat(savings.at("/prices/as_of").isNull()).isTrue();
        assertThat(figure(savings, "/active_instances_count")).isEqualTo("0");
        assertThat(figure(savings, "/coverage/total_hours")).isEqualTo("0");
    }

    @Test
    void anAccountSeesItsOwnFleetOnly() {
        JsonNode savings = site.json(GLOBEX, "/savings");

        assertThat(figure(savings, "/lifetime_savings")).isEqualTo("0.326");
        assertThat(figure(savings, "/lifetime_hours")).isEqualTo("1");
        assertThat(savings.toString()).contains("i-globex").doesNotContain("i-t4", "i-h100", "acme");
        for (String question : words(
                "/savings /savings/realtime /active-session /savings/history?days=3660 /savings/breakdown?by=instance")) {
            assertThat(site.get(ACME, question).body()).as(question).doesNotContain("globex");
        }
        assertThat(site.refusal(400, ACME, "/savings/breakdown?by=instance&account=globex"))
                .contains("'account'");
    }

    @Test
    void unknownProviderIsRefusedWithTheKnownOnes() {
        assertThat(site.refusal(400, ACME, "/savings?provider=AWZ")).contains("provider", "AWZ", "AWS", "AZURE", "GCP");
    }
}
