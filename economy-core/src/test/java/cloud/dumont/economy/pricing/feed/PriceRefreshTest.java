package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.source.HeldPrice;
import cloud.dumont.economy.pricing.source.PriceStore;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a reading makes of the catalog: what may be true counts from when it was read, the rest waits, and nothing old is made to look new. */
class PriceRefreshTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);

    private final PriceStore store = PriceStore.inMemory(() -> Feeds.SMALL);
    private Instant now = Feeds.NOW;
    private List<FeedPart> answer = List.of();

    private final PriceRefresh refresh = PriceRefresh.builder()
            .feed(new PriceFeed() {
                @Override
                public String name() {
                    return "seller";
                }

                @Override
                public List<FeedPart> read(FeedInput input) {
                    return answer;
                }
            })
            .client(FeedClientTest.client())
            .confirmedAfter(Duration.ofHours(5))
            .build();

    private RefreshReport read(FeedPrice... prices) {
        answer = List.of(part(prices));
        return refresh.refresh("seller", store, GpuCatalog.bundled(), () -> now);
    }

    private static FeedPart part(FeedPrice... prices) {
        return new FeedPart("part", List.of(prices), prices.length, Map.of(), 0, false, Optional.empty());
    }

    private static FeedPrice price(String type, String region, PurchaseOption option, String usd, String since) {
        Provider provider = type.startsWith("Standard_") ? Provider.AZURE : Provider.AWS;
        return new FeedPrice(
                Feeds.BUNDLED.spec(provider, InstanceType.of(type)).orElseThrow(),
                Region.of(region),
                option,
                HourlyRate.usd(usd),
                Optional.of(since).filter(text -> !text.isEmpty()).map(Instant::parse),
                "seller.example",
                "list",
                "v1");
    }

    private static FeedPrice p5(String usd) {
        return price("p5.48xlarge", "us-east-1", PurchaseOption.ON_DEMAND, usd, "");
    }

    private static final Sku P5 =
            new Sku(Provider.AWS, Region.of("us-east-1"), InstanceType.of("p5.48xlarge"), PurchaseOption.ON_DEMAND);

    private ListPrice latest(Sku sku) {
        return store.load().history(sku).orElseThrow().latest();
    }

    private String usd(Sku sku) {
        return latest(sku).rate().toUsd().stripTrailingZeros().toPlainString();
    }

    @Test
    void changedPrice_countsFromWhenItWasRead() {
        String before = usd(P5);

        RefreshReport report = read(p5("50.1"));

        assertThat(report.changed()).isEqualTo(1);
        assertThat(usd(P5)).isEqualTo("50.1");
        assertThat(latest(P5).provenance().readOn()).contains(TODAY);
        assertThat(latest(P5).provenance().source()).isEqualTo("seller.example");
        assertThat(store.load()
                        .price(P5, Instant.parse("2026-09-01T00:00:00Z"))
                        .rate()
                        .toUsd())
                .isEqualByComparingTo(before);
    }

    /** Twice on one day, and back again: each counts from its own moment. */
    @Test
    void priceThatChangesWithinADay_isFollowed() {
        for (String usd : List.of("50.1", "52.5", "50.1", "50.1")) {
            now = now.plusSeconds(600);
            assertThat(read(p5(usd)).refused()).isEmpty();
            assertThat(usd(P5)).isEqualTo(usd);
        }
        assertThat(store.load().price(P5, Feeds.NOW.plusSeconds(1300)).rate().toUsd())
                .isEqualByComparingTo("52.5");
    }

    /** Two readings in one second, and a clock that was put back: the later reading counts, and an absurd one is held as ever. */
    @Test
    void readingsOfOneMoment_followOneAnother() {
        read(p5("50.1"));
        assertThat(read(p5("52.5")).refused()).isEmpty();
        assertThat(usd(P5)).isEqualTo("52.5");
        assertThat(read(p5("6.88")).held()).hasSize(1);

        now = now.minus(Duration.ofDays(3));
        assertThat(read(p5("51")).refused()).isEmpty();
        assertThat(usd(P5)).isEqualTo("51");
    }

    @Test
    void samePrice_isReadOnceMore() {
        String before = usd(P5);
        Instant since = latest(P5).effectiveFrom();

        RefreshReport report = read(p5(before));

        assertThat(report.unchanged()).isEqualTo(1);
        assertThat(latest(P5).effectiveFrom()).isEqualTo(since);
        assertThat(latest(P5).provenance().readOn()).contains(TODAY);
    }

    /** A feed that fails leaves everything as it was, with the days on which it was read. */
    @Test
    void failedReading_changesNothing_andMakesNothingNew() {
        String version = store.load().version();
        answer = List.of(FeedPart.failed("part", new FeedException(FeedException.Kind.UNREACHABLE, "no route")));

        RefreshReport report = refresh.refresh("seller", store, GpuCatalog.bundled(), () -> now);

        assertThat(store.load().version()).isEqualTo(version);
        assertThat(report.isComplete()).isFalse();
        assertThat(report.isWorthAnotherTry()).isTrue();
        assertThat(report.failures()).containsExactly(Map.entry("part", "no route"));
    }

    @Test
    void partThatFails_doesNotKeepTheOthersBack() {
        answer = List.of(
                FeedPart.failed("us-east-2", new FeedException(FeedException.Kind.MALFORMED, "no list")),
                part(p5("50.1")));

        RefreshReport report = refresh.refresh("seller", store, GpuCatalog.bundled(), () -> now);

        assertThat(usd(P5)).isEqualTo("50.1");
        assertThat(report.isWorthAnotherTry()).isFalse();
        assertThat(report.failures()).containsOnlyKeys("us-east-2");
    }

    /** Shapes of mistakes that feeds have really made; each keeps the last good price. */
    @ParameterizedTest
    @CsvSource({
        "p4d.24xlarge, us-east-1, 0.0320", // a meter of something else
        "p5.48xlarge, us-east-1, 6.88", // of one GPU
        "p5.48xlarge, us-east-1, 440.32", // of all GPUs, counted once more
        "g5.xlarge, us-east-1, 700.0", // a placeholder
        "p6-b200.48xlarge, us-east-1, 0.01",
        "Standard_ND96isr_H200_v5, eastus, 0.01",
        "Standard_NC24ads_A100_v4, eastus, 4.777", // with Windows: 24 vCPUs at 0.046
        "Standard_ND96isr_H100_v5, eastus, 12.29"
    })
    void absurdPrice_isHeld(String type, String region, String usd) {
        FeedPrice absurd = price(type, region, PurchaseOption.ON_DEMAND, usd, "");
        Optional<ListPrice> before = store.load().history(absurd.sku()).map(history -> history.latest());

        RefreshReport report = read(absurd);

        assertThat(report.held())
                .singleElement()
                .satisfies(held -> assertThat(held.row().rate()).isEqualTo(absurd.rate()));
        assertThat(store.load().history(absurd.sku()).map(history -> history.latest()))
                .isEqualTo(before);
        assertThat(report.changed() + report.added()).isZero();
    }

    /** One number over a family of different sizes. */
    @Test
    void onePriceForManySizes_isHeld() {
        RefreshReport report = read(
                price("g5.xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "3", ""),
                price("g5.12xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "3", ""),
                price("g5.48xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "3", ""));

        assertThat(report.held()).hasSize(3);
    }

    /** What AWS and Azure really did. */
    @ParameterizedTest
    @CsvSource({
        "p5.48xlarge, us-east-1, 98.32, 55.04",
        "p4d.24xlarge, us-east-1, 32.7726, 21.957642",
        "Standard_ND96isr_H100_v5, eastus, 98.32, 110"
    })
    void trueChange_countsAtOnce(String type, String region, String before, String after) {
        PriceStore old = PriceStore.inMemory(() ->
                cloud.dumont.economy.pricing.PriceCatalog.of(List.of(new cloud.dumont.economy.pricing.PriceRow(
                        price(type, region, PurchaseOption.ON_DEMAND, before, "")
                                .spec(),
                        Region.of(region),
                        PurchaseOption.ON_DEMAND,
                        HourlyRate.usd(before),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        new cloud.dumont.economy.pricing.Provenance("list", "", "", LocalDate.of(2026, 11, 1))))));
        FeedPrice changed = price(type, region, PurchaseOption.ON_DEMAND, after, "");
        answer = List.of(part(changed));

        RefreshReport report = refresh.refresh("seller", old, GpuCatalog.bundled(), () -> now);

        assertThat(report.held()).isEmpty();
        assertThat(old.load().history(changed.sku()).orElseThrow().latest().rate())
                .isEqualTo(changed.rate());
    }

    @Test
    void heldPrice_countsAfterASecondReading_fromTheFirst() {
        read(p5("6.88"));
        now = now.plus(Duration.ofHours(1));
        assertThat(read(p5("6.88")).held()).as("too soon").hasSize(1);
        now = now.plus(Duration.ofHours(5));

        RefreshReport report = read(p5("6.88"));

        assertThat(report.held()).isEmpty();
        assertThat(report.changed()).isEqualTo(1);
        assertThat(usd(P5)).isEqualTo("6.88");
        assertThat(latest(P5)
                        .window()
                        .map(window -> window.until())
                        .orElse(latest(P5).effectiveFrom()))
                .isEqualTo(Feeds.NOW);
    }

    /** Another absurd price is no confirmation of the first. */
    @Test
    void otherAbsurdPrice_waitsByItself() {
        read(p5("6.88"));
        now = now.plus(Duration.ofHours(6));

        assertThat(read(p5("3.44")).held())
                .singleElement()
                .satisfies(held -> assertThat(held.since()).isEqualTo(now));
    }

    /** A seller who mends the fault ends the wait. */
    @Test
    void goodPrice_endsTheWaitOfABadOne() {
        read(p5("6.88"));
        now = now.plus(Duration.ofHours(6));
        read(p5("55.04"));
        now = now.plus(Duration.ofHours(6));

        assertThat(read(p5("6.88")).held()).hasSize(1);
        assertThat(usd(P5)).isEqualTo("55.04");
    }

    @Test
    void acceptedPrice_counts() {
        read(p5("6.88"));

        store.update(kept -> kept.accept(held -> held.row().sku().equals(P5)));

        assertThat(usd(P5)).isEqualTo("6.88");
        assertThat(store.held()).isEmpty();
    }

    @Test
    void rejectedPrice_neverCounts_untilItIsAnother() {
        read(p5("6.88"));
        store.update(kept -> kept.reject(held -> true));
        now = now.plus(Duration.ofDays(3));

        RefreshReport report = read(p5("6.88"));

        assertThat(report.dropped()).containsEntry("rejected before", 1L);
        assertThat(usd(P5)).isNotEqualTo("6.88");
        assertThat(read(p5("50.1")).changed()).isEqualTo(1);
        assertThat(store.held()).isEmpty();
    }

    /** A stump of a region is no region. */
    @Test
    void placeOfWhichHalfIsMissing_isLeftOut() {
        read(
                p5("50.1"),
                price("g5.xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "1.006", ""),
                price("g5.2xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "1.212", ""),
                price("g5.4xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "1.624", ""),
                price("g5.8xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "2.448", ""));
        now = now.plus(Duration.ofHours(6));

        RefreshReport report = read(p5("51"));

        assertThat(usd(P5)).isEqualTo("50.1");
        assertThat(report.dropped()).containsEntry("of a place of which more than half is missing", 1L);
    }

    /** A seller's date is kept where it is news, and is not believed where it would rewrite what was seen. */
    @ParameterizedTest
    @CsvSource({"2026-11-25T00:00:00Z, 2026-11-25T00:00:00Z", "2020-01-01T00:00:00Z, 2026-11-28T12:00:00Z"})
    void dateOfASeller_isBelievedWhereItIsNews(String since, Instant counted) {
        read(price("p5.48xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "50.1", since));

        ListPrice price = latest(P5);
        assertThat(price.window().map(window -> window.until()).orElse(price.effectiveFrom()))
                .isEqualTo(counted);
    }

    /** A date in the future is not in force. */
    @Test
    void dateOfASeller_inTheFuture_isNot() {
        read(price("p5.48xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "50.1", "2027-01-01T00:00:00Z"));

        assertThat(latest(P5).effectiveFrom()).isBeforeOrEqualTo(now);
    }

    /** A machine that nobody has described before. */
    @Test
    void newMachine_comesIn() {
        InstanceSpec spec = new InstanceSpec(
                Provider.of("RUNPOD"),
                InstanceType.of("runpod-l4-secure"),
                Optional.of("L4"),
                Optional.of(GpuCount.ONE),
                Optional.of(new BigDecimal("24")),
                Optional.empty(),
                Optional.empty());

        RefreshReport report = read(new FeedPrice(
                spec,
                Region.GLOBAL,
                PurchaseOption.ON_DEMAND,
                HourlyRate.usd("0.43"),
                Optional.empty(),
                "api.runpod.io",
                "",
                ""));

        assertThat(report.added()).isEqualTo(1);
    }

    /** What is held is still held after a restart. */
    @Test
    void fileStore_keepsBoth(@TempDir Path folder) {
        Path file = folder.resolve("prices.catalog");
        PriceStore first = PriceStore.file(file, () -> Feeds.SMALL);
        answer = List.of(part(p5("6.88"), price("g5.xlarge", "us-east-1", PurchaseOption.ON_DEMAND, "1.1", "")));
        refresh.refresh("seller", first, GpuCatalog.bundled(), () -> now);

        PriceStore again = PriceStore.file(file, () -> {
            throw new AssertionError("the file is there");
        });

        assertThat(again.held()).isEqualTo(first.held()).hasSize(1);
        assertThat(again.load().version()).isEqualTo(first.load().version());
        again.update(kept -> kept.accept(held -> true));
        assertThat(again.held()).isEmpty();
        assertThat(again.load().history(P5).orElseThrow().latest().rate()).isEqualTo(HourlyRate.usd("6.88"));
    }

    @Test
    void report_saysAllInOneLine() {
        RefreshReport report = read(p5("50.1"));

        assertThat(report.toString())
                .startsWith("prices of 'seller': 1 entries read, 1 prices kept, 0 new, 1 changed")
                .doesNotContain("\n");
    }

    @Test
    void unknownFeed_saysWhichThereAre() {
        assertThatThrownBy(() -> refresh.refresh("sailor", store, GpuCatalog.bundled(), () -> now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sailor")
                .hasMessageContaining("seller");
    }

    @Test
    void heldPrice_isSaidWithItsReason() {
        HeldPrice held = read(p5("6.88")).held().get(0);

        assertThat(held.reason()).contains("p5.48xlarge", "1/8 of the last good price");
        assertThat(held.state()).isEqualTo(HeldPrice.State.WAITING);
    }
}
