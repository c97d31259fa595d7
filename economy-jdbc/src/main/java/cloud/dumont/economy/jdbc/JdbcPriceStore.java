package cloud.dumont.economy.jdbc;

import cloud.dumont.economy.history.HistoryStoreException;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.pricing.source.KeptPrices;
import cloud.dumont.economy.pricing.source.PriceImport;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.pricing.source.PriceStore;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
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
public final class JdbcPriceStore implements PriceStore {

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
     * version of this library. Where none was ever saved, the prices that come with the library are saved first.
     *
     * @return the catalog; its version is that of the one that was saved, unless something in it had to be put right
     * @throws HistoryStoreException if the database cannot be read, or its schema is missing, behind or ahead
     */
    @Override
    public PriceCatalog load() {
        List<PriceRow> rows = transactions.read("load prices", (handle, dialect) -> new PricingTable(handle).read());
        return rows.isEmpty() ? update(kept -> kept).catalog() : catalog(rows);
    }

    private static PriceCatalog catalog(List<PriceRow> rows) {
        return rows.isEmpty() ? PriceSource.bundled().load() : PriceImport.withoutKnownErrors(PriceCatalog.of(rows));
    }

    /**
     * Prices that are held back.
     *
     * @return those that wait, and those that were rejected
     * @throws HistoryStoreException if the database cannot be read, or its schema is missing, behind or ahead
     */
    @Override
    public List<HeldPrice> held() {
        return transactions.read("load held prices", (handle, dialect) -> new PricingTable(handle).readHeld());
    }

    /**
     * Changes what is kept in one transaction, while every other host that wants to change it waits.
     *
     * @param change makes the new from the old; called again if the database gave way to another writer
     * @return what is kept from now on
     * @throws HistoryStoreException if the database cannot be written, or its schema is missing, behind or ahead; then nothing was changed
     */
    @Override
    public KeptPrices update(UnaryOperator<KeptPrices> change) {
        AtomicReference<KeptPrices> changed = new AtomicReference<>();
        transactions.write("change prices", (handle, dialect) -> {
            PricingTable table = new PricingTable(handle);
            table.lock(dialect);
            List<PriceRow> rows = table.read();
            KeptPrices before = new KeptPrices(catalog(rows), table.readHeld());
            KeptPrices after = Objects.requireNonNull(change.apply(before), "change");
            if (rows.isEmpty()
                    || !after.catalog().version().equals(before.catalog().version())) {
                table.replace(after.catalog(), after.catalog().rows().toList());
            }
            if (!after.held().equals(before.held())) {
                table.replaceHeld(after.held());
            }
            changed.set(after);
        });
        return Objects.requireNonNull(changed.get());
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
