package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOW;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 250 instances, of which every fifth is idle and every seventh has a GPU that nobody sells. */
class PagingTest {

    private static final int COUNT = 250;

    private final SiteFixture site = SiteFixture.over(history(), () -> SiteFixture.prices());

    @AfterEach
    void stop() {
        site.close();
    }

    private static InMemoryHistoryStore history() {
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        List<UsageInterval> facts = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            Instance instance = Instance.builder(AccountId.of("acme"), "node-%03d".formatted(i))
                    .gpu(i % 7 == 0 ? "MI355X" : "T4", 1)
                    .rate(HourlyRate.ofNanoUsd(100_000_000L + i * 1_000_000L))
                    .build();
            facts.add(UsageInterval.openFrom(
                    instance,
                    i % 5 == 0 ? InstanceState.IDLE : InstanceState.RUNNING,
                    NOW.minus(Duration.ofMinutes(10L * (i + 1)))));
        }
        history.append(facts);
        return history;
    }

    private static List<String> ids(JsonNode body, String list, String name) {
        List<String> ids = new ArrayList<>();
        body.get(list).forEach(row -> ids.add(row.get(name).asText()));
        return ids;
    }

    @ParameterizedTest
    @CsvSource({
        "/savings/realtime, active_instances, instance_id",
        "/active-session, active_instances, instance_id",
        "/savings/breakdown?by=instance, breakdown, name"
    })
    void pagesHoldEveryRowOnceAndSayHowMany(String question, String list, String name) {
        String and = question + (question.contains("?") ? "&" : "?");
        JsonNode first = site.json(ACME, question);
        assertThat(first.get(list)).hasSize(100);

        Set<String> seen = new HashSet<>();
        JsonNode page = first;
        int pages = 1;
        while (true) {
            seen.addAll(ids(page, list, name));
            assertThat(figure(page, "/total")).isEqualTo("250");
            if (page.get("next").isNull()) {
                break;
            }
            page = site.json(ACME, and + "offset=" + page.get("next").asInt());
            pages++;
        }
        assertThat(seen).hasSize(COUNT);
        assertThat(pages).isEqualTo(3);
        assertThat(site.json(ACME, and + "limit=1000").get(list)).hasSize(COUNT);
        assertThat(site.refusal(400, ACME, and + "limit=1001")).contains("limit", "1 to 1000");
        assertThat(site.json(ACME, and + "offset=250").get(list)).isEmpty();
        assertThat(site.json(ACME, and + "offset=2147483647").get("next").isNull())
                .isTrue();
    }

    @Test
    void totalsAreOfEveryRowThatIsAskedForWhateverThePage() {
        JsonNode all = site.json(ACME, "/savings/realtime?limit=1000");
        BigDecimal savings = BigDecimal.ZERO;
        for (JsonNode row : all.get("active_instances")) {
            savings = savings.add(
                    row.get("savings_so_far").isNull()
                            ? BigDecimal.ZERO
                            : row.get("savings_so_far").decimalValue());
        }

        // Each row is rounded on its own, by half a nano-dollar at most.
        assertThat(all.at("/totals/total_savings").decimalValue())
                .isCloseTo(savings, within(BigDecimal.valueOf(COUNT, 9)));
        assertThat(site.json(ACME, "/savings/realtime?offset=100&limit=7").get("totals"))
                .isEqualTo(all.get("totals"));
        assertThat(site.json(ACME, "/savings").get("current_session_savings"))
                .isEqualTo(all.at("/totals/total_savings"));
    }

    @Test
    void statesAndWordsLeaveWhatTheySay() {
        JsonNode idle = site.json(ACME, "/savings/realtime?state=idle&limit=1000");
        JsonNode running = site.json(ACME, "/savings/realtime?state=running&limit=1000");
        JsonNode one = site.json(ACME, "/savings/realtime?q=NODE-01");

        assertThat(figure(idle, "/total")).isEqualTo("50");
        assertThat(idle.get("active_instances"))
                .allMatch(row -> row.get("status").asText().equals("IDLE"));
        assertThat(figure(running, "/total")).isEqualTo("200");
        assertThat(figure(one, "/total")).isEqualTo("10");
        assertThat(figure(one, "/totals/instances_count")).isEqualTo("10");
        assertThat(figure(site.json(ACME, "/savings/realtime?q=g4dn"), "/total"))
                .isEqualTo("214");
        assertThat(site.refusal(400, ACME, "/savings/realtime?state=stopped")).contains("running, idle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instance_id",
                "running_hours",
                "dumont_hourly_rate",
                "current_cost",
                "savings_so_far",
                "savings_per_hour",
                "provider_equivalent"
            })
    void sortsEitherWayWithUnknownOnesLast(String column) {
        List<JsonNode> up = rows("/savings/realtime?limit=1000&sort=" + column);
        List<JsonNode> down = rows("/savings/realtime?limit=1000&sort=-" + column);

        assertThat(known(up, column)).isSortedAccordingTo((one, other) -> compare(one, other));
        assertThat(known(down, column)).isSortedAccordingTo((one, other) -> compare(other, one));
        for (List<JsonNode> rows : List.of(up, down)) {
            int known = known(rows, column).size();
            assertThat(rows.subList(known, rows.size()))
                    .allMatch(row -> row.get(column).isNull());
        }
        assertThat(site.refusal(400, ACME, "/savings/realtime?sort=nothing")).contains("sort", "nothing", column);
    }

    private List<JsonNode> rows(String question) {
        List<JsonNode> rows = new ArrayList<>();
        site.json(ACME, question).get("active_instances").forEach(rows::add);
        return rows;
    }

    private static List<JsonNode> known(List<JsonNode> rows, String column) {
        return rows.stream()
                .map(row -> row.get(column))
                .filter(value -> !value.isNull())
                .toList();
    }

    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber()
                ? one.decimalValue().compareTo(other.decimalValue())
                : one.asText().compareTo(other.asText());
    }

    @Test
    void csvHasEveryRowThatIsAskedFor() {
        assertThat(site.get(ACME, "/savings/realtime?format=csv&state=idle")
                        .body()
                        .lines())
                .hasSize(51);
        assertThat(site.get(ACME, "/pricing?format=csv").body().lines().count())
                .isEqualTo(1 + site.json(ACME, "/pricing").get("total").asInt());
    }
}
