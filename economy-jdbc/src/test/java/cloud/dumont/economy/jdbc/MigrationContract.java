package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the schema is made in one kind of database. */
abstract class MigrationContract {

    static final AccountId ACME = AccountId.of("acme");

    private static final long B = Usage.BEGINNING;

    private final TestDatabase database;
    private final Dialect dialect;

    @TempDir
    private Path folder;

    MigrationContract(TestDatabase database, Dialect dialect) {
        this.database = database;
        this.dialect = dialect;
    }

    /** The versions that releases before this one have made; 0 is an empty database. */
    List<Integer> earlierVersions() {
        return List.of(0, 5, 6, 7);
    }

    /** Stores {@link Usage#twoInstancesOf} the account as an earlier release did. */
    void storeUsage(String url, int version) {
        boolean versioned = version >= 3;
        String row = versioned ? ", NULL, 440000000, NULL, 'OBSERVED', 7)" : ", NULL, 440000000, NULL)";
        TestDatabase.execute(
                url,
                "INSERT INTO usage_account (account_id, appends" + (versioned ? ", told_at" : "")
                        + ") VALUES ('acme', 7" + (versioned ? ", 7)" : ")"),
                """
                INSERT INTO usage_interval (account_id, instance_id, started_at, ended_at, state, gpu_name,
                    gpu_count_numerator, gpu_count_denominator, vcpus, memory_gib, region, nano_usd_per_hour,
                    storage_nano_usd_per_hour"""
                        + (versioned ? ", evidence, told_at)" : ")")
                        + " VALUES ('acme', 'i-1', " + B + ", " + (B + 10) + ", 'RUNNING', 'RTX 4090', 1, 1, NULL, NULL"
                        + row
                        + ", ('acme', 'i-1', " + (B + 10) + ", NULL, 'IDLE', 'RTX 4090', 1, 1, NULL, NULL" + row
                        + ", ('acme', 'i-2', " + (B + 5) + ", NULL, 'RUNNING', 'RTX 4090', 1, 1, NULL, NULL" + row);
    }

    @Test
    void everyEarlierVersionIsBroughtUpToDate() {
        for (int version : earlierVersions()) {
            String url = at(version);

            SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();

            assertWorks(url, version);
        }
    }

    /** The process ends between two statements: none after the n-th reaches the database, whatever is still tried. */
    @Test
    void aMigrationThatWasKilledIsCompletedByTheNext() {
        assertIsCompletedByTheNext(step -> at -> at >= step);
    }

    /** A statement fails, and the rest of the migrator does what it does then. */
    @Test
    @Tag("full")
    void aMigrationThatFailedIsCompletedByTheNext() {
        assertIsCompletedByTheNext(step -> at -> at == step);
    }

    /** From nothing, and from the oldest rows there are: they take the way of all later ones. */
    private void assertIsCompletedByTheNext(IntFunction<IntPredicate> failing) {
        Sample sample = Sample.of(5, database);
        for (int version : earlierVersions().stream().limit(2).toList()) {
            int failures = 0;
            for (int step = sample.first(); ; step += sample.every()) {
                String url = at(version);
                ProbedDataSource probe = new ProbedDataSource(TestDatabase.unpooled(url));
                probe.dropWrites(failing.apply(step));
                Throwable thrown = catchThrowable(SchemaMigrator.of(probe.dataSource())::migrate);
                if (probe.steps() < step) {
                    assertThat(thrown).isNull();
                    break;
                }
                if (thrown != null) {
                    failures++;
                    assertThat(thrown).isInstanceOf(SchemaException.class);
                }

                SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();

                assertWorks(url, version);
            }
            assertThat(failures * sample.every())
                    .as("failures on the way from version " + version)
                    .isGreaterThan(5);
        }
    }

