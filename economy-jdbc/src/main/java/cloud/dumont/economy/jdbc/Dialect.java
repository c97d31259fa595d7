package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The databases that this library knows, and all in which they differ for it. */
enum Dialect {
    H2,
    POSTGRESQL,
    /** The coordinator of shards: PostgreSQL whose tables of accounts are partitions on other servers, over postgres_fdw. */
    POSTGRESQL_SHARDS,
    SQLITE,
    /** Also what MySQL is taken for. */
    MARIADB;

    private static final int H2_ADMIN_RIGHTS_REQUIRED = 90040;

    private static final Logger LOG = LoggerFactory.getLogger(Dialect.class);

    /** No row if there is no such table. */
    private static final String PARTITIONS_ELSEWHERE = """
            SELECT 1 FROM pg_partition_tree(to_regclass('usage_account')) AS part
            JOIN pg_foreign_table ON pg_foreign_table.ftrelid = part.relid LIMIT 1""";

    /** What a coordinator should be set to, and is not. */
    private static final String SETTINGS_AMISS = """
            SELECT string_agg(needed.name || ' = ' || needed.setting, ', ' ORDER BY needed.name)
            FROM (VALUES ('enable_partitionwise_aggregate', 'on'), ('enable_partitionwise_join', 'on'),
                ('enable_sort', 'off'), ('plan_cache_mode', 'force_custom_plan')) AS needed (name, setting)
            JOIN pg_settings ON pg_settings.name = needed.name AND pg_settings.setting <> needed.setting""";

