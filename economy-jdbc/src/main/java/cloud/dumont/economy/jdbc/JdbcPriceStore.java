package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.PriceImport;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * Keeps a price catalog in the table {@code provider_pricing} of a relational database, so that all hosts of a fleet compare with the
 * same prices: one saves what it has imported, the others load it. The view {@code provider_pricing_usd} shows it to people.
 *
 * <p>What is kept are the {@linkplain PriceCatalog#rows() facts}; what is composed of others is put together again when they are
 * loaded. A save is one transaction: who loads meanwhile gets the catalog from before.
 *
 * <p>The table is made by {@link SchemaMigrator}, and only when that is asked to. This class is thread-safe.
 */
public final class JdbcPriceStore implements PriceSource {

    private final Transactions transactions;

    private JdbcPriceStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A store in one database. Opens no connection yet.
     *
     * @param dataSource where to connect
     * @return the store
     */
    public static JdbcPriceStore create(DataSource dataSource) {
        return create(Jdbi.create(dataSource));
    }

    /**
     * A store in the database of the host's own Jdbi. Opens no connection yet.
     *
     * @param jdbi where to connect; it must hand out connections that are nobody else's at the time
     * @return the store
     */
    public static JdbcPriceStore create(Jdbi jdbi) {
        return new JdbcPriceStore(new Transactions(jdbi, Backoff.BY_CHANCE));
    }

    /**
     * The catalog that was saved last, without what is known to be wrong in public lists of prices by now: a host may have saved it with an earlier
     * version of this library.
     *
     * @return the catalog; its version is that of the one that was saved, unless something in it had to be put right
     * @throws HistoryStoreException if the database cannot be read, or its schema is missing, behind or ahead
     * @throws NoPricesException if none was ever saved
     */
    @Override
    public PriceCatalog load() {
        List<PriceRow> rows = transactions.read("load prices", (handle, dialect) -> new PricingTable(handle).read());
        if (rows.isEmpty()) {
            throw new NoPricesException("the table provider_pricing holds no prices: save a catalog first");
        }
        return PriceImport.withoutKnownErrors(PriceCatalog.of(rows));
    }

    /**
     * Makes a catalog the one that is loaded from now on. Saving what is there already changes nothing. Of two hosts that save at once the
     * later one's stays, whole.
     *
     * @param catalog the catalog; one without an overlay
     * @throws HistoryStoreException if the database cannot be written, or its schema is missing, behind or ahead; then nothing was changed
     */
    public void save(PriceCatalog catalog) {
        List<PriceRow> rows = Objects.requireNonNull(catalog, "catalog").rows().toList();
        transactions.write("save " + rows.size() + " prices", (handle, dialect) -> {
            PricingTable table = new PricingTable(handle);
            table.lock(dialect);
            table.replace(catalog, rows);
        });
    }
}
