package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShardsTest {

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.POSTGRESQL_SHARDS);
        }

        /** A thousand appends. */
        @Override
        @Test
        @Tag("full")
        public void everyAnswerThatWasGivenCanBeHadAgain() {
            super.everyAnswerThatWasGivenCanBeHadAgain();
        }
    }

    @Nested
    @Tag("full")
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.POSTGRESQL_SHARDS);
        }

        @Override
        String readOnly(String url) {
            return url + "&options=-c%20default_transaction_read_only=on";
        }
    }

    @Nested
    @Tag("full")
    class Rollups extends RollupsContract {
        Rollups() {
            super(TestDatabase.POSTGRESQL_SHARDS, 5);
        }
    }
}
