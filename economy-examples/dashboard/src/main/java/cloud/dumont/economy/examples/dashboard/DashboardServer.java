package cloud.dumont.economy.examples.dashboard;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The JDK's HTTP server with bounds: on threads, on what waits, and on what a slow or talkative client may take. */
final class DashboardServer implements AutoCloseable {

    private static final int THREADS = 8;
    private static final int CONNECTIONS = 1_000;
    private static final long PATIENCE_MILLIS = 1_500;

    /** Read once, when the first server is made; whoever starts the program may say otherwise with -D. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.nodelay", "true",
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "60",
            "sun.net.httpserver.maxReqHeaders", "100",
            "sun.net.httpserver.maxReqHeaderSize", "32768",
            "jdk.httpserver.maxConnections", String.valueOf(CONNECTIONS));

    private final HttpServer server;
    private final ThreadPoolExecutor pool;
    private boolean started;

    private DashboardServer(HttpServer server) {
        this.server = server;
        AtomicInteger number = new AtomicInteger();
        // Past the queue the server closes the connection: better than to take on what cannot be answered in time.
        pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(CONNECTIONS),
                task -> new Thread(task, "http-" + number.incrementAndGet()));
        server.setExecutor(pool);
    }

    /**
     * Takes the address. Callers wait until {@link #start}.
     *
     * @throws IOException if the address cannot be taken
     */
    static DashboardServer bind(InetSocketAddress address) throws IOException {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        return new DashboardServer(HttpServer.create(address, 0));
    }

    void start(HttpHandler handler) {
        server.createContext("/", handler);
        server.start();
        started = true;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Lets requests in progress finish, takes no new ones. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (!started) {
            // The address is given back by the server's own loop only.
            server.start();
        }
        server.stop(0);
    }
}
