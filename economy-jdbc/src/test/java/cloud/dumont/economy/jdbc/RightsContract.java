package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rights of docs/database.md and docs/rollups.md: one user makes the tables, the other, which hosts run as, may do no more than it has to. */
abstract class RightsContract {

    static final AccountId ACME = AccountId.of("acme");

    private static final Instant NOW = Usage.at(0).plus(Duration.ofDays(3));

    @TempDir
    Path folder;

    abstract HostsUser newUser();

    /** What the user of the hosts, who may store, can not do. */
    List<String> forbidden() {
        return List.of(
                "UPDATE usage_interval SET ended_at = 1",
                "UPDATE usage_interval_withdrawn SET told_at = 0",
                "DELETE FROM usage_account",
                "DELETE FROM savings_history",
                "SELECT COUNT(*) FROM savings_history",
                "SELECT COUNT(*) FROM provider_pricing",
                "DROP TABLE usage_interval",
                "INSERT INTO economy_schema VALUES (7)",
                "INSERT INTO usage_retention VALUES ('acme', 0, 0)",
                "CREATE TABLE mine (id INTEGER)");
    }

    /** Before the first right is used. */
    void prepare(HostsUser user) {}

    @Test
    void theUserOfTheHostsNeedsFewRights() {
        HostsUser user = newUser();
        user.mayStore();
        prepare(user);
        SchemaMigrator.of(TestDatabase.unpooled(user.url())).migrate(); // up to date: it writes nothing
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(user.url()));
        store.append(Usage.twoInstancesOf(ACME));
        store.append(List.of(Usage.closed(Usage.instance(ACME, "i-2"), InstanceState.RUNNING, 5, 50)));
        store.correct(List.of(Usage.closed(Usage.instance(ACME, "i-1"), InstanceState.IDLE, 0, 5)));
        assertThat(store.timelines(ACME)).hasSize(2);
        assertThat(store.timelines(ACME, Instant.now())).hasSize(2);
        assertThat(store.accounts()).containsExactly(ACME);
        UsageLedger ledger = UsageLedger.builder(store).time(() -> NOW).build();
        ledger.observe(List.of(new ObservedInstance(Usage.instance(ACME, "seen"), InstanceState.RUNNING)), Usage.at(0));
        ledger.changed(Usage.instance(ACME, "seen"), InstanceState.IDLE, Usage.at(10));
        ledger.alive(Usage.at(20));
        ledger.observe(List.of(), Usage.at(1000));
        ledger.observe(List.of(), Usage.at(2000));
        assertThat(store.usage(ACME, Instant.now()).timelines()).hasSize(3);
        assertThat(store.pushedThrough(UsageLedger.HOST)).hasSize(1);
        assertThat(store.sightings(UsageLedger.FLEET)).hasSize(1);
        assertThat(JdbcUsageReader.create(TestDatabase.unpooled(user.url())).page(ACME, Optional.empty(), 10))
                .hasSizeGreaterThan(2);
        for (String statement : forbidden()) {
            assertThatThrownBy(() -> TestDatabase.jdbi(user.url()).useHandle(handle -> handle.execute(statement)))
                    .as(statement)
                    .hasMessageMatching("(?s).*(permission denied|must be owner|command denied).*");
        }
    }

    @Test
    void rollupsAndRetentionNeedMore() {
        HostsUser user = newUser();
        user.mayStore();
        prepare(user);
        JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(user.url()));
        store.append(List.of(
                Usage.closed(Usage.instance(ACME, "i-1"), InstanceState.RUNNING, 0, 7200),
                Usage.open(Usage.instance(ACME, "i-2"), InstanceState.RUNNING, 5)));
        store.correct(List.of(Usage.closed(Usage.instance(ACME, "i-1"), InstanceState.IDLE, 0, 5)));
        PriceCatalog catalog =
                PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g5.xlarge", "A10G", "1", "1.00")));
        Baseline baseline = Baseline.onDemand(Provider.AWS);
        JdbcRollups rollups = JdbcRollups.create(
                TestDatabase.unpooled(user.url()),
                SavingsCalculator.builder(store, () -> catalog).build());
        assertRefused(() -> rollups.refresh(ACME, baseline, NOW));

        user.mayRollUp();
        rollups.refresh(ACME, baseline, NOW);
        rollups.rebuild(ACME, baseline, NOW, (done, total) -> {});
        RollupTotals totals = rollups.totals(ACME, baseline, NOW);
        assertThat(totals.total().billableSeconds()).isPositive();
        assertThat(rollups.verify(ACME, baseline).orElseThrow().agrees()).isTrue();
        assertThat(rollups.greatestSavings(baseline, 1)).hasSize(1);
        assertRefused(() -> rollups.drop(ACME, List.of(baseline), NOW, NOW));

        user.mayDrop();
        assertThat(rollups.drop(ACME, List.of(baseline), NOW, NOW).intervals()).isPositive();
        assertThat(rollups.totals(ACME, baseline, NOW)).isEqualTo(totals);
    }

    private static void assertRefused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(HistoryStoreException.class)
                .hasMessageMatching("(?s).*(permission denied|command denied).*");
    }
}
