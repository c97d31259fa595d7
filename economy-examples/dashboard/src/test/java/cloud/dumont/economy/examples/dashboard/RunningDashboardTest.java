package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Everything that starts, over a real database, as the command line asks for it. */
class RunningDashboardTest {

    private static final String HEADER =
            "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at\n";
    private static final String GOOD =
            "acme,i-1,T4,1,4,16,us-east,0.15,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n";

    @TempDir
    private Path folder;

    private final StringWriter told = new StringWriter();

    private RunningDashboard start(String... args) {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--db", "jdbc:h2:file:" + folder.resolve("economy")));
        all.addAll(List.of(args));
        return RunningDashboard.start(options(all.toArray(String[]::new)), new PrintWriter(told, true));
    }

    private static Options options(String... args) {
        Options options = new Options();
        new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(args);
        return options;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** Asks the API at an address line as a browser would that opened it. */
    private static JsonNode ask(String line, String question) throws IOException, InterruptedException {
        String url = line.substring(line.lastIndexOf(' ') + 1);
        return ask(url.substring(0, url.indexOf('?') - 1), url.substring(url.indexOf('=') + 1), question);
    }

    private static JsonNode ask(String base, String token, String question) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(base + SiteFixture.API + question))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return SiteFixture.parse(response);
    }

    private static void assertDoesNotStart(int status, String[] messages, ThrowingStart start) {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> start.run().close())
                .withMessageContainingAll(messages)
                .satisfies(e -> assertThat(e.exitStatus()).isEqualTo(status));
    }

    private static String[] saying(String... messages) {
        return messages;
    }

    @FunctionalInterface
    private interface ThrowingStart {
        RunningDashboard run() throws IOException;
    }

    @Test
    void demoHasOneAddressAndKeepsItsFleet() throws Exception {
        JsonNode first;
        try (RunningDashboard demo = start()) {
            assertThat(demo.addresses()).hasSize(1);
            assertThat(demo.addresses().get(0)).matches("http://localhost:[0-9]+/\\?token=[A-Za-z0-9_-]+");
            first = ask(demo.addresses().get(0), "/savings/breakdown?by=instance");
            assertThat(first.get("demo").asBoolean()).isTrue();
        }
        try (RunningDashboard again = start()) {
            JsonNode second = ask(again.addresses().get(0), "/savings/breakdown?by=instance");
            assertThat(first.at("/breakdown")).hasSizeGreaterThan(10);
            // What lasts has grown a little since; the first in order has ended, and is what it was.
            assertThat(second.at("/breakdown/0")).isEqualTo(first.at("/breakdown/0"));
            assertThat(second.at("/breakdown")).hasSameSizeAs(first.at("/breakdown"));
        }
        assertThat(told.toString()).isEmpty();
    }

    @Test
    void goodLinesAreServedAndOthersTold() throws Exception {
        Path usage = file(
                "usage.csv",
                HEADER
                        + GOOD
                        + "acme,i-2,T4,1,4,16,us-east,-1,running,2026-01-01T00:00:00Z,\n"
                        + "globex,i-1,T4,1,4,16,us-east,0.25,running,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z\n");
        for (int times = 0; times < 2; times++) {
            try (RunningDashboard dashboard = start("--usage", usage.toString())) {
                assertThat(dashboard.addresses()).hasSize(2);
                assertThat(dashboard.addresses().get(0)).startsWith("acme http://localhost:");
                assertThat(dashboard.addresses().get(1)).startsWith("globex http://localhost:");
                JsonNode savings = ask(dashboard.addresses().get(0), "/savings");
                assertThat(SiteFixture.figure(savings, "/lifetime_hours")).isEqualTo("10");
                assertThat(SiteFixture.figure(savings, "/lifetime_cost")).isEqualTo("1.5");
                assertThat(savings.get("demo").asBoolean(true)).isFalse();
            }
        }
        assertThat(told.toString().lines().toList())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("usage.csv line 3", "usd_per_hour", "-1"));
    }

    @Test
    void usageThatDisagreesWithTheDatabaseIsRefusedAsAWhole() throws Exception {
        start("--usage", file("usage.csv", HEADER + GOOD).toString()).close();
        Path other = file("other.csv", HEADER + GOOD.replace("0.15", "0.16") + GOOD.replace("i-1", "i-2"));

        assertDoesNotStart(
                StartupException.FAILED,
                saying("disagree with the database", "none", "0.15", "0.16"),
                () -> start("--usage", other.toString()));

        try (RunningDashboard dashboard =
                start("--tokens", file("tokens", "abc acme").toString())) {
            assertThat(dashboard.addresses()).hasSize(1);
            assertThat(SiteFixture.figure(
                            ask(dashboard.addresses().get(0).replaceFirst("/$", ""), "abc", "/savings"),
                            "/lifetime_hours"))
                    .isEqualTo("10");
        }
    }

    @Test
    void tokensOfAFileAreNeverTold() throws Exception {
        Path tokens = file("tokens", "abc-secret acme\n");

        try (RunningDashboard dashboard = start(
                "--tokens",
                tokens.toString(),
                "--usage",
                file("usage.csv", HEADER + GOOD).toString())) {
            String address = dashboard.addresses().get(0);
            assertThat(dashboard.addresses()).hasSize(1);
            assertThat(address).matches("http://localhost:[0-9]+/");
            JsonNode savings = ask(address.substring(0, address.length() - 1), "abc-secret", "/savings");
            assertThat(SiteFixture.figure(savings, "/lifetime_cost")).isEqualTo("1.5");
        }
    }

    @Test
    void wrongFilesAreToldByNameAndLine() throws IOException {
        Path tokens = file("tokens", "abc acme\nsecret\n");
        Path empty = file("empty.csv", HEADER);
        Path noCsv = file("no.csv", "a,b\n1,2\n");

        assertDoesNotStart(StartupException.USAGE, saying("tokens line 2"), () -> start("--tokens", tokens.toString()));
        assertDoesNotStart(StartupException.USAGE, saying("nowhere"), () -> start("--tokens", folder + "/nowhere"));
        assertDoesNotStart(StartupException.USAGE, saying("nowhere"), () -> start("--usage", folder + "/nowhere"));
        assertDoesNotStart(StartupException.USAGE, saying("no usable line"), () -> start("--usage", empty.toString()));
        assertDoesNotStart(
                StartupException.USAGE, saying("no.csv", "missing columns"), () -> start("--usage", noCsv.toString()));
    }

    @Test
    void takenPortIsSaidSoAndLeavesTheDatabaseAlone() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertDoesNotStart(StartupException.FAILED, saying("port " + port, "--port"), () -> start("--port", port));
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void databaseThatCannotBeOpenedIsNamedWithoutItsSecrets() {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> start("--db", "jdbc:h2:file:" + folder + "/none;IFEXISTS=TRUE;PASSWORD=secret"))
                .withMessageContaining("/none")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"))
                .satisfies(e -> assertThat(e.exitStatus()).isEqualTo(StartupException.FAILED));
        assertDoesNotStart(StartupException.FAILED, saying("jdbc:nosuch:x"), () -> start("--db", "jdbc:nosuch:x"));
    }

    @Test
    void addressThatCannotBeIsRefused() {
        assertDoesNotStart(StartupException.USAGE, saying("70000", "65535"), () -> start("--port", "70000"));
        assertDoesNotStart(StartupException.USAGE, saying("--host"), () -> start("--host", "no such host"));
    }

    @Test
    void databaseHasItsPlaceUnlessOneIsGiven() {
        assertThat(options().databaseUrl()).startsWith("jdbc:h2:file:./economy-data/demo;");
        assertThat(options("--usage", "x").databaseUrl()).startsWith("jdbc:h2:file:./economy-data/economy;");
        assertThat(options("--tokens", "x").databaseUrl()).startsWith("jdbc:h2:file:./economy-data/economy;");
        assertThat(options("--usage", "x", "y", "--db", "jdbc:other").databaseUrl())
                .isEqualTo("jdbc:other");
    }
}
