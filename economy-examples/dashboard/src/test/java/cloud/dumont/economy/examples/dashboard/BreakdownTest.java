package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakdownTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private static JsonNode group(JsonNode body, String name) {
        for (JsonNode group : body.get("breakdown")) {
            if (group.get("name").asText().equals(name)) {
                return group;
            }
        }
        throw new AssertionError(name + " is missing: " + body);
    }

    private static void assertSumsToTotal(JsonNode body) {
        for (String figure : words("hours dumont_cost provider_cost savings compared_hours")) {
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode group : body.get("breakdown")) {
                sum = sum.add(group.get(figure).decimalValue());
            }
            assertThat(sum)
                    .as(figure)
                    .isEqualByComparingTo(body.at("/totals/" + figure).decimalValue());
        }
    }

    @Test
    void byGpuUnlessAskedOtherwise() {
        JsonNode body = site.json(ACME, "/savings/breakdown");
        JsonNode t4 = group(body, "T4");

        assertThat(names(body)).containsAll(words("success provider breakdown demo"));
        assertThat(names(t4)).containsAll(words("name hours dumont_cost provider_cost savings savings_percentage"));
        assertThat(body.get("breakdown")).hasSize(3);
        assertThat(figure(t4, "/hours")).isEqualTo("66");
        assertThat(figure(t4, "/dumont_cost")).isEqualTo("9");
        assertThat(figure(t4, "/provider_cost")).isEqualTo("31.56");
        assertThat(figure(t4, "/savings")).isEqualTo("22.56");
        assertThat(figure(t4, "/savings_percentage")).isEqualTo("71.4829");
        assertThat(figure(group(body, "MI355X"), "/savings_percentage")).isNull();
        assertThat(figure(body, "/totals/savings")).isEqualTo("57.6");
        assertSumsToTotal(body);
    }

    @ParameterizedTest
    @CsvSource({"gpu, H100 SXM 80GB", "instance, i-h100", "REGION, eu-central"})
    void everyGroupingSumsToTheSame(String by, String h100) {
        JsonNode body = site.json(ACME, "/savings/breakdown?by=" + by);

        assertThat(figure(group(body, h100), "/savings")).isEqualTo("35.04");
        assertThat(figure(body, "/totals/savings")).isEqualTo("57.6");
        assertSumsToTotal(body);
    }

    /** 3 August 2026 is a Monday. */
    @ParameterizedTest
    @CsvSource({
        "day, 2026-08-03T00:00:00Z, 30, 4.512",
        "week, 2026-08-03T00:00:00Z, 30, 4.512",
        "month, 2026-08-01T00:00:00Z, 78, 22.56",
        "year, 2026-01-01T00:00:00Z, 82, 57.6"
    })
    void calendarPeriodSoFar(String period, String from, String hours, String savings) {
        JsonNode body = site.json(ACME, "/savings/breakdown?by=instance&period=" + period);

        assertThat(body.get("from").asText()).isEqualTo(from);
        assertThat(figure(body, "/totals/hours")).isEqualTo(hours);
        assertThat(figure(body, "/totals/savings")).isEqualTo(savings);
        assertSumsToTotal(body);
    }

    @Test
    void groupsWithoutUsageInThePeriodAreLeftOut() {
        assertThat(site.get(ACME, "/savings/breakdown?by=instance&period=month").body())
                .contains("i-t4")
                .doesNotContain("i-h100");
    }

    @ParameterizedTest
    @CsvSource({
        "by=account, by, account, 'gpu, instance, region'",
        "period=hour, period, hour, 'day, week, month, year, all'"
    })
    void wrongParameterIsRefusedWithWhatIsAllowed(String query, String parameter, String value, String allowed) {
        assertThat(site.refusal(400, ACME, "/savings/breakdown?" + query)).contains(parameter, value, allowed);
    }
}
