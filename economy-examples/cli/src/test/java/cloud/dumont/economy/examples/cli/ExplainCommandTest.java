package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageLedger;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest extends CommandLineTest {

    @TempDir
    private Path folder;

    private Path usage;

    @BeforeEach
    void writeUsage() throws IOException {
        usage = folder.resolve("usage.csv");
        Files.writeString(usage, """
                account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at
                acme,i-1,T4,1,4,16,,0.15,running,2026-08-01T00:00:00Z,2026-08-01T10:00:00Z
                acme,i-2,A10,1,4,16,,0.20,running,2026-08-01T00:00:00Z,2026-08-01T00:00:17Z
                acme,i-3,G2,1,4,16,,0.30,running,2026-08-01T00:00:00Z,2026-08-01T10:00:00Z
                """);
    }

    private Run explain(Object... more) {
        Object[] arguments = {"explain", "--usage", usage, "--provider", "aws", "--account", "acme"};
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        if (!all.contains("--until")) {
            all.addAll(List.of("--until", "2026-08-02T00:00:00Z"));
        }
        return run(all.toArray());
    }

    @Test
    void explain_tellsEachStepInWords() {
        Run run = explain();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "i-1 1 x T4 RUNNING 2026-08-01T00:00:00Z to 2026-08-01T10:00:00Z (36000 s)",
                        "paid 0.15 USD/h = 1.500000000 USD")
                .contains(
                        "elsewhere AWS g4dn.xlarge in us-east-1 (1 x T4, LIKE_FOR_LIKE): 0.526 USD/h x 1/1 = 0.526 USD/h, 36000 s = 5.260000000 USD")
                .contains("read on 2026-07-20")
                .contains("i-2: the billing rule's minimum of the run")
                .contains("i-3 1 x G2 RUNNING")
                .contains("not compared: 'G2' is not a known GPU")
                .contains("over 36017 of 72017 billable seconds");
    }

    @Test
    void explain_ofTheSession_tellsTheRunsThatLast() {
        Run run = explain("--figure", "session", "--until", "2026-08-01T05:00:00Z");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("session of account acme")
                .contains("i-1 1 x T4 RUNNING 2026-08-01T00:00:00Z to 2026-08-01T05:00:00Z (18000 s)")
                .contains("saved 1.880000000 USD over 18000 of 36000 billable seconds")
                .doesNotContain("i-2");
    }

    @Test
    void explain_ofTheProjection_tellsTheRateAndWhatItComesTo() throws IOException {
        Run run = explain("--figure", "projection", "--until", "2026-08-01T05:00:00Z", "--discount", "50");

        assertThat(run.out())
                .contains("projection of account acme", "less 50%")
                .contains("pays 0.15 USD/h")
                .contains("elsewhere AWS g4dn.xlarge in us-east-1 (1 x T4, LIKE_FOR_LIKE): "
                        + "0.526 USD/h x 1/2 = 0.263 USD/h")
                .contains("saves 0.113 USD/h")
                .contains("Now 0.263 - 0.15 = 0.113 USD/h over 1 of 2 billable instances")
                .contains("monthly: x 730 h = 82.490000000 USD");
        Path receipt = folder.resolve("projection.json");
        Files.writeString(
                receipt,
                explain("--figure", "projection", "--until", "2026-08-01T05:00:00Z", "--json")
                        .out());
        assertThat(run("receipt", "verify", receipt).exitCode()).isZero();
    }

    @Test
    void receipt_holds_untilAFieldIsChanged() throws IOException {
        Path receipt = folder.resolve("receipt.json");
        String json = explain("--json").out();
        Files.writeString(receipt, json);

        assertThat(run("receipt", "verify", receipt))
                .matches(run -> run.exitCode() == 0 && run.out().contains("the receipt holds"));

        Files.writeString(receipt, json.replaceFirst("\"526000000\"", "\"626000000\""));
        Run changed = run("receipt", "verify", receipt);
        assertThat(changed.exitCode()).isEqualTo(4);
        assertThat(changed.out()).contains("lines[0].list_nano_usd_per_hour: does not fit its seal");
    }

    /** Of a receipt that a host gave for a fleet that it polls. */
    @Test
    void verify_saysWhatOfItsTimeNobodySaw() throws IOException {
        Instant start = Instant.parse("2026-08-01T00:00:00Z");
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        UsageLedger ledger =
                UsageLedger.builder(store).time(() -> start.plusSeconds(3_600)).build();
        Instance t4 = Instance.builder(AccountId.of("acme"), "i-1")
                .gpu("T4", 1)
                .rate(HourlyRate.usd("0.15"))
                .build();
        for (long second : new long[] {0, 60, 660, 700}) {
            ledger.observe(
                    List.of(new ObservedInstance(t4, InstanceState.RUNNING, Optional.empty())),
                    start.plusSeconds(second));
        }
        Receipt given = SavingsCalculator.of(store, PriceSource.bundled().load())
                .receipt(
                        Receipt.Figure.LIFETIME,
                        AccountId.of("acme"),
                        Optional.empty(),
                        Baseline.onDemand(Provider.AWS),
                        start.plusSeconds(720));
        Path receipt = folder.resolve("polled.json");
        Files.writeString(
                receipt,
                JsonMapper.builder()
                        .build()
                        .writeValueAsString(
                                Map.of("facts", given.facts(), "lines", given.lines(), "totals", given.totals())));

        assertThat(run("receipt", "verify", receipt).out()).isEqualToNormalizingNewlines("""
                        the receipt holds
                        Observed until 2026-08-01T00:11:40Z, before the moment of the receipt, 2026-08-01T00:12:00Z
                        600 s are inferred: nobody looked then, but what was seen before and after agrees
                        20 s are provisional: not seen since, and taken back if the next listing does not confirm them
                        """);
    }

    @Test
    void explain_ofOneInstance_isThatOne_andOfNone_exits3() {
        assertThat(explain("--instance", "i-1").out()).contains("i-1").doesNotContain("i-2");
        assertThat(explain("--instance", "i-9").exitCode()).isEqualTo(3);
        assertThat(run("explain", "--usage", usage, "--provider", "aws", "--account", "nobody"))
                .matches(run -> run.exitCode() == 3 && run.err().contains("[acme]"));
    }

    @Test
    void verify_ofSomethingElse_exits4() throws IOException {
        Path other = folder.resolve("other.json");
        Files.writeString(other, "{\"facts\": {}}");
        assertThat(run("receipt", "verify", other).exitCode()).isEqualTo(4);
        Files.writeString(other, "not json");
        assertThat(run("receipt", "verify", other).exitCode()).isEqualTo(4);
    }
}
