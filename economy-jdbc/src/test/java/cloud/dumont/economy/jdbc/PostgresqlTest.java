package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;

class PostgresqlTest {

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
}
