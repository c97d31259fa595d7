package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.logging.LogFactory;
import org.flywaydb.core.api.logging.LogLevel;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the tables of {@link JdbcHistoryStore} and brings older ones up to date. Nothing of this library changes a schema unless
 * {@link #migrate()} is called.
 *
 * <p>The tables go into the schema that the data source's connections are in, beside whatever else is there. What was applied is
 * kept in the table {@code economy_schema_history}, apart from any history of the host's own.
 *
 * <p>This class is immutable and thread-safe.
 */
public final class SchemaMigrator {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrator.class);

    private final DataSource dataSource;

    private SchemaMigrator(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * A migrator of one database. Opens no connection yet.
     *
     * @param dataSource where to connect, as a user who may create tables and views
     * @return the migrator
     */
    public static SchemaMigrator of(DataSource dataSource) {
        return new SchemaMigrator(dataSource);
    }

    /**
     * Applies what is missing; does nothing where the schema is up to date. Safe to call at every start of every host, also by
     * several at once.
     *
     * @throws SchemaException if it could not be done, or a newer release of this library has already gone further
     */
    public void migrate() {
        try {
            MigrateResult result = migrateQuietly();
            if (result.migrationsExecuted > 0) {
                LOG.info(
                        "applied {} migrations, the schema is at version {}",
                        result.migrationsExecuted,
                        SchemaVersion.NEEDED);
            }
        } catch (FlywayException e) {
            throw new SchemaException("could not migrate the schema to version " + SchemaVersion.NEEDED, e);
        }
        check();
    }

    /** Flyway logs a dozen lines a run, and how much it logs is a setting of the whole JVM: so it is set back. */
    private MigrateResult migrateQuietly() {
        synchronized (SchemaMigrator.class) {
            LogLevel before = LogFactory.getLogLevel();
            LogFactory.setLogLevel(LogLevel.WARN);
            try {
                return flyway().migrate();
            } finally {
                LogFactory.setLogLevel(before);
            }
        }
    }

    private Flyway flyway() {
        return Flyway.configure(SchemaMigrator.class.getClassLoader())
                .dataSource(dataSource)
                .locations(new String[0])
                .resourceProvider(new MigrationScripts())
                .javaMigrationClassProvider(List::of)
                .placeholderReplacement(false)
                .table(SchemaVersion.HISTORY_TABLE)
                // A schema that already holds the host's tables is where to begin, not an error.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /**
     * Looks whether the schema is the one this library needs, and changes nothing. {@link JdbcHistoryStore} does the same when it is
     * first used; a host that would rather know at its start asks here.
     *
     * @throws SchemaException if it is missing, behind or ahead, or could not be read; the message names both versions and what to do
     */
    public void check() {
        try (Connection connection = dataSource.getConnection()) {
            SchemaVersion.check(connection);
        } catch (SQLException e) {
            throw new SchemaException("could not read which version the schema has", e);
        }
    }
}
