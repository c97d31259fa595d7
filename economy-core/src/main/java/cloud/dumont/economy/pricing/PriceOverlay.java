package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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

    @JsonProperty
    private final List<Rule<NegotiatedDiscount>> discounts;

    @JsonProperty
    private final List<Rule<String>> exclusions;

    @JsonProperty
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

    /**
     * Everything it says, each part with its length before it: unlike {@link #toString}, in which a reason may be written so that it reads
     * like another rule, no two overlays have the same.
     */
    byte[] content() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(discounts.size());
            for (Rule<NegotiatedDiscount> rule : discounts) {
                write(out, rule.which());
                write(
                        out,
                        rule.meaning().percent().toPlainString(),
                        rule.meaning().reason());
            }
            out.writeInt(exclusions.size());
            for (Rule<String> rule : exclusions) {
                write(out, rule.which());
                write(out, rule.meaning());
            }
            out.writeInt(prices.size());
            for (PriceRow price : prices) {
                write(out, price);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, OfferFilter which) throws IOException {
        write(out, which.provider());
        write(out, which.instanceTypes());
        write(out, which.region());
        write(out, which.purchaseOption());
    }

    private static void write(DataOutputStream out, PriceRow price) throws IOException {
        InstanceSpec spec = price.spec();
        write(
                out,
                spec.provider().id(),
                spec.instanceType().name(),
                price.region().id());
        write(out, price.purchaseOption().name());
        write(out, spec.gpuModel());
        write(out, spec.gpuCount());
        write(out, spec.gpuMemoryGib());
        write(out, spec.vcpus());
        write(out, spec.memoryGib());
        write(out, spec.composition());
        out.writeLong(price.rate().nanoUsdPerHour());
        write(out, price.effectiveFrom().toString());
        write(out, price.seenUntil());
        write(
                out,
                price.provenance().source(),
                price.provenance().path(),
                price.provenance().revision());
        write(out, price.provenance().readOn());
    }

    private static void write(DataOutputStream out, Optional<?> part) throws IOException {
        out.writeBoolean(part.isPresent());
        if (part.isPresent()) {
            write(out, part.get().toString());
        }
    }

    private static void write(DataOutputStream out, String... texts) throws IOException {
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        }
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