    /**
     * What a connection speaks.
     *
     * @throws SchemaException if it is none of these
     */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> first(connection, PARTITIONS_ELSEWHERE).isPresent() ? POSTGRESQL_SHARDS : POSTGRESQL;
            case "SQLite" -> SQLITE;
            case "MariaDB", "MySQL" -> MARIADB;
            default ->
                throw new SchemaException(
                        "the database is " + product + "; this library knows H2, PostgreSQL, SQLite and MariaDB");
        };
    }

    private static Optional<String> first(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
        }
    }

    /** Where the scripts are, among those of all databases. */
    String folder() {
        return switch (this) {
            case H2 -> "h2";
            case POSTGRESQL, POSTGRESQL_SHARDS -> "postgresql";
            case SQLITE -> "sqlite";
            case MARIADB -> "mariadb";
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
                        "V007__provider_pricing.sql",
                        "V008__who_vouches.sql",
                        "V009__held_prices.sql");
            case POSTGRESQL, POSTGRESQL_SHARDS, SQLITE, MARIADB ->
                List.of(
                        "V005__usage.sql",
                        "V006__savings_history.sql",
                        "V007__provider_pricing.sql",
                        "V008__who_vouches.sql",
                        "V009__held_prices.sql");
        };
    }

    /** Sees to what the database itself has to be set to, before it is used. */
    void makeReady(Connection connection) throws SQLException {
        if (this == H2 && !connection.isReadOnly()) {
            makeCommitsLast(connection);
            warnOfLostCommits(connection.getMetaData());
        } else if (this == POSTGRESQL_SHARDS) {
            first(connection, SETTINGS_AMISS)
                    .ifPresent(amiss -> LOG.warn(
                            "the database is a coordinator of shards, and would ask all of them for what one knows: "
                                    + "ALTER ROLE .. SET {}, as docs/scaling.md tells",
                            amiss));
        }
    }

    /**
     * Makes sure that what is committed stays when the process ends a moment later. H2 alone tells so up to half a second too early,
     * unless told not to wait; it forgets that with its last connection, also if the setting is stored in the file.
     */
    private static void makeCommitsLast(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET WRITE_DELAY 0");
        } catch (SQLException e) {
            if (e.getErrorCode() != H2_ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
            LOG.warn("what is stored may be lost if the process is killed within half a second: "
                    + "only H2's administrator may SET WRITE_DELAY 0");
        }
    }

    /** This version writes into the file's header where the last commit but one is, if it has filled a gap with the last one. */
    private static void warnOfLostCommits(DatabaseMetaData h2) throws SQLException {
        if (h2.getDatabaseProductVersion().startsWith("2.5.252 ")
                && !h2.getURL().startsWith("jdbc:h2:mem:")) {
            LOG.warn("H2 2.5.252 may lose what it has committed last if the process is killed: take 2.4.240, "
                    + "as docs/database.md tells");
        }
    }

    /**
     * A query that lets one writer of an account in at a time, until its transaction ends; empty where a lock on the row does. On shards it
     * does not: postgres_fdw begins a transaction there at REPEATABLE READ, and what that sees is settled by its first statement, before
     * the wait for a row. So the coordinator makes writers wait before they say anything to a shard. Writers by way of another
     * coordinator meet on the shard, which lets one of them fail and try again.
     *
     * @param count how many accounts: {@code :account0} is the first
     */
    Optional<String> queueForAccounts(int count) {
        return this == POSTGRESQL_SHARDS
                ? Optional.of(IntStream.range(0, count)
                        .mapToObj(i -> "(:account" + i + ")")
                        .collect(Collectors.joining(
                                ", ",
                                "SELECT pg_advisory_xact_lock(hashtextextended(account_id, 0)) FROM (VALUES ",
                                ") AS accounts (account_id)")))
                : Optional.empty();
    }

    /**
     * Statements that make sure of the row of {@code :account} in usage_account and count it up, which locks it everywhere, also where
     * SELECT .. FOR UPDATE is unknown (SQLite).
     */
    List<String> lockAccount() {
        // A foreign table takes no ON CONFLICT that names a key.
        return this == POSTGRESQL_SHARDS
                ? List.of(
                        "INSERT INTO usage_account (account_id, appends) VALUES (:account, 0) ON CONFLICT DO NOTHING",
                        "UPDATE usage_account SET appends = appends + 1 WHERE account_id = :account")
                : countUp("usage_account", "account_id", ":account", "appends");
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
            case POSTGRESQL, POSTGRESQL_SHARDS, SQLITE -> List.of("""
                        INSERT INTO %1$s (%2$s, %4$s) VALUES (%3$s, 1)
                        ON CONFLICT (%2$s) DO UPDATE SET %4$s = %1$s.%4$s + 1""".formatted(table, key, value, counter));
            case MARIADB -> List.of("""
                        INSERT INTO %1$s (%2$s, %4$s) VALUES (%3$s, 1)
                        ON DUPLICATE KEY UPDATE %4$s = %4$s + 1""".formatted(table, key, value, counter));
        };
    }

    /** How what is known of instances is read and written through a connection. */
    UsageStatements statements(Handle handle) {
        return this == POSTGRESQL ? new UsageArrays(handle) : new UsageBatches(handle, this);
    }

    /**
     * A query of rows of some instances.
     *
     * @param table which has account_id and instance_id
     * @param columns of it
     * @param condition on its rows
     * @param counts how many instances of each account: {@code :account0} is the first, {@code :instance0} and those after it are its
     *     instances
     */
    String ofInstances(String table, String columns, String condition, List<Integer> counts) {
        List<String> pairs = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (int account = 0; account < counts.size(); account++) {
            String name = ":account" + account;
            List<String> instances = IntStream.range(pairs.size(), pairs.size() + counts.get(account))
                    .mapToObj(i -> ":instance" + i)
                    .toList();
            instances.forEach(instance -> pairs.add("(" + name + ", " + instance + ")"));
            groups.add("account_id = " + name + " AND instance_id IN (" + String.join(", ", instances) + ")");
        }
        String listed = String.join(", ", pairs);
        return switch (this) {
            // SQLite takes no list of pairs after IN, and H2 would search it by the accounts alone.
            case H2, POSTGRESQL, SQLITE -> """
                WITH touched (account, instance) AS (VALUES %s)
                SELECT %s FROM touched JOIN %s ON account_id = account AND instance_id = instance
                WHERE %s""".formatted(listed, columns, table, condition);
            // MySQL takes no list of pairs after VALUES.
            case MARIADB ->
                "SELECT %s FROM %s WHERE (account_id, instance_id) IN (%s) AND %s"
                        .formatted(columns, table, listed, condition);
            // A join would fetch all there is; a list of pairs takes several times as long to sort out which shards it
            // is about.
            case POSTGRESQL_SHARDS ->
                "SELECT %s FROM %s WHERE (%s) AND %s".formatted(columns, table, String.join(" OR ", groups), condition);
        };
    }

    /**
     * A statement that writes a row, over the one of the same key if there is one; empty where it takes two.
     *
     * @param values of all columns
     */
    Optional<String> put(RowTable<?> table, String values) {
        String row = "INTO %s (%s) ".formatted(table.name(), table.names());
        return switch (this) {
            case H2 -> Optional.of("MERGE %sKEY (%s) VALUES (%s)".formatted(row, Column.names(table.key()), values));
            case POSTGRESQL, SQLITE ->
                Optional.of("INSERT %sVALUES (%s)%s".formatted(row, values, onConflictReplace(table)));
            case MARIADB ->
                Optional.of(table.rest().stream()
                        .map(column -> column.name() + " = VALUES(" + column.name() + ")")
                        .collect(Collectors.joining(
                                ", ", "INSERT %sVALUES (%s) ON DUPLICATE KEY UPDATE ".formatted(row, values), "")));
            // A foreign table takes no ON CONFLICT that names a key.
            case POSTGRESQL_SHARDS -> Optional.empty();
        };
    }

    /** What follows an INSERT of PostgreSQL or SQLite that writes over what is there. */
    static String onConflictReplace(RowTable<?> table) {
        return table.rest().stream()
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(
                        ", ", " ON CONFLICT (" + Column.names(table.key()) + ") DO UPDATE SET ", ""));
    }

    /** Counts up what others than its own listings have changed of {@code :source}'s sightings. */
    List<String> countUpVersion() {
        return countUp("usage_source_version", "source", ":source", "version");
    }

    /** In which encoding text is stored, as PostgreSQL calls it. */
    String encoding(Handle handle) {
        return this == POSTGRESQL || this == POSTGRESQL_SHARDS
                ? handle.createQuery("SHOW server_encoding").mapTo(String.class).one()
                : "UTF8";
    }

    /** What the database's clock shows, in microseconds since 1970. */
    String now() {
        return switch (this) {
            case H2 -> "DATEDIFF(MICROSECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00', CURRENT_TIMESTAMP)";
            case POSTGRESQL, POSTGRESQL_SHARDS -> "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
            // In milliseconds: SQLite knows it no better.
            case SQLITE -> "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000";
            // Whatever zone the session has.
            case MARIADB -> "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', UTC_TIMESTAMP(6))";
        };
    }

    /**
     * A query that changes a row and answers with a column of what it is then, or with nothing if there was none to change; empty where
     * it takes two statements.
     */
    Optional<String> returning(String column, String change) {
        return switch (this) {
            case H2 -> Optional.of("SELECT " + column + " FROM FINAL TABLE (" + change + ")");
            case POSTGRESQL, POSTGRESQL_SHARDS, SQLITE -> Optional.of(change + " RETURNING " + column);
            case MARIADB -> Optional.empty();
        };
    }

    /** At which every query of a transaction sees the same: what was committed when it began. */
    TransactionIsolationLevel snapshot() {
        // H2 keeps the promise for tables that it has not yet read at this level only.
        return this == H2 ? TransactionIsolationLevel.SERIALIZABLE : TransactionIsolationLevel.REPEATABLE_READ;
    }

    /**
     * Whether a transaction can say for itself at which level it runs, as its first statement. That saves asking the connection for its
     * own, setting it and setting it back: three trips to the server.
     */
    boolean setsLevelWithin() {
        return this == POSTGRESQL || this == POSTGRESQL_SHARDS;
    }

    /**
     * How INSERT INTO .. SELECT begins. MariaDB's driver sends a batch of those in bulk, which its server refuses; REPLACE it sends one
     * by one, and finds nothing to replace.
     */
    String insertSelected() {
        return this == MARIADB ? "REPLACE" : "INSERT";
    }
}
