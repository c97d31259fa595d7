package cloud.dumont.economy.jdbc;

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
}
