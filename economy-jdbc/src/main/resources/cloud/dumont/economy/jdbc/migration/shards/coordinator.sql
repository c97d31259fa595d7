-- Makes a schema of PostgreSQL the coordinator of shards: its tables of accounts are hash-partitioned by account, and the partitions are
-- foreign tables, over postgres_fdw, on the servers that economy_shard names. docs/scaling.md tells what comes before and after.
--
-- It is no migration, and SchemaMigrator never runs it. Run it in the schema that hosts use, before SchemaMigrator makes the rest
-- there; again when economy_shard was changed, or before each later migration. It makes what is missing, points partitions to where
-- they are now, and looks whether each shard holds its own accounts and no others. It is done as a whole or not at all.

-- Where the logical shards are: filled by the administrator, from shard 0 on. A logical shard is a schema with the ordinary tables that
-- SchemaMigrator makes. Their number stays for ever, because it decides which account is where; where each of them is, may change.
CREATE TABLE IF NOT EXISTS economy_shard (
    shard          INTEGER    NOT NULL PRIMARY KEY CHECK (shard BETWEEN 0 AND 999),
    server         NAME       NOT NULL,  -- as CREATE SERVER named it
    schema_name    NAME       NOT NULL,  -- on that server
    UNIQUE (server, schema_name) DEFERRABLE  -- two may change places
);

DO $$
DECLARE
    tables      CONSTANT NAME[] := ARRAY[
        'usage_interval', 'usage_interval_withdrawn', 'usage_account', 'usage_retention', 'usage_push', 'usage_sighting',
        'savings_history', 'savings_rollup', 'savings_rebuild'];
    shards      CONSTANT INTEGER := (SELECT COUNT(*) FROM economy_shard);
    home        CONSTANT NAME := current_schema();
    first       economy_shard;
    here        economy_shard;
    parent      NAME;
    part        NAME;
    kind        "char";
    cut         BIGINT;
    version     INTEGER;
    found       INTEGER;
    strangers   BOOLEAN;
BEGIN
    -- Each thing that it does not find would be told of, and each that it takes away again.
    PERFORM set_config('client_min_messages', 'warning', TRUE);
    IF shards = 0 THEN
        RAISE WARNING 'economy_shard is empty: fill it, and run this again';
        RETURN;
    END IF;
    IF (SELECT MAX(shard) FROM economy_shard) <> shards - 1 THEN
        RAISE EXCEPTION 'economy_shard has % rows; their numbers must be 0 to %', shards, shards - 1;
    END IF;
    SELECT * INTO STRICT first FROM economy_shard WHERE shard = 0;

    -- Shards are migrated before this is run, all of them.
    FOR here IN SELECT * FROM economy_shard ORDER BY shard LOOP
        CREATE SCHEMA economy_shard_import;
        EXECUTE format('IMPORT FOREIGN SCHEMA %I LIMIT TO (economy_schema) FROM SERVER %I INTO economy_shard_import',
            here.schema_name, here.server);
        IF to_regclass('economy_shard_import.economy_schema') IS NULL THEN
            RAISE EXCEPTION 'shard %: there are no tables in schema % of server %', here.shard, here.schema_name, here.server
                USING HINT = 'Call SchemaMigrator.migrate() there.';
        END IF;
        SELECT MAX(economy_schema.version) INTO found FROM economy_shard_import.economy_schema;
        version := COALESCE(version, found);
        IF found IS DISTINCT FROM version THEN
            RAISE EXCEPTION 'shard % is at version %, shard 0 at %', here.shard, found, version
                USING HINT = 'Call SchemaMigrator.migrate() on every shard.';
        END IF;
        DROP SCHEMA economy_shard_import CASCADE;
    END LOOP;

    -- The columns are those of shard 0.
    CREATE SCHEMA economy_shard_import;
    FOREACH parent IN ARRAY tables LOOP
        SELECT relkind INTO kind FROM pg_class WHERE oid = to_regclass(format('%I.%I', home, parent));
        IF kind = 'r' THEN
            RAISE EXCEPTION 'table % is here already, and is no partitioned one', parent
                USING HINT = 'A coordinator is made in a schema without the tables of accounts.';
        ELSIF kind IS NULL THEN
            EXECUTE format('IMPORT FOREIGN SCHEMA %I LIMIT TO (%I) FROM SERVER %I INTO economy_shard_import',
                first.schema_name, parent, first.server);
            EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE economy_shard_import.%2$I) PARTITION BY HASH (account_id)', home, parent);
        END IF;
    END LOOP;
    DROP SCHEMA economy_shard_import CASCADE;

    FOREACH parent IN ARRAY tables LOOP
        SELECT COUNT(*) INTO cut FROM pg_inherits WHERE inhparent = to_regclass(format('%I.%I', home, parent));
        IF cut NOT IN (0, shards) THEN
            RAISE EXCEPTION 'table % is cut into % shards, economy_shard has %', parent, cut, shards
                USING HINT = 'The number of shards cannot change: accounts would be looked for where they are not.';
        END IF;
        FOR here IN SELECT * FROM economy_shard ORDER BY shard LOOP
            part := parent || '_' || lpad(here.shard::TEXT, 3, '0');
            CONTINUE WHEN EXISTS (
                SELECT 1 FROM pg_foreign_table JOIN pg_foreign_server ON pg_foreign_server.oid = ftserver
                WHERE ftrelid = to_regclass(format('%I.%I', home, part)) AND srvname = here.server
                    AND ftoptions @> ARRAY['schema_name=' || here.schema_name]);
            -- Of a foreign table the server cannot be changed. Dropping it touches nothing on any server.
            EXECUTE format('DROP FOREIGN TABLE IF EXISTS %I.%I', home, part);
            EXECUTE format('CREATE FOREIGN TABLE %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES WITH (MODULUS %4$s, REMAINDER %5$s) '
                'SERVER %6$I OPTIONS (schema_name %7$L, table_name %3$L)',
                home, part, parent, shards, here.shard, here.server, here.schema_name);
        END LOOP;
    END LOOP;

    FOR here IN SELECT * FROM economy_shard ORDER BY shard LOOP
        -- OFFSET 0 keeps the question here: the shard knows no table of that number.
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM (SELECT account_id FROM %I.%I OFFSET 0) AS held '
            'WHERE NOT satisfies_hash_partition(%L::REGCLASS, %s, %s, account_id))',
            home, 'usage_account_' || lpad(here.shard::TEXT, 3, '0'), format('%I.usage_account', home), shards, here.shard)
            INTO strangers;
        IF strangers THEN
            RAISE EXCEPTION 'shard % holds accounts of other shards: schema % of server % is not it',
                here.shard, here.schema_name, here.server;
        END IF;
    END LOOP;
END $$;
