package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DashboardServerTest {

    @Test
    void requestInProgressIsLetFinishAndNoOtherIsTaken() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        DashboardServer server = DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.start(exchange -> {
            entered.countDown();
            try (exchange) {
                closing.await();
                exchange.sendResponseHeaders(204, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.discarding());
        entered.await();

        closing.countDown();
        server.close();

        assertThat(answer.get().statusCode()).isEqualTo(204);
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()));
    }

    @Test
    void closesThoughNeverStarted() throws Exception {
        DashboardServer server = DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = server.port();

        server.close();

        DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .close();
    }
}
