package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SqliteTest {

    @Nested
    class Prices extends PriceStoreContract {
        Prices() {
            super(TestDatabase.SQLITE);
        }
    }

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.SQLITE);
        }
    }

    @Nested
    class Migration extends MigrationContract {
        Migration() {
            super(TestDatabase.SQLITE, Dialect.SQLITE);
        }
    }

    @Nested
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.SQLITE);
        }

        @Override
        String readOnly(String url) {
            return url + "?open_mode=1";
        }

        @Test
        void aDiskThatIsFullSaysSoAndNothingIsLost() {
            String url = database.newMigratedUrl(folder);
            HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));
            store.append(Usage.twoInstancesOf(ACME));
            // SQLite's own way to have no more room.
            HistoryStore full = JdbcHistoryStore.create(TestDatabase.unpooled(url + "?max_page_count=12"));

            assertThatThrownBy(() -> full.append(many()))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining("could not append usage of 2000 instances: ")
                    .hasMessageContaining("full");

            assertThat(full.timelines(ACME)).hasSize(2);
            store.append(many());
            assertThat(store.timelines(ACME)).hasSize(2002);
        }

        private List<UsageInterval> many() {
            return IntStream.range(0, 2000)
                    .mapToObj(i -> Usage.open(Usage.instance(ACME, "many-" + i), InstanceState.RUNNING, 0))
                    .toList();
        }
    }
}
