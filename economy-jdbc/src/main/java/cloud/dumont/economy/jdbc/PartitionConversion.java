package cloud.dumont.economy.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Turns ordinary tables of PostgreSQL into partitioned ones, in the transaction of one connection. No row is moved: what was the table
 * becomes the partition of all that has no other, with its indexes. Views of it are told to read the new table, and keep their rights and
 * what depends on them.
 */
final class PartitionConversion {

    /** What hangs on a table and is not taken over below: it would stay with the old table, without anybody noticing. */
    private static final String OTHERS = """
            SELECT pg_describe_object(classid, objid, objsubid)
            FROM pg_depend JOIN pg_class AS it ON refclassid = CAST('pg_class' AS regclass) AND refobjid = it.oid
            WHERE it.oid = to_regclass(:table)
                AND objid NOT IN (it.reltype, it.reltoastrelid)
                AND objid NOT IN (SELECT indexrelid FROM pg_index WHERE indrelid = it.oid)
                AND objid NOT IN (SELECT oid FROM pg_constraint WHERE conrelid = it.oid AND contype <> 'f')
                AND objid NOT IN (SELECT oid FROM pg_attrdef WHERE adrelid = it.oid)
                AND objid NOT IN (SELECT oid FROM pg_statistic_ext WHERE stxrelid = it.oid)
                AND objid NOT IN (SELECT r.oid FROM pg_rewrite AS r JOIN pg_class AS v ON v.oid = r.ev_class WHERE v.relkind = 'v')
            UNION
            SELECT 'row level security' FROM pg_class WHERE oid = to_regclass(:table) AND relrowsecurity""";

    private static final String VIEWS = """
            SELECT format('CREATE OR REPLACE VIEW %%I.%%I %%s AS %%s', nspname, relname,
                'WITH (' || array_to_string(reloptions, ', ') || ')', pg_get_viewdef(v.oid))
            FROM pg_class AS v JOIN pg_namespace AS n ON n.oid = v.relnamespace
            WHERE v.relkind = 'v' AND v.oid IN (
                SELECT ev_class FROM pg_rewrite AS r
                JOIN pg_depend ON classid = CAST('pg_rewrite' AS regclass) AND objid = r.oid
                WHERE refclassid = CAST('pg_class' AS regclass) AND refobjid IN (%s))""";

    private static final String INDEXES = """
            SELECT format('ALTER INDEX %I RENAME TO %I', relname, relname || '_default')
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = to_regclass(:table)""";

    private static final String KEYS_AND_INDEXES = """
            SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', CAST(:table AS TEXT), conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE conrelid = to_regclass(:table) AND contype IN ('p', 'u', 'x')
            UNION ALL
            SELECT pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = to_regclass(:table) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)""";

    /** First those that the new table may have by default are taken away. */
    private static final String GRANTS = """
            SELECT format('GRANT %s ON %I TO %s%s', given, CAST(:table AS TEXT),
                CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM (
                SELECT privilege_type AS given, grantee, is_grantable FROM pg_class, aclexplode(relacl)
                WHERE oid = to_regclass(:table)
                UNION ALL
                SELECT format('%s (%I)', privilege_type, attname), grantee, is_grantable FROM pg_attribute, aclexplode(attacl)
                WHERE attrelid = to_regclass(:table)
            ) AS rights""";

    private static final String REVOKES = """
            SELECT DISTINCT format('REVOKE ALL ON %I FROM %s', CAST(:table AS TEXT),
                CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
            FROM pg_class, aclexplode(relacl) WHERE oid = to_regclass(:table) AND grantee <> relowner""";

    private final Handle handle;

    PartitionConversion(Handle handle) {
        this.handle = handle;
    }

    /**
     * Turns those tables that are not yet.
     *
     * @return their names
     */
    List<String> run() {
        MonthlyTable.lockAll(handle);
        List<MonthlyTable> tables = Arrays.stream(MonthlyTable.values())
                .filter(table -> !table.isPartitioned(handle))
                .toList();
        tables.forEach(this::requireNothingElse);
        List<String> views = views(tables);
        tables.forEach(this::turn);
        MonthlyTable.executeAll(handle, views);
        return tables.stream().map(MonthlyTable::table).toList();
    }

    private void requireNothingElse(MonthlyTable table) {
        List<String> others = written(OTHERS, table);
        if (!others.isEmpty()) {
            throw new SchemaException("the table " + table.table() + " cannot be partitioned while it has "
                    + String.join(", ", others) + "; drop that first and make it again afterwards");
        }
    }

    private List<String> views(List<MonthlyTable> tables) {
        if (tables.isEmpty()) {
            return List.of();
        }
        List<String> names = tables.stream()
                .map(table -> "to_regclass('" + table.table() + "')")
                .toList();
        return handle.createQuery(VIEWS.formatted(String.join(", ", names)))
                .mapTo(String.class)
                .list();
    }

    private void turn(MonthlyTable table) {
        List<String> indexes = written(INDEXES, table);
        List<String> made = new ArrayList<>(written(KEYS_AND_INDEXES, table));
        List<String> grants = written(GRANTS, table);
        MonthlyTable.executeAll(handle, indexes);
        MonthlyTable.execute(
                handle,
                "ALTER TABLE " + table.table() + " RENAME TO " + table.rest(),
                "CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES) PARTITION BY RANGE (%s)"
                        .formatted(table.table(), table.rest(), table.column()));
        made.add("ALTER TABLE %s ATTACH PARTITION %s DEFAULT".formatted(table.table(), table.rest()));
        MonthlyTable.executeAll(handle, made);
        MonthlyTable.own(handle, table.rest(), table.table());
        MonthlyTable.executeAll(handle, written(REVOKES, table));
        MonthlyTable.executeAll(handle, grants);
    }

    /** What PostgreSQL writes of a table. */
    private List<String> written(String query, MonthlyTable table) {
        return handle.createQuery(query)
                .bind("table", table.table())
                .mapTo(String.class)
                .list();
    }
}
