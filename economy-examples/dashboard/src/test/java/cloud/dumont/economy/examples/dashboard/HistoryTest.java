package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private static List<String> column(JsonNode body, String name) {
        List<String> column = new ArrayList<>();
        body.get("history").forEach(row -> column.add(row.get(name).asText()));
        return column;
    }

    @Test
    void everyDayIsThereOldestFirst() {
        JsonNode body = site.json(ACME, "/savings/history?days=5");

        assertThat(names(body)).containsAll(words("success provider history totals period_days timezone demo"));
        assertThat(names(body.at("/history/0")))
                .containsAll(words("date hours_used dumont_cost provider_cost savings cumulative_savings"));
        assertThat(column(body, "date"))
                .containsExactly("2026-07-30", "2026-07-31", "2026-08-01", "2026-08-02", "2026-08-03");
        assertThat(column(body, "hours_used")).containsExactly("4", "0", "24", "24", "30");
        assertThat(column(body, "compared_hours")).containsExactly("4", "0", "24", "24", "12");
        assertThat(column(body, "dumont_cost")).containsExactly("20", "0", "3.6", "3.6", "1.8");
        assertThat(column(body, "provider_cost")).containsExactly("55.04", "0", "12.624", "12.624", "6.312");
        assertThat(column(body, "savings")).containsExactly("35.04", "0", "9.024", "9.024", "4.512");
        assertThat(column(body, "cumulative_savings")).containsExactly("35.04", "35.04", "44.064", "53.088", "57.6");
        assertThat(figure(body, "/totals/total_hours")).isEqualTo("82");
        assertThat(figure(body, "/totals/total_dumont_cost")).isEqualTo("29");
        assertThat(figure(body, "/totals/total_provider_cost")).isEqualTo("86.6");
        assertThat(figure(body, "/totals/total_savings")).isEqualTo("57.6");
        assertThat(figure(body, "/period_days")).isEqualTo("5");
        assertThat(body.get("timezone").asText()).isEqualTo("UTC");
    }

    @Test
    void thirtyDaysUnlessAskedOtherwise() {
        JsonNode body = site.json(ACME, "/savings/history");

        assertThat(body.get("history")).hasSize(30);
        assertThat(figure(body, "/period_days")).isEqualTo("30");
    }

    @Test
    void atMidnightTheLastDayIsTheOneJustOver() {
        site.now = Instant.parse("2026-08-03T00:00:00Z");

        JsonNode body = site.json(ACME, "/savings/history?days=1");

        assertThat(column(body, "date")).containsExactly("2026-08-02");
        assertThat(column(body, "savings")).containsExactly("9.024");
    }

    @ParameterizedTest
    @CsvSource({
        "hour, 49, 2026-08-01T12:00:00Z, 2026-08-03T12:00:00Z",
        "day, 3, 2026-08-01, 2026-08-03",
        "week, 2, 2026-07-27, 2026-08-03",
        "MONTH, 1, 2026-08-01, 2026-08-01"
    })
    void granularityCutsTheSameTime(String granularity, int rows, String first, String last) {
        site.now = SiteFixture.NOW.plusSeconds(1);
        JsonNode body = site.json(ACME, "/savings/history?from=2026-08-01T12:00:00Z&granularity=" + granularity);

        List<String> dates = column(body, "date");
        assertThat(dates).hasSize(rows);
        assertThat(dates.get(0)).isEqualTo(first);
        assertThat(dates.get(rows - 1)).isEqualTo(last);
    }

    @Test
    void fromAndToAreHalfOpen() {
        JsonNode body = site.json(ACME, "/savings/history?from=2026-07-30&to=2026-08-02");

        assertThat(column(body, "date")).containsExactly("2026-07-30", "2026-07-31", "2026-08-01");
        assertThat(figure(body, "/period_days")).isEqualTo("3");
        assertThat(figure(body, "/totals/total_savings")).isEqualTo("44.064");
    }

    @Test
    void theFutureIsNotReported() {
        JsonNode body = site.json(ACME, "/savings/history?from=2026-08-03&to=2026-08-31");

        assertThat(column(body, "date")).containsExactly("2026-08-03");
        assertThat(figure(body, "/totals/total_savings")).isEqualTo("4.512");
        assertThat(body.get("to").asText()).isEqualTo("2026-08-03T12:00:00Z");
    }

    @Test
    void csvByParameterAndByHeader() {
        HttpResponse<String> byParameter = site.get(ACME, "/savings/history?days=2&format=csv");
        HttpResponse<String> byHeader = site.get(ACME, "/savings/history?days=2", "Accept", "text/csv");

        assertThat(byParameter.body())
                .isEqualTo("date,hours_used,dumont_cost,provider_cost,savings,cumulative_savings,compared_hours,demo,"
                        + "observed_until,provisional_seconds,inferred_seconds\r\n"
                        + "2026-08-02,24,3.6,12.624,9.024,9.024,24,false,2026-08-03T00:00:00Z,0,0\r\n"
                        + "2026-08-03,30,1.8,6.312,4.512,13.536,12,false,2026-08-03T12:00:00Z,0,0\r\n");
        assertThat(byParameter.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/csv");
        assertThat(byHeader.body()).isEqualTo(byParameter.body());
        assertThat(site.get(ACME, "/savings/history", "Accept", "application/json, text/csv")
                        .body())
                .startsWith("{");
        assertThat(site.get(ACME, "/savings/history?format=json", "Accept", "text/csv")
                        .body())
                .startsWith("{");
    }

    @ParameterizedTest
    @CsvSource({
        "days=0, days, 0, 3660",
        "days=3661, days, 3661, 3660",
        "days=many, days, many, 3660",
        "days=5.5, days, 5.5, 3660",
        "granularity=year, granularity, year, 'hour, day, week, month'",
        "format=xml, format, xml, csv",
        "from=yesterday, from, yesterday, 2026-01-31",
        "from=2026-08-03T12:00:00Z, from, 2026-08-03T12:00:00Z, before now",
        "from=2026-07-02&to=2026-07-02, to, 2026-07-02, after from",
        "from=2000-01-01, from, 2000-01-01, 3660",
        "to=2026-07-02, from, missing, days",
        "days=3&from=2026-07-02, days, from, to"
    })
    void wrongParameterIsRefusedWithWhatIsAllowed(String query, String parameter, String value, String allowed) {
        assertThat(site.refusal(400, ACME, "/savings/history?" + query)).contains(parameter, value, allowed);
    }
}
