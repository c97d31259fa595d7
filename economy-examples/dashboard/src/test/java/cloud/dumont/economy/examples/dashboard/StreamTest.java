package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.API;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.GLOBEX;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.AccountId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Events without end. */
class StreamTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);

    /** A listener that takes everything. */
    private static final class Ear implements EventSink {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void write(byte[] event) {
            heard.add(new String(event, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void figuresComeOverTheWireAsASnapshot() throws Exception {
        try (SiteFixture site = SiteFixture.withFleet()) {
            HttpResponse<java.io.InputStream> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(site.at(API + "/stream?provider=aws"))
                                    .header("Authorization", "Bearer " + ACME)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            assertThat(response.headers().firstValue("Cache-Control")).contains("private, no-store");
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                assertThat(reader.readLine()).isEqualTo("event: snapshot");
                assertThat(reader.readLine())
                        .isEqualTo("data: " + site.get(ACME, "/savings").body());
                assertThat(reader.readLine()).isEmpty();
            }
        }
    }

    @Test
    void refusalsAreAnswersLikeAnyOther() {
        try (SiteFixture site = SiteFixture.withFleet()) {
            assertThat(site.refusal(401, "wrong", "/stream")).contains("token");
            assertThat(site.refusal(400, ACME, "/stream?days=3")).contains("'days'");
            assertThat(site.refusal(400, ACME, "/stream?provider=nobody")).contains("nobody");
        }
    }

    @Test
    void listenersOfOneQuestionShareAComputationAndEachBeginsWithASnapshot() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(List.of(SiteFixture.running(SiteFixture.t4(ACCOUNT, "i-t4", "0.1"), "2026-08-03T00:00:00Z")));
        // What an account knows better is asked for at every report.
        Economy.Builder counting = Economy.builder().history(store).overlays(account -> {
            asked.incrementAndGet();
            return PriceOverlay.NONE;
        });
        try (Economy economy = started(counting);
                Streams streams = new Streams(economy, new Overlays(account -> PriceOverlay.NONE))) {
            Ear first = new Ear();
            streams.open(ACCOUNT, AWS, first);
            assertThat(first.heard.take()).startsWith("event: snapshot\ndata: {\"success\":true");
            int once = asked.get();

            Ear second = new Ear();
            streams.open(ACCOUNT, AWS, second);
            assertThat(second.heard.take()).startsWith("event: snapshot\n");

            assertThat(once).isPositive();
            assertThat(asked.get()).isEqualTo(once);
            assertThat(streams.listeners()).isEqualTo(2);
        }
    }

    @Test
    void listenerThatGoesIsForgottenAndTheComputationEnds() throws Exception {
        try (Economy economy = economy(new InMemoryHistoryStore());
                Streams streams = new Streams(economy, new Overlays(account -> PriceOverlay.NONE))) {
            CountDownLatch closed = new CountDownLatch(1);
            streams.open(ACCOUNT, AWS, new EventSink() {
                @Override
                public void write(byte[] event) throws IOException {
                    throw new IOException("gone");
                }

                @Override
                public void close() {
                    closed.countDown();
                }
            });
            closed.await();
            assertThat(streams.listeners()).isZero();
        }
    }

    @Test
    void streamsOfAnAccountHaveALimitAndOthersHaveRoom() {
        try (Economy economy = economy(new InMemoryHistoryStore());
                Streams streams = new Streams(economy, new Overlays(account -> PriceOverlay.NONE))) {
            for (int i = 0; i < 20; i++) {
                streams.open(ACCOUNT, AWS, new Ear());
            }
            assertThatExceptionOfType(HttpProblem.class)
                    .isThrownBy(() -> streams.checkRoom(ACCOUNT))
                    .satisfies(
                            problem -> assertThat(problem.toResponse().status()).isEqualTo(429));
            streams.checkRoom(AccountId.of(GLOBEX));
        }
    }

    @Test
    void closingEndsEveryStream() throws Exception {
        try (Economy economy = economy(new InMemoryHistoryStore())) {
            Streams streams = new Streams(economy, new Overlays(account -> PriceOverlay.NONE));
            Ear ear = new Ear();
            streams.open(ACCOUNT, AWS, ear);
            streams.close();
            ear.closed.await();
            Ear late = new Ear();
            streams.open(ACCOUNT, AWS, late);
            late.closed.await();
        }
    }

    private static Economy economy(HistoryStore history) {
        return started(Economy.builder().history(history));
    }

    private static Economy started(Economy.Builder builder) {
        return builder.prices(SiteFixture::prices).time(() -> NOW).build().start();
    }
}
