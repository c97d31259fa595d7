package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.usage.AccountId;
import java.util.List;

/** A coordinator and two servers with two logical shards each, as docs/scaling.md has them: started when first needed, stopped with the JVM. */
final class Shards {

    static final Shards ALL = new Shards();

    static final int COUNT = 4;

    static final List<String> TABLES = List.of(
            "usage_interval",
            "usage_interval_withdrawn",
            "usage_account",
            "usage_retention",
            "usage_push",
            "usage_sighting",
            "savings_history",
            "savings_rollup",
            "savings_rebuild");

    /** Of no account: on the coordinator. */
    static final List<String> TABLES_OF_SOURCES = List.of("usage_source", "usage_source_version", "usage_source_gap");

    private final PostgresqlServer coordinator = new PostgresqlServer();
    private final List<PostgresqlServer> servers = List.of(new PostgresqlServer(), new PostgresqlServer());
    private final String url;

    private Shards() {
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(server(shard).url(), "CREATE SCHEMA " + schema(shard));
            TestDatabase.makePostgresqlTables(url(shard));
        }
        for (String setting : List.of(
                "enable_partitionwise_aggregate = on",
                "enable_partitionwise_join = on",
                "enable_sort = off",
                "plan_cache_mode = force_custom_plan")) {
            TestDatabase.execute(coordinator.url(), "ALTER ROLE postgres SET " + setting);
        }
        url = makeCoordinator("one");
    }

    /** One more coordinator of the same shards, in a database of its own: they share no locks, like two servers. */
    String makeCoordinator(String database) {
        TestDatabase.execute(coordinator.url(), "CREATE DATABASE " + database);
        String made = coordinator.url(database) + "&currentSchema=economy";
        TestDatabase.execute(made, "CREATE EXTENSION postgres_fdw SCHEMA public", "CREATE SCHEMA economy", script());
        for (int i = 0; i < servers.size(); i++) {
            TestDatabase.execute(
                    made,
                    """
                    CREATE SERVER server_%d FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '%d', dbname 'postgres',
                        async_capable 'true', batch_size '1000', fetch_size '1000', tcp_user_timeout '10000')""".formatted(i, servers.get(i).port()),
                    "CREATE USER MAPPING FOR postgres SERVER server_%d OPTIONS (user 'postgres')".formatted(i));
        }
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(
                    made,
                    "INSERT INTO economy_shard VALUES (%d, '%s', '%s')"
                            .formatted(shard, serverName(shard), schema(shard)));
        }
        TestDatabase.execute(made, script());
        TestDatabase.makePostgresqlTables(made);
        return made;
    }

    static String script() {
        return TestDatabase.script("shards/coordinator.sql");
    }

    /** Where the store is. */
    String url() {
        return url;
    }

    PostgresqlServer coordinator() {
        return coordinator;
    }

    PostgresqlServer server(int shard) {
        return servers.get(shard % servers.size());
    }

    /** As the coordinator calls it. */
    String serverName(int shard) {
        return "server_" + shard % servers.size();
    }

    /** Where a logical shard is. */
    String url(int shard) {
        return server(shard).url() + "&currentSchema=" + schema(shard);
    }

    static String schema(int shard) {
        return "economy_0" + shard;
    }

    /** Some accounts of a shard, by the rule of PostgreSQL's hash partitions. */
    List<AccountId> accountsOf(int shard, int count) {
        return TestDatabase.jdbi(url)
                .withHandle(handle -> handle.createQuery("""
                        SELECT name FROM (SELECT i, CAST('account-' || i AS VARCHAR) AS name FROM generate_series(0, 99) AS i) AS accounts
                        WHERE satisfies_hash_partition('usage_account'::REGCLASS, :shards, :shard, name) ORDER BY i LIMIT :count""")
                        .bind("shards", COUNT)
                        .bind("shard", shard)
                        .bind("count", count)
                        .mapTo(String.class)
                        .map(AccountId::of)
                        .list());
    }

    void empty() {
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(url(shard), "TRUNCATE " + String.join(", ", TABLES));
        }
        TestDatabase.execute(url, "TRUNCATE " + String.join(", ", TABLES_OF_SOURCES));
    }
}
