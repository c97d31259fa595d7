package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresqlTest {

    @Nested
    class Prices extends PriceStoreContract {
        Prices() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class Migration extends MigrationContract {
        Migration() {
            super(TestDatabase.POSTGRESQL, Dialect.POSTGRESQL);
        }
    }

    @Nested
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.POSTGRESQL);
        }

        @Override
        String readOnly(String url) {
            return url + "&options=-c%20default_transaction_read_only=on";
        }

        @Test
        void aDeadlockIsTriedAgain() throws Exception {
            assertSurvivesDeadlock("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        }
    }

    /** The grants of docs/database.md: one user makes the tables, the other, which hosts run as, may do no more than it has to. */
    @Test
    void theUserOfTheHostsNeedsFewRights(@TempDir Path folder) {
        String url = TestDatabase.POSTGRESQL.newUrl(folder);
        String schema = url.substring(url.lastIndexOf('=') + 1);
        String owner = schema + "_owner";
        String host = schema + "_host";
        TestDatabase.execute(
                url,
                "CREATE ROLE " + owner + " LOGIN",
                "CREATE ROLE " + host + " LOGIN",
                "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + owner);
        String asHost = url.replace("user=postgres", "user=" + host);
        String asOwner = url.replace("user=postgres", "user=" + owner);

        SchemaMigrator.of(TestDatabase.unpooled(asOwner)).migrate();
        TestDatabase.execute(
                url,
                "GRANT USAGE ON SCHEMA " + schema + " TO " + host,
                "GRANT SELECT ON economy_schema, usage_retention TO " + host,
                "GRANT SELECT, INSERT, UPDATE ON usage_account TO " + host,
                "GRANT SELECT, INSERT, DELETE ON usage_interval TO " + host,
                "GRANT SELECT, INSERT ON usage_interval_withdrawn TO " + host);

        AccountId acme = AccountId.of("acme");
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(asHost));
        store.append(Usage.twoInstancesOf(acme));
        store.append(List.of(Usage.closed(Usage.instance(acme, "i-2"), InstanceState.RUNNING, 5, 50)));
        store.correct(List.of(Usage.closed(Usage.instance(acme, "i-1"), InstanceState.IDLE, 0, 5)));
        assertThat(store.timelines(acme)).hasSize(2);
        assertThat(store.timelines(acme, Instant.now())).hasSize(2);
        assertThat(store.accounts()).containsExactly(acme);

        for (String forbidden : List.of(
                "UPDATE usage_interval SET ended_at = 1",
                "DELETE FROM usage_interval_withdrawn",
                "UPDATE usage_interval_withdrawn SET told_at = 0",
                "DELETE FROM usage_account",
                "DROP TABLE usage_interval",
                "INSERT INTO economy_schema VALUES (7)",
                "CREATE TABLE mine (id INTEGER)")) {
            assertThatThrownBy(() -> TestDatabase.jdbi(asHost).useHandle(handle -> handle.execute(forbidden)))
                    .hasMessageMatching("(?s).*(permission denied|must be owner).*");
        }
    }
}
