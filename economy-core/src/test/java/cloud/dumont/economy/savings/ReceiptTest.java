package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Instant START = Instant.parse("2026-08-01T00:00:00Z");
    private static final Instant NOW = START.plusSeconds(7_200);
    private static final PriceCatalog CATALOG = PriceSource.bundled().load();

    /** Like for like, a share, a nearest one, one without a match, one too short for the minimum and for Azure's minute. */
    private static SavingsCalculator calculator() {
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        history.append(List.of(
                UsageInterval.openFrom(instance("i-1", "T4", "0.15"), InstanceState.RUNNING, START),
                UsageInterval.between(
                        instance("i-2", "RTX 4090", "0.44"), InstanceState.RUNNING, START, START.plusSeconds(100)),
                UsageInterval.openFrom(instance("i-2", "RTX 4090", "0.40"), InstanceState.IDLE, START.plusSeconds(100)),
                UsageInterval.openFrom(instance("i-3", "Z9", "0.30"), InstanceState.RUNNING, START),
                UsageInterval.between(
                        instance("i-4", "T4", "0.15"), InstanceState.RUNNING, START, START.plusSeconds(17)),
                UsageInterval.between(
                        instance("i-5", "A100 80GB SXM4", "1.10"),
                        InstanceState.RUNNING,
                        START,
                        START.plusSeconds(777))));
        return SavingsCalculator.of(history, CATALOG);
    }

    private static Instance instance(String id, String gpu, String rate) {
        return Instance.builder(ACCOUNT, id)
                .gpu(gpu, 1)
                .rate(HourlyRate.usd(rate))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS", "GCP", "AZURE", "RUNPOD"})
    void receipt_holds_andSaysWhatTheReportSays(String provider) {
        Baseline baseline = Baseline.onDemand(Provider.of(provider));
        Receipt receipt = calculator().receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), baseline, NOW);

        assertThat(receipt.verify()).isEmpty();
        assertThat(receipt.totals().get("savings_quanta"))
                .isEqualTo(calculator()
                        .report(ACCOUNT, baseline, NOW)
                        .lifetime()
                        .savings()
                        .toQuanta()
                        .toString());
    }

    @Test
    void receiptOfOneInstance_hasItsLinesAlone() {
        Receipt receipt = calculator()
                .receipt(
                        Receipt.Figure.LIFETIME,
                        ACCOUNT,
                        Optional.of(InstanceId.of("i-1")),
                        Baseline.onDemand(Provider.AWS),
                        NOW);

        assertThat(receipt.lines()).extracting(line -> line.get("instance")).containsOnly("i-1");
        // two hours of 0.526 - 0.15 USD/h
        assertThat(receipt.totals().get("savings_usd")).isEqualTo("0.752000000");
        assertThat(receipt.lines().get(0))
                .containsEntry("tier", "LIKE_FOR_LIKE")
                .containsEntry("equivalent_instance_type", "g4dn.xlarge")
                .containsEntry("price_read_on", "2026-07-20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS", "AZURE"})
    void anyChangedField_isFoundAndNamed(String provider) {
        Receipt receipt = calculator()
                .receipt(
                        Receipt.Figure.LIFETIME,
                        ACCOUNT,
                        Optional.empty(),
                        Baseline.onDemand(Provider.of(provider)),
                        NOW);

        receipt.facts().keySet().stream().filter(field -> !field.equals("seal")).forEach(field -> {
            Receipt changed = new Receipt(changed(receipt.facts(), field), receipt.lines(), receipt.totals());
            assertThat(changed.verify()).as(field).anyMatch(wrong -> wrong.startsWith("facts." + field + ":"));
        });
        receipt.totals().keySet().stream()
                .filter(field -> !field.equals("seal"))
                .forEach(field -> {
                    Receipt changed = new Receipt(receipt.facts(), receipt.lines(), changed(receipt.totals(), field));
                    assertThat(changed.verify()).as(field).anyMatch(wrong -> wrong.startsWith("totals." + field + ":"));
                });
        for (int i = 0; i < receipt.lines().size(); i++) {
            for (String field : receipt.lines().get(i).keySet()) {
                List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
                lines.set(i, changed(lines.get(i), field));
                String named = "lines[" + i + "]." + (field.equals("seal") ? "" : field + ":");
                assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                        .as(field)
                        .anyMatch(wrong -> wrong.startsWith(named));
            }
        }
    }

    /** Also with seals that were made anew: the arithmetic alone finds these. */
    @Test
    void changedArithmetic_isFoundBehindFreshSeals() {
        Receipt receipt = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        for (int i = 0; i < receipt.lines().size(); i++) {
            Map<String, String> line = receipt.lines().get(i);
            for (String field : List.of(
                    "from",
                    "to",
                    "seconds",
                    "paid_nano_usd_per_hour",
                    "paid_quanta",
                    "charged_numerator",
                    "list_nano_usd_per_hour",
                    "equivalent_nano_usd_per_hour",
                    "equivalent_seconds",
                    "equivalent_quanta")) {
                if (line.containsKey(field)
                        && !(line.get("kind").equals("minimum") && field.startsWith("paid_nano"))) { // of no time
                    Map<String, String> changed = changed(line, field);
                    changed.remove("seal");
                    List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
                    lines.set(i, Seal.sealed(changed));
                    assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                            .as(field + " of " + line)
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void missingLine_isFound() {
        Receipt receipt = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AZURE), NOW);
        for (int i = 0; i < receipt.lines().size(); i++) {
            List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
            lines.remove(i);
            assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                    .isNotEmpty();
        }
    }

    static LongStream seeds() {
        return SavingsMeterTest.seeds().limit(150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void receipt_holds_forAnyFleetAtAnyMoment(long seed) {
        Random random = new Random(seed);
        PriceCatalog catalog = SavingsMeterTest.catalog(random);
        Baseline baseline = Baseline.onDemand(random.nextBoolean() ? Provider.AWS : Provider.AZURE);
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        SavingsMeterTest.batches(random).forEach(history::append);
        SavingsCalculator calculator = SavingsCalculator.of(history, catalog);
        for (int i = 0; i < 5; i++) {
            Instant at = Instant.ofEpochSecond(SavingsMeterTest.NOON + random.nextInt(1_200));
            Receipt receipt = calculator.receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), baseline, at);
            assertThat(receipt.verify()).isEmpty();
        }
    }

    private static Map<String, String> changed(Map<String, String> fields, String field) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        String value = fields.get(field);
        if (value.matches("-?\\d+")) {
            changed.put(
                    field, new BigInteger(value).add(BigInteger.valueOf(1_000)).toString());
        } else if (field.equals("from") || field.equals("to") || field.equals("at")) {
            changed.put(field, Instant.parse(value).plusSeconds(1).toString());
        } else {
            changed.put(field, value + "?");
        }
        return changed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS", "AZURE"})
    void session_hasTheRunsThatLast_andSaysWhatTheReportSays(String provider) {
        Baseline baseline = Baseline.onDemand(Provider.of(provider));

        Receipt receipt = calculator().receipt(Receipt.Figure.SESSION, ACCOUNT, Optional.empty(), baseline, NOW);

        assertThat(receipt.verify()).isEmpty();
        assertThat(receipt.lines().stream().map(line -> line.get("instance")).distinct())
                .containsExactly("i-1", "i-2", "i-3");
        assertThat(receipt.totals().get("savings_quanta"))
                .isEqualTo(calculator()
                        .report(ACCOUNT, baseline, NOW)
                        .session()
                        .savings()
                        .toQuanta()
                        .toString());
    }

    @Test
    void session_whoseRunHasEnded_isFound() {
        Receipt lifetime = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        Map<String, String> facts = new LinkedHashMap<>(lifetime.facts());
        facts.put("figure", "SESSION");

        assertThat(new Receipt(facts, lifetime.lines(), lifetime.totals()).verify())
                .anyMatch(wrong -> wrong.contains("i-4") && wrong.contains("no session that lasts"));
    }

    @Test
    void projection_saysWhatTheReportSays() {
        Baseline baseline = Baseline.onDemand(Provider.AWS).withDiscount(new BigDecimal("12.5"));

        Receipt receipt = calculator().receipt(Receipt.Figure.PROJECTION, ACCOUNT, Optional.empty(), baseline, NOW);

        Projection projection =
                calculator().report(ACCOUNT, baseline, NOW).projection().orElseThrow();
        assertThat(receipt.verify()).isEmpty();
        assertThat(receipt.lines()).hasSize(3);
        assertThat(receipt.totals())
                .containsEntry("billable_instances", "3")
                .containsEntry("compared_instances", "2")
                .containsEntry("monthly_quanta", projection.monthly().toQuanta().toString())
                .containsEntry("yearly_usd", projection.yearly().toUsd().toPlainString());
    }

    @Test
    void projection_changedInAnyField_isFoundAndNamed() {
        Receipt receipt = calculator()
                .receipt(Receipt.Figure.PROJECTION, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        List<String> fields = receipt.totals().keySet().stream()
                .filter(field -> !field.equals("seal"))
                .toList();
        for (String field : fields) {
            Map<String, String> totals = new LinkedHashMap<>(receipt.totals());
            totals.put(field, "17");
            assertThat(new Receipt(receipt.facts(), receipt.lines(), totals).verify())
                    .anyMatch(wrong -> wrong.startsWith("totals." + field));
        }
    }

    /** A forger who seals anew is found by the arithmetic. */
    @Test
    void projection_resealed_isFoundByItsArithmetic() {
        Receipt receipt = calculator()
                .receipt(Receipt.Figure.PROJECTION, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        for (String field : List.of(
                "paid_nano_usd_per_hour",
                "list_nano_usd_per_hour",
                "charged_denominator",
                "equivalent_nano_usd_per_hour",
                "savings_nano_usd_per_hour")) {
            Map<String, String> line = new LinkedHashMap<>(receipt.lines().get(0));
            line.remove("seal");
            line.put(field, Long.toString(Long.parseLong(line.get(field)) + 1));
            List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
            lines.set(0, Seal.sealed(line));

            assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                    .isNotEmpty();
        }
    }

    /** Whoever changes a total and seals it anew is found by the lines. */
    @ParameterizedTest
    @EnumSource(Receipt.Figure.class)
    void changedTotal_isFoundBehindAFreshSeal_andNamed(Receipt.Figure figure) {
        Receipt receipt = calculator().receipt(figure, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        for (String field : receipt.totals().keySet()) {
            Map<String, String> totals = changed(receipt.totals(), field);
            totals.remove("seal");
            if (!field.equals("seal")) {
                assertThat(new Receipt(receipt.facts(), receipt.lines(), Seal.sealed(totals)).verify())
                        .as(field)
                        .singleElement()
                        .asString()
                        .startsWith("totals." + field + ":");
            }
        }
    }

    @Test
    void changedNumberOfLines_isFoundBehindAFreshSeal() {
        Receipt receipt = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        Map<String, String> facts = changed(receipt.facts(), "lines");
        facts.remove("seal");

        assertThat(new Receipt(Seal.sealed(facts), receipt.lines(), receipt.totals()).verify())
                .singleElement()
                .asString()
                .startsWith("facts.lines:");
    }

    @Test
    void whatTheBillingRuleDoes_isCalledByItsName() {
        Receipt aws = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);
        Receipt azure = calculator()
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AZURE), NOW);

        assertThat(aws.lines()).extracting(line -> line.get("kind")).containsOnly("time", "minimum");
        assertThat(azure.lines()).extracting(line -> line.get("kind")).containsOnly("time", "rounding");
    }

    @Test
    void whatIsNotCompared_saysWhyNot() {
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        Instance unknownRate = Instance.builder(ACCOUNT, "i-1").gpu("T4", 1).build();
        history.append(List.of(
                UsageInterval.openFrom(unknownRate, InstanceState.RUNNING, START),
                UsageInterval.openFrom(instance("i-2", "Z9", "1"), InstanceState.RUNNING, START)));

        Receipt receipt = SavingsCalculator.of(history, CATALOG)
                .receipt(Receipt.Figure.LIFETIME, ACCOUNT, Optional.empty(), Baseline.onDemand(Provider.AWS), NOW);

        assertThat(receipt.lines().get(0)).containsEntry("why_not_compared", "its rate is unknown");
        assertThat(receipt.lines().get(1).get("why_not_compared")).contains("'Z9' is not a known GPU");
        assertThat(receipt.verify()).isEmpty();
    }
}
