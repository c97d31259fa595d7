package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.provider.Region;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** The feeds that the library knows. Making one opens nothing. All of them are read at their seller's own address unless another is given. */
public final class PriceFeeds {

    /** In which of its two formats an offer file of AWS is read: they say the same. */
    public enum OfferFormat {
        /** Products, then the terms that price them. */
        JSON,
        /** A price a row. */
        CSV
    }

    private PriceFeeds() {}

    /**
     * The feeds that need no key and are small: AWS on demand, Azure, Oracle, RunPod and Vast.ai.
     *
     * @return the feeds, in that order
     */
    public static List<PriceFeed> withoutKeys() {
        return List.of(aws(), azure(), oracle(), runPod(), vast());
    }

    /**
     * AWS on demand, Linux, every region: the data behind its page of prices.
     *
     * @return the feed {@code aws}
     */
    public static PriceFeed aws() {
        return new AwsPricingPage();
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @return the feed {@code aws}
     */
    public static PriceFeed aws(URI base) {
        return new AwsPricingPage(new FeedHost(base));
    }

    /**
     * AWS on demand and reserved, from the offer files of its Price List: up to half a gigabyte a region, read again only when AWS has published
     * a new one.
     *
     * @param regions whose files are read
     * @param format of the files
     * @return the feed {@code aws-offers}
     * @throws IllegalArgumentException if there is no region
     */
    public static PriceFeed awsOffers(Set<Region> regions, OfferFormat format) {
        return new AwsOffers(regions, format);
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @param regions whose files are read
     * @param format of the files
     * @return the feed {@code aws-offers}
     * @throws IllegalArgumentException if there is no region
     */
    public static PriceFeed awsOffers(URI base, Set<Region> regions, OfferFormat format) {
        return new AwsOffers(new FeedHost(base), regions, format);
    }

    /**
     * AWS's Compute Savings Plans without a fee in advance, for one year and for three: one file a region, read again only when AWS has
     * published a new one.
     *
     * @param regions whose files are read
     * @return the feed {@code aws-savings-plans}
     * @throws IllegalArgumentException if there is no region
     */
    public static PriceFeed awsSavingsPlans(Set<Region> regions) {
        return new AwsSavingsPlans(regions);
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @param regions whose files are read
     * @return the feed {@code aws-savings-plans}
     * @throws IllegalArgumentException if there is no region
     */
    public static PriceFeed awsSavingsPlans(URI base, Set<Region> regions) {
        return new AwsSavingsPlans(new FeedHost(base), regions);
    }

    /**
     * Azure on demand, spot, savings plans and reservations, Linux, in every region that the catalog knows.
     *
     * @return the feed {@code azure}
     */
    public static PriceFeed azure() {
        return new AzureRetailPrices();
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @return the feed {@code azure}
     */
    public static PriceFeed azure(URI base) {
        return new AzureRetailPrices(new FeedHost(base));
    }

    /**
     * Oracle's public price list.
     *
     * @return the feed {@code oci}
     */
    public static PriceFeed oracle() {
        return new OraclePriceList();
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @return the feed {@code oci}
     */
    public static PriceFeed oracle(URI base) {
        return new OraclePriceList(new FeedHost(base));
    }

    /**
     * RunPod, secure and community cloud.
     *
     * @return the feed {@code runpod}
     */
    public static PriceFeed runPod() {
        return new RunPod();
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @return the feed {@code runpod}
     */
    public static PriceFeed runPod(URI base) {
        return new RunPod(new FeedHost(base));
    }

    /**
     * Vast.ai: the middle of what verified machines are offered at.
     *
     * @return the feed {@code vast}
     */
    public static PriceFeed vast() {
        return new VastMarket();
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @return the feed {@code vast}
     */
    public static PriceFeed vast(URI base) {
        return new VastMarket(new FeedHost(base));
    }

    /**
     * Google Cloud: machines, put together from the prices of their parts, on demand, spot and committed.
     *
     * @param key gives the API key each time it is needed; it is sent in a header, and neither kept nor logged
     * @return the feed {@code gcp}
     */
    public static PriceFeed gcp(Supplier<String> key) {
        return new GcpBilling(Objects.requireNonNull(key, "key"));
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @param key gives the API key each time it is needed
     * @return the feed {@code gcp}
     */
    public static PriceFeed gcp(URI base, Supplier<String> key) {
        return new GcpBilling(new FeedHost(base), Objects.requireNonNull(key, "key"));
    }

    /**
     * Lambda.
     *
     * @param key gives the API key each time it is needed; it is sent in a header, and neither kept nor logged
     * @return the feed {@code lambda}
     */
    public static PriceFeed lambda(Supplier<String> key) {
        return new LambdaCloud(Objects.requireNonNull(key, "key"));
    }

    /**
     * The same from another address, such as a mirror.
     *
     * @param base where its paths begin; https, or this machine
     * @param key gives the API key each time it is needed
     * @return the feed {@code lambda}
     */
    public static PriceFeed lambda(URI base, Supplier<String> key) {
        return new LambdaCloud(new FeedHost(base), Objects.requireNonNull(key, "key"));
    }
}
