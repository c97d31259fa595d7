package cloud.dumont.economy.jdbc;

import java.nio.file.Path;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** H2 databases for tests. A machine under load may keep a writer waiting: the lock timeout is no part of any test. */
final class H2 {

    private static final String SETTINGS = ";LOCK_TIMEOUT=60000";

    private H2() {}

    /** A new database in memory; it lives as long as the JVM. */
    static DataSource inMemory() {
        return at("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + SETTINGS);
    }

    /** The database in a file; it is closed with its last connection. */
    static DataSource inFile(Path file) {
        return at("jdbc:h2:file:" + file + SETTINGS);
    }

    /** A new database in memory with the tables made. */
    static DataSource migrated() {
        DataSource dataSource = inMemory();
        SchemaMigrator.of(dataSource).migrate();
        return dataSource;
    }

    private static DataSource at(String url) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(url);
        return dataSource;
    }
}
