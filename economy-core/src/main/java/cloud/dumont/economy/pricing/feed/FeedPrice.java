package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A price as a feed shows it when it is read.
 *
 * @param spec the machine
 * @param region where it is sold; {@link Region#GLOBAL} for one price everywhere
 * @param option under which terms
 * @param rate price of the whole machine, above zero
 * @param since since when, where the feed tells; empty where it shows only what is in effect
 * @param source who publishes it, such as the feed's host
 * @param path where in the source
 * @param revision which state of the source, such as a version; may be empty
 */
public record FeedPrice(
        InstanceSpec spec,
        Region region,
        PurchaseOption option,
        HourlyRate rate,
        Optional<Instant> since,
        String source,
        String path,
        String revision) {

    /**
     * Checks that it is a price.
     *
     * @throws IllegalArgumentException if the rate is not above zero, or the source is blank
     */
    public FeedPrice {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(since, "since");
        if (rate.nanoUsdPerHour() <= 0) {
            throw new IllegalArgumentException("a price is above 0, not " + rate);
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException("a price needs a source");
        }
    }

    /** Where this feed's prices belong: each place is taken as a whole, or not at all. */
    record Place(Provider provider, Region region) {}

    Place place() {
        return new Place(spec.provider(), region);
    }

    Sku sku() {
        return new Sku(spec.provider(), region, spec.instanceType(), option);
    }
}
