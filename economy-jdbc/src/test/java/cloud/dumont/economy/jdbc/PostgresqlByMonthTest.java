package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.history.HistoryStoreException;
import java.time.YearMonth;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What holds on PostgreSQL holds on partitioned tables. */
@Tag("full")
@Tag("long")
class PostgresqlByMonthTest {

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.POSTGRESQL_BY_MONTH);
        }
    }

    @Nested
    class Rollups extends RollupsContract {
        Rollups() {
            super(TestDatabase.POSTGRESQL_BY_MONTH, 10);
        }
    }

    /** Rights that were given before are kept, and can be given afterwards. */
    @Nested
    class Rights extends RightsContract {
        @Override
        HostsUser newUser() {
            return HostsUser.onPostgresql(folder);
        }

        @Override
        void prepare(HostsUser user) {
            MonthlyPartitions owned = MonthlyPartitions.create(TestDatabase.unpooled(user.ownersUrl()));
            owned.convert();
            owned.make(YearMonth.of(1970, 1), YearMonth.of(1970, 2));
            MonthlyPartitions hosts = MonthlyPartitions.create(TestDatabase.unpooled(user.url()));
            assertThatThrownBy(() -> hosts.make(YearMonth.of(1970, 3), YearMonth.of(1970, 3)))
                    .isInstanceOf(HistoryStoreException.class)
                    .hasMessageContaining("denied");
        }
    }
}
