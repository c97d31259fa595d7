package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaMigratorTest {

    private static final AccountId ACME = AccountId.of("acme");

    private final DataSource database = TestDatabase.unpooled(TestDatabase.H2_MEMORY.newUrl(null));

    /** And no others: the class path of these tests has scripts where a host would keep its own. */
    @Test
    void anEmptyDatabaseGetsTheTables() {
        SchemaMigrator.of(database).migrate();

        assertThat(tables())
                .containsExactlyInAnyOrder(
                        "usage_interval",
                        "usage_interval_withdrawn",
                        "usage_account",
                        "usage_interval_usd",
                        "usage_interval_told_usd",
                        "provider_pricing",
                        "provider_pricing_save",
                        "provider_pricing_held",
                        "provider_pricing_usd",
                        "economy_schema",
                        "savings_history",
                        "savings_history_usd",
                        "savings_rebuild",
                        "savings_rollup",
                        "usage_retention",
                        "usage_push",
                        "usage_sighting",
                        "usage_source",
                        "usage_source_version",
                        "usage_source_gap",
                        "economy_schema_history");
        assertThatCode(SchemaMigrator.of(database)::check).doesNotThrowAnyException();
    }

    @Test
    void migratingTwiceChangesNothing() {
        SchemaMigrator migrator = SchemaMigrator.of(database);
        migrator.migrate();
        HistoryStore store = JdbcHistoryStore.create(database);
        store.append(Usage.twoInstancesOf(ACME));
        List<String> tables = tables();

        migrator.migrate();

        assertThat(tables()).isEqualTo(tables);
        assertThat(store.timelines(ACME)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4"})
    void aSchemaOfAnEarlierReleaseIsRefused(String version) {
        migrateTo(version);

        assertRefused("the schema is missing or older than version 5, this library needs version "
                + SchemaVersion.NEEDED + "; " + "call SchemaMigrator.migrate()");
    }

    @Test
    void aStoreThatWasRefusedWorksOnceTheSchemaIsThere() {
        HistoryStore store = JdbcHistoryStore.create(database);
        assertThatThrownBy(store::accounts).isInstanceOf(HistoryStoreException.class);

        SchemaMigrator.of(database).migrate();

        assertThat(store.accounts()).isEmpty();
    }

    @Test
    void aMigrationThatCannotBeDoneIsAFailureWithItsCause() {
        execute("CREATE TABLE usage_interval (id INTEGER)");

        assertThatThrownBy(SchemaMigrator.of(database)::migrate)
                .isInstanceOf(SchemaException.class)
                .hasMessage("could not migrate the schema to version " + SchemaVersion.NEEDED)
                .hasRootCauseInstanceOf(SQLException.class);
    }

    /** As a host has it that used the release before versions. */
    @Test
    void factsStoredBeforeVersionsWereKeptCountAsToldSinceEver() {
        migrateTo("2");
        execute("INSERT INTO usage_account (account_id, appends) VALUES ('acme', 7), ('silent', 1)", """
                INSERT INTO usage_interval (account_id, instance_id, started_at, ended_at, state, gpu_name,
                    gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib, region, nano_usd_per_hour,
                    storage_nano_usd_per_hour)
                VALUES ('acme', 'i-1', %1$d, %1$d + 10, 'RUNNING', 'RTX 4090', 1, 1, NULL, NULL, NULL, 440000000, NULL),
                    ('acme', 'i-1', %1$d + 10, NULL, 'IDLE', 'RTX 4090', 1, 1, NULL, NULL, NULL, 440000000, NULL),
                    ('acme', 'i-2', %1$d + 5, NULL, 'RUNNING', 'RTX 4090', 1, 1, NULL, NULL, NULL, 440000000, NULL)""".formatted(
                        Usage.BEGINNING));
        HistoryStore expected = new InMemoryHistoryStore();
        expected.append(Usage.twoInstancesOf(ACME));

        SchemaMigrator.of(database).migrate();

        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        HistoryStore store = JdbcHistoryStore.create(database).withTime(() -> now);
        assertThat(store.accounts()).containsExactly(ACME);
        assertThat(store.timelines(ACME)).isEqualTo(expected.timelines(ACME));
        assertThat(store.timelines(ACME, Instant.EPOCH)).isEqualTo(expected.timelines(ACME));
        assertThat(store.timelines(ACME, Instant.EPOCH.minusNanos(1))).isEmpty();
        store.append(List.of(Usage.closed(Usage.instance(ACME, "i-2"), InstanceState.RUNNING, 5, 50)));
        assertThat(store.timelines(ACME, now.minusNanos(1))).isEqualTo(expected.timelines(ACME));
        assertThat(store.timelines(ACME, now)).isEqualTo(store.timelines(ACME)).isNotEqualTo(expected.timelines(ACME));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(SchemaMigrator.of(database)::check)
                .isInstanceOf(SchemaException.class)
                .hasMessage(message);
        HistoryStore store = JdbcHistoryStore.create(database);
        assertThatThrownBy(() -> store.append(Usage.twoInstancesOf(ACME)))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("the database cannot be used: " + message)
                .hasCauseInstanceOf(SchemaException.class);
        assertThatThrownBy(() -> store.timelines(ACME))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageEndingWith(message);
        assertThatThrownBy(store::accounts)
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageEndingWith(message);
    }

    private List<String> tables() {
        return Jdbi.create(database)
                .withHandle(handle -> handle.createQuery(
                                "SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC'")
                        .mapTo(String.class)
                        .list());
    }

    private void migrateTo(String version) {
        Flyway.configure()
                .dataSource(database)
                .locations(new String[0])
                .resourceProvider(new MigrationScripts(Dialect.H2))
                .table("economy_schema_history")
                .target(version)
                .load()
                .migrate();
    }

    private void execute(String... statements) {
        try (Handle handle = Jdbi.open(database)) {
            for (String statement : statements) {
                handle.execute(statement);
            }
        }
    }
}
