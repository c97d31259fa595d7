package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;

class SqliteTest {

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
}
