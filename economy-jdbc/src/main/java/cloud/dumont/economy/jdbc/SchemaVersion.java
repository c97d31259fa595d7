package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which version of the schema a database has, and which one this library needs. Reads the history that Flyway keeps, without
 * Flyway: a look at one small table, where Flyway would search the class path first.
 */
final class SchemaVersion {

    static final String HISTORY_TABLE = "economy_schema_history";

    /** The version that the last script makes. */
    static final int NEEDED = MigrationScripts.NAMES.size();

    private SchemaVersion() {}

    /**
     * Refuses every version but the one needed.
     *
     * @throws SchemaException if the schema is missing, behind or ahead
     */
    static void check(Connection connection) throws SQLException {
        int found = read(connection);
        if (found < NEEDED) {
            throw new SchemaException("schema is at version " + found + (found == 0 ? " (empty)" : "")
                    + ", this library needs " + NEEDED + "; call SchemaMigrator.migrate()");
        }
        if (found > NEEDED) {
            throw new SchemaException("schema is at version " + found + ", this library needs " + NEEDED
                    + "; a newer release of it has migrated the schema: use that one or a later");
        }
    }

    /** The last version that was applied with success; 0 for none. */
    private static int read(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        if (!hasHistory(connection, database)) {
            return 0;
        }
        // Flyway writes these names in small letters and quoted.
        String quote = database.getIdentifierQuoteString();
        String sql = "SELECT %1$sversion%1$s FROM %1$s%2$s%1$s WHERE %1$ssuccess%1$s AND %1$sversion%1$s IS NOT NULL"
                .formatted(quote, HISTORY_TABLE);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int latest = 0;
            while (rows.next()) {
                latest = Math.max(latest, Integer.parseInt(rows.getString(1)));
            }
            return latest;
        }
    }

    private static boolean hasHistory(Connection connection, DatabaseMetaData database) throws SQLException {
        try (ResultSet tables =
                database.getTables(connection.getCatalog(), connection.getSchema(), HISTORY_TABLE, null)) {
            return tables.next();
        }
    }
}
