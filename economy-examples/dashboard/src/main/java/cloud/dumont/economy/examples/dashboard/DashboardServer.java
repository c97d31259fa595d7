package cloud.dumont.economy.examples.dashboard;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Javalin over Jetty, with bounds: on connections, on threads, and on what a slow or talkative client may take. An idle connection takes
 * no thread; one that does not read what it asked for takes one, for a while, of many.
 */
final class DashboardServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);

    private static final int THREADS = 256;
    private static final int CONNECTIONS = 2_000;
    private static final int WAITING = 256;
    private static final int HEADER_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** How long a connection that nothing is asked on is kept when the host is stopped. */
    private static final Duration GOODBYE = Duration.ofMillis(100);

    /** What requests in progress have to end when the host is stopped. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    /** From this size on, an answer counts among those that memory is kept for while they are sent. */
    private static final int LARGE = 256 * 1024;

    /** What large answers may hold together, however slowly they are read. */
    private static final long MOST_HELD = Runtime.getRuntime().maxMemory() / 8;

    private final AtomicLong held = new AtomicLong();
    private final ServerSocketChannel channel;
    private @Nullable Javalin javalin;

    private DashboardServer(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the address. Callers wait until {@link #start}.
     *
     * @throws IOException if the address cannot be taken
     */
    static DashboardServer bind(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(address, WAITING);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new DashboardServer(channel);
    }

    void start(Answers answers) {
        javalin = Javalin.create(config -> configure(config, answers)).start();
    }

    private void configure(JavalinConfig config, Answers answers) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE; // answers come packed, under a tag of their own
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("http");
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(HEADER_BYTES);
        });
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(PATIENCE.toMillis());
            server.setErrorHandler(DashboardServer::refuse);
            server.insertHandler(new GracefulHandler());
        });
        config.jetty.addConnector(this::connector);
        // Before any route of Javalin's: this host has its own, which its description is made of.
        config.routes.before(context -> {
            serve(context, answers);
            context.skipRemainingHandlers();
        });
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setShutdownIdleTimeout(GOODBYE.toMillis());
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        return connector;
    }

    /** Of what is no request that could be answered. */
    private static boolean refuse(
            org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        Response refusal = HttpProblem.unreadable(response.getStatus()).toResponse();
        refusal.headers().forEach(response.getHeaders()::put);
        refusal.mediaType().ifPresent(type -> response.getHeaders().put(HttpHeader.CONTENT_TYPE, type));
        ByteArrayOutputStream body = new ByteArrayOutputStream(refusal.length());
        try {
            refusal.writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        response.write(true, ByteBuffer.wrap(body.toByteArray()), callback);
        return true;
    }

    private void serve(Context context, Answers answers) {
        Call call = new ServletCall(context.req());
        Optional<EventStream> stream = answers.stream(call);
        try {
            if (stream.isPresent()) {
                stream(context, stream.get());
            } else {
                sendWithinMemory(answers.answer(call), context.req(), context.res());
            }
        } catch (IOException e) {
            LOG.debug("the client went away", e);
        }
    }

    private void sendWithinMemory(Response response, HttpServletRequest request, HttpServletResponse out)
            throws IOException {
        if (response.length() < LARGE) {
            send(response, request, out);
            return;
        }
        boolean fits = held.addAndGet(response.length()) <= MOST_HELD;
        try {
            send(fits ? response : HttpProblem.busy().toResponse(), request, out);
        } finally {
            held.addAndGet(-response.length());
        }
    }

    private static void send(Response response, HttpServletRequest request, HttpServletResponse out)
            throws IOException {
        out.setStatus(response.status());
        response.mediaType().ifPresent(out::setContentType);
        response.headers().forEach(out::setHeader);
        if (response.status() != 304 && response.status() != 204) {
            out.setContentLength(response.length());
        }
        if (!request.getMethod().equals("HEAD")) {
            response.writeTo(out.getOutputStream());
        }
        out.flushBuffer();
    }

    private static void stream(Context context, EventStream stream) throws IOException {
        HttpServletResponse out = context.res();
        out.setStatus(200);
        out.setContentType("text/event-stream");
        stream.headers().forEach(out::setHeader);
        ServletOutputStream body = out.getOutputStream();
        out.flushBuffer();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        context.future(() -> ended);
        stream.begin().accept(new EventSink() {
            @Override
            public void write(byte[] event) throws IOException {
                body.write(event);
                body.flush();
            }

            @Override
            public void close() {
                ended.complete(null);
            }
        });
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    /** Lets requests in progress finish, takes no new ones. */
    @Override
    public void close() {
        Javalin running = javalin;
        if (running != null) {
            running.stop();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the address was not given back cleanly", e);
        }
    }

    /** A request as Jetty has it. */
    private record ServletCall(HttpServletRequest request) implements Call {

        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public String path() {
            return request.getRequestURI();
        }

        @Override
        public @Nullable String query() {
            return request.getQueryString();
        }

        @Override
        public List<String> headers(String name) {
            return Collections.list(request.getHeaders(name));
        }

        @Override
        public byte[] body(int most) {
            try (InputStream in = request.getInputStream()) {
                byte[] body = in.readNBytes(most + 1);
                if (body.length > most) {
                    throw HttpProblem.tooLarge("the body has more than " + most + " bytes; allowed: at most " + most);
                }
                return body;
            } catch (IOException e) {
                throw HttpProblem.badBody("the body broke off");
            }
        }
    }
}