    @Test
    void hostsThatStartTogetherMayAllMigrate() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int version : earlierVersions()) {
                for (int round = 0; round < Sample.cases(1, 3); round++) {
                    String url = at(version);
                    CyclicBarrier gate = new CyclicBarrier(4);
                    Callable<Void> start = () -> {
                        gate.await();
                        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();
                        return null;
                    };
                    for (Future<Void> host : threads.invokeAll(List.of(start, start, start, start))) {
                        host.get(2, TimeUnit.MINUTES);
                    }
                    assertWorks(url, version);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aHostMayRunTheScriptsWithItsOwnTool() throws IOException {
        String url = at(0);
        for (String script : dialect.scripts()) {
            TestDatabase.execute(url, statements(script));
        }
        assertThatCode(SchemaMigrator.of(TestDatabase.unpooled(url))::check).doesNotThrowAnyException();
        assertWorks(url, 0);

        // And change its mind.
        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();

        assertThat(JdbcHistoryStore.create(TestDatabase.unpooled(url)).accounts())
                .containsExactly(ACME);
    }

    /** As any tool would: statements end where a line ends with a semicolon. */
    private String[] statements(String script) throws IOException {
        String path = "migration/" + dialect.name().toLowerCase(Locale.ROOT) + "/" + script;
        try (InputStream resource = SchemaMigrator.class.getResourceAsStream(path)) {
            String sql = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return sql.split(";\\s*\n");
        }
    }

    @Test
    void aSchemaThatIsMissingBehindOrAheadIsRefused() {
        String url = at(0);
        assertRefused(
                url,
                "the schema is missing or older than version 5, this library needs version " + SchemaVersion.NEEDED
                        + "; " + "call SchemaMigrator.migrate()");
        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();

        TestDatabase.execute(url, "DELETE FROM economy_schema", "INSERT INTO economy_schema VALUES (4)");
        assertRefused(
                url,
                "the schema is at version 4, this library needs version " + SchemaVersion.NEEDED
                        + "; call SchemaMigrator.migrate()");

        TestDatabase.execute(url, "INSERT INTO economy_schema VALUES (" + (SchemaVersion.NEEDED + 1) + ")");
        String ahead = "the schema is at version " + (SchemaVersion.NEEDED + 1) + ", this library needs version "
                + SchemaVersion.NEEDED + "; "
                + "a newer release of it has migrated the schema: use that one or a later";
        assertRefused(url, ahead);
        assertThatThrownBy(SchemaMigrator.of(TestDatabase.unpooled(url))::migrate)
                .isInstanceOf(SchemaException.class)
                .hasMessage(ahead);
    }

    private static void assertRefused(String url, String message) {
        DataSource dataSource = TestDatabase.unpooled(url);
        assertThatThrownBy(SchemaMigrator.of(dataSource)::check)
                .isInstanceOf(SchemaException.class)
                .hasMessage(message);
        HistoryStore store = JdbcHistoryStore.create(dataSource);
        assertThatThrownBy(() -> store.append(Usage.twoInstancesOf(ACME)))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessage("the database cannot be used: " + message)
                .hasCauseInstanceOf(SchemaException.class);
    }

    @Test
    void theHostsOwnTablesAreLeftAlone() {
        String url = at(0);
        TestDatabase.execute(
                url,
                "CREATE TABLE customer (id INTEGER)",
                "CREATE TABLE flyway_schema_history (id INTEGER)",
                "INSERT INTO customer VALUES (7)");

        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();

        assertThat(number(url, "SELECT id FROM customer")).isEqualTo(7);
        assertWorks(url, 0);
    }

    @Test
    void everyScriptIsListedInOrderAndTheLastMakesTheVersionNeeded() throws IOException {
        Path scripts = Path.of("src/main/resources/cloud/dumont/economy/jdbc/migration")
                .resolve(dialect.name().toLowerCase(Locale.ROOT));
        List<String> names = dialect.scripts();
        try (Stream<Path> files = Files.list(scripts)) {
            assertThat(files.map(script -> script.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(names);
        }
        assertThat(names.get(names.size() - 1)).startsWith("V%03d__".formatted(SchemaVersion.NEEDED));
    }

    private String at(int version) {
        String url = database.newUrl(folder);
        if (version > 0) {
            Flyway.configure()
                    .dataSource(TestDatabase.unpooled(url))
                    .locations(new String[0])
                    .resourceProvider(new MigrationScripts(dialect))
                    .table("economy_schema_history")
                    .target(Integer.toString(version))
                    .load()
                    .migrate();
            storeUsage(url, version);
        }
        return url;
    }

    /** The schema is right, what was there is there, and more can be told. */
    private static void assertWorks(String url, int from) {
        DataSource dataSource = TestDatabase.unpooled(url);
        assertThatCode(SchemaMigrator.of(dataSource)::check).doesNotThrowAnyException();
        HistoryStore store = JdbcHistoryStore.create(dataSource);
        HistoryStore expected = new InMemoryHistoryStore();
        if (from > 0) {
            expected.append(Usage.twoInstancesOf(ACME));
        }
        assertThat(store.timelines(ACME)).isEqualTo(expected.timelines(ACME));
        for (HistoryStore told : List.of(store, expected)) {
            told.append(Usage.twoInstancesOf(ACME));
            told.append(List.of(Usage.closed(Usage.instance(ACME, "i-2"), InstanceState.RUNNING, 5, 50)));
        }
        assertThat(store.timelines(ACME)).isEqualTo(expected.timelines(ACME));
        assertThat(store.accounts()).containsExactly(ACME);
        List.of("usage_interval_usd", "usage_interval_told_usd")
                .forEach(view ->
                        assertThat(number(url, "SELECT COUNT(*) FROM " + view)).isGreaterThanOrEqualTo(3));
    }

    private static int number(String url, String sql) {
        return TestDatabase.jdbi(url)
                .<Integer, RuntimeException>withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
