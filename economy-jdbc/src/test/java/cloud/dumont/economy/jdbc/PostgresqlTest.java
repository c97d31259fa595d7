package cloud.dumont.economy.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

    @Nested
    class Rights extends RightsContract {
        @Override
        HostsUser newUser() {
            return HostsUser.onPostgresql(folder);
        }

        @Override
        List<String> forbidden() {
            List<String> forbidden = new ArrayList<>(super.forbidden());
            forbidden.add("DELETE FROM usage_interval_withdrawn");
            return forbidden;
        }
    }
}
