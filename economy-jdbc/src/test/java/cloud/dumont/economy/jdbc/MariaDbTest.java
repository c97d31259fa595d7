package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("full")
class MariaDbTest {

    @Nested
    class Prices extends PriceStoreContract {
        Prices() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class Migration extends MigrationContract {
        Migration() {
            super(TestDatabase.MARIADB, Dialect.MARIADB);
        }
    }

    @Nested
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.MARIADB);
        }

        @Override
        String readOnly(String url) {
            return url + "&sessionVariables=tx_read_only=1";
        }

        @Test
        void aDeadlockIsTriedAgain() throws Exception {
            assertSurvivesDeadlock("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'");
        }
    }

    @Nested
    class Rights extends RightsContract {
        @Override
        HostsUser newUser() {
            HostsUser user = HostsUser.onMariaDb(folder);
            user.grant("DELETE", "usage_interval_withdrawn");
            return user;
        }

        /** The library writes there with REPLACE, which MariaDB lets nobody use who may not delete. */
        @Test
        void withdrawingNeedsTheRightToDelete() {
            HostsUser user = HostsUser.onMariaDb(folder);
            user.mayStore();
            JdbcHistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(user.url()));
            store.append(Usage.twoInstancesOf(ACME));
            List<UsageInterval> truth = List.of(Usage.closed(Usage.instance(ACME, "i-1"), InstanceState.IDLE, 0, 5));

            assertThatThrownBy(() -> store.correct(truth))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining("DELETE")
                    .hasMessageContaining("denied");

            user.grant("DELETE", "usage_interval_withdrawn");
            store.correct(truth);
            assertThat(store.timelines(ACME)).hasSize(2);
        }
    }
}
