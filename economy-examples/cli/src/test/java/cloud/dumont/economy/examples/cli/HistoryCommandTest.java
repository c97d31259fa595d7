package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCommandTest extends CommandLineTest {

    private static final String UNTIL = "2026-01-03T00:00:00Z";

    @TempDir
    private Path folder;

    private String db;

    @BeforeEach
    void storeUsage() throws IOException {
        db = "jdbc:h2:" + folder.resolve("history");
        Path usage = folder.resolve("usage.csv");
        Files.writeString(
                usage,
                "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at\n"
                        // ten hours of a T4: 1.50 paid, 5.26 at AWS
                        + "acme,i-1,T4,1,4,16,,0.15,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n"
                        + "beta,i-1,T4,1,4,16,,0.526,running,2026-01-02T00:30:00Z,\n");
        assertThat(run("replay", "--usage", usage, "--provider", "aws", "--until", UNTIL, "--db", db)
                        .exitCode())
                .isZero();
    }

    private Run rollup(Object... more) {
        Object[] arguments = {"history", "rollup", "--db", db, "--provider", "aws", "--until", UNTIL, "--json"};
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(db);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    @Test
    void rollups_areMadeForEveryAccount_andHold() {
        Run run = rollup();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().at("/rollups").findValuesAsText("account")).containsExactly("acme", "beta");
        assertThat(run.number("/rollups/0/savings")).isEqualByComparingTo("3.76");
        assertThat(run.number("/rollups/1/savings")).isEqualByComparingTo("0");
        assertThat(run.text("/rollups/0/closed_until")).isEqualTo(UNTIL);
        Run verified = run("history", "verify", "--db", db, "--json");
        assertThat(verified.exitCode()).isZero();
        assertThat(verified.json().at("/agree").asBoolean()).isTrue();
        assertThat(verified.number("/checked"))
                .isEqualByComparingTo("38"); // 10 + 24 hours, 1 + 1 days, 1 + 1 lifetimes
        assertThat(verified.json().at("/differences")).isEmpty();
    }

    @Test
    void aRowThatSomebodyChanged_isNamed() throws SQLException {
        rollup();
        execute("UPDATE savings_history SET effective_quanta_low = effective_quanta_low - 1 "
                + "WHERE account_id = 'acme' AND granularity = 'HOUR' AND bucket_start = 1767240000"); // 04:00

        Run run = run("history", "verify", "--db", db, "--json");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.json().at("/differences")).hasSize(1);
        assertThat(run.text("/differences/0/account")).isEqualTo("acme");
        assertThat(run.text("/differences/0/provider")).isEqualTo("AWS");
        assertThat(run.text("/differences/0/bucket")).isEqualTo("2026-01-01T04:00:00Z");
        assertThat(run.number("/differences/0/stored/effective_quanta")).isEqualByComparingTo("539999999999");
        assertThat(run.number("/differences/0/recomputed/effective_quanta")).isEqualByComparingTo("540000000000");
        assertThat(run("history", "verify", "--db", db).out()).contains("2026-01-01T04:00:00Z", "539999999999");

        assertThat(rollup("--rebuild").exitCode()).isZero();
        assertThat(run("history", "verify", "--db", db).exitCode()).isZero();
    }

    @Test
    void rollupsUnderOtherPrices_areOutdated() throws SQLException {
        rollup();
        execute("UPDATE savings_rollup SET catalog_version = 'of yore' WHERE account_id = 'beta'");

        Run run = run("history", "verify", "--db", db, "--json");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.json().at("/differences")).isEmpty();
        assertThat(run.json().at("/outdated").findValuesAsText("account")).containsExactly("beta");
    }

    @Test
    void aDatabaseWithoutTables_isRefused() {
        Run run = run("history", "verify", "--db", "jdbc:h2:" + folder.resolve("empty"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the schema is missing");
    }
}
