package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.Observation;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that take ids for the same that are not, or that cannot hold them. */
class IdentityTest {

    private static final AccountId ACME = AccountId.of("acme");

    @TempDir
    private Path folder;

    private static void assertRefused(String url, String... words) {
        assertThatThrownBy(SchemaMigrator.of(TestDatabase.unpooled(url))::check)
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("ids must be compared byte by byte");
        HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));
        for (Runnable use : List.<Runnable>of(
                () -> store.append(Usage.twoInstancesOf(ACME)), () -> store.timelines(ACME), store::accounts)) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContainingAll(words)
                    .hasCauseInstanceOf(SchemaException.class);
        }
    }

    @Test
    void h2ThatTakesNoNoticeOfCaseIsRefused() {
        String url = TestDatabase.H2_MEMORY.newUrl(folder) + ";IGNORECASE=TRUE";

        assertThatThrownBy(SchemaMigrator.of(TestDatabase.unpooled(url))::migrate)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("VARCHAR_IGNORECASE");

        assertRefused(url, " compares text by VARCHAR_IGNORECASE");
    }

    @Test
    void h2ThatSortsByLanguageIsRefused() {
        String url = TestDatabase.H2_MEMORY.newUrl(folder);
        TestDatabase.execute(url, "SET COLLATION ENGLISH STRENGTH PRIMARY");

        assertThatThrownBy(SchemaMigrator.of(TestDatabase.unpooled(url))::migrate)
                .isInstanceOf(SchemaException.class);

        assertRefused(url, "every column compares text by COLLATION ENGLISH");
    }

    @Test
    void sqliteColumnsThatFoldAreRefused() {
        for (String collation : List.of("NOCASE", "RTRIM")) {
            String url = TestDatabase.SQLITE.newMigratedUrl(folder);
            TestDatabase.execute(
                    url,
                    "DROP TABLE usage_account",
                    "CREATE TABLE usage_account (account_id TEXT NOT NULL COLLATE " + collation
                            + " PRIMARY KEY, appends INTEGER NOT NULL, told_at INTEGER) STRICT, WITHOUT ROWID");

            assertRefused(url, "usage_account.account_id compares text by COLLATE " + collation);
        }
    }

    @Test
    void postgresqlTypesAndCollationsThatFoldAreRefused() {
        String url = TestDatabase.POSTGRESQL.newMigratedUrl(folder);
        TestDatabase.execute(
                url,
                "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "ALTER TABLE usage_push ALTER instance_id TYPE VARCHAR(200) COLLATE folding");
        assertRefused(url, "usage_push.instance_id compares text by collation folding");

        String other = TestDatabase.POSTGRESQL.newMigratedUrl(folder);
        TestDatabase.execute(
                other,
                "CREATE EXTENSION IF NOT EXISTS citext SCHEMA public",
                "ALTER TABLE usage_source ALTER source TYPE public.citext");
        assertRefused(other, "usage_source.source compares text by type citext");

        String padded = TestDatabase.POSTGRESQL.newMigratedUrl(folder);
        TestDatabase.execute(padded, "ALTER TABLE usage_retention ALTER account_id TYPE CHAR(200)");
        assertRefused(padded, "usage_retention.account_id compares text by type bpchar");
    }

    @Test
    @Tag("full")
    void mariaDbCollationsThatFoldOrPadAreRefused() {
        for (String collation : List.of("utf8mb4_general_ci", "utf8mb4_bin")) {
            String url = TestDatabase.MARIADB.newMigratedUrl(folder);
            TestDatabase.execute(
                    url,
                    "ALTER TABLE usage_sighting MODIFY source VARCHAR(200) CHARACTER SET utf8mb4 COLLATE " + collation
                            + " NOT NULL");

            assertRefused(url, "usage_sighting.source compares text by collation " + collation);
        }
    }

    /** Nothing else is kept from being stored, and the one that is not is named. */
    @Test
    void whatTheEncodingOfADatabaseLacksIsNamedAndLeftOut() {
        String database = "latin_one";
        TestDatabase.execute(
                TestDatabase.OneServer.URL,
                "CREATE DATABASE " + database + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        String url = TestDatabase.OneServer.URL.replace("/postgres?", "/" + database + "?");
        SchemaMigrator.of(TestDatabase.unpooled(url)).migrate();
        HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));
        Instant now = Usage.at(0);
        Instance strange = Usage.instance(ACME, "i-漢");
        Instance strangeGpu = Instance.builder(ACME, "i-3").gpu("漢", 1).build();
        Instance plain = Usage.instance(ACME, "é");

        assertThatThrownBy(() -> store.append(Stream.of(plain, strange)
                        .map(instance -> UsageInterval.openFrom(instance, InstanceState.RUNNING, now))
                        .toList()))
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageContaining(
                        "the id of acme/i-漢 holds U+6F22, which the database's encoding LATIN1 does not have");
        assertThat(store.timelines(ACME)).isEmpty();

        UsageLedger ledger = UsageLedger.builder(store).time(() -> now).build();
        for (int poll = 0; poll < 2; poll++) {
            Observation observation = ledger.observe(
                    Stream.of(plain, strange, strangeGpu)
                            .map(instance -> new ObservedInstance(instance, InstanceState.RUNNING))
                            .toList(),
                    now.plusSeconds(poll));
            assertThat(observation.findings())
                    .filteredOn(finding -> finding.kind() == Observation.Kind.LEFT_OUT)
                    .extracting(finding -> finding.instance().orElseThrow().toString())
                    .containsExactlyInAnyOrder("acme/i-漢", "acme/i-3");
            assertThat(observation.findings())
                    .filteredOn(finding -> finding.kind() == Observation.Kind.LEFT_OUT)
                    .allSatisfy(finding -> assertThat(finding.detail())
                            .contains(finding.instance().orElseThrow().toString(), "LATIN1"));
        }
        assertThat(store.timelines(ACME))
                .flatExtracting(InstanceTimeline::intervals)
                .extracting(UsageInterval::instance)
                .containsExactly(plain);
    }
}
