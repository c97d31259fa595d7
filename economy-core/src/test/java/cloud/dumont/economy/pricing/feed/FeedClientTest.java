package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.dumont.economy.pricing.feed.FeedException.Kind;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How sellers are asked, and what becomes of answers that are none. */
class FeedClientTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final FeedClient.Parser<String> TEXT = in -> new String(in.readAllBytes(), StandardCharsets.UTF_8);

    private final FeedStub seller = new FeedStub();
    private final FeedClient client = client();

    static FeedClient client() {
        return FeedClient.of(HttpClient.newHttpClient(), InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() {
        seller.close();
    }

    private FeedRequest get(String path) {
        return FeedRequest.get(seller.host().path(path), FeedRequest.SMALL);
    }

    private FeedClient.Answer<String> read(String path) {
        return client.read(seller.host(), get(path), TEXT);
    }

    private FeedException failure(FeedRequest request) {
        return catchThrowableOfType(FeedException.class, () -> client.read(seller.host(), request, TEXT));
    }

    @Test
    void answer_isRead() {
        seller.answers("/list", "prices");

        assertThat(read("/list").value()).isEqualTo("prices");
        assertThat(read("/list").bytes()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", ""})
    void packedAnswer_isUnpacked_saidOrNot(String coding) {
        seller.on("/list", exchange -> {
            if (!coding.isEmpty()) {
                exchange.getResponseHeaders().add("Content-Encoding", coding);
            }
            FeedStub.send(exchange, 200, FeedStub.gzip("prices".getBytes(StandardCharsets.UTF_8)));
        });

        assertThat(read("/list").value()).isEqualTo("prices");
    }

    @Test
    void unchangedList_isNotSentAgain() {
        seller.on("/list", exchange -> {
            boolean known = "\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getResponseHeaders().add("ETag", "\"v1\"");
            FeedStub.send(exchange, known ? 304 : 200, known ? new byte[0] : "prices".getBytes(StandardCharsets.UTF_8));
        });

        assertThat(read("/list").unchanged()).isFalse();
        FeedClient.Answer<String> again = read("/list");

        assertThat(again.unchanged()).isTrue();
        assertThat(again.value()).isEqualTo("prices");
        assertThat(again.bytes()).isZero();
    }

    /** A seller that answers 304 to a question without a condition says nothing. */
    @Test
    void unchanged_withoutAnythingBefore_isAFailure() {
        seller.on("/list", exchange -> FeedStub.send(exchange, 304, new byte[0]));

        assertThat(failure(get("/list")).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void whatFailedToBeRead_isNotRemembered() {
        seller.on("/list", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"v1\"");
            FeedStub.send(exchange, 200, "x".getBytes(StandardCharsets.UTF_8));
        });
        assertThatThrownBy(() -> client.read(seller.host(), get("/list"), in -> {
                    throw new IllegalArgumentException("no list");
                }))
                .isInstanceOf(FeedException.class);

        assertThat(read("/list").unchanged()).isFalse();
    }

    @Test
    void addressThatChangesWithItsContent_isAskedOnce() {
        seller.answers("/v1/list", "prices");

        client.readOnce(seller.host(), get("/v1/list"), TEXT);
        FeedClient.Answer<String> again = client.readOnce(seller.host(), get("/v1/list"), TEXT);

        assertThat(again.value()).isEqualTo("prices");
        assertThat(seller.asked()).hasSize(1);
    }

    /** A gigabyte of zeros is a megabyte of gzip. */
    @Test
    void bomb_isPutDownWhileItIsUnpacked() {
        byte[] bomb = FeedStub.gzip(new byte[8 << 20]);
        seller.on("/list", exchange -> FeedStub.send(exchange, 200, bomb));

        FeedException failure = failure(FeedRequest.get(seller.host().path("/list"), 1 << 20));

        assertThat(bomb.length).isLessThan(1 << 14);
        assertThat(failure.kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(failure).hasMessageContaining("more than 1048576 bytes");
    }

    /** What a parser does not look at counts too. */
    @Test
    void bombBehindAGoodList_isNoList() {
        seller.on("/list", exchange -> FeedStub.send(exchange, 200, FeedStub.gzip(new byte[8 << 20])));

        assertThatThrownBy(() -> client.read(
                        seller.host(), FeedRequest.get(seller.host().path("/list"), 1 << 20), in -> in.read()))
                .isInstanceOfSatisfying(
                        FeedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));
    }

    @Test
    void answerThatIsCutOff_isNoAnswer() {
        seller.on("/list", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("prices".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        });

        assertThat(failure(get("/list")).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void gzipThatIsCutOff_isNoAnswer() {
        byte[] packed = FeedStub.gzip("prices of all kinds of machines".getBytes(StandardCharsets.UTF_8));
        seller.on("/list", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            FeedStub.send(exchange, 200, java.util.Arrays.copyOf(packed, packed.length - 12));
        });

        assertThat(failure(get("/list")).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br"})
    void packingThatIsNone_isSaid(String coding) {
        seller.on("/list", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", coding);
            FeedStub.send(exchange, 200, "prices".getBytes(StandardCharsets.UTF_8));
        });

        assertThat(failure(get("/list")).kind()).isEqualTo(Kind.MALFORMED);
    }

    /** A seller that begins and falls silent: the JDK's own timeout has ended with the headers. */
    @Test
    void silence_ends() {
        CountDownLatch end = new CountDownLatch(1);
        seller.on("/list", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[3]);
            exchange.getResponseBody().flush();
            await(end);
        });
        FeedClient impatient = client.patient(Duration.ofMillis(200), Duration.ofMinutes(1));

        assertThatThrownBy(() -> impatient.read(seller.host(), get("/list"), TEXT))
                .isInstanceOfSatisfying(
                        FeedException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("no byte came");
        end.countDown();
    }

    /** A seller that never falls silent for long, and never ends. */
    @Test
    void answerWithoutAnEnd_ends() {
        seller.on("/list", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(new byte[1024]);
                exchange.getResponseBody().flush();
            }
        });
        FeedClient impatient = client.patient(Duration.ofMinutes(1), Duration.ofMillis(300));

        assertThatThrownBy(() -> impatient.read(
                        seller.host(), FeedRequest.get(seller.host().path("/list"), Long.MAX_VALUE), in -> {
                            while (in.read(new byte[1 << 16]) >= 0) {}
                            return "";
                        }))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("had not ended when its time was up");
    }

    @Test
    void interrupt_callsTheReadingOff() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        seller.on("/list", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[3]);
            exchange.getResponseBody().flush();
            await(end);
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                client.read(seller.host(), get("/list"), in -> {
                    int first = in.read();
                    begun.countDown();
                    return first + in.readAllBytes().length;
                });
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        reader.start();
        await(begun);
        reader.interrupt();
        reader.join();

        assertThat(failure.get()).isInstanceOf(FeedException.class).hasMessageContaining("called off");
        end.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource({"429, 120, PT2M", "503, 0, PT0S", "429, 'Sat, 28 Nov 2026 12:05:00 GMT', PT5M", "503, nonsense,"})
    void busySeller_saysWhenItMayBeAskedAgain(int status, String retryAfter, Duration wait) {
        seller.on("/list", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
            FeedStub.send(exchange, status, new byte[0]);
        });

        FeedException failure = failure(get("/list"));

        assertThat(failure.kind()).isEqualTo(Kind.BUSY);
        assertThat(failure.retryAfter()).isEqualTo(Optional.ofNullable(wait));
    }

    @ParameterizedTest
    @CsvSource({"400, REFUSED", "401, REFUSED", "403, REFUSED", "404, REFUSED", "500, UNREACHABLE", "502, UNREACHABLE"})
    void statusThatIsNoAnswer_isAFailure(int status, Kind kind) {
        seller.on("/list", exchange -> FeedStub.send(exchange, status, "<html>".getBytes(StandardCharsets.UTF_8)));

        assertThat(failure(get("/list")).kind()).isEqualTo(kind);
    }

    @Test
    void redirectWithinTheHost_isFollowed() {
        seller.on("/old", exchange -> {
            exchange.getResponseHeaders().add("Location", "/new");
            FeedStub.send(exchange, 302, new byte[0]);
        });
        seller.answers("/new", "prices");

        assertThat(read("/old").value()).isEqualTo("prices");
    }

    @Test
    void redirectToAnotherHost_isNotFollowed() {
        try (FeedStub other = new FeedStub()) {
            other.answers("/list", "lies");
            seller.on("/list", exchange -> {
                exchange.getResponseHeaders()
                        .add("Location", other.base().resolve("/list").toString());
                FeedStub.send(exchange, 302, new byte[0]);
            });

            assertThat(failure(get("/list")).kind()).isEqualTo(Kind.REFUSED);
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void redirectsWithoutAnEnd_end() {
        seller.on("/list", exchange -> {
            exchange.getResponseHeaders().add("Location", "/list");
            FeedStub.send(exchange, 302, new byte[0]);
        });

        assertThat(failure(get("/list"))).hasMessageContaining("redirected more than 5 times");
        assertThat(seller.asked()).hasSize(6);
    }

    @Test
    void key_isSentInAHeader_andSaidNowhere() {
        List<String> keys = new CopyOnWriteArrayList<>();
        seller.on("/list", exchange -> {
            keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
            FeedStub.send(exchange, 401, new byte[0]);
        });
        FeedRequest request = get("/list?token=t0p").with(Optional.of(FeedRequest.Key.bearer(() -> "s3cret")));

        FeedException failure = failure(request);

        assertThat(keys).containsExactly("Bearer s3cret");
        assertThat(failure.getMessage() + request).doesNotContain("s3cret").doesNotContain("t0p");
    }

    /** The JDK's own message would repeat it. */
    @Test
    void keyThatNoHeaderMayHold_isNotRepeated() {
        seller.answers("/list", "prices");
        FeedRequest request = get("/list").with(Optional.of(FeedRequest.Key.bearer(() -> "s3cret\nx")));

        assertThatThrownBy(() -> client.read(seller.host(), request, TEXT))
                .isInstanceOf(FeedException.class)
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
        assertThat(seller.asked()).isEmpty();
    }

    @Test
    void unreachableSeller_isSaid() {
        seller.close();

        assertThat(failure(get("/list")).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://prices.example.com", "ftp://localhost", "http://10.0.0.1", "prices.example.com"})
    void placesWhereOthersListenIn_areRefused(String base) {
        assertThatThrownBy(() -> new FeedHost(URI.create(base)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example.com/next",
                "http://prices.example.com/next",
                "https://prices.example.com:8443/next",
                "https://prices.example.com@other.example.com/",
                "https://me@prices.example.com/next",
                "//other.example.com/next"
            })
    void linksElsewhere_areRefused(String link) {
        assertThatThrownBy(() -> FeedHost.of("https://prices.example.com").link(link))
                .isInstanceOf(FeedException.class);
    }

    /** Azure names the port. */
    @Test
    void linkToTheSamePlace_isFollowed() {
        assertThat(FeedHost.of("https://prices.example.com").link("https://PRICES.example.com:443/next?$skip=1000"))
                .hasHost("PRICES.example.com");
    }

    @Test
    void clientThatFollowsRedirects_isRefused() {
        HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();

        assertThatThrownBy(() -> FeedClient.of(http, InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Redirect.NEVER");
    }

    @Test
    void stream_countsWhatIsSkipped() throws Exception {
        InputStream in = new LimitedStream(new java.io.ByteArrayInputStream(new byte[100]), 50);

        assertThatThrownBy(() -> in.skipNBytes(60)).hasMessageContaining("more than 50 bytes");
    }
}
