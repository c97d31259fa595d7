package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.pricing.PriceCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Keeps prices that change while hosts run: what a refresh has accepted, and what it holds back. Implementations are safe for use by many
 * threads, and say whether they are for many hosts.
 */
public interface PriceStore extends PriceSource {

    /**
     * Prices that are held back.
     *
     * @return those that wait, and those that were rejected
     */
    List<HeldPrice> held();

    /**
     * Changes what is kept, as one: nobody sees a part of the change, and nobody else changes anything meanwhile.
     *
     * @param change makes the new from the old; called again if another host was faster, so it must be repeatable
     * @return what is kept from now on
     * @throws cloud.dumont.economy.EconomyException if it cannot be kept; the old stays then
     */
    KeptPrices update(UnaryOperator<KeptPrices> change);

    /**
     * A store in memory: what is learned is forgotten at the end.
     *
     * @param first where the prices come from in the beginning; loaded once, at the first use
     * @return a new store
     */
    static PriceStore inMemory(PriceSource first) {
        return new MemoryPriceStore(Objects.requireNonNull(first, "first"));
    }

    /**
     * A store in a catalog file, for one process at a time. Prices that are held are kept beside it, in a file of the same name with {@code
     * .held.csv} behind it.
     *
     * @param catalog the file; made by the first change if there is none
     * @param first where the prices come from while there is no file
     * @return a new store
     */
    static PriceStore file(Path catalog, PriceSource first) {
        return new FilePriceStore(Objects.requireNonNull(catalog, "catalog"), Objects.requireNonNull(first, "first"));
    }

    @Override
    PriceCatalog load();
}
