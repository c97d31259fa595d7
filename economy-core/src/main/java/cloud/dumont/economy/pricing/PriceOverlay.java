package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Sku;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What an account knows better than the price lists: discounts it has negotiated, prices of its own or a whole private list, and
 * types it does not want to be compared with. Laid over a catalog by {@link PriceCatalog#with}; every figure that rests on it says so.
 *
 * <p>This class is immutable and thread-safe. Two overlays that say the same are equal.
 */
public final class PriceOverlay {

    /** An overlay that says nothing. */
    public static final PriceOverlay NONE = builder().build();

    /** A rule of an overlay. */
    private record Rule<T>(OfferFilter which, T meaning) {}

    private final List<Rule<NegotiatedDiscount>> discounts;
    private final List<Rule<String>> exclusions;
    private final List<PriceRow> prices;

    private PriceOverlay(Builder builder) {
        discounts = List.copyOf(builder.discounts);
        exclusions = List.copyOf(builder.exclusions);
        prices = List.copyOf(builder.prices);
    }

    /**
     * Starts to write an overlay.
     *
     * @return a builder that says nothing yet; not thread-safe
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The prices of the host's own. */
    List<PriceRow> prices() {
        return prices;
    }

    /** What is off the price of a SKU: of several discounts the greatest, which claims the least savings. */
    Optional<NegotiatedDiscount> discount(Sku sku) {
        return discounts.stream()
                .filter(rule -> rule.which().matches(sku))
                .map(Rule::meaning)
                .max(Comparator.comparing(NegotiatedDiscount::percent));
    }

    /** Why a SKU is not to be compared with. */
    Optional<String> exclusion(Sku sku) {
        return exclusions.stream()
                .filter(rule -> rule.which().matches(sku))
                .map(Rule::meaning)
                .findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PriceOverlay that
                && discounts.equals(that.discounts)
                && exclusions.equals(that.exclusions)
                && prices.equals(that.prices);
    }

    @Override
    public int hashCode() {
        return List.of(discounts, exclusions, prices).hashCode();
    }

    /** Everything it says. */
    @Override
    public String toString() {
        return "discounts " + discounts + ", exclusions " + exclusions + ", prices " + prices;
    }

    /** Writes an overlay. Not thread-safe. */
    public static final class Builder {

        private final List<Rule<NegotiatedDiscount>> discounts = new ArrayList<>();
        private final List<Rule<String>> exclusions = new ArrayList<>();
        private final List<PriceRow> prices = new ArrayList<>();

        private Builder() {}

        /**
         * A discount. Where several apply to a SKU, the greatest counts.
         *
         * @param which what it is off
         * @param percent off the list price: 0 to 100, at most four decimals
         * @param reason in words, such as the name of the contract
         * @return this builder
         * @throws IllegalArgumentException if the percentage is out of range or too fine
         */
        public Builder discount(OfferFilter which, BigDecimal percent, String reason) {
            discounts.add(new Rule<>(which, new NegotiatedDiscount(percent, reason)));
            return this;
        }

        /**
         * A price of the account's own: of one SKU, which takes the place of the list's prices from its first own price on, or of
         * something that no list has. Discounts are off own prices too, where their filter says so.
         *
         * @param price the price, with where it comes from
         * @return this builder
         */
        public Builder price(PriceRow price) {
            prices.add(price);
            return this;
        }

        /**
         * A private price list.
         *
         * @param list its prices, as {@link #price} takes them
         * @return this builder
         */
        public Builder prices(Collection<PriceRow> list) {
            prices.addAll(list);
            return this;
        }

        /**
         * Something that is not to be compared with. It stays in the catalog.
         *
         * @param which what
         * @param reason in words
         * @return this builder
         */
        public Builder exclude(OfferFilter which, String reason) {
            exclusions.add(new Rule<>(which, reason));
            return this;
        }

        /**
         * The overlay.
         *
         * @return what was written so far
         */
        public PriceOverlay build() {
            return new PriceOverlay(this);
        }
    }
}
