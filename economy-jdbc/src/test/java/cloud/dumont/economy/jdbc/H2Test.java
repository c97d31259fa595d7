package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class H2Test {

    @Nested
    class InMemory extends DatabaseContract {
        InMemory() {
            super(TestDatabase.H2_MEMORY);
        }
    }

    /** The same engine: what a file makes different is in the faults. */
    @Nested
    @Tag("full")
    class InFile extends DatabaseContract {
        InFile() {
            super(TestDatabase.H2_FILE);
        }
    }

    @Nested
    class Prices extends PriceStoreContract {
        Prices() {
            super(TestDatabase.H2_MEMORY);
        }
    }

    @Nested
    class Migration extends MigrationContract {
        Migration() {
            super(TestDatabase.H2_MEMORY, Dialect.H2);
        }

        @Override
        List<Integer> earlierVersions() {
            return List.of(0, 1, 2, 3, 4, 5, 6, 7);
        }
    }

    @Nested
    class Faults extends FaultsContract {
        Faults() {
            super(TestDatabase.H2_FILE);
        }

        @Override
        String readOnly(String url) {
            TestDatabase.execute(url, "SHUTDOWN");
            return url + ";ACCESS_MODE_DATA=r";
        }

        /** H2 would tell so half a second too early; see {@link KilledWriterTest}. */
        @Test
        void whatIsCommittedIsWrittenAtOnceIfTheUserMayHaveItSo() {
            String url = database.newMigratedUrl(folder);
            TestDatabase.execute(
                    url,
                    "SET WRITE_DELAY 500",
                    "CREATE USER host PASSWORD 'host'",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA PUBLIC TO host");
            String asHost = url.replace(";DB_CLOSE_DELAY=-1", "") + ";USER=host;PASSWORD=host";

            JdbcHistoryStore.create(TestDatabase.unpooled(asHost)).append(Usage.twoInstancesOf(ACME));
            assertThat(writeDelay(url)).isEqualTo("500");

            JdbcHistoryStore.create(TestDatabase.unpooled(url)).append(Usage.twoInstancesOf(ACME));
            assertThat(writeDelay(url)).isEqualTo("0");
        }

        /** What is stored in the file comes first, what is in force last. */
        private static String writeDelay(String url) {
            List<String> values = TestDatabase.jdbi(url)
                    .withHandle(handle -> handle.createQuery(
                                    "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'")
                            .mapTo(String.class)
                            .list());
            return values.get(values.size() - 1);
        }
    }
}
