package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.history.HistoryStore;
import cloud.dumont.economy.jdbc.JdbcHistoryStore;
import cloud.dumont.economy.jdbc.JdbcPriceStore;
import cloud.dumont.economy.jdbc.SchemaMigrator;
import cloud.dumont.economy.pricing.source.PriceStore;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The database behind a pool, with its schema brought up to date. */
final class Database implements AutoCloseable {

    private static final int CONNECTIONS = 8;

    private final HikariDataSource dataSource;
    private final HistoryStore history;
    private final PriceStore prices;

    private Database(HikariDataSource dataSource) {
        this.dataSource = dataSource;
        history = JdbcHistoryStore.create(dataSource);
        prices = JdbcPriceStore.create(dataSource);
    }

    /**
     * Opens it, and makes or migrates its schema.
     *
     * @throws RuntimeException if it cannot be opened or migrated; whatever the pool, the driver or the migration throws
     */
    static Database open(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setPoolName("economy");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        HikariDataSource dataSource = new HikariDataSource(config);
        try {
            SchemaMigrator.of(dataSource).migrate();
            return new Database(dataSource);
        } catch (RuntimeException e) {
            dataSource.close();
            throw e;
        }
    }

    HistoryStore history() {
        return history;
    }

    /** Begins with the bundled prices. */
    PriceStore prices() {
        return prices;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
