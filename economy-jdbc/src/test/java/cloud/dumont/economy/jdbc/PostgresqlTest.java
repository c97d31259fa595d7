package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;

class PostgresqlTest {

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.POSTGRESQL);
        }
    }
}
