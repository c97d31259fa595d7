package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.savings.RandomFleet;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.testing.Law;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RollupsTest {

    @Nested
    class H2 extends RollupsContract {
        H2() {
            super(TestDatabase.H2_MEMORY, Sample.cases(20, 100));
        }
    }

    @Nested
    class Sqlite extends RollupsContract {
        Sqlite() {
            super(TestDatabase.SQLITE, Sample.cases(10, 30));
        }
    }

    @Nested
    class Postgresql extends RollupsContract {
        Postgresql() {
            super(TestDatabase.POSTGRESQL, Sample.cases(6, 30));
        }

        /** By a host that has not seen the other prices yet, between two statements of the last transaction. */
        @Test
        void rollupsThatAreRefreshedWhileTheyAreReplaced_areReplaced() {
            Law.holds(1, gen -> {
                RandomFleet fleet = RandomFleet.of(gen, FROM, LONGEST);
                Instant now = FROM.plusSeconds(2 * LONGEST);
                try (Host host = new Host(fleet)) {
                    host.store.append(fleet.facts);
                    host.rollups.refresh(ACME, host.baseline, FROM.plusSeconds(LONGEST));
                    JdbcRollups behind = JdbcRollups.create(
                            host.pool,
                            SavingsCalculator.builder(host.store, () -> fleet.catalog)
                                    .build());
                    host.catalog.set(PriceCatalog.of(readOn(fleet.prices, 1)));
                    AtomicBoolean replacing = new AtomicBoolean();
                    Jdbi watched = Jdbi.create(host.pool).setSqlLogger(new SqlLogger() {
                        @Override
                        public void logBeforeExecution(StatementContext context) {
                            if (context.getRenderedSql().startsWith("UPDATE savings_rollup")
                                    && replacing.compareAndSet(false, true)) {
                                behind.refresh(ACME, host.baseline, now);
                            }
                        }
                    });

                    JdbcRollups.create(watched, host.calculator).refresh(ACME, host.baseline, now);

                    assertThat(replacing).isTrue();
                    host.assertRight(ACME, now.plusSeconds(1));
                    assertThat(host.rollups
                                    .verify(ACME, host.baseline)
                                    .orElseThrow()
                                    .agrees())
                            .isTrue();
                }
            });
        }
    }

    @Nested
    @Tag("full")
    class MariaDb extends RollupsContract {
        MariaDb() {
            super(TestDatabase.MARIADB, 30);
        }
    }
}
