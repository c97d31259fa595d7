package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Receipts of which one thing is wrong behind fresh seals: each check finds its own, and names it. */
class ReceiptCheckTest {

    private static final AccountId ACME = AccountId.of("acme");
    private static final Instant START = Prices.START;
    private static final PriceCatalog CATALOG = PriceCatalog.of(List.of(
            Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", "0.526"),
            Prices.row(Provider.AZURE, "eastus", "nc4", "T4", "1", "0.6")));

    /** Runs of 30 s and 90 s, which AWS charges a minimum for and Azure cuts to minutes, and one of 40 s that lasts. */
    private static Receipt receipt(Provider provider) {
        Instance instance = Instance.builder(ACME, "vm")
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.1"))
                .build();
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(
                UsageInterval.between(instance, InstanceState.RUNNING, START, START.plusSeconds(30)),
                UsageInterval.between(instance, InstanceState.RUNNING, START.plusSeconds(100), START.plusSeconds(190)),
                UsageInterval.openFrom(instance, InstanceState.RUNNING, START.plusSeconds(300))));
        return SavingsCalculator.of(store, CATALOG)
                .receipt(
                        Receipt.Figure.LIFETIME,
                        ACME,
                        Optional.empty(),
                        Baseline.onDemand(provider),
                        START.plusSeconds(340));
    }

    private static Map<String, String> with(Map<String, String> fields, String field, String value) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        changed.remove("seal");
        return Seal.sealed(changed);
    }

    private static Receipt withLine(Receipt receipt, int line, String field, String value) {
        List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
        lines.set(line, with(lines.get(line), field, value));
        return new Receipt(receipt.facts(), lines, receipt.totals());
    }

    private static Receipt withoutLine(Receipt receipt, int line) {
        List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
        lines.remove(line);
        return new Receipt(with(receipt.facts(), "lines", Integer.toString(lines.size())), lines, receipt.totals());
    }

    private static List<Integer> linesOf(Receipt receipt, String kind) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < receipt.lines().size(); i++) {
            if (receipt.lines().get(i).get("kind").equals(kind)) {
                found.add(i);
            }
        }
        return found;
    }

    private static Receipt shortRun(Evidence evidence) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(new UsageInterval(
                Instance.builder(ACME, "vm")
                        .gpu("T4", 1)
                        .rate(HourlyRate.usd("0.1"))
                        .build(),
                InstanceState.RUNNING,
                START,
                Optional.of(START.plusSeconds(30)),
                evidence)));
        return SavingsCalculator.of(store, CATALOG)
                .receipt(
                        Receipt.Figure.LIFETIME,
                        ACME,
                        Optional.empty(),
                        Baseline.onDemand(Provider.AWS),
                        START.plusSeconds(340));
    }

    @ParameterizedTest
    @EnumSource(names = {"OBSERVED", "PUSHED", "PUSHED_AND_SEEN", "SEEN_SINCE"})
    void runWhoseLaunchIsVouchedFor_hasAMinimum(Evidence evidence) {
        Receipt receipt = shortRun(evidence);
        assertThat(receipt.verify()).isEmpty();
        assertThat(linesOf(receipt, "minimum")).hasSize(1);
        assertThat(withLine(receipt, 0, "evidence", "SEEN").verify())
                .containsExactly("lines: the run of vm from " + START
                        + " took 30 s, and somebody vouches for its launch: false; the billing rule settles 0 s, the lines"
                        + " settle 30 s");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEEN", "INFERRED"})
    void runThatBeginsWithASight_hasNone(Evidence evidence) {
        Receipt receipt = shortRun(evidence);
        assertThat(receipt.verify()).isEmpty();
        assertThat(linesOf(receipt, "minimum")).isEmpty();
        assertThat(withLine(receipt, 0, "evidence", "PUSHED").verify())
                .anyMatch(wrong -> wrong.contains("vouches for its launch: true; the billing rule settles 30 s"));
    }

    @Test
    void evidenceThatNobodyKnows_isNamed() {
        assertThat(withLine(shortRun(Evidence.SEEN), 0, "evidence", "HEARD").verify())
                .anyMatch(wrong -> wrong.contains("evidence 'HEARD' is not one of OBSERVED"));
    }

    @Test
    void inferredSeconds_areThoseOfTheLines() {
        Receipt receipt = shortRun(Evidence.INFERRED);
        assertThat(receipt.totals()).containsEntry("inferred_seconds", "30");
        assertThat(withLine(receipt, 0, "evidence", "SEEN").verify())
                .containsExactly("totals.inferred_seconds: states 30, computes to 0");
    }

    @Test
    void provisionalSeconds_areThoseOfTheLines_andNeverBeforeTheLastSight() {
        Receipt receipt = shortRun(Evidence.SEEN);
        assertThat(withLine(receipt, 0, "evidence", "PROVISIONAL").verify())
                .containsExactly(
                        "lines[0].from: " + START + " is provisional, but all is vouched for until "
                                + START.plusSeconds(340),
                        "totals.provisional_seconds: states 0, computes to 30");
    }

    @Test
    void observedUntil_neverLiesAfterTheMomentOfTheReceipt() {
        Receipt receipt = shortRun(Evidence.SEEN);
        Map<String, String> facts =
                with(receipt.facts(), "observed_until", START.plusSeconds(341).toString());
        assertThat(new Receipt(facts, receipt.lines(), receipt.totals()).verify())
                .containsExactly("facts.observed_until: " + START.plusSeconds(341)
                        + " lies after the moment of the receipt, " + START.plusSeconds(340));
    }

    @Test
    void receiptsAsWritten_hold() {
        assertThat(receipt(Provider.AWS).verify()).isEmpty();
        assertThat(receipt(Provider.AZURE).verify()).isEmpty();
        assertThat(linesOf(receipt(Provider.AWS), "time")).hasSize(3);
        assertThat(receipt(Provider.AWS).lines().size()).isGreaterThan(3);
        assertThat(receipt(Provider.AZURE).lines().size()).isGreaterThan(3);
    }

    @Test
    void numberOfLines_isChecked() {
        Receipt receipt = receipt(Provider.AWS);
        Receipt wrong = new Receipt(with(receipt.facts(), "lines", "77"), receipt.lines(), receipt.totals());
        assertThat(wrong.verify())
                .containsExactly(
                        "facts.lines: states 77, computes to " + receipt.lines().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seconds",
                "paid_quanta",
                "equivalent_nano_usd_per_hour",
                "equivalent_quanta",
                "equivalent_seconds"
            })
    void figureOfALine_isCheckedByItself(String field) {
        Receipt receipt = receipt(Provider.AWS);
        for (int line : linesOf(receipt, "time")) {
            String right = receipt.lines().get(line).get(field);
            assertThat(withLine(receipt, line, field, right + "1").verify())
                    .anyMatch(wrong -> wrong.startsWith("lines[" + line + "]." + field + ": states "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"seconds", "from", "kind", "instance", "equivalent_quanta"})
    void fieldThatIsMissing_isNamed(String field) {
        Receipt receipt = receipt(Provider.AWS);
        Map<String, String> line = new LinkedHashMap<>(receipt.lines().get(0));
        line.remove(field);
        line.remove("seal");
        List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
        lines.set(0, Seal.sealed(line));
        assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                .anyMatch(wrong -> wrong.endsWith("field " + field + " is missing"));
    }

    /** Of an earlier run as of the last, and of one that lasts too: a minimum counts at once. */
    @ParameterizedTest
    @ValueSource(strings = {"AWS", "AZURE"})
    void settlementThatIsMissing_isNamedWithItsRun(String provider) {
        Receipt receipt = receipt(Provider.of(provider));
        int checked = 0;
        for (int line = 0; line < receipt.lines().size(); line++) {
            if (!receipt.lines().get(line).get("kind").equals("time")) {
                assertThat(withoutLine(receipt, line).verify())
                        .anyMatch(wrong -> wrong.startsWith("lines: the run of vm from "));
                checked++;
            }
        }
        assertThat(checked).isGreaterThanOrEqualTo(2);
    }

    @Test
    void settlementBeforeAnyTime_isRefused() {
        Receipt receipt = receipt(Provider.AWS);
        List<Map<String, String>> lines = new ArrayList<>(receipt.lines());
        lines.remove(0);
        assertThat(new Receipt(receipt.facts(), lines, receipt.totals()).verify())
                .anyMatch(wrong -> wrong.startsWith("lines: a ") && wrong.endsWith(" of vm follows no time"));
    }
}
