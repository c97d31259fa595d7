package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;

class SqliteTest {

    @Nested
    class History extends DatabaseContract {
        History() {
            super(TestDatabase.SQLITE);
        }
    }
}
