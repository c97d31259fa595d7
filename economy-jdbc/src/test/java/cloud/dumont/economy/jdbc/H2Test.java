package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;

class H2Test {

    @Nested
    class InMemory extends DatabaseContract {
        InMemory() {
            super(TestDatabase.H2_MEMORY);
        }
    }

    @Nested
    class InFile extends DatabaseContract {
        InFile() {
            super(TestDatabase.H2_FILE);
        }
    }
}
