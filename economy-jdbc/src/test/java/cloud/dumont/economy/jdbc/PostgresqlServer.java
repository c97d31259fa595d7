package cloud.dumont.economy.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** A server that can be stopped and started again. It believes the user postgres, and asks all others for their passwords. */
final class PostgresqlServer {

    private static final int ATTEMPTS = 3;

    private final Path data;
    private final int port;
    private EmbeddedPostgres running;

    PostgresqlServer() {
        try {
            data = Files.createTempDirectory("economy-postgresql");
            running = started(this::builder);
            port = running.getPort();
            Files.writeString(data.resolve("pg_hba.conf"), """
                    host all postgres 127.0.0.1/32 trust
                    host all all 127.0.0.1/32 scram-sha-256
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestDatabase.execute(url(), "SELECT pg_reload_conf()");
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    }

    /**
     * Starts a server that may lose what it was given when the machine stops. A port that was free when it was chosen may be taken by the
     * time the server wants it: then it is tried with another.
     *
     * @param server makes the same builder each time; one that has failed keeps its port
     */
    static EmbeddedPostgres started(Supplier<EmbeddedPostgres.Builder> server) {
        IllegalStateException failure = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return server.get()
                        // What a machine under load takes is no part of any test.
                        .setPGStartupWait(Duration.ofMinutes(1))
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .start();
            } catch (IOException | RuntimeException e) {
                IllegalStateException next =
                        new IllegalStateException("PostgreSQL did not start: " + e.getMessage(), e);
                if (failure != null) {
                    next.addSuppressed(failure);
                }
                failure = next;
            }
        }
        throw failure;
    }

    int port() {
        return port;
    }

    String url() {
        return url("postgres");
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    void stop() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        running = started(() -> builder().setPort(port));
    }
}
