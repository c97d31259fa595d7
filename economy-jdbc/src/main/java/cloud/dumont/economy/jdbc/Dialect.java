package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.LoggerFactory;

/** The databases that this library knows, and all in which they differ for it. */
enum Dialect {
    H2,
    POSTGRESQL,
    SQLITE,
    /** Also what MySQL is taken for. */
    MARIADB;

    private static final int H2_ADMIN_RIGHTS_REQUIRED = 90040;

    /**
     * What a connection speaks.
     *
     * @throws SchemaException if it is none of these
     */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "SQLite" -> SQLITE;
            case "MariaDB", "MySQL" -> MARIADB;
            default ->
                throw new SchemaException(
                        "the database is " + product + "; this library knows H2, PostgreSQL, SQLite and MariaDB");
        };
    }

    /**
     * The scripts that make the schema, in order of their versions; the last one's is {@link SchemaVersion#NEEDED}. Each can be run
     * again from its beginning, because a process may end anywhere: H2 and MariaDB commit with every statement that changes the
     * schema, and Flyway notes what it has run in another transaction.
     */
    List<String> scripts() {
        return switch (this) {
            case H2 ->
                List.of(
                        "V001__usage_interval.sql",
                        "V002__usage_interval_usd.sql",
                        "V003__versions.sql",
                        "V004__versions_usd.sql",
                        "V005__economy_schema.sql",
                        "V006__savings_history.sql",
                        "V007__provider_pricing.sql");
            case POSTGRESQL, SQLITE, MARIADB ->
                List.of("V005__usage.sql", "V006__savings_history.sql", "V007__provider_pricing.sql");
        };
    }

    /**
     * Makes sure that what is committed stays when the process ends a moment later. H2 alone tells so up to half a second too early,
     * unless told not to wait; it forgets that with its last connection, also if the setting is stored in the file.
     */
    void makeCommitsLast(Connection connection) throws SQLException {
        if (this != H2 || connection.isReadOnly()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET WRITE_DELAY 0");
        } catch (SQLException e) {
            if (e.getErrorCode() != H2_ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
            LoggerFactory.getLogger(Dialect.class)
                    .warn("what is stored may be lost if the process is killed within half a second: "
                            + "only H2's administrator may SET WRITE_DELAY 0");
        }
    }

    /**
     * Statements that make sure of the row of {@code :account} in usage_account and count it up, which locks it everywhere, also where
     * SELECT .. FOR UPDATE is unknown (SQLite).
     */
    List<String> lockAccount() {
        return countUp("usage_account", "account_id", ":account", "appends");
    }

    /** The same for whoever saves a price catalog. */
    List<String> lockPrices() {
        return countUp("provider_pricing_save", "provider", "'*'", "saves");
    }

    private List<String> countUp(String table, String key, String value, String counter) {
        return switch (this) {
            case H2 ->
                List.of(
                        """
                        INSERT INTO %1$s (%2$s, %4$s)
                        SELECT %3$s, 0 WHERE NOT EXISTS (SELECT 1 FROM %1$s WHERE %2$s = %3$s)""".formatted(table, key, value, counter),
                        "UPDATE %1$s SET %4$s = %4$s + 1 WHERE %2$s = %3$s".formatted(table, key, value, counter));
            case POSTGRESQL, SQLITE -> List.of("""
                        INSERT INTO %1$s (%2$s, %4$s) VALUES (%3$s, 1)
                        ON CONFLICT (%2$s) DO UPDATE SET %4$s = %1$s.%4$s + 1""".formatted(table, key, value, counter));
            case MARIADB -> List.of("""
                        INSERT INTO %1$s (%2$s, %4$s) VALUES (%3$s, 1)
                        ON DUPLICATE KEY UPDATE %4$s = %4$s + 1""".formatted(table, key, value, counter));
        };
    }

    /**
     * A query of what is known of some instances, as far as it lasts or reaches into the time between {@code :from} and {@code :to}.
     *
     * @param columns which of usage_interval to read
     * @param count how many instances: {@code :account0} and {@code :instance0} are the first
     */
    String usageOfInstances(String columns, int count) {
        String pairs = IntStream.range(0, count)
                .mapToObj(i -> "(:account" + i + ", :instance" + i + ")")
                .collect(Collectors.joining(", "));
        String touching = "(ended_at IS NULL OR ended_at >= :from AND started_at <= :to)";
        return switch (this) {
            // SQLite takes no list of pairs after IN, and H2 would search it by the accounts alone.
            case H2, POSTGRESQL, SQLITE -> """
                WITH touched (account, instance) AS (VALUES %s)
                SELECT %s FROM touched JOIN usage_interval ON account_id = account AND instance_id = instance
                WHERE %s""".formatted(pairs, columns, touching);
            // MySQL takes no list of pairs after VALUES.
            case MARIADB ->
                "SELECT %s FROM usage_interval WHERE (account_id, instance_id) IN (%s) AND %s"
                        .formatted(columns, pairs, touching);
        };
    }

    /** At which every query of a transaction sees the same: what was committed when it began. */
    TransactionIsolationLevel snapshot() {
        // H2 keeps the promise for tables that it has not yet read at this level only.
        return this == H2 ? TransactionIsolationLevel.SERIALIZABLE : TransactionIsolationLevel.REPEATABLE_READ;
    }

    /**
     * How INSERT INTO .. SELECT begins. MariaDB's driver sends a batch of those in bulk, which its server refuses; REPLACE it sends one
     * by one, and finds nothing to replace.
     */
    String insertSelected() {
        return this == MARIADB ? "REPLACE" : "INSERT";
    }
}
