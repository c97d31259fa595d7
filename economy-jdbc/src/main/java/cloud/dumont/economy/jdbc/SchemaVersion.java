package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** Which version of the schema a database has, and which one this library needs. The scripts note it themselves, whoever runs them. */
final class SchemaVersion {

    /** The version that the last script makes. */
    static final int NEEDED = 9;

    private static final String TABLE = "economy_schema";

    private SchemaVersion() {}

    /**
     * Refuses every version but the one needed.
     *
     * @throws SchemaException if the schema is missing, behind or ahead
     */
    static void check(Connection connection) throws SQLException {
        int found = read(connection);
        if (found < NEEDED) {
            throw new SchemaException(
                    "the schema is " + (found == 0 ? "missing or older than version 5" : "at version " + found)
                            + ", this library needs version " + NEEDED + "; call SchemaMigrator.migrate()");
        }
        if (found > NEEDED) {
            throw new SchemaException("the schema is at version " + found + ", this library needs version " + NEEDED
                    + "; a newer release of it has migrated the schema: use that one or a later");
        }
    }

    /** The greatest version that was made; 0 for none, and for those before 5, which noted nothing. */
    static int read(Connection connection) throws SQLException {
        String stored = connection.getMetaData().storesUpperCaseIdentifiers() ? TABLE.toUpperCase(Locale.ROOT) : TABLE;
        // Asked first, because a query that fails would spoil the transaction that a connection without auto-commit is
        // in.
        if (!hasTable(connection, stored)) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM " + TABLE)) {
            return rows.next() ? rows.getInt(1) : 0;
        }
    }

    /**
     * Whether there is a table where the connection is.
     *
     * @param name as it is stored, with its capital letters
     */
    static boolean hasTable(Connection connection, String name) throws SQLException {
        try (ResultSet tables =
                connection.getMetaData().getTables(connection.getCatalog(), connection.getSchema(), name, null)) {
            return tables.next();
        }
    }
}
