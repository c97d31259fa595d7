package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what AWS charges for a machine under each term: an hour, and for some reservations a fee in advance, which is spread over the
 * term's hours (8,760 a year). Of the reservations of one length the standard ones count; without a fee before those with a part of it before
 * those with all of it.
 */
final class AwsTerms {

    private static final List<String> UPFRONT = List.of("No Upfront", "Partial Upfront", "All Upfront");
    private static final BigDecimal HOURS_A_YEAR = BigDecimal.valueOf(8760);

    /** One offer of a reservation, while its parts come. */
    private static final class Offer {
        private @Nullable BigDecimal hourly;
        private @Nullable BigDecimal upfront;
        private boolean torn;
    }

    private record OfferKey(InstanceSpec spec, int years, String upfront, String sku) {}

    private final Region region;
    private final Tally<FeedPrice> tally;
    private final Map<OfferKey, Offer> reserved = new LinkedHashMap<>();
    private final Map<OfferKey, Instant> since = new HashMap<>();
    private String version = "";

    AwsTerms(Region region, Tally<FeedPrice> tally) {
        this.region = region;
        this.tally = tally;
    }

    void version(String text) {
        version = text;
    }

    /** An hour on demand. */
    void onDemand(InstanceSpec spec, String unit, String usd, Optional<Instant> effective) {
        if (!unit.equals("Hrs")) {
            tally.drop("not by the hour");
            return;
        }
        tally.rate(usd).ifPresent(rate -> tally.keep(price(spec, PurchaseOption.ON_DEMAND, rate, effective, "")));
    }

    /** A part of a reservation. */
    void reserved(
            InstanceSpec spec,
            String sku,
            String length,
            String offeringClass,
            String upfront,
            String unit,
            String usd,
            Optional<Instant> effective) {
        int years = length.equals("1yr") ? 1 : length.equals("3yr") ? 3 : 0;
        if (years == 0 || !offeringClass.equals("standard") || !UPFRONT.contains(upfront)) {
            tally.drop("a reservation of another kind");
            return;
        }
        BigDecimal amount;
        try {
            amount = new BigDecimal(usd);
        } catch (NumberFormatException e) {
            tally.drop("price is no number of dollars an hour");
            return;
        }
        OfferKey key = new OfferKey(spec, years, upfront, sku);
        Offer offer = reserved.computeIfAbsent(key, added -> new Offer());
        effective.ifPresent(day -> since.put(key, day));
        if (unit.equals("Hrs")) {
            offer.torn |= offer.hourly != null && offer.hourly.compareTo(amount) != 0;
            offer.hourly = amount;
        } else if (unit.equals("Quantity")) {
            offer.torn |= offer.upfront != null && offer.upfront.compareTo(amount) != 0;
            offer.upfront = amount;
        } else {
            tally.drop("not by the hour");
        }
    }

    /** All prices, with the reservations put together. */
    Tally.Kept<FeedPrice> done() {
        Map<InstanceSpec, Map<Integer, OfferKey>> best = new LinkedHashMap<>();
        reserved.keySet()
                .forEach(key -> best.computeIfAbsent(key.spec(), spec -> new HashMap<>())
                        .merge(key.years(), key, (one, other) -> rank(other) < rank(one) ? other : one));
        best.values().forEach(ofType -> ofType.values().forEach(this::keep));
        Tally.Kept<FeedPrice> kept = OnePrice.each(tally);
        return new Tally.Kept<>(kept.entries().stream().map(this::versioned).toList(), kept.read(), kept.dropped());
    }

    private static int rank(OfferKey key) {
        return UPFRONT.indexOf(key.upfront());
    }

    private void keep(OfferKey key) {
        Offer offer = Objects.requireNonNull(reserved.get(key));
        BigDecimal hourly = offer.hourly;
        BigDecimal upfront = offer.upfront;
        boolean isWhole = hourly != null && (upfront != null || key.upfront().equals("No Upfront"));
        if (offer.torn || !isWhole || hourly == null) {
            tally.drop(offer.torn ? "two prices for one type" : "a reservation without one of its parts");
            return;
        }
        BigDecimal usd = upfront == null
                ? hourly
                : hourly.add(
                        upfront.divide(HOURS_A_YEAR.multiply(BigDecimal.valueOf(key.years())), MathContext.DECIMAL128));
        tally.rate(usd.toString())
                .ifPresent(rate -> tally.keep(price(
                        key.spec(),
                        key.years() == 1 ? PurchaseOption.RESERVED_1Y : PurchaseOption.RESERVED_3Y,
                        rate,
                        Optional.ofNullable(since.get(key)),
                        ", " + key.upfront())));
    }

    private FeedPrice price(
            InstanceSpec spec, PurchaseOption option, HourlyRate rate, Optional<Instant> effective, String how) {
        return new FeedPrice(
                spec, region, option, rate, effective, AwsOffers.SOURCE, "AmazonEC2 " + region + how, version);
    }

    private FeedPrice versioned(FeedPrice price) {
        return new FeedPrice(
                price.spec(),
                price.region(),
                price.option(),
                price.rate(),
                price.since(),
                price.source(),
                price.path(),
                version);
    }
}
