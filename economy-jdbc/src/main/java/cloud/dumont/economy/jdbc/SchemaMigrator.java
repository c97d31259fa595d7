package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
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

    private static final String HISTORY_TABLE = "economy_schema_history";

    /** Before it, nobody noted who vouches for an interval without an end. */
    private static final int FIRST_WITH_PUSHES = 8;

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
     * Applies what is missing. Where the schema is up to date it writes nothing, and needs no right to write. Safe to call at every start
     * of every host, also by several at once.
     *
     * @throws SchemaException if it could not be done, or a newer release of this library has already gone further
     */
    public void migrate() {
        int tries = 1;
        while (!isUpToDate() && !migrated(tries)) {
            Backoff.BY_CHANCE.after(tries++);
        }
        check();
    }

    /** Also if a newer release has gone further. Each script notes its version at its very end. */
    private boolean isUpToDate() {
        try {
            return version() >= SchemaVersion.NEEDED;
        } catch (SQLException e) {
            return false; // migrating says why
        }
    }

    /** False if the database gave way to another host that migrates: scripts can be run again from their beginning. */
    private boolean migrated(int tries) {
        try {
            int before = version();
            MigrateResult result = prepare().migrate();
            if (result.migrationsExecuted > 0) {
                LOG.info(
                        "applied {} migrations, the schema is at version {}",
                        result.migrationsExecuted,
                        SchemaVersion.NEEDED);
                if (before < FIRST_WITH_PUSHES) {
                    tellOfOpenIntervals();
                }
            }
            return true;
        } catch (FlywayException | SQLException e) {
            if (tries < Transactions.MOST_TRIES && (Transactions.gaveWay(e) || isBegunElsewhere(e))) {
                return false;
            }
            throw new SchemaException(
                    "could not migrate the schema to version " + SchemaVersion.NEEDED, Secrets.hiddenIn(e));
        }
    }

    /** Another host has just made Flyway's table, and not yet written its first row. */
    private static boolean isBegunElsewhere(Exception e) {
        return e instanceof FlywayException && String.valueOf(e.getMessage()).contains("already exists, and is empty");
    }

    private int version() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return SchemaVersion.read(connection);
        }
    }

    /** Nobody has said that they would be seen, or not, so they last until something ends them. */
    private void tellOfOpenIntervals() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM usage_interval WHERE ended_at IS NULL")) {
            if (rows.next() && rows.getLong(1) > 0) {
                LOG.info(
                        "{} intervals without an end count as pushed: each lasts until a push, a correction or a listing of its source ends it",
                        rows.getLong(1));
            }
        }
    }

    private Flyway prepare() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            forgetFailures(connection);
            return flyway(Dialect.of(connection), SchemaVersion.read(connection));
        }
    }

    /** A script that failed half way is run again from its beginning, as one that was interrupted is. Flyway refuses to, while it knows. */
    private static void forgetFailures(Connection connection) throws SQLException {
        if (!SchemaVersion.hasTable(connection, HISTORY_TABLE)) {
            return;
        }
        // Flyway writes these names in small letters and quoted.
        String quote = connection.getMetaData().getIdentifierQuoteString();
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "DELETE FROM %1$s%2$s%1$s WHERE NOT %1$ssuccess%1$s".formatted(quote, HISTORY_TABLE));
        }
    }

    private Flyway flyway(Dialect dialect, int version) {
        return Flyway.configure(SchemaMigrator.class.getClassLoader())
                .dataSource(dataSource)
                .locations(new String[0])
                .resourceProvider(new MigrationScripts(dialect))
                .javaMigrationClassProvider(List::of)
                .placeholderReplacement(false)
                .table(HISTORY_TABLE)
                // A schema that already holds the host's tables is where to begin, not an error; our own among them
                // were made by hand.
                .baselineOnMigrate(true)
                .baselineVersion(Integer.toString(version))
                // Before version 5, scripts could not be run again from their beginning; those that have run must not
                // be compared.
                .validateOnMigrate(false)
                .load();
    }

    /**
     * Looks whether the schema is the one this library needs, and changes nothing. {@link JdbcHistoryStore} does the same when it is
     * first used; a host that would rather know at its start asks here.
     *
     * @throws SchemaException if it is missing, behind or ahead, or could not be read, the message names both versions and what to do; or if a
     *     column compares text otherwise than byte by byte, the message names it
     */
    public void check() {
        try (Connection connection = dataSource.getConnection()) {
            SchemaVersion.check(connection);
            ExactText.check(connection, Dialect.of(connection));
        } catch (SQLException e) {
            throw new SchemaException("could not read which version the schema has", Secrets.hiddenIn(e));
        }
    }
}
