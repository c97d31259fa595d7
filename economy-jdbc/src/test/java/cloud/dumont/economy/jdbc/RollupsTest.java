package cloud.dumont.economy.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

class RollupsTest {

    @Nested
    class H2 extends RollupsContract {
        H2() {
            super(TestDatabase.H2_MEMORY, 100);
        }
    }

    @Nested
    class Sqlite extends RollupsContract {
        Sqlite() {
            super(TestDatabase.SQLITE, 30);
        }
    }

    @Nested
    class Postgresql extends RollupsContract {
        Postgresql() {
            super(TestDatabase.POSTGRESQL, 30);
        }
    }

    @Nested
    @Tag("full")
    class MariaDb extends RollupsContract {
        MariaDb() {
            super(TestDatabase.MARIADB, 30);
        }
    }
}
