package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.API;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an imagined workload would cost, and what the whole fleet would have cost elsewhere. */
class SimulateTest {

    private static final String USAGE =
            "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,"
                    + "started_at,ended_at\n";

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private HttpResponse<String> post(String query, String mediaType, String body) {
        return site.send(HttpRequest.newBuilder(site.at(API + "/simulate" + query))
                .header("Authorization", "Bearer " + ACME)
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode simulate(String query, String workload) {
        HttpResponse<String> response = post(query, "application/json", "{\"workload\":[" + workload + "]}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SiteFixture.parse(response);
    }

    private static JsonNode of(String provider, JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(row -> row.get("provider").asText().equals(provider))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneLineAProvider() {
        JsonNode body = simulate("", "{\"gpu\":\"Tesla T4\",\"count\":1,\"hours\":200}");
        JsonNode aws = of("AWS", body.get("simulate"));

        assertThat(figure(aws, "/provider_cost")).isEqualTo("105.2");
        assertThat(aws.get("dumont_cost").isNull()).isTrue();
        assertThat(aws.get("savings").isNull()).isTrue();
        assertThat(aws.at("/equivalents/0/instance_type").asText()).isEqualTo("g4dn.xlarge");
        assertThat(aws.at("/equivalents/0/tier").asText()).isEqualTo("LIKE_FOR_LIKE");
        assertThat(figure(of("GCP", body.get("simulate")), "/provider_cost")).isEqualTo("20");
        assertThat(body.at("/simulate/0/provider").asText()).isEqualTo("GCP");
        assertThat(figure(body, "/instance_hours")).isEqualTo("200");
        assertThat(body.get("simulate").size() + body.get("unsold").size()).isEqualTo(3);
    }

    @Test
    void ownRatesGiveTheOwnSide() {
        JsonNode body = simulate(
                "?provider=aws&option=spot",
                "{\"gpu\":\"T4\",\"hours\":10,\"instances\":3,\"usd_per_hour\":0.1},{\"gpu\":\"T4\",\"hours\":1,\"usd_per_hour\":0.2}");
        JsonNode aws = body.at("/simulate/0");

        assertThat(body.get("simulate")).hasSize(1);
        assertThat(figure(aws, "/dumont_cost")).isEqualTo("3.2");
        assertThat(figure(aws, "/provider_cost")).isEqualTo("6.5224");
        assertThat(figure(aws, "/savings")).isEqualTo("3.3224");
        assertThat(aws.at("/baseline/option").asText()).isEqualTo("SPOT");
    }

    @Test
    void usageFileIsPricedAtItsOwnTime() {
        HttpResponse<String> response = post(
                "?provider=aws",
                "text/csv; charset=utf-8",
                USAGE + "anybody,x,T4,1,,,us-east,0.15,running,2026-08-01T00:00:00Z,2026-08-01T10:00:00Z\n"
                        + "anybody,y,T4,-1,,,us-east,0.15,running,2026-08-01T00:00:00Z,2026-08-01T10:00:00Z\n");
        JsonNode body = SiteFixture.parse(response);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(figure(body, "/simulate/0/provider_cost")).isEqualTo("5.26");
        assertThat(figure(body, "/simulate/0/savings")).isEqualTo("3.76");
        assertThat(figure(body, "/refused/0/line")).isEqualTo("3");
    }

    @Test
    void nothingOfItIsRecorded() {
        String before = site.get(ACME, "/savings").body();
        simulate("", "{\"gpu\":\"T4\",\"hours\":200,\"usd_per_hour\":0.1}");
        assertThat(site.get(ACME, "/savings").body()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "nonsense | no JSON",
                "{} | 'workload'",
                "{\"workload\":[]} | 'workload'",
                "{\"workload\":[1]} | workload[0]",
                "{\"workload\":[{\"gpu\":\"T4\"}]} | workload[0].hours",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":-1}]} | workload[0].hours",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1e-99999999}]} | workload[0].hours",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":87601}]} | 87600",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1,\"instances\":1.5}]} | whole number",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1,\"instances\":10001}]} | 10000",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1,\"count\":0}]} | workload[0].count",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1,\"hour\":1}]} | workload[0].hour is not known",
                "{\"workload\":[{\"gpu\":\"abacus\",\"hours\":1}]} | abacus",
                "{\"workload\":[{\"gpu\":\"T4\",\"hours\":1}]}x | no JSON"
            })
    void wrongWorkloadIsRefusedByWhatIsWrong(String body, String said) {
        HttpResponse<String> response = post("", "application/json", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(SiteFixture.parse(response).at("/error/message").asText()).contains(said.strip());
    }

    @Test
    void otherMediaTypesAndLargeBodiesAreRefused() {
        assertThat(post("", "text/plain", "x").body()).contains("application/json, text/csv");
        assertThat(post("", "text/csv", "a,b\n1,2\n").body())
                .contains("no usage CSV")
                .doesNotContain("/tmp");
        assertThat(post("", "application/json", " ".repeat((1 << 20) + 1)).body())
                .contains("1048576 bytes");
        assertThat(site.get(ACME, "/simulate").statusCode()).isEqualTo(405);
        assertThat(site.get(ACME, "/simulate").headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void wholeFleetIsSetAgainstEveryProvider() {
        JsonNode body = site.json(ACME, "/compare");
        JsonNode aws = of("AWS", body.get("compare"));
        JsonNode savings = site.json(ACME, "/savings");

        assertThat(figure(aws, "/savings")).isEqualTo(figure(savings, "/lifetime_savings"));
        assertThat(figure(aws, "/provider_cost")).isEqualTo(figure(savings, "/lifetime_provider_cost"));
        assertThat(figure(aws, "/savings_per_hour")).isEqualTo("0.376");
        assertThat(figure(aws, "/compared_hours")).isEqualTo("64");
        assertThat(figure(of("GCP", body.get("compare")), "/savings")).isEqualTo("-3");
        assertThat(body.at("/compare/0/provider").asText()).isEqualTo("AWS");
        assertThat(of("AZURE", body.get("unsold")).get("reason").asText()).contains("sells nothing");
        assertThat(site.refusal(400, ACME, "/compare?count=2")).contains("count", "without gpu");
    }

    @Test
    void regionLeavesOutThoseWhoDoNotHaveIt() {
        JsonNode body = site.json(ACME, "/compare?region=us-east-1");

        assertThat(body.get("compare")).hasSize(1);
        assertThat(of("GCP", body.get("unsold")).get("reason").asText()).contains("no region us-east-1");
        assertThat(site.refusal(400, ACME, "/compare?region=atlantis")).contains("atlantis", "us-central1");
        assertThat(site.json(ACME, "/compare?gpu=T4&region=us-east-1").get("compare"))
                .hasSize(1);
    }
}
