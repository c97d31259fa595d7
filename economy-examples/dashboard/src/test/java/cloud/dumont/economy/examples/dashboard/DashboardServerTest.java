package cloud.dumont.economy.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardServerTest {

    private static final int MANY = 200;

    private DashboardServer server;

    @BeforeEach
    void bind() throws IOException {
        server = DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Answers answering(Function<Call, Response> answer) {
        return new Answers() {
            @Override
            public Response answer(Call call) {
                return answer.apply(call);
            }

            @Override
            public Optional<EventStream> stream(Call call) {
                return Optional.empty();
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .build();
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void requestsInProgressAreAnsweredWhenTheHostStops() throws Exception {
        CountDownLatch entered = new CountDownLatch(16);
        CountDownLatch leave = new CountDownLatch(1);
        server.start(answering(call -> {
            entered.countDown();
            await(leave);
            return Response.empty(204);
        }));
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            answers.add(client.sendAsync(request("/"), HttpResponse.BodyHandlers.discarding()));
        }
        entered.await();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        // The address is given back first: from then on, the stop is under way while all sixteen are in progress.
        while (isTaken()) {
            Thread.onSpinWait();
        }
        leave.countDown();

        for (CompletableFuture<HttpResponse<Void>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(204);
        }
        closed.get();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> send(request("/")));
    }

    private boolean isTaken() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Content content(int bytes) {
        return new Content() {
            @Override
            public String mediaType() {
                return "application/octet-stream";
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(new byte[bytes]);
            }
        };
    }

    @Test
    void idleSocketsAndSlowReadersLeaveOthersServed() throws Exception {
        Response small = Response.of(200, content(1));
        Response large = Response.of(200, content(4 << 20));
        server.start(answering(call -> call.path().equals("/large") ? large : small));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(socket);
                String asked = i % 2 == 0 ? "GET / HT" : "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
                socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(send(request("/small")).body()).hasSize(1);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void everyMethodReachesWhatAnswers() throws Exception {
        server.start(answering(call -> HttpProblem.notFound(call.method()).toResponse()));

        for (String method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")) {
            HttpResponse<String> response =
                    send(HttpRequest.newBuilder(request("/").uri())
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build());
            assertThat(response.body()).as(method).contains("\"" + method + "\"");
        }
    }

    @Test
    void whatIsNoRequestIsRefusedInTheShapeOfEveryRefusal() throws Exception {
        server.start(answering(call -> Response.empty(204)));

        for (String broken : List.of(
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(broken.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .startsWith("HTTP/1.1 4")
                        .contains("{\"success\":false,\"error\":{\"code\":\"")
                        .doesNotContainIgnoringCase("jetty")
                        .doesNotContain("<html");
            }
        }
    }

    @Test
    void closesThoughNeverStarted() throws Exception {
        int port = server.port();

        server.close();

        DashboardServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .close();
    }
}
