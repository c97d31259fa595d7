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
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers say of a fleet that a source shows: until when it was seen, and what of its time nobody saw. */
class ObservedTest {

    /** A T4 that saves 0.376 USD/h, seen every minute from 10:00 to 10:05, not for twenty minutes, and from 10:25 to 10:30. */
    private static final Instant LAST_SIGHT = NOW.minus(Duration.ofMinutes(90));

    private final InMemoryHistoryStore history = new InMemoryHistoryStore();
    private final SiteFixture site;

    ObservedTest() {
        UsageLedger ledger = UsageLedger.builder(history).time(() -> NOW).build();
        Instance t4 = Instance.builder(AccountId.of("acme"), "i-t4")
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.15"))
                .build();
        for (long minute : new long[] {0, 1, 2, 3, 4, 5, 25, 26, 27, 28, 29, 30}) {
            ledger.observe(
                    List.of(new ObservedInstance(t4, InstanceState.RUNNING, Optional.empty())),
                    LAST_SIGHT.minus(Duration.ofMinutes(30 - minute)));
        }
        site = SiteFixture.over(history);
        site.now = LAST_SIGHT.plusSeconds(40);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/savings, 40, 1200",
        "/savings/realtime, 40, 1200",
        "/active-session, 40, 1200",
        "/savings/history?days=3, 40, 1200",
        "/savings/history?granularity=hour&from=2026-08-03T10:00:00Z, 40, 1200",
        "/savings/breakdown, 40, 1200",
        "/savings/breakdown?period=day, 40, 1200",
        "/savings/breakdown?by=instance&period=year, 40, 1200"
    })
    void everyAnswerWithFiguresSaysUntilWhenTheyAreObserved(String question, long provisional, long inferred) {
        JsonNode body = site.json(ACME, question);

        assertThat(body.get("observed_until").asText()).isEqualTo("2026-08-03T10:30:00Z");
        assertThat(body.get("provisional_seconds").asLong(-1)).isEqualTo(provisional);
        assertThat(body.get("inferred_seconds").asLong(-1)).isEqualTo(inferred);
    }

    @ParameterizedTest
    @CsvSource({
        "/savings, instances_summary",
        "/savings/realtime, active_instances",
        "/active-session, active_instances",
        "/savings/history?days=3, history",
        "/savings/breakdown?by=region, breakdown"
    })
    void partsSumToTheHeadline(String question, String parts) {
        JsonNode body = site.json(ACME, question);
        for (String seconds : List.of("provisional_seconds", "inferred_seconds")) {
            long sum = 0;
            for (JsonNode part : body.get(parts)) {
                sum += part.get(seconds).asLong(-1);
            }
            assertThat(sum).as(seconds).isEqualTo(body.get(seconds).asLong(-1)).isPositive();
        }
    }

    @Test
    void everyInstanceSaysWhenItWasLastSeen() {
        assertThat(site.json(ACME, "/savings/realtime")
                        .at("/active_instances/0/observed_until")
                        .asText())
                .isEqualTo("2026-08-03T10:30:00Z");
    }

    @Test
    void csvSaysItOfEveryRow() {
        List<String> lines = site.get(ACME, "/savings/history?days=2&format=csv")
                .body()
                .lines()
                .toList();

        assertThat(lines.get(0)).endsWith(",demo,observed_until,provisional_seconds,inferred_seconds");
        assertThat(lines.get(1)).endsWith(",false,2026-08-03T00:00:00Z,0,0");
        assertThat(lines.get(2)).endsWith(",false,2026-08-03T10:30:00Z,40,1200");
    }

    /** The source is down: what it showed leaves every live figure, and what was counted stands still. */
    @Test
    void whatIsSeenNoMoreLeavesTheLiveFigures() {
        site.now = NOW;
        JsonNode savings = site.json(ACME, "/savings");
        String lifetime = figure(savings, "/lifetime_savings");

        assertThat(savings.get("observed_until").asText()).isEqualTo("2026-08-03T10:30:00Z");
        assertThat(savings.get("active_instances_count").asInt(-1)).isZero();
        assertThat(figure(savings, "/hourly_comparison/savings_per_hour")).isEqualTo("0");
        assertThat(savings.at("/projections/basis").asText()).isEqualTo("none");
        assertThat(site.json(ACME, "/active-session").get("active_instances")).isEmpty();
        assertThat(site.json(ACME, "/savings/realtime").get("next_poll_seconds").asInt())
                .isEqualTo(60);
        site.now = NOW.plus(Duration.ofDays(40));
        assertThat(figure(site.json(ACME, "/savings"), "/lifetime_savings")).isEqualTo(lifetime);
    }

    /** What is pushed is vouched for until another push. */
    @Test
    void whatIsPushedIsObservedUntilNow() {
        InMemoryHistoryStore pushed = new InMemoryHistoryStore();
        UsageLedger.builder(pushed)
                .time(() -> NOW)
                .build()
                .changed(
                        Instance.builder(AccountId.of("acme"), "i-1")
                                .gpu("T4", 1)
                                .rate(HourlyRate.usd("0.15"))
                                .build(),
                        InstanceState.RUNNING,
                        NOW.minusSeconds(3_600));
        try (SiteFixture other = SiteFixture.over(pushed)) {
            JsonNode body = other.json(ACME, "/savings");
            assertThat(body.get("observed_until").asText()).isEqualTo(NOW.toString());
            assertThat(body.get("provisional_seconds").asLong(-1)).isZero();
        }
    }

    /** Their rates come to more than one rate can hold: each has its own, and the sums are exact all the same. */
    @Test
    void twoInstancesAtNineBillionDollarsAnHourAreAnswered() {
        InMemoryHistoryStore dear = new InMemoryHistoryStore();
        for (String id : List.of("i-1", "i-2")) {
            Instance instance = Instance.builder(AccountId.of("acme"), id)
                    .gpu("T4", 1)
                    .rate(HourlyRate.usd("9000000000"))
                    .build();
            dear.append(List.of(UsageInterval.openFrom(instance, InstanceState.RUNNING, NOW.minusSeconds(3_600))));
        }
        try (SiteFixture other = SiteFixture.over(dear)) {
            JsonNode savings = other.json(ACME, "/savings");
            JsonNode realtime = other.json(ACME, "/savings/realtime");

            assertThat(figure(savings, "/hourly_comparison/dumont_rate")).isEqualTo("18000000000");
            assertThat(figure(savings, "/hourly_comparison/provider_rate")).isEqualTo("1.052");
            assertThat(figure(savings, "/hourly_comparison/savings_per_hour")).isEqualTo("-17999999998.948");
            assertThat(figure(savings, "/projections/daily")).isEqualTo("-431999999974.752");
            assertThat(figure(savings, "/lifetime_savings")).isEqualTo("-17999999998.948");
            assertThat(figure(realtime, "/active_instances/0/savings_per_hour")).isEqualTo("-8999999999.474");
            assertThat(figure(realtime, "/totals/savings_rate_per_hour")).isEqualTo("-17999999998.948");
        }
    }
}
