package cloud.dumont.economy.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seller on this machine, whose list is read into a catalog. */
class CatalogRefreshCommandTest extends CommandLineTest {

    private static final String L40S = "B109479 Compute - GPU - L40S (per GPU)";

    @TempDir
    private Path folder;

    private HttpServer seller;
    private volatile String price = "3.6";

    @BeforeEach
    void open() throws IOException {
        seller = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        seller.createContext("/", exchange -> {
            byte[] list = ("{\"items\":[{\"partNumber\":\"B109479\",\"displayName\":\"Compute - GPU - L40S\","
                            + "\"metricName\":\"GPU Per Hour\",\"serviceCategory\":\"Compute - GPU\",\"currencyCodeLocalizations\":"
                            + "[{\"currencyCode\":\"USD\",\"prices\":[{\"model\":\"PAY_AS_YOU_GO\",\"value\":" + price
                            + "}]}]}]}")
                    .getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(200, list.length);
                exchange.getResponseBody().write(list);
            }
        });
        seller.start();
    }

    @AfterEach
    void close() {
        seller.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + seller.getAddress().getPort();
    }

    private Path catalog() {
        return folder.resolve("own.catalog");
    }

    private Run refresh() {
        // Half of what Oracle sells would be missing beside the bundled list, whose source is another.
        return run("catalog", "refresh", "--from", "oci", "--url", url(), "--to", catalog(), "--json");
    }

    /** What counts soon: of two prices read within one second, the later one counts from the next second. */
    private String usd() {
        Instant soon = Instant.now().plusSeconds(60);
        return run(
                        "price",
                        "--provider",
                        "oci",
                        "--type",
                        L40S,
                        "--region",
                        "global",
                        "--at",
                        soon,
                        "--catalog",
                        catalog(),
                        "--json")
                .text("/usd_per_hour");
    }

    @Test
    void whatIsRead_isInTheCatalog() {
        Run run = refresh();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.number("/feeds/0/changed")).isEqualByComparingTo("1");
        assertThat(run.number("/feeds/0/read")).isEqualByComparingTo("1");
        assertThat(usd()).isEqualTo("3.6");
    }

    @Test
    void absurdPrice_waitsUntilItIsAccepted() {
        refresh();
        price = "36";
        Run held = refresh();

        assertThat(held.text("/feeds/0/quarantined/0/sku")).contains("B109479");
        assertThat(held.err()).contains("held").contains("36 USD/h");
        assertThat(usd()).isEqualTo("3.6");
        assertThat(run("catalog", "accept", "--to", catalog(), "--json").number("/quarantined/0/usd_per_hour"))
                .isEqualByComparingTo("36");

        Run accepted = run("catalog", "accept", "--provider", "oci", "--to", catalog(), "--json");

        assertThat(accepted.json().at("/accepted")).hasSize(1);
        assertThat(accepted.json().at("/quarantined")).isEmpty();
        assertThat(usd()).isEqualTo("36");
    }

    @Test
    void rejectedPrice_doesNotCount() {
        refresh();
        price = "36";
        refresh();

        Run rejected = run("catalog", "reject", "--all", "--to", catalog(), "--json");
        Run again = refresh();

        assertThat(rejected.text("/quarantined/0/state")).isEqualTo("rejected");
        assertThat(again.number("/feeds/0/dropped/rejected before")).isEqualByComparingTo("1");
        assertThat(usd()).isEqualTo("3.6");
    }

    @Test
    void heldPriceOfADatabase_isAcceptedThere() {
        String db = "jdbc:h2:mem:refresh;DB_CLOSE_DELAY=-1";
        run("catalog", "refresh", "--from", "oci", "--url", url(), "--db", db);
        price = "36";
        run("catalog", "refresh", "--from", "oci", "--url", url(), "--db", db);

        Run accepted = run("catalog", "accept", "--all", "--db", db, "--json");

        assertThat(accepted.json().at("/accepted")).as(accepted.err()).hasSize(1);
    }

    @Test
    void sellerWhoIsAway_changesNothing() throws IOException {
        refresh();
        byte[] before = Files.readAllBytes(catalog());
        seller.stop(0);

        Run run = refresh();

        assertThat(run.exitCode()).isEqualTo(EconomyCli.FAILED);
        assertThat(run.err()).contains("not read").contains("cannot be reached");
        assertThat(Files.readAllBytes(catalog())).isEqualTo(before);
    }

    @Test
    void wrongUse_saysWhatIsAllowed() {
        assertThat(run("catalog", "refresh", "--from", "amazon", "--to", catalog())
                        .err())
                .contains("'amazon'", "aws, aws-offers, aws-savings-plans, azure, gcp, runpod, vast, lambda, oci");
        assertThat(run("catalog", "refresh", "--from", "aws-offers", "--to", catalog())
                        .err())
                .contains("--region");
        assertThat(run("catalog", "refresh", "--from", "oci").exitCode()).isEqualTo(2);
        assertThat(run("catalog", "refresh", "--from", "oci", "--url", "http://example.com", "--to", catalog())
                        .err())
                .contains("https");
        assertThat(run("catalog", "accept", "--all", "--to", catalog()).exitCode())
                .isEqualTo(EconomyCli.NOT_FOUND);
    }
}
