package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.polling.testing.ManualPollScheduler;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.feed.FeedException;
import cloud.dumont.economy.pricing.feed.FeedInput;
import cloud.dumont.economy.pricing.feed.FeedPart;
import cloud.dumont.economy.pricing.feed.FeedPrice;
import cloud.dumont.economy.pricing.feed.PriceFeed;
import cloud.dumont.economy.pricing.feed.PriceRefresh;
import cloud.dumont.economy.pricing.feed.RefreshReport;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.pricing.source.PriceStore;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prices that are read on schedule, in virtual time. */
class EconomyPriceRefreshTest {

    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Sku P5 =
            new Sku(Provider.AWS, Region.of("us-east-1"), InstanceType.of("p5.48xlarge"), PurchaseOption.ON_DEMAND);

    /** What AWS sells in one region: enough to judge by, and soon judged. */
    private static final PriceCatalog SMALL = PriceCatalog.of(PriceSource.bundled()
            .load()
            .rows()
            .filter(row -> row.region().equals(Region.of("us-east-1")))
            .toList());

    private final ManualPollScheduler scheduler = new ManualPollScheduler();
    private final List<Instant> asked = new ArrayList<>();
    private String usd = "50.1";
    private Optional<FeedException> failure = Optional.empty();

    private final PriceFeed seller = new PriceFeed() {
        @Override
        public String name() {
            return "seller";
        }

        @Override
        public List<FeedPart> read(FeedInput input) {
            asked.add(input.now());
            if (failure.isPresent()) {
                throw failure.get();
            }
            FeedPrice price = new FeedPrice(
                    input.spec(Provider.AWS, "p5.48xlarge").orElseThrow(),
                    Region.of("us-east-1"),
                    PurchaseOption.ON_DEMAND,
                    HourlyRate.usd(usd),
                    Optional.empty(),
                    "seller.example",
                    "list",
                    "");
            return List.of(new FeedPart("all", List.of(price), 1, Map.of(), 10, false, Optional.empty()));
        }
    };

    /** Later than the bundled prices. */
    @BeforeEach
    void begin() {
        scheduler.pass(Duration.between(ManualPollScheduler.EPOCH, START));
    }

    private Economy economy(PriceSource prices) {
        return Economy.builder()
                .prices(prices)
                .refreshPrices(PriceRefresh.builder()
                        .feed(seller)
                        .every(Duration.ofHours(6))
                        .build())
                .scheduler(scheduler)
                .time(scheduler)
                .build();
    }

    private static String price(Economy economy) {
        return economy.catalog()
                .history(P5)
                .orElseThrow()
                .latest()
                .rate()
                .toUsd()
                .stripTrailingZeros()
                .toPlainString();
    }

    private void pass(Duration time) {
        scheduler.advance(time);
    }

    @Test
    void pricesAreReadAtTheStart_andOnSchedule() {
        try (Economy economy = economy(() -> SMALL).start()) {
            pass(Duration.ofSeconds(1));
            assertThat(price(economy)).isEqualTo("50.1");

            usd = "52.5";
            pass(Duration.ofHours(5));
            assertThat(price(economy)).isEqualTo("50.1");
            pass(Duration.ofHours(2));

            assertThat(price(economy)).isEqualTo("52.5");
            assertThat(economy.priceRefreshes())
                    .singleElement()
                    .extracting(RefreshReport::changed)
                    .isEqualTo(1L);
        }
        pass(Duration.ofDays(2));
        assertThat(asked).hasSize(2);
    }

    /** The network is away: the last good prices stay, the day on which they were read too, and the seller is asked again soon, but not often. */
    @Test
    void sellerWhoIsAway_isAskedAgainLaterAndLater() {
        failure = Optional.of(new FeedException(FeedException.Kind.UNREACHABLE, "no route"));
        try (Economy economy = economy(() -> SMALL).start()) {
            String version = economy.catalog().version();
            pass(Duration.ofHours(24));

            assertThat(economy.catalog().version()).isEqualTo(version);
            assertThat(asked.size()).isBetween(20, 80);
            assertThat(Duration.between(asked.get(0), asked.get(1))).isLessThanOrEqualTo(Duration.ofMinutes(1));
            assertThat(economy.priceRefreshes().get(0).isComplete()).isFalse();

            failure = Optional.empty();
            pass(Duration.ofHours(1).plusMinutes(1));
            assertThat(price(economy)).isEqualTo("50.1");
        }
    }

    /** What is wrong otherwise is not put right by asking again. */
    @Test
    void sellerWhoSendsNonsense_isAskedOnSchedule() {
        failure = Optional.of(new FeedException(FeedException.Kind.MALFORMED, "no list"));
        try (Economy economy = economy(() -> SMALL).start()) {
            pass(Duration.ofHours(24));

            assertThat(asked.size()).isBetween(4, 5);
            assertThat(economy.health().status()).isNotNull();
        }
    }

    /** A refresh goes into the host's store, and loading the prices again does not undo it. */
    @Test
    void acceptedPrices_stayInTheStore() {
        PriceStore store = PriceStore.inMemory(() -> SMALL);
        try (Economy economy = economy(store).start()) {
            pass(Duration.ofSeconds(1));
            economy.refreshPrices();
            assertThat(price(economy)).isEqualTo("50.1");
        }
        try (Economy economy = economy(store).start()) {
            assertThat(price(economy)).isEqualTo("50.1");
        }
    }

    @Test
    void withoutFeeds_nothingIsRead() {
        try (Economy economy = Economy.builder().scheduler(scheduler).build().start()) {
            pass(Duration.ofDays(1));

            assertThat(economy.priceRefreshes()).isEmpty();
            assertThat(asked).isEmpty();
        }
    }
}
