package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.GLOBEX;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.savings.Receipt;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How figures came about, and what an instance did. */
class ExplainTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private static Receipt receipt(JsonNode node) {
        return new Receipt(
                JSON.convertValue(node.get("facts"), new TypeReference<Map<String, String>>() {}),
                JSON.convertValue(node.get("lines"), new TypeReference<List<Map<String, String>>>() {}),
                JSON.convertValue(node.get("totals"), new TypeReference<Map<String, String>>() {}));
    }

    @ParameterizedTest
    @CsvSource({
        "/explain, /lifetime_savings",
        "/explain?figure=session, /current_session_savings",
    })
    void linesAndReceiptComeToTheFigure(String question, String headline) {
        JsonNode body = site.json(ACME, question);
        BigDecimal savings = BigDecimal.ZERO;
        for (JsonNode line : body.get("lines")) {
            if (!line.get("tier").isNull()) {
                savings = savings.add(line.get("provider_cost").decimalValue())
                        .subtract(line.get("dumont_cost").decimalValue());
            }
        }

        assertThat(savings)
                .isEqualByComparingTo(site.json(ACME, "/savings").at(headline).decimalValue());
        assertThat(receipt(body.get("receipt")).verify()).isEmpty();
        assertThat(new BigDecimal(body.at("/receipt/totals/savings_usd").asText()))
                .isEqualByComparingTo(savings);
    }

    @Test
    void lineNamesThePriceRowItRestsOn() {
        JsonNode line = site.json(ACME, "/explain?instance=i-t4").at("/lines/0");

        assertThat(line.get("tier").asText()).isEqualTo("LIKE_FOR_LIKE");
        assertThat(line.at("/price/instance_type").asText()).isEqualTo("g4dn.xlarge");
        assertThat(line.at("/price/region").asText()).isEqualTo("us-east-1");
        assertThat(figure(line, "/price/usd_per_hour")).isEqualTo("0.526");
        assertThat(line.at("/price/source").asText()).isEqualTo("list aws.csv");
        assertThat(line.at("/price/read_on").asText()).isEqualTo("2026-07-25");
        assertThat(figure(line, "/hours")).isEqualTo("60");
        assertThat(figure(line, "/provider_cost")).isEqualTo("31.56");
    }

    @Test
    void whatIsNotComparedSaysWhy() {
        JsonNode line = site.json(ACME, "/explain?instance=i-unsold").at("/lines/0");

        assertThat(line.get("why_not_compared").asText()).contains("MI355X");
        assertThat(line.get("tier").isNull()).isTrue();
        assertThat(line.get("provider_cost").isNull()).isTrue();
    }

    @Test
    void receiptAloneIsAFileThatHolds() throws Exception {
        HttpResponse<String> response = site.get(ACME, "/explain?format=receipt&figure=projection");
        JsonNode file = SiteFixture.parse(response);

        assertThat(response.headers().firstValue("Content-Disposition").orElse(""))
                .contains("receipt-projection.json");
        assertThat(SiteFixture.names(file)).containsExactly("facts", "lines", "totals");
        assertThat(receipt(file).verify()).isEmpty();
        ((ObjectNode) file.get("totals")).put("monthly_usd", "1.000000000");
        assertThat(receipt(file).verify()).isNotEmpty();
    }

    @Test
    void instancesOfOthersAreNotThere() {
        assertThat(site.refusal(404, ACME, "/explain?instance=i-globex")).contains("i-globex");
        assertThat(site.refusal(404, ACME, "/instances/i-globex")).contains("i-globex");
        assertThat(site.json(GLOBEX, "/instances/i-globex").get("instance_id").asText())
                .isEqualTo("i-globex");
    }

    @Test
    void instanceTellsItsRunsTheLatestFirst() {
        JsonNode body = site.json(ACME, "/instances/i-h100");

        assertThat(body.get("status").asText()).isEqualTo("HIBERNATED");
        assertThat(body.get("now").isNull()).isTrue();
        assertThat(body.get("runs")).hasSize(2);
        assertThat(body.at("/runs/0/state").asText()).isEqualTo("HIBERNATED");
        assertThat(body.at("/runs/0/until").isNull()).isTrue();
        assertThat(body.at("/runs/1/from").asText()).isEqualTo("2026-07-30T10:00:00Z");
        assertThat(body.at("/runs/1/until").asText()).isEqualTo("2026-07-30T14:00:00Z");
        assertThat(figure(body, "/runs/1/usd_per_hour")).isEqualTo("5");
        assertThat(figure(body, "/lifetime/savings")).isEqualTo("35.04");
        assertThat(figure(body, "/total")).isEqualTo("2");
    }

    @Test
    void runningInstanceHasItsSessionBesideItsRuns() {
        JsonNode body = site.json(ACME, "/instances/i-t4");

        assertThat(figure(body, "/now/savings_so_far")).isEqualTo("22.56");
        assertThat(figure(body, "/lifetime/savings")).isEqualTo("22.56");
        assertThat(body.get("status").asText()).isEqualTo("RUNNING");
    }

    @Test
    void rangeGoesFromTheFloorToLikeForLike() {
        JsonNode body = site.json(ACME, "/range");

        assertThat(figure(body, "/reported/savings"))
                .isEqualTo(figure(site.json(ACME, "/savings"), "/lifetime_savings"));
        assertThat(body.at("/floor/savings").decimalValue())
                .isLessThanOrEqualTo(body.at("/reported/savings").decimalValue());
        assertThat(figure(body, "/like_for_like/savings")).isEqualTo("22.56");
        assertThat(body.get("trend").isNull()).isTrue();
        assertThat(figure(body, "/waste/idle_hours")).isEqualTo("6");
    }

    @Test
    void trendNeedsAWeekOfDays() {
        JsonNode trend = site.json(SiteFixture.DEMO, "/range").get("trend");

        assertThat(trend.get("days").asInt()).isBetween(7, 30);
        assertThat(trend.at("/monthly/low").decimalValue())
                .isLessThan(trend.at("/monthly/expected").decimalValue());
        assertThat(trend.at("/monthly/expected").decimalValue())
                .isLessThan(trend.at("/monthly/high").decimalValue());
    }
}
