package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a store of prices keeps: those that count, and those that are held back.
 *
 * @param catalog the prices that count
 * @param held those that wait, or were rejected
 */
public record KeptPrices(PriceCatalog catalog, List<HeldPrice> held) {

    /** Copies the list. */
    public KeptPrices {
        Objects.requireNonNull(catalog, "catalog");
        held = List.copyOf(held);
    }

    /**
     * With some of the held prices accepted by a person who has checked them. They take effect when they were first read.
     *
     * @param which which of them, rejected ones too
     * @return what is kept then
     * @throws IllegalArgumentException if one contradicts what has been learned since; the message says what
     */
    public KeptPrices accept(Predicate<HeldPrice> which) {
        List<PriceRow> accepted =
                held.stream().filter(which).map(HeldPrice::row).toList();
        PriceImport.Result result = new PriceImport(
                        catalog,
                        GpuCatalog.bundled(),
                        LocalDate.MAX, // what is held was read already
                        PriceCsv.Undated.REFUSED)
                .rows(Path.of("held"), accepted)
                .finish(PriceImport.Absurd.CONFIRMED);
        if (!result.refused().isEmpty()) {
            throw new IllegalArgumentException("a held price cannot be accepted: "
                    + result.refused().stream().map(PriceImport.Note::reason).collect(Collectors.joining("; "))
                    + "; it will be read again at the next refresh");
        }
        return new KeptPrices(
                result.catalog(), held.stream().filter(which.negate()).toList());
    }

    /**
     * With some of the held prices rejected: no second reading makes them count.
     *
     * @param which which of them
     * @return what is kept then
     */
    public KeptPrices reject(Predicate<HeldPrice> which) {
        return new KeptPrices(
                catalog,
                held.stream()
                        .map(price -> which.test(price) ? price.rejected() : price)
                        .toList());
    }
}
