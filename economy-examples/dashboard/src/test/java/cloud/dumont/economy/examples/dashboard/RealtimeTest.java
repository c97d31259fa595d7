package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOTHING;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.AccountId;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealtimeTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private static JsonNode instance(JsonNode body, String id) {
        for (JsonNode instance : body.get("active_instances")) {
            if (instance.get("instance_id").asText().equals(id)) {
                return instance;
            }
        }
        throw new AssertionError(id + " is missing: " + body);
    }

    @Test
    void comparedInstanceHasBothSides() {
        JsonNode body = site.json(ACME, "/savings/realtime");
        JsonNode t4 = instance(body, "i-t4");

        assertThat(names(body))
                .containsAll(words("success timestamp active_instances totals next_poll_seconds provider demo"));
        assertThat(names(t4))
                .containsAll(words("instance_id gpu_type gpu_count status running_hours dumont_hourly_rate"
                        + " provider_hourly_rate current_cost provider_equivalent savings_so_far savings_per_hour"
                        + " equivalent"));
        assertThat(body.get("timestamp").asText()).isEqualTo("2026-08-03T12:00:00Z");
        assertThat(t4.get("gpu_type").asText()).isEqualTo("T4");
        assertThat(t4.get("status").asText()).isEqualTo("RUNNING");
        assertThat(figure(t4, "/gpu_count")).isEqualTo("1");
        assertThat(figure(t4, "/running_hours")).isEqualTo("60");
        assertThat(figure(t4, "/dumont_hourly_rate")).isEqualTo("0.15");
        assertThat(figure(t4, "/provider_hourly_rate")).isEqualTo("0.526");
        assertThat(figure(t4, "/current_cost")).isEqualTo("9");
        assertThat(figure(t4, "/provider_equivalent")).isEqualTo("31.56");
        assertThat(figure(t4, "/savings_so_far")).isEqualTo("22.56");
        assertThat(figure(t4, "/savings_per_hour")).isEqualTo("0.376");
        assertThat(t4.at("/equivalent/instance_type").asText()).isEqualTo("g4dn.xlarge");
        assertThat(t4.at("/equivalent/region").asText()).isEqualTo("us-east-1");
        assertThat(t4.at("/equivalent/tier").asText()).isEqualTo("LIKE_FOR_LIKE");
        assertThat(t4.at("/equivalent/sizing").asText()).isEqualTo("GPU_SHARE");
        assertThat(t4.at("/equivalent/gpu_model").asText()).isEqualTo("T4");
        assertThat(t4.at("/equivalent/trust").asText()).isEqualTo("UNRATED");
        assertThat(t4.at("/equivalent/explanation").asText()).contains("The machine costs 0.526 USD/h", "list aws.csv");
        for (String nothing : words("uncertain sustained_use_percent negotiated_percent")) {
            assertThat(t4.at("/equivalent/" + nothing).isNull()).as(nothing).isTrue();
        }
        assertThat(t4.get("left_out_because").isNull()).isTrue();
    }

    @Test
    void priceThatChangedUnseen_isMentionedOnlyWhereTheSessionOverlapsThatTime() {
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        AccountId acme = AccountId.of("acme");
        history.append(List.of(
                SiteFixture.running(SiteFixture.t4(acme, "i-old", "0.15"), "2026-06-15T00:00:00Z"),
                SiteFixture.running(SiteFixture.t4(acme, "i-new", "0.15"), "2026-08-01T00:00:00Z")));
        try (SiteFixture odd = SiteFixture.over(history, SiteFixture::unseenChange)) {
            JsonNode body = odd.json(ACME, "/savings/realtime?provider=gcp");

            JsonNode old = instance(body, "i-old").get("equivalent");
            assertThat(old.get("instance_type").asText()).isEqualTo("g2-t4");
            assertThat(old.at("/uncertain/from").asText()).isEqualTo("2026-06-11T00:00:00Z");
            assertThat(old.at("/uncertain/until").asText()).isEqualTo("2026-07-01T00:00:00Z");
            assertThat(instance(body, "i-new").at("/equivalent/uncertain").isNull())
                    .isTrue();
        }
    }

    @Test
    void instanceThatNobodySellsHasNoOtherSide() {
        JsonNode unsold = instance(site.json(ACME, "/savings/realtime"), "i-unsold");

        assertThat(figure(unsold, "/dumont_hourly_rate")).isEqualTo("1");
        assertThat(figure(unsold, "/current_cost")).isEqualTo("12");
        for (String unknown :
                words("provider_hourly_rate provider_equivalent savings_so_far savings_per_hour equivalent")) {
            assertThat(unsold.get(unknown).isNull()).as(unknown).isTrue();
        }
        assertThat(unsold.get("left_out_because").asText()).contains("MI355X");
    }

    @Test
    void unknownRateIsNullAndNotCompared() {
        JsonNode unknownRate = instance(site.json(ACME, "/savings/realtime"), "i-unknown-rate");

        assertThat(unknownRate.get("status").asText()).isEqualTo("IDLE");
        assertThat(figure(unknownRate, "/running_hours")).isEqualTo("6");
        for (String unknown : words("dumont_hourly_rate current_cost provider_hourly_rate provider_equivalent"
                + " savings_so_far savings_per_hour equivalent")) {
            assertThat(unknownRate.get(unknown).isNull()).as(unknown).isTrue();
        }
    }

    @Test
    void totalsSpeakOfComparedInstances() {
        JsonNode totals = site.json(ACME, "/savings/realtime").get("totals");

        assertThat(names(totals))
                .containsExactlyElementsOf(words("instances_count compared_count total_running_hours total_current_cost"
                        + " total_provider_equivalent total_savings savings_rate_per_hour avg_savings_rate_per_hour"));
        assertThat(figure(totals, "/instances_count")).isEqualTo("3");
        assertThat(figure(totals, "/total_running_hours")).isEqualTo("78");
        assertThat(figure(totals, "/total_current_cost")).isEqualTo("9");
        assertThat(figure(totals, "/total_savings")).isEqualTo("22.56");
        assertThat(figure(totals, "/savings_rate_per_hour")).isEqualTo("0.376");
        assertThat(figure(totals, "/avg_savings_rate_per_hour")).isEqualTo("0.376");
    }

    @Test
    void pollsComeSoonerWhileSomethingRuns() {
        assertThat(figure(site.json(ACME, "/savings/realtime"), "/next_poll_seconds"))
                .isEqualTo("30");
        JsonNode idle = site.json(NOTHING, "/savings/realtime");
        assertThat(figure(idle, "/next_poll_seconds")).isEqualTo("60");
        assertThat(idle.get("active_instances")).isEmpty();
        assertThat(figure(idle, "/totals/avg_savings_rate_per_hour")).isNull();
    }

    @Test
    void activeSessionSumsUp() {
        JsonNode body = site.json(ACME, "/active-session");
        JsonNode t4 = instance(body, "i-t4");

        assertThat(names(body))
                .containsAll(words("success timestamp active_instances current_cost_dumont current_cost_provider"
                        + " session_savings session_hours instances_count provider next_poll_seconds demo"));
        assertThat(names(t4))
                .containsAll(words("instance_id gpu_type status running_hours dumont_hourly_rate provider_hourly_rate"
                        + " dumont_cost provider_cost savings"));
        assertThat(figure(t4, "/dumont_cost")).isEqualTo("9");
        assertThat(figure(t4, "/provider_cost")).isEqualTo("31.56");
        assertThat(figure(t4, "/savings")).isEqualTo("22.56");
        assertThat(figure(body, "/current_cost_dumont")).isEqualTo("9");
        assertThat(figure(body, "/current_cost_provider")).isEqualTo("31.56");
        assertThat(figure(body, "/session_savings")).isEqualTo("22.56");
        assertThat(figure(body, "/session_hours")).isEqualTo("78");
        assertThat(figure(body, "/instances_count")).isEqualTo("3");
        assertThat(figure(body, "/next_poll_seconds")).isEqualTo("30");
        JsonNode unsold = instance(body, "i-unsold");
        assertThat(figure(unsold, "/dumont_cost")).isEqualTo("12");
        assertThat(figure(unsold, "/provider_cost")).isNull();
        assertThat(figure(unsold, "/savings")).isNull();
    }
}
