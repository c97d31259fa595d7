package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Sku;
import java.time.Instant;
import java.util.List;

/**
 * All known prices of one SKU. Each moment has exactly one price: the one in effect then; from before the first known price it
 * is that first price, which callers count as such.
 *
 * @param sku what is priced
 * @param prices its prices, newest first, without gaps, at least one
 */
public record PriceHistory(Sku sku, List<ListPrice> prices) {

    /**
     * Copies the prices.
     *
     * @throws IllegalArgumentException if there is none
     */
    public PriceHistory {
        prices = List.copyOf(prices);
        if (prices.isEmpty()) {
            throw new IllegalArgumentException("a price history needs a price: " + sku);
        }
    }

    /**
     * The price in effect at a moment.
     *
     * @param at the moment
     * @return the price then, or the first known price where the moment lies before it
     */
    public ListPrice at(Instant at) {
        return prices.stream()
                .filter(price -> !price.effectiveFrom().isAfter(at))
                .findFirst()
                .orElseGet(this::first);
    }

    /**
     * The changes that nobody saw and that some time overlaps: in it, what was charged may have been the other price.
     *
     * @param from when the time begins
     * @param to when it ends; the same as {@code from} for a moment
     * @return the changes, newest first; empty where it is known which price was in effect
     */
    public List<ListPrice> unseenChanges(Instant from, Instant to) {
        return prices.stream()
                .filter(price -> price.window()
                        .filter(window -> from.isBefore(window.until())
                                && (to.isAfter(window.from()) || (to.equals(from) && to.equals(window.from()))))
                        .isPresent())
                .toList();
    }

    /**
     * The newest price.
     *
     * @return the price without an end
     */
    public ListPrice latest() {
        return prices.get(0);
    }

    /**
     * The oldest known price, which also stands for all time before it.
     *
     * @return the first price
     */
    public ListPrice first() {
        return prices.get(prices.size() - 1);
    }
}
