package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** What docs/scaling.md tells an administrator to do, done: each of its SQL blocks, in their order, as the user that it names. */
class ScalingDocTest {

    private static final Pattern BLOCK = Pattern.compile(
            "```sql\n-- on ([^,\n]+(?:, db\\d)*)(, in the (?:database|schema) economy)?, as (the administrator|economy_owner)\n(.+?)```",
            Pattern.DOTALL);

    private final Shards shards = Shards.ALL;

    /** The machine behind db0 is that behind db3, too. */
    private final Map<String, PostgresqlServer> servers = Map.of(
            "db0", shards.coordinator(), "db1", shards.server(0), "db2", shards.server(1), "db3", shards.coordinator());

    private final Iterator<MatchResult> blocks = blocks();

    private static Iterator<MatchResult> blocks() {
        try {
            String page = Files.readString(Path.of("..", "docs", "scaling.md"));
            List<MatchResult> blocks = BLOCK.matcher(page).results().toList();
            assertThat(blocks).hasSize(page.split("```sql", -1).length - 1);
            return blocks.iterator();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void runNextBlocks(int count) {
        for (int i = 0; i < count; i++) {
            runNextBlock();
        }
    }

    private void runNextBlock() {
        MatchResult block = blocks.next();
        String sql = block.group(4);
        for (Map.Entry<String, PostgresqlServer> server : servers.entrySet()) {
            sql = sql.replace(
                    "host '" + server.getKey() + ".example', port '5432'",
                    "host '127.0.0.1', port '" + server.getValue().port() + "'");
        }
        String in = block.group(2);
        for (String name : block.group(1).split(", ")) {
            String database = in == null ? "postgres" : "economy";
            String url = block.group(3).equals("the administrator")
                    ? servers.get(name).url(database)
                    : url(name, "economy_owner", "owner-secret");
            if (in != null && in.contains("schema")) {
                url += "&currentSchema=economy";
            }
            TestDatabase.execute(url, sql.contains("$$") ? new String[] {sql} : sql.split(";\n"));
        }
    }

    private String url(String server, String user, String password) {
        return "jdbc:postgresql://127.0.0.1:" + servers.get(server).port() + "/economy?user=" + user + "&password="
                + password;
    }

    private String ownersUrl(String server, String schema) {
        return url(server, "economy_owner", "owner-secret") + "&currentSchema=" + schema;
    }

    private void migrate(String server, String schema) {
        SchemaMigrator.of(TestDatabase.unpooled(ownersUrl(server, schema))).migrate();
    }

    private void runTheScript() {
        TestDatabase.execute(ownersUrl("db0", "economy"), Shards.script());
    }

    @Test
    void whatThePageSaysWorks() throws Exception {
        runNextBlocks(3);
        migrate("db1", "economy_00");
        migrate("db2", "economy_01");
        migrate("db1", "economy_02");
        migrate("db2", "economy_03");
        runNextBlocks(3);
        runTheScript();
        runNextBlock();
        runTheScript();
        migrate("db0", "economy");
        migrate("db0", "economy");
        runNextBlock();

        String hostsUrl =
                url("db0", "economy_host", "host-secret") + "&currentSchema=economy&reWriteBatchedInserts=true";
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(hostsUrl));
        List<UsageInterval> facts = new ArrayList<>();
        for (int account = 0; account < 20; account++) {
            facts.addAll(Usage.twoInstancesOf(AccountId.of("account-" + account)));
        }
        store.append(facts);
        facts.add(Usage.closed(Usage.instance(AccountId.of("account-0"), "i-2"), InstanceState.RUNNING, 5, 50));
        store.append(facts);
        InMemoryHistoryStore expected = new InMemoryHistoryStore();
        expected.append(facts);
        assertSame(store, expected);
        assertThat(one(hostsUrl, "SHOW plan_cache_mode")).isEqualTo("force_custom_plan");
        runNextBlocks(2);

        aWrongPasswordIsNotTold(hostsUrl);

        runNextBlocks(2);
        AccountId moving =
                AccountId.of(one(ownersUrl("db2", "economy_03"), "SELECT MIN(account_id) FROM usage_account"));
        assertThatThrownBy(() -> store.timelines(moving))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining("permission denied for schema economy_03");
        copyTo("db3", "db2", "economy_03");
        runNextBlocks(2);
        runTheScript();
        assertSame(store, expected);
        runNextBlock();
        assertSame(store, expected);
        store.correct(List.of(Usage.closed(Usage.instance(moving, "i-1"), InstanceState.RUNNING, 0, 20)));
        assertThat(one(ownersUrl("db3", "economy_03"), "SELECT DISTINCT account_id FROM usage_interval_withdrawn"))
                .isEqualTo(moving.value());
        assertThat(blocks).isExhausted();
    }

    private static String one(String url, String sql) {
        return TestDatabase.jdbi(url)
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).one());
    }

    private static void assertSame(JdbcHistoryStore store, InMemoryHistoryStore expected) {
        assertThat(store.accounts()).isEqualTo(expected.accounts());
        for (AccountId account : expected.accounts()) {
            assertThat(store.timelines(account)).isEqualTo(expected.timelines(account));
        }
    }

    private void aWrongPasswordIsNotTold(String hostsUrl) {
        String change = "ALTER USER MAPPING FOR economy_host SERVER db1 OPTIONS (SET password '%s')";
        TestDatabase.execute(servers.get("db0").url("economy"), change.formatted("wrong-secret"));

        assertThatThrownBy(() ->
                        JdbcHistoryStore.create(TestDatabase.unpooled(hostsUrl)).accounts())
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("could not read the accounts: ERROR: could not connect to server \"db1\"")
                .hasStackTraceContaining("password authentication failed")
                .satisfies(thrown -> assertThat(org.assertj.core.util.Throwables.getStackTrace(thrown))
                        .doesNotContain("-secret"));

        TestDatabase.execute(servers.get("db0").url("economy"), change.formatted("host-secret"));
    }

    /** What pg_dump and psql would do; they are not among the programs that come with the server. */
    private void copyTo(String to, String from, String schema) throws SQLException, IOException {
        TestDatabase.execute(url(to, "economy_owner", "owner-secret"), "CREATE SCHEMA " + schema);
        migrate(to, schema);
        TestDatabase.execute(
                ownersUrl(to, schema),
                "GRANT USAGE ON SCHEMA " + schema + " TO economy_host",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO economy_host");
        try (Connection source = DriverManager.getConnection(ownersUrl(from, schema));
                Connection target = DriverManager.getConnection(ownersUrl(to, schema))) {
            CopyManager out = source.unwrap(PGConnection.class).getCopyAPI();
            CopyManager in = target.unwrap(PGConnection.class).getCopyAPI();
            for (String table : Shards.TABLES) {
                StringWriter rows = new StringWriter();
                out.copyOut("COPY " + table + " TO STDOUT", rows);
                in.copyIn("COPY " + table + " FROM STDIN", new StringReader(rows.toString()));
            }
        }
    }
}
