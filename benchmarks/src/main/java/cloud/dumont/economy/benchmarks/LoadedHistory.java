package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.jdbc.JdbcRollups;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.UsageInterval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * A database with a year of usage: of 1,000 accounts with 20 instances each, which run and idle by turns and still do. The rollups of some of
 * the accounts are made, of all hours of the year. It takes minutes to make, so it stays in {@code benchmarks/target} and is taken up again.
 */
final class LoadedHistory implements AutoCloseable {

    static final Baseline BASELINE = Baseline.onDemand(Provider.AWS);
    static final Instant SINCE = Instant.parse("2025-10-01T00:00:00Z");
    static final Duration YEAR = Duration.ofDays(365);
    static final Instant END = SINCE.plus(YEAR);

    /** When questions are asked: half an hour after the rollups were made. */
    static final Instant NOW = END.plus(Duration.ofMinutes(30));

    /** Those whose rollups are made. */
    static final List<AccountId> ROLLED_UP = IntStream.range(0, 1_000)
            .filter(i -> i % 20 == 0)
            .mapToObj(UsageRows::account)
            .toList();

    private static final int ACCOUNTS = 1_000;
    private static final int INSTANCES = 20;
    private static final long TOLD_AT = END.getEpochSecond() * 1_000_000;
    private static final int ROWS_A_BATCH = 10_000;

    private final BenchmarkDatabase database;
    private final JdbcRollups rollups;

    private LoadedHistory(BenchmarkDatabase database) {
        this.database = database;
        this.rollups = JdbcRollups.create(
                database.dataSource(),
                SavingsCalculator.of(
                        new InMemoryHistoryStore(), PriceSource.bundled().load()));
    }

    /**
     * Takes one up, or makes it.
     *
     * @param name of the database
     * @param intervals how many, 20,000 or more
     */
    static LoadedHistory open(String name, int intervals) throws IOException, SQLException {
        Path folder = Path.of("benchmarks", "target", "history-" + name + "-" + intervals);
        Path complete = folder.resolveSibling(folder.getFileName() + ".complete");
        if (Files.exists(complete)) {
            return new LoadedHistory(BenchmarkDatabase.start(name, folder));
        }
        if (Files.exists(folder)) {
            BenchmarkDatabase.delete(folder);
        }
        Files.createDirectories(folder);
        LoadedHistory history = new LoadedHistory(BenchmarkDatabase.start(name, folder));
        history.load(name, intervals / ACCOUNTS / INSTANCES);
        Files.createFile(complete);
        return history;
    }

    private void load(String name, int parts) throws SQLException, IOException {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            List<String> indexes = name.equals("postgresql") ? withoutIndexes(connection) : List.of();
            if (name.equals("postgresql")) {
                copy(connection, parts);
            } else {
                insert(connection, parts);
            }
            try (Statement statement = connection.createStatement();
                    PreparedStatement accounts = connection.prepareStatement(
                            "INSERT INTO usage_account (account_id, appends, told_at) VALUES (?, 1, ?)")) {
                for (int account = 0; account < ACCOUNTS; account++) {
                    accounts.setString(1, UsageRows.account(account).value());
                    accounts.setLong(2, TOLD_AT);
                    accounts.addBatch();
                }
                accounts.executeBatch();
                for (String index : indexes) {
                    statement.execute(index);
                }
                connection.commit();
                statement.execute("ANALYZE");
                connection.commit();
            }
        }
        ROLLED_UP.forEach(account -> rollups.refresh(account, BASELINE, END));
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE");
        }
    }

    /** Drops all indexes but that of the key, and says how to make them again. */
    private static List<String> withoutIndexes(Connection connection) throws SQLException {
        List<String> again = new ArrayList<>();
        List<String> drops = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("""
                    SELECT indexdef, indexname FROM pg_indexes
                    WHERE schemaname = current_schema AND tablename = 'usage_interval' AND indexname NOT LIKE '%_pkey'""")) {
                while (rows.next()) {
                    again.add(rows.getString(1));
                    drops.add("DROP INDEX " + rows.getString(2));
                }
            }
            for (String drop : drops) {
                statement.execute(drop);
            }
            // What is copied into a table in the transaction that has emptied it needs no log.
            statement.execute("TRUNCATE usage_interval");
        }
        return again;
    }

    private static void copy(Connection connection, int parts) throws SQLException {
        CopyIn copy = new CopyManager(connection.unwrap(BaseConnection.class))
                .copyIn("COPY usage_interval (" + UsageRows.COLUMNS + ") FROM STDIN");
        StringBuilder rows = new StringBuilder();
        for (int account = 0; account < ACCOUNTS; account++) {
            for (int number = 0; number < INSTANCES; number++) {
                Instance instance = UsageRows.instance(account, number);
                for (int part = 0; part < parts; part++) {
                    UsageRows.appendTo(rows, interval(instance, part, parts), TOLD_AT);
                }
                byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
                rows.setLength(0);
            }
        }
        copy.endCopy();
    }

    private static void insert(Connection connection, int parts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(UsageRows.INSERT)) {
            int rows = 0;
            for (int account = 0; account < ACCOUNTS; account++) {
                for (int number = 0; number < INSTANCES; number++) {
                    Instance instance = UsageRows.instance(account, number);
                    for (int part = 0; part < parts; part++) {
                        UsageRows.bind(insert, interval(instance, part, parts), TOLD_AT);
                        insert.addBatch();
                        if (++rows % ROWS_A_BATCH == 0) {
                            insert.executeBatch();
                            connection.commit();
                        }
                    }
                }
            }
            insert.executeBatch();
        }
    }

    private static UsageInterval interval(Instance instance, int part, int parts) {
        long seconds = YEAR.toSeconds() / parts;
        return part == parts - 1
                ? UsageRows.lasting(instance, SINCE, part, seconds)
                : UsageRows.interval(instance, SINCE, part, seconds);
    }

    BenchmarkDatabase database() {
        return database;
    }

    JdbcRollups rollups() {
        return rollups;
    }

    @Override
    public void close() throws IOException {
        database.close();
    }
}
