package cloud.dumont.economy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.history.HistoryStoreContract;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceTimeline;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileH2HistoryStoreTest extends HistoryStoreContract {

    @TempDir
    private Path folder;

    /** H2 closes the file with its last connection: without this one it would do so after every call. */
    private Connection keptOpen;

    @Override
    protected HistoryStore newStore(InstantSource time) {
        DataSource dataSource = H2.inFile(folder.resolve("economy"));
        try {
            keptOpen = dataSource.getConnection();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        SchemaMigrator.of(dataSource).migrate();
        return JdbcHistoryStore.create(dataSource).withTime(time);
    }

    @AfterEach
    void closeFile() throws SQLException {
        keptOpen.close();
    }

    @Test
    void whatWasStoredIsThereAfterReopening() throws SQLException {
        closeFile();
        AccountId account = AccountId.of("acme");
        HistoryStore first = newStore(InstantSource.system());
        first.append(Usage.twoInstancesOf(account));
        List<InstanceTimeline> stored = first.timelines(account);
        closeFile();
        assertThat(folder.resolve("economy.mv.db")).isNotEmptyFile();

        HistoryStore second = newStore(InstantSource.system());

        assertThat(stored).hasSize(2);
        assertThat(second.timelines(account)).isEqualTo(stored);
        assertThat(second.accounts()).containsExactly(account);
    }
}
