package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import cloud.dumont.economy.pricing.feed.PriceFeeds;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Everything that starts, over a real database, as the command line asks for it. */
class RunningDashboardTest {

    private static final String HEADER =
            "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at\n";
    private static final String GOOD =
            "acme,i-1,T4,1,4,16,us-east,0.15,running,2026-01-01T00:00:00Z,2026-01-01T10:00:00Z\n";

    private static final String OVERLAY_HEADER =
            "account_id,rule,provider,instance_type,region,purchase_option,value,gpu_model,gpu_count,as_of,reason\n";

    @TempDir
    private Path folder;

    private final StringWriter told = new StringWriter();

    private RunningDashboard start(String... args) {
        List<String> all = new ArrayList<>(
                List.of("--offline", "--port", "0", "--db", "jdbc:h2:file:" + folder.resolve("economy")));
        all.addAll(List.of(args));
        return RunningDashboard.start(options(all.toArray(String[]::new)), new PrintWriter(told, true));
    }

    private static Options options(String... args) {
        Options options = new Options();
        new CommandLine(options).setOverwrittenOptionsAllowed(true).parseArgs(args);
        return options;
    }

    /** A price that its seller changes counts while the dashboard runs, and after it was started again without a network. */
    @Test
    void pricesAreReadFromTheirSellers_andKept() throws Exception {
        String list = "{\"items\":[{\"partNumber\":\"B109479\",\"displayName\":\"Compute - GPU - L40S\",\"metricName\":"
                + "\"GPU Per Hour\",\"serviceCategory\":\"Compute - GPU\",\"currencyCodeLocalizations\":[{\"currencyCode\":\"USD\","
                + "\"prices\":[{\"model\":\"PAY_AS_YOU_GO\",\"value\":3.6}]}]}]}";
        HttpServer seller = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seller.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, list.length());
                exchange.getResponseBody().write(list.getBytes(StandardCharsets.UTF_8));
            }
        });
        seller.start();
        String[] args = {"--port", "0", "--db", "jdbc:h2:file:" + folder.resolve("economy")};
        URI base = URI.create("http://127.0.0.1:" + seller.getAddress().getPort());
        String question = "/pricing?provider=oci&gpu=L40S";
        try (RunningDashboard running =
                RunningDashboard.start(options(args), new PrintWriter(told, true), List.of(PriceFeeds.oracle(base)))) {
            String address = running.addresses().get(0);
            await(() -> ask(address, question)
                    .at("/pricing/0/usd_per_hour")
                    .asText()
                    .equals("3.6"));
            assertThat(ask(address, question).at("/pricing/0/source").asText()).contains("apexapps.oracle.com");
        } finally {
            seller.stop(0);
        }

        try (RunningDashboard again = start()) {
            assertThat(ask(again.addresses().get(0), question)
                            .at("/pricing/0/usd_per_hour")
                            .asText())
                    .isEqualTo("3.6");
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(ownersAlone(folder.resolve(name)), content);
    }

    /** Where there are such permissions. */
    private static Path ownersAlone(Path file) throws IOException {
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file;
    }

    @Test
    void tokensThatOthersMayReadAreWarnedOf() throws IOException {
        Path tokens = file("tokens", "abc acme\n");
        assumeThat(Files.getFileStore(tokens).supportsFileAttributeView("posix"))
                .isTrue();
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));

        start("--tokens", tokens.toString()).close();

        assertThat(told.toString()).contains("others on this machine may read the tokens", "chmod 600");
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
    void overlayIsInEveryAnswerOfItsAccount_andInNoOther() throws Exception {
        String h100 = ",i-1,H100 SXM,1,16,256,us-east,4.50,running,2026-08-01T00:00:00Z,\n";
        Path usage = file("usage.csv", HEADER + "acme" + h100 + "globex" + h100);
        Path overlay = file("overlay.csv", OVERLAY_HEADER + "acme,discount,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026\n");

        try (RunningDashboard dashboard = start("--usage", usage.toString(), "--overlay", overlay.toString())) {
            String acme = dashboard.addresses().get(0);
            String globex = dashboard.addresses().get(1);
            JsonNode instance = ask(acme, "/savings/realtime").at("/active_instances/0");
            assertThat(SiteFixture.figure(instance, "/provider_hourly_rate")).isEqualTo("3.784");
            assertThat(SiteFixture.figure(instance, "/savings_per_hour")).isEqualTo("-0.716");
            assertThat(SiteFixture.figure(instance, "/equivalent/negotiated_percent"))
                    .isEqualTo("45");
            assertThat(instance.at("/equivalent/explanation").asText())
                    .contains("less 45% negotiated (EDP 2026), that is 3.784 USD/h");

            JsonNode savings = ask(acme, "/savings");
            assertThat(SiteFixture.figure(savings, "/hourly_comparison/savings_per_hour"))
                    .isEqualTo("-0.716");
            assertThat(SiteFixture.figure(savings, "/projections/monthly")).isEqualTo("-522.68");
            assertThat(savings.get("lifetime_savings").decimalValue()).isNegative();
            assertThat(savings.at("/prices/own_terms").asBoolean(false)).isTrue();
            assertThat(SiteFixture.figure(ask(acme, "/active-session"), "/active_instances/0/provider_hourly_rate"))
                    .isEqualTo("3.784");
            assertThat(ask(acme, "/savings/breakdown").at("/totals/savings").decimalValue())
                    .isNegative();
            JsonNode day =
                    ask(acme, "/savings/history?from=2026-08-02&to=2026-08-03").at("/history/0");
            assertThat(SiteFixture.figure(day, "/provider_cost")).isEqualTo("90.816");
            assertThat(SiteFixture.figure(day, "/savings")).isEqualTo("-17.184");
            assertThat(SiteFixture.figure(
                            ask(acme, "/pricing?instance_type=p5.4xlarge&region=us-east-1&option=on_demand"),
                            "/pricing/0/negotiated_usd_per_hour"))
                    .isEqualTo("3.784");
            assertThat(ask(acme, "/savings?provider=gcp")
                            .at("/prices/own_terms")
                            .asBoolean(true))
                    .isFalse();

            JsonNode listed = ask(globex, "/savings/realtime").at("/active_instances/0");
            assertThat(SiteFixture.figure(listed, "/savings_per_hour")).isEqualTo("2.38");
            assertThat(SiteFixture.figure(listed, "/equivalent/negotiated_percent"))
                    .isNull();
            assertThat(ask(globex, "/savings").at("/prices/own_terms").asBoolean(true))
                    .isFalse();
        }
    }

    @Test
    void providerThatOnlyTheAccountKnowsCanBeComparedWith() throws Exception {
        Path usage = file("usage.csv", HEADER + GOOD.replace(",2026-01-01T10:00:00Z", ","));
        Path overlay = file(
                "overlay.csv",
                OVERLAY_HEADER + "acme,price,own-cloud,t4-box,,on_demand,0.25,T4,1,2025-01-01,contract 7\n");

        try (RunningDashboard dashboard = start("--usage", usage.toString(), "--overlay", overlay.toString())) {
            String acme = dashboard.addresses().get(0);
            JsonNode instance =
                    ask(acme, "/savings/realtime?provider=own-cloud").at("/active_instances/0");
            assertThat(SiteFixture.figure(instance, "/provider_hourly_rate")).isEqualTo("0.25");
            assertThat(instance.at("/equivalent/trust").asText()).isEqualTo("HOST");
            assertThat(ask(acme, "/savings?provider=own-cloud")
                            .at("/prices/own_terms")
                            .asBoolean(false))
                    .isTrue();
        }
    }

    @Test
    void wrongOverlayStopsTheStart_byFileLineAndReason() throws IOException {
        Path overlay = file(
                "overlay.csv",
                OVERLAY_HEADER
                        + "acme,discount,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026\n"
                        + "acme,discount,aws,p5.4xlarge,,on_demand,145,,,,EDP 2026\n"
                        + "acme,gift,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026\n");
        Path contradiction = file(
                "contradiction.csv",
                OVERLAY_HEADER + "acme,price,aws,p5.4xlarge,us-east-1,on_demand,3,T4,1,2026-01-01,contract 7\n");

        assertDoesNotStart(
                StartupException.USAGE,
                saying(
                        "overlay.csv line 3: a discount must be 0 to 100",
                        "145",
                        "overlay.csv line 4: unknown rule 'gift'"),
                () -> start("--overlay", overlay.toString()));
        assertDoesNotStart(
                StartupException.USAGE,
                saying("contradiction.csv", "acme", "p5.4xlarge", "T4", "H100"),
                () -> start("--overlay", contradiction.toString()));
        assertDoesNotStart(StartupException.USAGE, saying("nowhere"), () -> start("--overlay", folder + "/nowhere"));
        assertDoesNotStart(
                StartupException.USAGE,
                saying("no.csv", "missing columns"),
                () -> start("--overlay", file("no.csv", "a,b\n1,2\n").toString()));
    }

    @Test
    void overlayOfAnAccountThatNobodyAsksForIsTold() throws IOException {
        String terms = ",discount,aws,p5.4xlarge,,on_demand,45,,,,EDP 2026\n";
        Path overlay = file("overlay.csv", OVERLAY_HEADER + "*" + terms + "acme" + terms + "acne" + terms);

        start("--tokens", file("tokens", "abc acme\n").toString(), "--overlay", overlay.toString())
                .close();

        assertThat(told.toString().lines().toList())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).contains("overlay.csv", "nobody has a token for account 'acne'"));
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
