package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.API;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked is answered or refused by name, never passed over. */
class ParametersTest {

    private static final String WORKLOAD = "{\"workload\":[{\"gpu\":\"T4\",\"hours\":10}]}";

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private HttpResponse<String> ask(String method, String path, String query) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(site.at(path + query)).header("Authorization", "Bearer " + ACME);
        return site.send((method.equals("post")
                        ? request.POST(HttpRequest.BodyPublishers.ofString(WORKLOAD))
                                .header("Content-Type", "application/json")
                        : request)
                .build());
    }

    /** Every route that the API describes, as method and path. */
    private List<String[]> routes() {
        JsonNode paths = SiteFixture.parse(site.send(
                        HttpRequest.newBuilder(site.at("/openapi.json")).build()))
                .get("paths");
        List<String[]> routes = new ArrayList<>();
        paths.properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method ->
                                routes.add(new String[] {method, path.getKey().replace("{id}", "i-t4")})));
        return routes;
    }

    @Test
    void whatARouteDoesNotKnowIsRefusedWithWhatItKnows() {
        assertThat(routes()).hasSizeGreaterThan(10);
        for (String[] route : routes()) {
            HttpResponse<String> response = ask(route[0], route[1], "?opton=SPOT");

            assertThat(response.statusCode()).as(route[1]).isEqualTo(400);
            assertThat(response.body()).as(route[1]).contains("'opton'", "known: ");
        }
        assertThat(site.refusal(400, ACME, "/savings?days=3"))
                .contains("'days'", "provider, option, region, sizing, discount, host_match");
        assertThat(site.refusal(400, ACME, "/savings?opton=")).contains("'opton'");
    }

    @ParameterizedTest
    @CsvSource({
        "/savings, /lifetime_provider_cost",
        "/savings/realtime, /totals/total_provider_equivalent",
        "/active-session, /current_cost_provider",
        "/savings/history?days=10, /totals/total_provider_cost",
        "/savings/breakdown, /totals/provider_cost",
        "/range, /reported/provider_cost",
        "/instances/i-t4, /lifetime/provider_cost",
        "/explain?instance=i-t4, /lines/0/provider_cost"
    })
    void everyRouteThatComparesTakesTheBaseline(String question, String cost) {
        String and = question + (question.contains("?") ? "&" : "?");
        JsonNode plain = site.json(ACME, question);
        JsonNode spot = site.json(ACME, and + "option=spot");
        JsonNode half = site.json(ACME, and + "discount=50");
        JsonNode elsewhere = site.json(ACME, and + "region=us-gov-west-1");

        assertThat(spot.at("/baseline/option").asText()).isEqualTo("SPOT");
        assertThat(half.at("/baseline/discount_percent").asText()).isEqualTo("50");
        assertThat(elsewhere.at("/baseline/region").asText()).isEqualTo("us-gov-west-1");
        assertThat(site.json(ACME, and + "sizing=whole_instance")
                        .at("/baseline/sizing")
                        .asText())
                .isEqualTo("WHOLE_INSTANCE");
        assertThat(site.json(ACME, and + "host_match=at_least")
                        .at("/baseline/host_match")
                        .asText())
                .isEqualTo("AT_LEAST");
        assertThat(figure(spot, cost)).isNotEqualTo(figure(plain, cost));
        assertThat(half.at(cost).decimalValue().movePointRight(1).intValue())
                .isEqualTo(plain.at(cost).decimalValue().movePointRight(1).intValue() / 2);
        assertThat(figure(elsewhere, cost)).isNotEqualTo(figure(plain, cost));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "100.1", "0.00001", "1e1", "ten", "101"})
    void discountIsAPercentage(String value) {
        assertThat(site.refusal(400, ACME, "/savings?discount=" + value)).contains("discount", value, "0 to 100");
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheLimit() {
        assertThat(site.refusal(400, ACME, "/savings/history?granularity=hour&days=3660"))
                .contains("87", "at most 10000 rows", "coarser");
        assertThat(site.get(ACME, "/savings/history?granularity=hour&days=366").statusCode())
                .isEqualTo(200);
    }

    /** Whatever stands in a query, the answer is an answer or a refusal, never a fault. */
    @Test
    void fuzzedParametersNeverGiveAFault() {
        List<String> names = List.of(
                "provider",
                "option",
                "region",
                "sizing",
                "discount",
                "host_match",
                "days",
                "from",
                "to",
                "granularity",
                "format",
                "by",
                "period",
                "offset",
                "limit",
                "sort",
                "q",
                "state",
                "since",
                "gpu",
                "count",
                "at",
                "instance_type",
                "instance",
                "figure");
        List<String> values = List.of(
                "",
                "AWS",
                "gcp",
                "all",
                "-1",
                "0",
                "999999999999999999999",
                "1e9",
                "NaN",
                "%00",
                "%ff",
                "%F0%9F%92%A9",
                "'%3B--",
                "..%2F..",
                "2026-02-30",
                "2026-08-01",
                "0000-01-01",
                "-999999999-01-01",
                "999999999-12-31",
                "2026-08-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59Z",
                "hour",
                "csv",
                "T4",
                "H100",
                "*",
                "savings",
                "-savings",
                "running",
                "x".repeat(900),
                "%E2%80%AE",
                "%20",
                "0.5",
                "i-t4");
        Random random = new Random(20_260_720);
        List<String[]> routes = routes();
        for (int i = 0; i < 600; i++) {
            String[] route = routes.get(random.nextInt(routes.size()));
            if (route[1].equals(API + "/stream")) {
                continue;
            }
            StringBuilder query = new StringBuilder("?");
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                query.append(names.get(random.nextInt(names.size())))
                        .append('=')
                        .append(values.get(random.nextInt(values.size())))
                        .append('&');
            }
            assertThat(ask(route[0], route[1], query.toString()).statusCode())
                    .as(route[1] + query)
                    .isIn(200, 400, 404);
        }
    }
}
