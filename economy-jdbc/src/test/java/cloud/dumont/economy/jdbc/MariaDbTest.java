package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("full")
class MariaDbTest {

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
}
