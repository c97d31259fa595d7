package cloud.dumont.economy.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The databases that tests run on. Servers are started when first needed, and stopped with the JVM. */
enum TestDatabase {
    /** Lives as long as the JVM. */
    H2_MEMORY {
        @Override
        String newUrl(Path folder) {
            return "jdbc:h2:mem:" + nextName() + ";DB_CLOSE_DELAY=-1" + PATIENT_H2;
        }

        @Override
        String newMigratedUrl(Path folder) {
            String url = newUrl(folder);
            execute(url, Migrated.H2_SCRIPTS);
            return url;
        }
    },

    H2_FILE {
        @Override
        String newUrl(Path folder) {
            // H2 closes a file with its last connection, unless told otherwise.
            return "jdbc:h2:file:" + folder.resolve(nextName()) + ";DB_CLOSE_DELAY=-1" + PATIENT_H2;
        }

        @Override
        String newMigratedUrl(Path folder) {
            String url = newUrl(folder);
            execute(url, Migrated.H2_SCRIPTS);
            return url;
        }
    },

    SQLITE {
        @Override
        String newUrl(Path folder) {
            return url(folder.resolve(nextName()));
        }

        @Override
        String newMigratedUrl(Path folder) {
            Path file = folder.resolve(nextName());
            try {
                Files.copy(Migrated.SQLITE_FILE, file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return url(file);
        }

        private String url(Path file) {
            return "jdbc:sqlite:" + file;
        }
    },

    /** Schemas of one database: much cheaper than databases. */
    POSTGRESQL {
        @Override
        String newUrl(Path folder) {
            String name = nextName();
            execute(OneServer.URL, "CREATE SCHEMA " + name);
            return OneServer.URL + "&currentSchema=" + name;
        }

        @Override
        String newMigratedUrl(Path folder) {
            String url = newUrl(folder);
            makePostgresqlTables(url);
            return url;
        }

        /** Making a schema takes longer than most tests. */
        @Override
        String takeMigratedUrl(Path folder) {
            String url = GIVEN_BACK.poll();
            if (url == null) {
                return newMigratedUrl(folder);
            }
            empty(url);
            return url;
        }

        @Override
        void giveBack(String url) {
            GIVEN_BACK.add(url);
        }
    },

    /** A coordinator with four shards on two servers. There is one: a new database is the one before, emptied. */
    POSTGRESQL_SHARDS {
        @Override
        String newUrl(Path folder) {
            throw new UnsupportedOperationException("shards have tables before their coordinator has");
        }

        @Override
        String newMigratedUrl(Path folder) {
            Shards.ALL.empty();
            return Shards.ALL.url();
        }

        @Override
        void empty(String url) {
            Shards.ALL.empty();
        }
    },

    /** One server's tables, cut into the months in which tests tell of usage, but for some of them. */
    POSTGRESQL_BY_MONTH {
        @Override
        String newUrl(Path folder) {
            return POSTGRESQL.newUrl(folder);
        }

        @Override
        String newMigratedUrl(Path folder) {
            String url = POSTGRESQL.newMigratedUrl(folder);
            MonthlyPartitions partitions = MonthlyPartitions.create(unpooled(url));
            partitions.convert();
            partitions.make(YearMonth.of(1970, 1), YearMonth.of(1970, 1));
            partitions.make(YearMonth.of(2026, 3), YearMonth.of(2026, 4));
            return url;
        }
    },

    MARIADB {
        @Override
        String newUrl(Path folder) {
            String name = nextName();
            execute(MariaDbServer.url(""), "CREATE DATABASE " + name);
            return MariaDbServer.url(name);
        }
    };

    /** A machine under load may keep a writer waiting: how long H2 is patient is no part of any test. */
    private static final String PATIENT_H2 = ";LOCK_TIMEOUT=60000";

    private static final List<String> TABLES = Stream.concat(Shards.TABLES.stream(), Shards.TABLES_OF_SOURCES.stream())
            .toList();

    private static final Queue<String> GIVEN_BACK = new ConcurrentLinkedQueue<>();

    private static final AtomicInteger NAMES = new AtomicInteger();

    /**
     * Makes an empty database.
     *
     * @param folder where it may keep its files; it must outlive the test
     * @return a JDBC URL with all that a connection needs
     */
    abstract String newUrl(Path folder);

    /** Makes a database with the tables in it. */
    String newMigratedUrl(Path folder) {
        String url = newUrl(folder);
        migrate(url);
        return url;
    }

    /** The same, or one that was {@linkplain #giveBack given back}: for tests that change no schema. */
    String takeMigratedUrl(Path folder) {
        return newMigratedUrl(folder);
    }

    /** Nobody uses the database any more. */
    void giveBack(String url) {}

    /** Deletes all usage and rollups. */
    void empty(String url) {
        execute(url, TABLES.stream().map(table -> "DELETE FROM " + table).toArray(String[]::new));
    }

    /** A pool, as a host would have one; to be closed. */
    static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        // What a machine under load takes is no part of any test.
        config.setConnectionTimeout(60_000);
        return new HikariDataSource(config);
    }

    /** A connection of its own for everyone. */
    static DataSource unpooled(String url) {
        return (DataSource) Proxy.newProxyInstance(
                TestDatabase.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("getConnection")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return DriverManager.getConnection(url);
                });
    }

    static void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError("could not prepare " + url, e);
        }
    }

    /** One of the scripts that come with the library. */
    static String script(String name) {
        try (InputStream script = SchemaMigrator.class.getResourceAsStream("migration/" + name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Jdbi jdbi(String url) {
        return Jdbi.create(() -> DriverManager.getConnection(url));
    }

    /** What the scripts make, in a fraction of the time. */
    static void makePostgresqlTables(String url) {
        execute(url, Migrated.POSTGRESQL_SCRIPTS);
    }

    private static void migrate(String url) {
        try (HikariDataSource pool = pool(url)) {
            SchemaMigrator.of(pool).migrate();
        }
    }

    private static String nextName() {
        return "economy_" + NAMES.incrementAndGet();
    }

    /** One server for all tests of a JVM. */
    static final class OneServer {

        static final String URL =
                PostgresqlServer.started(EmbeddedPostgres::builder).getJdbcUrl("postgres", "postgres");

        private OneServer() {}
    }

    /** What saves the time that a migration takes. */
    private static final class Migrated {

        static final Path SQLITE_FILE = sqlite();
        static final String[] POSTGRESQL_SCRIPTS = scripts(Dialect.POSTGRESQL);
        static final String[] H2_SCRIPTS = scripts(Dialect.H2);

        private static Path sqlite() {
            try {
                Path file = Files.createTempFile("economy", ".db");
                file.toFile().deleteOnExit();
                migrate("jdbc:sqlite:" + file);
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String[] scripts(Dialect dialect) {
            return dialect.scripts().stream()
                    .map(name -> script(dialect.folder() + "/" + name))
                    .toArray(String[]::new);
        }
    }
}
