package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.API;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.DEMO;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.EMBEDDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.dumont.economy.usage.AccountId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes around an answer on the wire. */
class HttpTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    /** The status line and headers to a Host header of any kind, which no client library sends. */
    private String statusFor(String host) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), site.at("/").getPort())) {
            String header = host.isEmpty() ? "" : "Host: " + host + "\r\n";
            socket.getOutputStream()
                    .write(("GET " + API + "/savings HTTP/1.0\r\n" + header + "Authorization: Bearer " + ACME
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8080",
                "127.0.0.1:9",
                "[::1]:8080",
                "192.168.7.4",
                "dash.localhost",
                "localhost.",
                "savings.example.com",
                "SAVINGS.example.com.:443"
            })
    void answersUnderItsNames(String host) throws IOException {
        assertThat(statusFor(host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "savings.example.com.evil",
                "x:80"
            })
    void answersUnderNoOtherName(String host) throws IOException {
        assertThat(statusFor(host))
                .startsWith("HTTP/1.1 400")
                .contains("bad_host", "--allow-host")
                .doesNotContain("lifetime");
    }

    @Test
    void packedAnswersAreTheSameUnderATagOfTheirOwn() throws Exception {
        HttpResponse<String> plain = site.get(DEMO, "/savings/realtime");
        HttpRequest request = HttpRequest.newBuilder(site.at(API + "/savings/realtime"))
                .header("Authorization", "Bearer " + DEMO)
                .header("Accept-Encoding", "br, gzip;q=0.5")
                .build();
        HttpResponse<byte[]> packed = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());

        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length).isLessThan(plain.body().length() / 3);
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(plain.body());
        assertThat(packed.headers().firstValue("ETag"))
                .isNotEqualTo(plain.headers().firstValue("ETag"));
        assertThat(packed.headers().firstValue("Vary").orElse("")).contains("Accept-Encoding", "Authorization");
        assertThat(site.get(DEMO, "/savings/realtime", "Accept-Encoding", "gzip;q=0")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void onlyPagesOfNamedSitesMayReadAnswers() {
        HttpResponse<String> theirs = site.get(ACME, "/savings", "Origin", EMBEDDER);
        HttpResponse<String> strange = site.get(ACME, "/savings", "Origin", "https://evil.example");
        HttpResponse<String> refusal = site.get("wrong", "/savings", "Origin", EMBEDDER);

        assertThat(theirs.headers().firstValue("Access-Control-Allow-Origin")).contains(EMBEDDER);
        assertThat(refusal.statusCode()).isEqualTo(401);
        assertThat(refusal.headers().firstValue("Access-Control-Allow-Origin")).contains(EMBEDDER);
        assertThat(strange.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(theirs.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("frame-ancestors 'self' " + EMBEDDER);
        assertThat(preflight(EMBEDDER).statusCode()).isEqualTo(204);
        assertThat(preflight(EMBEDDER)
                        .headers()
                        .firstValue("Access-Control-Allow-Headers")
                        .orElse(""))
                .contains("Authorization");
        assertThat(preflight("https://evil.example").statusCode()).isEqualTo(405);
        assertThat(site.send(HttpRequest.newBuilder(site.at("/widget.js")).build())
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .contains("*");
    }

    private HttpResponse<String> preflight(String origin) {
        return site.send(HttpRequest.newBuilder(site.at(API + "/savings"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .header("Authorization", "Bearer " + ACME)
                .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "console.example.com",
                "https://a.example/path",
                "ftp://a.example",
                "https://u@a.example",
                "*",
                "https://",
                "https://a.example?x"
            })
    void whatIsNoOriginIsRefusedByName(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Embedding(List.of(origin)))
                .withMessageContaining("'" + origin + "'");
    }

    @Test
    void metricsCountWithoutANameOfAnAccount() {
        site.get(ACME, "/savings");
        site.get(ACME, "/instances/i-t4");
        site.get(ACME, "/savings?x=");
        assertThat(site.send(HttpRequest.newBuilder(site.at("/metrics")).build())
                        .statusCode())
                .isEqualTo(401);

        HttpResponse<String> metrics = site.send(HttpRequest.newBuilder(site.at("/metrics"))
                .header("Authorization", "Bearer " + ACME)
                .build());

        assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body().lines())
                .contains(
                        "economy_http_answers_total{route=\"/savings\",status=\"200\"} 1",
                        "economy_http_answers_total{route=\"/savings\",status=\"400\"} 1",
                        "economy_http_answers_total{route=\"/instances/{id}\",status=\"200\"} 1",
                        "economy_http_answers_total{route=\"/metrics\",status=\"401\"} 1",
                        "economy_up 1",
                        "economy_history_reachable 1",
                        "# TYPE economy_http_answers_total counter")
                .allMatch(line -> line.matches(
                        "# (HELP|TYPE) .*|[a-z_]+(\\{[^}]*}|\\{route=\"/instances/\\{id}\"[^}]*})? [0-9.]+"))
                .noneMatch(line -> line.contains("acme"));
    }

    // ---- budgets ----

    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong cpu = new AtomicLong();
    private final Budgets budgets = new Budgets(clock::get, cpu::get, 2);
    private final AccountId flooding = AccountId.of("flooding");

    private void work(AccountId account, long seconds) {
        Budgets.Work work = budgets.begin(account);
        cpu.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        work.close();
    }

    @Test
    void oneQuestionAfterTheOtherIsNeverRefused() {
        for (int i = 0; i < 1_000; i++) {
            work(flooding, 5);
            clock.addAndGet(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void floodIsRefusedUntilItsTimeIsPaidForAndOthersAreServed() {
        for (int i = 0; i < 3; i++) {
            work(flooding, 6);
            if (i < 1) {
                continue;
            }
            assertThatExceptionOfType(HttpProblem.class)
                    .isThrownBy(() -> work(flooding, 1))
                    .satisfies(problem -> {
                        assertThat(problem.toResponse().status()).isEqualTo(429);
                        assertThat(problem.toResponse().headers()).containsEntry("Retry-After", "3");
                    });
            break;
        }
        work(AccountId.of("another"), 1);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(3));
        work(flooding, 1);
    }

    @Test
    void questionsAtOnceHaveALimit() {
        for (int i = 0; i < 64; i++) {
            budgets.begin(flooding);
        }
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> budgets.begin(flooding))
                .withMessageContaining("64");
        budgets.begin(AccountId.of("another")).close();
    }

    // ---- CSV ----

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "plain | plain",
                "a,b | \"a,b\"",
                "say \"x\" | \"say \"\"x\"\"\"",
                "=1+1 | '=1+1",
                "+cmd | '+cmd",
                "-2 | '-2",
                "@SUM(A1) | '@SUM(A1)",
                "=a,b | \"'=a,b\"",
                "a=b | a=b"
            },
            delimiter = '|')
    void textsThatWouldBeFormulasAreMadeHarmless(String text, String cell) {
        assertThat(TableCsv.text(text)).isEqualTo(cell);
    }

    @Test
    void formulasBehindWhiteSpaceAreMadeHarmlessToo() {
        assertThat(TableCsv.text(" =1")).isEqualTo("' =1");
        assertThat(TableCsv.text("\t=1")).isEqualTo("'\t=1");
        assertThat(TableCsv.text("\uFF1D1")).isEqualTo("'\uFF1D1");
        assertThat(TableCsv.text("")).isEmpty();
    }
}
