package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.jdbc.JdbcPriceStore;
import cloud.dumont.economy.jdbc.SchemaMigrator;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.pricing.source.PriceStore;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where prices are kept that a command changes: a catalog file, or the database of a host. */
final class PriceStoreOption {

    /** One of the two. */
    private static final class Place {

        @Option(
                names = "--to",
                required = true,
                paramLabel = "CATALOG",
                description = "A catalog file; begins with the bundled prices if it does not exist.")
        private @Nullable Path catalog;

        @Option(
                names = "--db",
                required = true,
                paramLabel = "JDBC_URL",
                description = "The database of a host; its schema is made or migrated.")
        private @Nullable String db;
    }

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it before a command runs
    private Place place;

    <T> T with(Function<PriceStore, T> work) {
        if (place.db == null) {
            return work.apply(PriceStore.file(Objects.requireNonNull(place.catalog), PriceSource.bundled()));
        }
        try (HikariDataSource pool = HistoryCommand.open(place.db)) {
            SchemaMigrator.of(pool).migrate();
            return work.apply(JdbcPriceStore.create(pool));
        }
    }
}
