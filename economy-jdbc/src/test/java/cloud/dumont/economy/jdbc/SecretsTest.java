package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.usage.AccountId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private static final String SECRET = "hunter2";

    /** The drivers of H2 and PostgreSQL, and the JDK where no driver answers, put some of these URLs into their messages. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:nobody:x?user=economy&password=hunter2",
                "jdbc:nobody://economy:hunter2@localhost/x",
                "jdbc:h2:file:relative;USER=economy;PASSWORD=hunter2",
                "jdbc:h2:tcp://localhost:1/x;PASSWORD=hunter2",
                "jdbc:sqlite:/no/such/folder/x.db?password=hunter2",
                "jdbc:postgresql://localhost:1/x?user=economy&password=hunter2",
                "jdbc:postgresql://localhost:none/x?user=economy&password=hunter2"
            })
    void noFailureAndNoLogTellsThePassword(String url) {
        PrintStream before = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            HistoryStore store = JdbcHistoryStore.create(TestDatabase.unpooled(url));
            SchemaMigrator migrator = SchemaMigrator.of(TestDatabase.unpooled(url));

            assertTellsNothing(catchThrowable(() -> store.append(Usage.twoInstancesOf(AccountId.of("acme")))));
            assertTellsNothing(catchThrowable(store::accounts));
            assertTellsNothing(catchThrowable(migrator::migrate));
            assertTellsNothing(catchThrowable(migrator::check));
        } finally {
            System.setErr(before);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(SECRET);
    }

    private static void assertTellsNothing(Throwable thrown) {
        assertThat(thrown).isInstanceOfAny(HistoryStoreException.class, SchemaException.class);
        StringWriter all = new StringWriter();
        thrown.printStackTrace(new PrintWriter(all));
        assertThat(all.toString()).doesNotContain(SECRET).contains("Caused by: ");
    }

    @Test
    void allElseIsKept() {
        SQLException other = new SQLException("other pwd=hunter2;", "08001", 7);
        SQLException failure = new SQLException("url ?user=economy&password=hunter2&ssl=true", "28000", 5, other);
        failure.setNextException(other);
        failure.addSuppressed(failure.getNextException());

        Throwable hidden = Secrets.hiddenIn(failure);

        assertThat(hidden)
                .isInstanceOf(SQLException.class)
                .hasMessage("java.sql.SQLException: url ?user=economy&password=***&ssl=true")
                .hasNoSuppressedExceptions()
                .hasCauseInstanceOf(SQLException.class);
        assertThat(hidden.getCause()).hasMessage("java.sql.SQLException: other pwd=***;");
        assertThat(hidden.getStackTrace()).isEqualTo(failure.getStackTrace());
        assertThat(((SQLException) hidden).getSQLState()).isEqualTo("28000");
        assertThat(((SQLException) hidden).getErrorCode()).isEqualTo(5);
    }

    @Test
    void whatTellsNothingIsLeftAsItIs() {
        SQLException failure =
                new SQLException("jdbc:postgresql://localhost:5432/x user@example.com (using password: YES)");

        assertThat(Secrets.hiddenIn(failure)).isSameAs(failure);
    }
}
