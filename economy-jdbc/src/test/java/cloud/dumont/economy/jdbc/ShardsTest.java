package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Each call goes to the coordinator and on to a shard: so this takes several times as long as on one server. */
@Tag("full")
class ShardsTest {

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.POSTGRESQL_SHARDS);
        }
    }

    @Nested
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.POSTGRESQL_SHARDS);
        }

        @Override
        String readOnly(String url) {
            return url + "&options=-c%20default_transaction_read_only=on";
        }
    }

    @Tag("long")
    @Nested
    class Rollups extends RollupsContract {
        Rollups() {
            super(TestDatabase.POSTGRESQL_SHARDS, 5);
        }
    }
}
