package cloud.dumont.economy.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a database compares the library's text byte by byte. One that takes no notice of case, accents, width or blanks at the end would
 * make one instance of two, and one account of two tenants.
 */
final class ExactText {

    private static final List<String> TABLES = List.of(
            "usage_interval",
            "usage_interval_withdrawn",
            "usage_account",
            "usage_push",
            "usage_sighting",
            "usage_source",
            "usage_source_version",
            "usage_source_gap",
            "usage_retention",
            "savings_history",
            "savings_rollup",
            "savings_rebuild",
            "provider_pricing",
            "provider_pricing_held");

    private static final String H2 = """
            SELECT LOWER(table_name || '.' || column_name), data_type FROM information_schema.columns
            WHERE table_schema = CURRENT_SCHEMA AND LOWER(table_name) IN (%s) AND data_type LIKE '%%IGNORECASE%%'
            UNION ALL
            SELECT 'every column', 'COLLATION ' || setting_value FROM information_schema.settings
            WHERE setting_name = 'COLLATION' AND setting_value <> 'OFF'
            ORDER BY 1""";

    /** Types that are made of others compare as those do. */
    private static final String POSTGRESQL = """
            SELECT relname || '.' || attname, CASE WHEN base.typname IN ('varchar', 'text') THEN 'collation ' || collname
                ELSE 'type ' || base.typname END
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type AS own ON own.oid = atttypid
            JOIN pg_type AS base ON base.oid = CASE own.typtype WHEN 'd' THEN own.typbasetype ELSE own.oid END
            LEFT JOIN pg_collation ON pg_collation.oid = attcollation
            WHERE pg_class.oid IN (SELECT to_regclass(name) FROM unnest(ARRAY[%s]) AS name) AND attnum > 0 AND NOT attisdropped
                AND base.typcategory = 'S' AND (base.typname NOT IN ('varchar', 'text') OR NOT collisdeterministic)
            ORDER BY 1""";

    /** A key compares by the collation of its columns. */
    private static final String SQLITE = """
            SELECT known.name || '.' || part.name, 'COLLATE ' || part.coll
            FROM sqlite_schema AS known JOIN pragma_index_list(known.name) AS keys JOIN pragma_index_xinfo(keys.name) AS part
            WHERE known.type = 'table' AND known.name IN (%s) AND part.name IS NOT NULL AND part.coll <> 'BINARY'
            ORDER BY 1""";

    private static final String MARIADB = """
            SELECT CONCAT(table_name, '.', column_name), CONCAT('collation ', collation_name) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name IN (%s)
                AND collation_name NOT LIKE '%%nopad\\_bin' AND collation_name NOT IN ('binary', 'utf8mb4_0900_bin')
            ORDER BY 1""";

    private ExactText() {}

    /**
     * Refuses a database that compares otherwise.
     *
     * @throws SchemaException if it does; the message names a column and what it compares by
     */
    static void check(Connection connection, Dialect dialect) throws SQLException {
        String query = switch (dialect) {
            case H2 -> H2;
            case POSTGRESQL, POSTGRESQL_SHARDS -> POSTGRESQL;
            case SQLITE -> SQLITE;
            case MARIADB -> MARIADB;
        };
        String tables = TABLES.stream().collect(Collectors.joining("', '", "'", "'"));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query.formatted(tables))) {
            if (rows.next()) {
                throw new SchemaException(rows.getString(1) + " compares text by " + rows.getString(2)
                        + ", so ids that differ may count as one; ids must be compared byte by byte, as the columns do that"
                        + " SchemaMigrator makes in a database of the usual settings (docs/database.md lists them)");
            }
        }
    }
}
