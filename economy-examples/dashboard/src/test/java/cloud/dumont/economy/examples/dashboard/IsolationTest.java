package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Accounts whose names a database may take for one another see nothing of each other, on any route. */
class IsolationTest {

    /** Each with what only its instance is called. */
    private static final Map<String, String> ACCOUNTS = Map.of(
            "acme",
            "lower-case",
            "ACME",
            "upper-case",
            "\u00e1cme",
            "one-character",
            "a\u0301cme",
            "two-characters",
            "acme.",
            "with-point");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void everyRouteTellsOfItsAccountAlone() throws Exception {
        Path usage = Files.writeString(
                folder.resolve("usage.csv"),
                "account_id,instance_id,gpu_model,gpu_count,vcpus,memory_gib,region,usd_per_hour,state,started_at,ended_at\n"
                        + String.join(
                                "",
                                ACCOUNTS.entrySet().stream()
                                        .map(account -> account.getKey() + "," + account.getValue()
                                                + ",T4,1,,,us-east,0.1,running,2026-01-01T00:00:00Z,\n")
                                        .toList()));
        Path tokens = Files.writeString(
                folder.resolve("tokens"),
                String.join(
                        "",
                        ACCOUNTS.entrySet().stream()
                                .map(account -> "token-" + account.getValue() + " " + account.getKey() + "  \n")
                                .toList()));
        Options options = new Options();
        new CommandLine(options)
                .parseArgs(
                        "--offline",
                        "--port",
                        "0",
                        "--db",
                        "jdbc:h2:file:" + folder.resolve("economy"),
                        "--usage",
                        usage.toString(),
                        "--tokens",
                        tokens.toString());
        try (RunningDashboard dashboard = RunningDashboard.start(options, new PrintWriter(new StringWriter()))) {
            String base = dashboard.addresses().get(0);
            for (Map.Entry<String, String> account : ACCOUNTS.entrySet()) {
                List<String> others = ACCOUNTS.values().stream()
                        .filter(id -> !id.equals(account.getValue()))
                        .toList();
                for (String route : routes(base)) {
                    String own = route.replace("{id}", account.getValue());
                    assertThat(ask(base + own, account.getValue()).body())
                            .as(own)
                            .doesNotContain(others);
                    if (route.contains("{id}")) {
                        for (String other : others) {
                            assertThat(ask(base + route.replace("{id}", other), account.getValue())
                                            .statusCode())
                                    .isIn(400, 404);
                        }
                    }
                }
                String instances = ask(base + "api/v1/economy/savings/realtime", account.getValue())
                        .body();
                assertThat(instances).contains("\"" + account.getValue() + "\"");
            }
        }
    }

    private static List<String> routes(String base) throws Exception {
        List<String> routes = new ArrayList<>();
        JsonNode paths = SiteFixture.parse(ask(base + "openapi.json", "none")).get("paths");
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            if (path.getValue().has("get") && !path.getKey().endsWith("/stream")) {
                String question = path.getKey().substring(1);
                routes.add(question);
                routes.add(question + "?by=instance");
                routes.add(question + "?figure=session");
                routes.add(question + "?format=csv");
            }
        }
        return routes;
    }

    private static HttpResponse<String> ask(String address, String token) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Bearer token-" + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
