package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.jdbc.SchemaMigrator;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A database of its own with the library's tables in it: PostgreSQL as a server with its usual promises (fsync, synchronous commits), H2 and
 * SQLite in a file.
 */
final class BenchmarkDatabase implements AutoCloseable {

    private final HikariDataSource pool;
    private final Optional<EmbeddedPostgres> server;

    private BenchmarkDatabase(String url, Optional<EmbeddedPostgres> server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        this.pool = new HikariDataSource(config);
        this.server = server;
        SchemaMigrator.of(pool).migrate();
    }

    /**
     * Starts one.
     *
     * @param name {@code postgresql}, {@code h2} or {@code sqlite}
     * @param folder where it keeps its files; what it finds there it goes on with
     */
    static BenchmarkDatabase start(String name, Path folder) throws IOException {
        return switch (name) {
            case "postgresql" -> {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setDataDirectory(folder)
                        .setCleanDataDirectory(false)
                        // The embedded server promises neither unless it is told to: then a commit would cost nothing.
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        // Of a server with 4 GB for it, instead of one that must fit anywhere.
                        .setServerConfig("shared_buffers", "1GB")
                        .setServerConfig("maintenance_work_mem", "1GB")
                        .setServerConfig("max_wal_size", "8GB")
                        .setServerConfig("wal_level", "minimal")
                        .setServerConfig("max_wal_senders", "0")
                        .start();
                yield new BenchmarkDatabase(server.getJdbcUrl("postgres", "postgres"), Optional.of(server));
            }
            case "h2" -> new BenchmarkDatabase("jdbc:h2:file:" + folder.resolve("economy"), Optional.empty());
            case "sqlite" -> new BenchmarkDatabase("jdbc:sqlite:" + folder.resolve("economy.db"), Optional.empty());
            default -> throw new IllegalArgumentException(name + " is none of postgresql, h2, sqlite");
        };
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() throws IOException {
        pool.close();
        if (server.isPresent()) {
            server.get().close();
        }
    }
}
