package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest extends CommandLineTest {

    private static final String HEADER =
            "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at\n";

    @TempDir
    private Path folder;

    private Path usage;

    @BeforeEach
    void writeUsage() throws IOException {
        usage = folder.resolve("usage.csv");
        Files.writeString(
                usage,
                HEADER
                        // ten hours of a T4: 1.50 paid, 5.26 at AWS
                        + "acme,i-1,T4,1,4,16,,0.15,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n"
                        // one hour of half an A10: no half A10 at AWS, so half of an A10G, 0.503
                        + "acme,i-2,A10,0.5,3.5,16,,0.2,running,2026-01-01T23:30:00Z,2026-01-02T00:30:00Z\n"
                        + "acme,i-3,G2,1,4,16,,0.30,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n"
                        + "beta,i-1,T4,1,4,16,,,running,2026-01-01T00:00:00Z,\n");
    }

    private Run replay(Object... more) {
        Object[] arguments = {
            "replay", "--usage", usage, "--provider", "aws", "--until", "2026-01-03T00:00:00Z", "--json"
        };
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    /** An H100 at 4.50 an hour costs more than AWS where 45% are negotiated, and that is what is shown. */
    @Test
    void replay_withWhatAnAccountNegotiated_isNegativeForThatAccountAlone() throws IOException {
        Files.writeString(
                usage,
                HEADER
                        + "acme,i-1,H100 SXM,1,16,256,,4.50,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n"
                        + "beta,i-1,H100 SXM,1,16,256,,4.50,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n");
        Path overlay = folder.resolve("overlay.csv");
        Files.writeString(
                overlay,
                "account_id,rule,provider,instance_type,region,purchase_option,value,gpu_model,gpu_count,as_of,reason\n"
                        + "acme,discount,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026\n");

        Run run = replay("--by", "account", "--overlay", overlay);
        Run explained =
                run("explain", "--usage", usage, "--provider", "aws", "--account", "acme", "--overlay", overlay);
        Run matched = run(
                "match", "--gpu", "H100 SXM", "--provider", "aws", "--account", "acme", "--overlay", overlay, "--json");

        assertThat(run.number("/groups/0/savings")).isEqualByComparingTo("-7.16");
        assertThat(run.number("/groups/0/savings_percentage")).isEqualByComparingTo("-18.9218");
        assertThat(run.number("/groups/1/savings")).isEqualByComparingTo("23.8");
        assertThat(run.number("/totals/savings")).isEqualByComparingTo("16.64");
        assertThat(explained.out()).contains("6.88 USD/h x 11/20 = 3.784 USD/h", "saved -7.16");
        assertThat(matched.number("/usd_per_hour")).isEqualByComparingTo("3.784");
        assertThat(matched.number("/price/negotiated_percent")).isEqualByComparingTo("45");
        assertThat(matched.text("/explanation")).contains("less 45% negotiated (EDP 2026)");
    }

    @Test
    void overlayThatCannotBe_isRefusedWithItsLine() throws IOException {
        Path overlay = folder.resolve("overlay.csv");
        Files.writeString(
                overlay,
                "account_id,rule,provider,instance_type,region,purchase_option,value,gpu_model,gpu_count,as_of,reason\n"
                        + "acme,gift,aws,,,,45,,,,\n");

        Run run = replay("--overlay", overlay);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("overlay.csv:2: refused: unknown rule 'gift'");
    }

    @Test
    void overlayPriceThatHasTheShapeOfAMistake_isTakenAndTold() throws IOException {
        Path overlay = folder.resolve("overlay.csv");
        String header =
                "account_id,rule,provider,instance_type,region,purchase_option,value,gpu_model,gpu_count,as_of,reason\n";
        Files.writeString(
                overlay,
                header + "*,price,azure,standard_nc40ads_h100_v5,East US,on_demand,5095.4,,,2026-01-01,typing error\n"
                        + "*,price,aws,p4d.24xlarge,us-east-1,on_demand,18.50,,,2026-01-01,private offer\n");

        Run told = replay("--overlay", overlay);

        assertThat(told.exitCode()).isZero();
        assertThat(told.err())
                .contains("overlay.csv:2: taken, but look at it", "5095.4 USD/h beside 6.98 USD/h of the list")
                .doesNotContain("overlay.csv:3");

        Files.writeString(overlay, header + "*,discount,microsoft,Standard_NC*,,on_demand,10,,,,\n");
        Run unmatched = replay("--overlay", overlay);
        assertThat(unmatched.exitCode()).isEqualTo(4);
        assertThat(unmatched.err()).contains("overlay.csv:2: reaches nothing", "'MICROSOFT'");
    }

    @Test
    void replay_comparesWhatBothSidesHaveAPriceFor_andCountsTheRest() {
        Run run = replay();

        assertThat(run.exitCode()).isZero();
        assertThat(run.number("/totals/billable_hours")).isEqualByComparingTo("69"); // 10 + 1 + 10 + 48
        assertThat(run.number("/totals/effective_cost")).isEqualByComparingTo("1.7");
        assertThat(run.number("/totals/equivalent_cost")).isEqualByComparingTo("5.763");
        assertThat(run.number("/totals/savings")).isEqualByComparingTo("4.063");
        assertThat(run.number("/totals/savings_percentage")).isEqualByComparingTo("70.5015");
        assertThat(run.number("/totals/coverage")).isEqualByComparingTo("0.159420290"); // 11 of 69 hours
        assertThat(run.number("/totals/unpriced_instances")).isEqualByComparingTo("2");
        assertThat(run.number("/totals/uncompared_cost")).isEqualByComparingTo("3"); // what the G2 cost
        assertThat(run.number("/totals/tiers/LIKE_FOR_LIKE")).isEqualByComparingTo("5.26");
        assertThat(run.number("/totals/tiers/SAME_GPU")).isEqualByComparingTo("0.503");
        assertThat(run.json().at("/groups").findValuesAsText("key")).containsExactly("A10", "G2", "T4");
    }

    @Test
    void replay_byDay_cutsAtMidnight() {
        Run run = replay("--by", "day");

        assertThat(run.json().at("/groups").findValuesAsText("key")).containsExactly("2026-01-01", "2026-01-02");
        assertThat(run.number("/groups/0/equivalent_cost")).isEqualByComparingTo("5.5115"); // 5.26 + 0.2515
        assertThat(run.number("/groups/1/equivalent_cost")).isEqualByComparingTo("0.2515");
    }

    @Test
    void replay_byAccount_keepsAccountsApart() {
        Run run = replay("--by", "account");

        assertThat(run.json().at("/groups").findValuesAsText("key")).containsExactly("acme", "beta");
        assertThat(run.number("/groups/1/effective_cost")).isEqualByComparingTo("0");
        assertThat(run.number("/groups/1/coverage")).isEqualByComparingTo("0");
        assertThat(run.json().at("/groups/1/savings_percentage").isNull()).isTrue();
    }

    @Test
    void replay_throughADatabase_givesTheSame() {
        Run database = replay("--db", "jdbc:h2:" + folder.resolve("history"));

        assertThat(database.err()).isEmpty();
        assertThat(database.json()).isEqualTo(replay().json());
        // a second time, into what is there already
        assertThat(replay("--db", "jdbc:h2:" + folder.resolve("history")).json())
                .isEqualTo(replay().json());
    }

    @Test
    void replay_ofBadLines_listsThemAndCountsTheGoodOnes() throws IOException {
        String before = replay().json().at("/totals").toString();
        Files.writeString(
                usage,
                Files.readString(usage)
                        + "acme,b-1,T4,1,4,16,,0.15,sleeping,2026-01-01T00:00:00Z,\n"
                        + "acme,b-2,T4,1,4,16,,-0.15,running,2026-01-01T00:00:00Z,\n"
                        + "acme,b-3,T4,1,4,16,,0.15,running,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z\n"
                        + "acme,b-4,T4,1,4,16,,0.15,running,yesterday,\n"
                        + "acme,i-1,T4,1,4,16,,0.99,running,2026-01-01T05:00:00Z,2026-01-01T12:00:00Z\n"
                        + "acme,b-6,T4,zero,4,16,,0.15,running,2026-01-01T00:00:00Z,\n"
                        + "acme,b-7,T4\n");

        Run run = replay();

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().at("/totals").toString()).isEqualTo(before);
        assertThat(run.json().at("/refused").findValuesAsText("line"))
                .containsExactly("6", "7", "8", "9", "10", "11", "12");
        assertThat(run.json().at("/refused").findValuesAsText("reason"))
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("'sleeping'", "running, idle"),
                        reason -> assertThat(reason).contains("-0.15", "0 or more"),
                        reason -> assertThat(reason).contains("2026-01-01T00:00:00Z", "before the start"),
                        reason -> assertThat(reason).contains("'yesterday'", "2026-01-01T00:00:00Z"),
                        reason -> assertThat(reason).contains("disagrees", "0.15 USD/h", "0.99 USD/h"),
                        reason -> assertThat(reason).contains("'zero'"),
                        reason -> assertThat(reason).contains("3 fields instead of 11"));
        assertThat(run.err()).contains("usage.csv:6: refused");
        assertThat(replay("--strict").exitCode()).isEqualTo(4);
    }

    @Test
    void replay_ofNoUsageFile_saysSo() throws IOException {
        Path other = folder.resolve("other.csv");
        Files.writeString(other, "a,b\n1,2\n");

        assertThat(run("replay", "--usage", other, "--provider", "aws"))
                .matches(run -> run.exitCode() == 4 && run.err().contains("missing columns"));
        assertThat(run("replay", "--usage", folder.resolve("none.csv"), "--provider", "aws"))
                .matches(run -> run.exitCode() == 3 && run.err().contains("none.csv"));
    }

    @Test
    void replay_againstAnUnknownProvider_exits3AndNamesTheKnown() {
        assertThat(run("replay", "--usage", usage, "--provider", "ibm"))
                .matches(run -> run.exitCode() == 3 && run.err().contains("unknown provider 'IBM'; known: "));
    }
}
