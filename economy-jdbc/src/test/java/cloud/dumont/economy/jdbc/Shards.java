package cloud.dumont.economy.jdbc;

import java.util.List;
import java.util.stream.IntStream;

/** A coordinator and two servers with two logical shards each, as docs/scaling.md has them: started when first needed, stopped with the JVM. */
final class Shards {

    static final Shards ALL = new Shards();

    static final int COUNT = 4;

    static final List<String> TABLES = List.of(
            "usage_interval",
            "usage_interval_withdrawn",
            "usage_account",
            "usage_retention",
            "savings_history",
            "savings_rollup",
            "savings_rebuild");

    private static final String HOME = "economy";

    private final PostgresqlServer coordinator = new PostgresqlServer();
    private final List<PostgresqlServer> servers = List.of(new PostgresqlServer(), new PostgresqlServer());

    private Shards() {
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(server(shard).url(), "CREATE SCHEMA " + schema(shard));
            TestDatabase.makePostgresqlTables(url(shard));
        }
        TestDatabase.execute(
                coordinator.url(),
                "CREATE EXTENSION postgres_fdw",
                "ALTER ROLE postgres SET enable_partitionwise_aggregate = on",
                "ALTER ROLE postgres SET enable_partitionwise_join = on",
                "ALTER ROLE postgres SET enable_sort = off",
                "ALTER ROLE postgres SET plan_cache_mode = force_custom_plan");
        for (int i = 0; i < servers.size(); i++) {
            TestDatabase.execute(
                    coordinator.url(),
                    """
                    CREATE SERVER server_%d FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '%d', dbname 'postgres',
                        async_capable 'true', batch_size '1000', fetch_size '1000', connect_timeout '5')""".formatted(i, servers.get(i).port()),
                    "CREATE USER MAPPING FOR postgres SERVER server_%d OPTIONS (user 'postgres')".formatted(i));
        }
        makeCoordinator(HOME);
    }

    /** One more schema that is a coordinator of the same shards. */
    String makeCoordinator(String schema) {
        String url = coordinatorUrl(schema);
        TestDatabase.execute(url, "CREATE SCHEMA " + schema, script());
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(
                    url,
                    "INSERT INTO economy_shard VALUES (%d, 'server_%d', '%s')"
                            .formatted(shard, shard % servers.size(), schema(shard)));
        }
        TestDatabase.execute(url, script());
        TestDatabase.makePostgresqlTables(url);
        return url;
    }

    static String script() {
        return TestDatabase.script("postgresql/shards/coordinator.sql");
    }

    /** Where the store is. */
    String url() {
        return coordinatorUrl(HOME);
    }

    String coordinatorUrl(String schema) {
        return coordinator.url() + "&currentSchema=" + schema;
    }

    PostgresqlServer coordinator() {
        return coordinator;
    }

    PostgresqlServer server(int shard) {
        return servers.get(shard % servers.size());
    }

    /** Where a logical shard is. */
    String url(int shard) {
        return server(shard).url() + "&currentSchema=" + schema(shard);
    }

    static String schema(int shard) {
        return "economy_0" + shard;
    }

    /** The shard that an account belongs to. */
    int shardOf(String account) {
        return TestDatabase.jdbi(url())
                .withHandle(handle -> IntStream.range(0, COUNT)
                        .filter(shard -> handle.createQuery(
                                        "SELECT satisfies_hash_partition('usage_account'::REGCLASS, :count, :shard, CAST(:account AS VARCHAR))")
                                .bind("count", COUNT)
                                .bind("shard", shard)
                                .bind("account", account)
                                .mapTo(Boolean.class)
                                .one())
                        .findFirst()
                        .orElseThrow());
    }

    void empty() {
        for (int shard = 0; shard < COUNT; shard++) {
            TestDatabase.execute(url(shard), "TRUNCATE " + String.join(", ", TABLES));
        }
    }
}
