package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.API;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.DEMO;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private HttpResponse<String> plain(String path) {
        return site.send(HttpRequest.newBuilder(site.at(path)).build());
    }

    private HttpResponse<String> withMethod(String method, String path) {
        return site.send(HttpRequest.newBuilder(site.at(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + ACME)
                .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/savings",
                "/savings/realtime",
                "/active-session",
                "/savings/history",
                "/savings/breakdown",
                "/pricing",
                "/compare?gpu=T4",
                "/savings?provider=AWZ"
            })
    void nothingIsToldWithoutAToken(String question) {
        HttpResponse<String> none = plain(API + question);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(header(none, "WWW-Authenticate")).startsWith("Bearer");
        assertThat(site.refusal(401, "wrong", question)).doesNotContain("wrong");
        assertThat(header(site.get("wrong", question), "WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    void tokensAreTakenFromTheHeaderOnly() {
        assertThat(plain(API + "/savings?token=" + ACME).statusCode()).isEqualTo(401);
        HttpResponse<String> basic = site.send(HttpRequest.newBuilder(site.at(API + "/savings"))
                .header("Authorization", "Basic " + ACME)
                .build());
        assertThat(basic.statusCode()).isEqualTo(401);
        HttpResponse<String> lowerCaseScheme = site.send(HttpRequest.newBuilder(site.at(API + "/savings"))
                .header("Authorization", "bearer " + ACME)
                .build());
        assertThat(lowerCaseScheme.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/savings/", "/savings/history/x", "/../savings"})
    void unknownQuestionsAreNotFound(String question) {
        assertThat(site.refusal(404, ACME, question)).contains(API);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/web/index.html", "/simplelogger.properties", "/..%2fsimplelogger.properties", "/nothing"})
    void onlyThePagesOwnFilesAreServed(String path) {
        assertThat(plain(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"POST, /savings", "PUT, /savings/history", "DELETE, /pricing", "OPTIONS, /savings/realtime"})
    void onlyReading(String method, String question) {
        HttpResponse<String> response = withMethod(method, API + question);

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
        assertThat(response.body())
                .isEqualTo("{\"success\":false,\"error\":{\"code\":\"method_not_allowed\",\"message\":\"" + method
                        + " is not allowed; allowed: GET, HEAD\"}}");
    }

    @Test
    void headTellsTheLengthOfTheBodyItLeavesOut() {
        HttpResponse<String> head = withMethod("HEAD", API + "/savings");
        HttpResponse<String> get = site.get(ACME, "/savings");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length"))
                .isEqualTo(String.valueOf(get.body().length()));
        assertThat(header(head, "ETag")).isEqualTo(header(get, "ETag"));
    }

    @Test
    void whatTheCallerHasIsNotSentAgain() {
        HttpResponse<String> first = site.get(ACME, "/savings/history");
        String tag = header(first, "ETag");

        HttpResponse<String> again = site.get(ACME, "/savings/history", "If-None-Match", "\"other\", " + tag);
        assertThat(tag).matches("\"[0-9a-f]+\"");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(tag);
        assertThat(header(first, "Cache-Control")).isEqualTo("private, no-store");
        assertThat(header(again, "Cache-Control")).isEqualTo("private, no-store");

        site.now = site.now.plusSeconds(1);
        assertThat(site.get(ACME, "/savings/history", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @Test
    void securityHeadersAreOnEveryResponse() {
        for (HttpResponse<String> response : List.of(
                plain("/"), plain("/app.js"), plain("/nothing"), plain(API + "/savings"), site.get(ACME, "/savings"))) {
            assertThat(header(response, "Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'self'");
            assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(header(response, "Referrer-Policy")).isEqualTo("no-referrer");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/index.html, text/html",
        "/savings, text/html",
        "/widget, text/html",
        "/widget.js, text/javascript",
        "/console.js, text/javascript",
        "/style.css, text/css",
        "/favicon.svg, image/svg+xml",
        "/api.js, text/javascript",
        "/app.js, text/javascript",
        "/chart.js, text/javascript",
        "/format.js, text/javascript",
        "/ticker.js, text/javascript",
        "/view.js, text/javascript"
    })
    void pageIsServedWithoutAToken(String path, String mediaType) {
        HttpResponse<String> response = plain(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).startsWith(mediaType);
        assertThat(header(response, "Cache-Control")).contains(mediaType.equals("text/html") ? "private" : "public");
        assertThat(header(response, "ETag")).isNotBlank();
        assertThat(response.body()).isNotBlank();
    }

    @Test
    void signOfLifeNeedsNoToken() {
        HttpResponse<String> response = plain("/healthz");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("{\"success\":true,\"status\":\"up\",\"polling\":[],\"prices\":{\"version\":\"")
                .contains("\"newest_read_on\":\"20", "\"failing\":false")
                .endsWith("\"history\":{\"reachable\":true}}");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void addressesHaveALimit() {
        assertThat(site.refusal(414, ACME, "/savings?x=" + "y".repeat(5000))).contains("4096");
    }

    @Test
    void parametersAreGivenOnce() {
        assertThat(site.refusal(400, ACME, "/savings?provider=AWS&provider=GCP"))
                .contains("provider", "once");
        assertThat(site.get(ACME, "/savings?provider=").statusCode()).isEqualTo(200);
    }

    @Test
    void demoIsLabelledInEveryAnswer() {
        for (String question : words(
                "/savings /savings/realtime /active-session /savings/history /savings/breakdown /pricing /compare?gpu=T4")) {
            assertThat(site.json(DEMO, question).get("demo").asBoolean(false))
                    .as(question)
                    .isTrue();
            assertThat(site.json(ACME, question).get("demo").asBoolean(true))
                    .as(question)
                    .isFalse();
        }
        assertThat(site.get(DEMO, "/savings/history?format=csv").body().lines().skip(1))
                .allMatch(line -> line.split(",")[7].equals("true"));
    }

    /** A number follows a colon, a comma or a bracket; digits in strings, such as a catalog's hash, may look like one. */
    @Test
    void amountsAreNeverWrittenWithAnExponent() {
        for (String question : words(
                "/savings /savings/realtime /savings/history?days=60 /savings/breakdown /pricing /compare?gpu=T4")) {
            assertThat(site.get(DEMO, question).body()).as(question).doesNotContainPattern("[:,\\[]-?[0-9.]+[eE]");
        }
    }

    @Test
    void storeThatCannotBeReadIsUnavailableWithoutDetails() {
        try (SiteFixture broken = SiteFixture.over(failing(
                () -> new HistoryStoreException("secret address", new IllegalStateException("secret password"))))) {
            HttpResponse<String> response = broken.get(ACME, "/savings");

            assertThat(broken.refusal(503, ACME, "/savings")).doesNotContain("secret");
            assertThat(header(response, "Retry-After")).isEqualTo("5");
            assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
            assertThat(broken.get(ACME, "/pricing").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void faultOfOursIsAnErrorWithoutDetails() {
        try (SiteFixture broken = SiteFixture.over(failing(() -> new IllegalStateException("secret")))) {
            assertThat(broken.refusal(500, ACME, "/savings")).doesNotContain("secret");
        }
    }

    private static HistoryStore failing(Supplier<RuntimeException> failure) {
        return (HistoryStore) Proxy.newProxyInstance(
                SiteTest.class.getClassLoader(), new Class<?>[] {HistoryStore.class}, (proxy, method, arguments) -> {
                    throw failure.get();
                });
    }
}
