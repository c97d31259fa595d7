package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOW;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageLedger;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever has an answer and what has changed since has every figure of now, to the last digit. */
class SinceTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final int INSTANCES = 12;

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InMemoryHistoryStore history = new InMemoryHistoryStore(time::get);
    private final UsageLedger ledger =
            UsageLedger.builder(history).time(time::get).build();
    private final SiteFixture site = SiteFixture.over(history, SiteFixture::prices);

    @AfterEach
    void stop() {
        site.close();
    }

    private void pass(Duration duration) {
        time.updateAndGet(now -> now.plus(duration));
        site.now = time.get();
    }

    private static Instance instance(int number, int dimes) {
        return Instance.builder(ACCOUNT, "i-" + number)
                .gpu(number % 4 == 3 ? "MI355X" : "T4", 1)
                .rate(HourlyRate.usd(BigDecimal.valueOf(dimes, 1)))
                .build();
    }

    @Test
    void onlyWhatHasChangedIsTold() {
        ledger.changed(instance(0, 1), InstanceState.RUNNING, time.get());
        ledger.changed(instance(1, 1), InstanceState.RUNNING, time.get());
        ledger.changed(instance(2, 1), InstanceState.RUNNING, time.get());
        pass(Duration.ofMinutes(5));
        String then = site.json(ACME, "/savings/realtime").get("timestamp").asText();
        pass(Duration.ofMinutes(1));
        ledger.changed(instance(1, 1), InstanceState.IDLE, time.get());
        ledger.changed(instance(2, 1), InstanceState.TERMINATED, time.get());
        ledger.changed(instance(4, 1), InstanceState.RUNNING, time.get());
        pass(Duration.ofMinutes(1));

        JsonNode changes = site.json(ACME, "/savings/realtime?since=" + then);

        assertThat(changes.get("active_instances").findValuesAsText("instance_id"))
                .containsExactly("i-1", "i-4");
        assertThat(changes.get("ended_instances")).hasSize(1);
        assertThat(changes.at("/ended_instances/0").asText()).isEqualTo("i-2");
        assertThat(figure(changes, "/totals/instances_count")).isEqualTo("3");
        assertThat(changes.get("since").asText()).isEqualTo(then);
        assertThat(site.json(ACME, "/savings/realtime").get("since").isNull()).isTrue();
        assertThat(site.refusal(400, ACME, "/savings/realtime?since=2030-01-01"))
                .contains("since", "not after now");
    }

    @Test
    void whatIsTakenOverFromAnEarlierAnswerGoesOnToTheLastDigit() {
        Random random = new Random(7);
        Map<String, JsonNode> known = new HashMap<>();
        String then = null;
        for (int step = 0; step < 120; step++) {
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                InstanceState state = InstanceState.values()[random.nextInt(4)];
                ledger.changed(instance(random.nextInt(INSTANCES), 1 + random.nextInt(3)), state, time.get());
                pass(Duration.ofSeconds(1));
            }
            pass(Duration.ofSeconds(1 + random.nextInt(4_000)));

            JsonNode told = site.json(ACME, "/savings/realtime?limit=1000" + (then == null ? "" : "&since=" + then));
            long seconds = then == null
                    ? 0
                    : Duration.between(Instant.parse(then), site.now).toSeconds();
            known.replaceAll((id, row) -> later(row, seconds));
            told.get("ended_instances").forEach(id -> known.remove(id.asText()));
            told.get("active_instances")
                    .forEach(row -> known.put(row.get("instance_id").asText(), row));
            then = told.get("timestamp").asText();

            JsonNode whole = site.json(ACME, "/savings/realtime?limit=1000");
            assertThat(known).hasSize(whole.get("active_instances").size());
            for (JsonNode row : whole.get("active_instances")) {
                JsonNode mine = known.get(row.get("instance_id").asText());
                for (String name : new String[] {"current_cost", "provider_equivalent", "savings_so_far"}) {
                    assertThat(mine.get(name).isNull()).isEqualTo(row.get(name).isNull());
                    if (!row.get(name).isNull()) {
                        assertThat(mine.get(name)
                                        .decimalValue()
                                        .subtract(row.get(name).decimalValue())
                                        .abs())
                                .as(step + " " + row + " " + mine)
                                .isLessThanOrEqualTo(new BigDecimal("0.000001"));
                    }
                }
                assertThat(mine.get("status")).isEqualTo(row.get("status"));
            }
        }
    }

    /** A row of then, brought to the present at its rates. */
    private static JsonNode later(JsonNode row, long seconds) {
        com.fasterxml.jackson.databind.node.ObjectNode later = row.deepCopy();
        grow(later, "current_cost", "dumont_hourly_rate", seconds);
        grow(later, "provider_equivalent", "provider_hourly_rate", seconds);
        grow(later, "savings_so_far", "savings_per_hour", seconds);
        return later;
    }

    private static void grow(
            com.fasterxml.jackson.databind.node.ObjectNode row, String figure, String rate, long seconds) {
        if (!row.get(figure).isNull()) {
            row.put(
                    figure,
                    row.get(figure)
                            .decimalValue()
                            .add(row.get(rate)
                                    .decimalValue()
                                    .multiply(BigDecimal.valueOf(seconds))
                                    .divide(BigDecimal.valueOf(3600), 9, RoundingMode.HALF_EVEN)));
        }
    }
}
