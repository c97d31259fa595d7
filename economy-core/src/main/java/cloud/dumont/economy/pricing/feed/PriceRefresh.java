package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.EconomyException;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.source.PriceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads price feeds and puts what they say into a store of prices, after the checks of an import: what is absurd is held back, and the last good
 * price stays. A place, that is a provider's region, is taken as a whole or not at all.
 *
 * <p>An {@code Economy} that is given one does this on a schedule; a command line does it once. This class is thread-safe; feeds may be read at
 * the same time, and change the store one after another.
 */
public final class PriceRefresh {

    /** How often each feed is read unless another interval is set. */
    public static final Duration INTERVAL = Duration.ofHours(6);

    /** From which age on a second reading confirms a held price, unless another is set: an error that is soon mended never counts. */
    public static final Duration CONFIRMED_AFTER = Duration.ofHours(5);

    private static final Logger LOG = LoggerFactory.getLogger(PriceRefresh.class);

    private final Map<String, PriceFeed> feeds;
    private final Duration interval;
    private final Duration confirmedAfter;
    private final FeedClient client;
    private final Consumer<RefreshReport> listener;

    /** Feeds that could not be read the last time. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private PriceRefresh(Builder builder) {
        feeds = Map.copyOf(builder.feeds);
        interval = builder.interval;
        confirmedAfter = builder.confirmedAfter;
        client = Objects.requireNonNullElseGet(builder.client, FeedClient::create);
        listener = builder.listener;
    }

    /**
     * Starts to put one together.
     *
     * @return a builder without feeds
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The names of the feeds.
     *
     * @return in the order of their names
     */
    public List<String> feeds() {
        return feeds.keySet().stream().sorted().toList();
    }

    /**
     * How often each feed is to be read.
     *
     * @return the interval
     */
    public Duration interval() {
        return interval;
    }

    /**
     * Reads one feed now. Takes as long as the feed does; the store is changed at the end, in one step.
     *
     * @param feed one of {@link #feeds()}
     * @param store what is changed
     * @param gpus the models that GPU names are looked up in
     * @param time the time
     * @return what came of it, also where the feed could not be read
     * @throws IllegalArgumentException if there is no such feed; the message has those there are
     * @throws EconomyException if the store fails
     */
    public RefreshReport refresh(String feed, PriceStore store, GpuCatalog gpus, InstantSource time) {
        PriceFeed chosen = feeds.get(feed);
        if (chosen == null) {
            throw new IllegalArgumentException("there is no feed '" + feed + "' here; there are " + feeds());
        }
        Instant begun = time.instant();
        RefreshReport report = refreshed(chosen, begun, store, gpus, time);
        log(report);
        listener.accept(report);
        return report;
    }

    private RefreshReport refreshed(
            PriceFeed feed, Instant begun, PriceStore store, GpuCatalog gpus, InstantSource time) {
        List<FeedPart> parts;
        try {
            parts = feed.read(new FeedInput(store.load(), gpus, client, begun));
        } catch (FeedException e) {
            parts = List.of(FeedPart.failed("all", e));
        }
        FeedJudgement judgement = new FeedJudgement(feed.name(), parts, gpus, begun, confirmedAfter);
        if (parts.stream().anyMatch(part -> part.failure().isEmpty())) {
            store.update(judgement::apply);
        } else {
            judgement.nothingRead(store.held());
        }
        return judgement.report(Duration.between(begun, time.instant()));
    }

    /** A network that is away is said once, not once for each feed and each try. */
    private void log(RefreshReport report) {
        Optional<FeedException> failure = report.failure();
        if (failure.isPresent()) {
            boolean wasWell = failing.isEmpty();
            boolean isNews = failing.add(report.feed());
            boolean isAway = failure.get().kind() == FeedException.Kind.UNREACHABLE;
            LOG.atLevel((isAway ? wasWell : isNews) ? Level.INFO : Level.DEBUG)
                    .log(
                            "price feed '{}' cannot be read, the last good prices stay: {}",
                            report.feed(),
                            failure.get().getMessage());
        } else {
            failing.remove(report.feed());
        }
        if (report.kept() > 0) {
            LOG.info("{}", report);
        }
        report.held().stream()
                .filter(held -> held.since().equals(report.at()))
                .forEach(held -> LOG.warn("price held, the last good one stays: {}", held.reason()));
    }

    /** Puts a refresh together. Not thread-safe. */
    public static final class Builder {

        private final Map<String, PriceFeed> feeds = new LinkedHashMap<>();
        private Duration interval = INTERVAL;
        private Duration confirmedAfter = CONFIRMED_AFTER;
        private @Nullable FeedClient client;
        private Consumer<RefreshReport> listener = report -> {};

        private Builder() {}

        /**
         * Adds feeds.
         *
         * @param added feeds, each with a name of its own
         * @return this builder
         * @throws IllegalArgumentException if two have the same name
         */
        public Builder feeds(List<PriceFeed> added) {
            added.forEach(this::feed);
            return this;
        }

        /**
         * Adds a feed.
         *
         * @param added a feed with a name of its own
         * @return this builder
         * @throws IllegalArgumentException if there is one of that name
         */
        public Builder feed(PriceFeed added) {
            if (feeds.putIfAbsent(added.name(), added) != null) {
                throw new IllegalArgumentException(
                        "there is a feed '" + added.name() + "' already; give each one once");
            }
            return this;
        }

        /**
         * How often each feed is read; {@link #INTERVAL} unless set. One that cannot be reached is tried again sooner.
         *
         * @param between one minute to 30 days
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder every(Duration between) {
            if (between.compareTo(Duration.ofMinutes(1)) < 0 || between.compareTo(Duration.ofDays(30)) > 0) {
                throw new IllegalArgumentException(
                        "price feeds are read every minute at most and every 30 days at least, not every " + between);
            }
            interval = between;
            return this;
        }

        /**
         * From which age on a second reading confirms a held price; {@link #CONFIRMED_AFTER} unless set.
         *
         * @param age zero or longer; zero takes any second reading
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder confirmedAfter(Duration age) {
            if (age.isNegative()) {
                throw new IllegalArgumentException("a held price is confirmed after zero or more, not after " + age);
            }
            confirmedAfter = age;
            return this;
        }

        /**
         * What asks the sellers; the JDK's client unless set.
         *
         * @param asking the client
         * @return this builder
         */
        public Builder client(FeedClient asking) {
            client = Objects.requireNonNull(asking, "asking");
            return this;
        }

        /**
         * What hears of each reading; nothing unless set.
         *
         * @param hearing called after each reading, in its thread
         * @return this builder
         */
        public Builder listener(Consumer<RefreshReport> hearing) {
            listener = Objects.requireNonNull(hearing, "hearing");
            return this;
        }

        /**
         * The refresh. Building it asks nobody.
         *
         * @return a refresh of these feeds
         * @throws IllegalStateException if there is no feed
         */
        public PriceRefresh build() {
            if (feeds.isEmpty()) {
                throw new IllegalStateException(
                        "which prices are to be refreshed? give a feed, such as those of PriceFeeds.withoutKeys()");
            }
            return new PriceRefresh(this);
        }
    }
}
