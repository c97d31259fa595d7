package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.gpu.GpuCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Azure's list, in which a price with Windows and an expired one look like the one that is wanted. */
class AzureRetailPricesTest {

    private static final String H100 = "Standard_ND96isr_H100_v5";
    private static final String ITEM = Feeds.item(H100, "eastus", "98.32", "");

    private static Tally.Kept<FeedPrice> read(String... items) throws IOException {
        return readAt(Feeds.NOW, items);
    }

    private static Tally.Kept<FeedPrice> readAt(Instant now, String... items) throws IOException {
        return AzureRetailPrices.inForce(
                List.of(AzureRetailPrices.page(Feeds.in(Feeds.items(items)), Optional.empty(), Feeds.input())), now);
    }

    @Test
    void plainMachine_isOnDemand() throws IOException {
        Tally.Kept<FeedPrice> kept = read(ITEM);

        assertThat(Feeds.words(kept.entries())).containsExactly(Map.entry(H100 + " eastus ON_DEMAND", "98.32"));
        assertThat(kept.entries().get(0).since()).contains(Instant.parse("2026-11-01T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Virtual Machines N Series | Virtual Machines N Series Windows | with Windows",
                "Virtual Machines N Series | N Series Win | with Windows",
                "Virtual Machines N Series | N Series Cloud Services | of Cloud Services",
                "Virtual Machines N Series | N Series CloudServices | of Cloud Services",
                "Virtual Machines N Series | N Series Dedicated Host | of a dedicated host",
                "'\"meterName\":\"N\"' | '\"meterName\":\"N Low Priority\"' | low priority: Batch, which is retired",
                "'\"skuName\":\"N\"' | '\"skuName\":\"N Low Priority\"' | low priority: Batch, which is retired",
                "'\"type\":\"Consumption\"' | '\"type\":\"DevTestConsumption\"' | of another kind: dev/test, or unknown",
                "1 Hour | 1/Day | not by the hour",
                "'\"tierMinimumUnits\":0.0' | '\"tierMinimumUnits\":100.0' | for more than so many hours",
                "'\"currencyCode\":\"USD\"' | '\"currencyCode\":\"EUR\"' | not in USD",
                "'\"retailPrice\":98.32' | '\"retailPrice\":0.0' | price is 0: not offered, or not charged here",
                "Standard_ND96isr_H100_v5 | Standard_ND999_v9 | GPU type that the catalog does not know",
                "Standard_ND96isr_H100_v5 | Dasv4_Type1 | no GPU",
                "2026-11-01T00:00:00Z | yesterday | a field is not what it should be",
                "'\"tierMinimumUnits\":0.0' | '\"effectiveEndDate\":\"2026-10-01T00:00:00Z\"' | ends before it begins"
            })
    void whatSharesTheType_isLeftOut(String was, String is, String reason) throws IOException {
        assertThat(ITEM).contains(was);

        Tally.Kept<FeedPrice> kept = read(ITEM.replace(was, is));

        assertThat(kept.entries()).isEmpty();
        assertThat(kept.dropped()).containsOnly(Map.entry(reason, 1L));
    }

    /** Some names of Linux machines say so. */
    @Test
    void linuxByName_isLinux() throws IOException {
        assertThat(read(ITEM.replace("N Series", "N Series Linux")).entries()).hasSize(1);
    }

    @Test
    void spot_isTold() throws IOException {
        assertThat(Feeds.words(read(ITEM.replace("\"skuName\":\"N\"", "\"skuName\":\"N Spot\"")
                                .replace("98.32", "18.17"))
                        .entries()))
                .containsExactly(Map.entry(H100 + " eastus SPOT", "18.17"));
    }

    @Test
    void savingsPlans_areByTheHour() throws IOException {
        String item = ITEM.replace(
                "\"isPrimary",
                "\"savingsPlan\":[{\"unitPrice\":44.1,\"retailPrice\":44.1,\"term\":\"3 Years\"},"
                        + "{\"unitPrice\":66.2,\"retailPrice\":66.2,\"term\":\"1 Year\"},"
                        + "{\"unitPrice\":1,\"retailPrice\":1,\"term\":\"5 Years\"}],\"isPrimary");

        assertThat(Feeds.words(read(item).entries()))
                .containsOnly(
                        Map.entry(H100 + " eastus ON_DEMAND", "98.32"),
                        Map.entry(H100 + " eastus SAVINGS_PLAN_1Y", "66.2"),
                        Map.entry(H100 + " eastus SAVINGS_PLAN_3Y", "44.1"));
    }

    /** Its unit says an hour; its price is for all of them. */
    @ParameterizedTest
    @CsvSource({"1 Year, 551880, RESERVED_1Y, 63", "3 Years, 1156320, RESERVED_3Y, 44"})
    void reservation_isForItsWholeTerm(String term, String price, String option, String hourly) throws IOException {
        String item = ITEM.replace(
                        "\"type\":\"Consumption\"", "\"type\":\"Reservation\",\"reservationTerm\":\"" + term + "\"")
                .replace("98.32", price);

        assertThat(Feeds.words(read(item).entries())).containsExactly(Map.entry(H100 + " eastus " + option, hourly));
    }

    @Test
    void reservationOfAnotherLength_isLeftOut() throws IOException {
        String item =
                ITEM.replace("\"type\":\"Consumption\"", "\"type\":\"Reservation\",\"reservationTerm\":\"5 Years\"");

        assertThat(read(item).dropped()).containsOnly(Map.entry("a reservation of another length", 1L));
    }

    private static String from(String start, String end, String usd) {
        return Feeds.item(H100, "eastus", usd, start)
                .replace("2026-11-01T00:00:00Z", start)
                .replace(
                        "\"meterName\"",
                        (end.isEmpty() ? "" : "\"effectiveEndDate\":\"" + end + "\",") + "\"meterName\"");
    }

    /** At the change of a month the price that ends and the one that begins are listed together; the end is a minute early. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-30T23:58:00Z, 13.5",
        "2026-11-30T23:59:30Z, 13.5",
        "2026-12-01T00:00:00Z, 15.1",
        "2026-12-02T00:00:00Z, 15.1"
    })
    void monthChange_hasOnePriceAtAnyMoment(Instant now, String usd) throws IOException {
        Tally.Kept<FeedPrice> kept = readAt(
                now,
                from("2026-11-01T00:00:00Z", "2026-11-30T23:59:00Z", "13.5"),
                from("2026-12-01T00:00:00Z", "", "15.1"));

        assertThat(Feeds.words(kept.entries())).containsExactly(Map.entry(H100 + " eastus ON_DEMAND", usd));
        assertThat(kept.dropped().values()).containsExactly(1L);
    }

    @Test
    void announcedPrice_isNotInForce() throws IOException {
        Tally.Kept<FeedPrice> kept = read(from("2027-01-01T00:00:00Z", "", "15.1"));

        assertThat(kept.entries()).isEmpty();
        assertThat(kept.dropped()).containsOnly(Map.entry("announced, not in force yet", 1L));
    }

    /** The primary meter counts before another; another counts where there is none. */
    @Test
    void primaryMeter_comesFirst() throws IOException {
        String other = Feeds.item(H100, "eastus", "90", "other").replace("Region\":true", "Region\":false");

        assertThat(Feeds.words(read(other, ITEM).entries())).containsValue("98.32");
        assertThat(Feeds.words(read(other).entries())).containsValue("90");
    }

    /** Pages are no snapshot. */
    @Test
    void itemOnTwoPages_isOne() throws IOException {
        Tally.Kept<FeedPrice> kept = read(ITEM, ITEM);

        assertThat(kept.entries()).hasSize(1);
        assertThat(kept.dropped()).containsOnly(Map.entry("said twice", 1L));
    }

    /** Of Azure's regions it knows one. */
    private static FeedInput onlyEastUs() {
        return new FeedInput(Feeds.SMALL, GpuCatalog.bundled(), FeedClientTest.client(), Feeds.NOW);
    }

    private static void pages(FeedStub seller, String first, String second) {
        seller.on("/api/retail/prices", exchange -> {
            boolean isSecond = exchange.getRequestURI().toString().contains("skip");
            FeedStub.send(exchange, 200, (isSecond ? second : first).getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void pages_areFollowedToTheEnd() {
        try (FeedStub seller = new FeedStub()) {
            String next = "\"NextPageLink\":\"" + seller.base() + "/api/retail/prices?$skip=1000\"";
            pages(
                    seller,
                    Feeds.items(ITEM).replace("\"NextPageLink\":null", next),
                    Feeds.items(Feeds.item("Standard_NC24ads_A100_v4", "eastus", "3.673", "")));

            List<FeedPart> parts = new AzureRetailPrices(seller.host()).read(onlyEastUs());

            assertThat(parts)
                    .singleElement()
                    .satisfies(part -> assertThat(part.prices()).hasSize(2));
            assertThat(seller.asked().get(0)).contains("api-version=2023-01-01-preview", "eastus", "Standard_N");
        }
    }

    @ParameterizedTest
    @CsvSource({"https://prices.example.com/api/retail/prices?$skip=1000, link to another place", "'', lead back"})
    void pagesThatLeadElsewhereOrNowhere_areNoList(String link, String words) {
        try (FeedStub seller = new FeedStub()) {
            String next = "\"NextPageLink\":\""
                    + (link.isEmpty() ? seller.base() + "/api/retail/prices?$skip=1000" : link) + "\"";
            String page = Feeds.items(ITEM).replace("\"NextPageLink\":null", next);
            pages(seller, page, page);

            List<FeedPart> parts = new AzureRetailPrices(seller.host()).read(onlyEastUs());

            assertThat(parts).singleElement().satisfies(part -> {
                assertThat(part.prices()).isEmpty();
                assertThat(part.failure().orElseThrow()).hasMessageContaining(words);
            });
        }
    }

    @Test
    void pagesWithoutAnEnd_end() {
        try (FeedStub seller = new FeedStub()) {
            AtomicInteger page = new AtomicInteger();
            seller.on("/api/retail/prices", exchange -> {
                String next = "\"NextPageLink\":\"" + seller.base() + "/api/retail/prices?$skip="
                        + page.incrementAndGet() + "\"";
                FeedStub.send(
                        exchange,
                        200,
                        Feeds.items(ITEM).replace("\"NextPageLink\":null", next).getBytes(StandardCharsets.UTF_8));
            });

            List<FeedPart> parts = new AzureRetailPrices(seller.host()).read(onlyEastUs());

            assertThat(parts.get(0).failure().orElseThrow().kind()).isEqualTo(FeedException.Kind.TOO_LARGE);
            assertThat(seller.asked()).hasSize(200);
        }
    }

    /** A page that fails takes its whole region with it: half a region is no region. */
    @Test
    void pageThatFails_takesItsRegionWithIt() {
        try (FeedStub seller = new FeedStub()) {
            String next = "\"NextPageLink\":\"" + seller.base() + "/api/retail/prices?$skip=1000\"";
            pages(seller, Feeds.items(ITEM).replace("\"NextPageLink\":null", next), "{\"Items\":[");

            List<FeedPart> parts = new AzureRetailPrices(seller.host()).read(onlyEastUs());

            assertThat(parts).singleElement().satisfies(part -> {
                assertThat(part.prices()).isEmpty();
                assertThat(part.failure()).isPresent();
            });
        }
    }

    @Test
    void answerWithoutItems_isNone() {
        assertThatThrownBy(() -> AzureRetailPrices.page(Feeds.in("{\"Count\":0}"), Optional.empty(), Feeds.input()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Items");
    }
}
