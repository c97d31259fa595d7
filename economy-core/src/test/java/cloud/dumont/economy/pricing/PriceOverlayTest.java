package cloud.dumont.economy.pricing;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.testing.Prices;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceOverlayTest {

    private static final String HOME = "us-east-1";
    private static final PriceCatalog LIST = PriceCatalog.of(List.of(
            row(Provider.AWS, HOME, "p5.4xlarge", "H100 SXM 80GB", "1", "6.88"),
            row(Provider.AWS, HOME, "p5.48xlarge", "H100 SXM 80GB", "8", "98.32"),
            row(
                    Provider.AWS,
                    HOME,
                    "p5.48xlarge",
                    "H100 SXM 80GB",
                    "8",
                    "55.04",
                    Instant.parse("2026-06-05T00:00:00Z")),
            row(Provider.GCP, "us-central1", "a3-highgpu-1g", "H100 SXM 80GB", "1", "11.06")));

    private static Offer offer(PriceCatalog catalog, String type) {
        return catalog.offers()
                .filter(offer -> offer.sku().instanceType().name().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static PriceOverlay.Builder discount(OfferFilter which, String percent) {
        return PriceOverlay.builder().discount(which, new BigDecimal(percent), "contract");
    }

    @Test
    void discount_isSaidBesideTheListPriceNotTakenOffIt() {
        PriceCatalog catalog = LIST.with(discount(OfferFilter.of(Provider.AWS).withInstanceTypes("p5.*"), "45")
                .build());

        assertThat(offer(catalog, "p5.4xlarge").history().latest().rate()).isEqualTo(HourlyRate.usd("6.88"));
        assertThat(offer(catalog, "p5.4xlarge").negotiated())
                .contains(new NegotiatedDiscount(BigDecimal.valueOf(45), "contract"));
        assertThat(offer(catalog, "p5.48xlarge").negotiated()).isPresent();
        assertThat(offer(catalog, "a3-highgpu-1g").negotiated()).isEmpty();
    }

    @Test
    void ofSeveralDiscounts_theGreatestCounts() {
        PriceCatalog catalog = LIST.with(discount(OfferFilter.ALL, "5")
                .discount(OfferFilter.of(Provider.AWS), BigDecimal.TEN, "more")
                .build());

        assertThat(offer(catalog, "p5.4xlarge").negotiated().orElseThrow().reason())
                .isEqualTo("more");
        assertThat(offer(catalog, "a3-highgpu-1g").negotiated().orElseThrow().percent())
                .isEqualByComparingTo("5");
    }

    @Test
    void filter_asksForAllThatItNames() {
        Sku sku = new Sku(
                Provider.AWS,
                Region.of(HOME),
                offer(LIST, "p5.4xlarge").sku().instanceType(),
                PurchaseOption.ON_DEMAND);

        assertThat(OfferFilter.ALL.matches(sku)).isTrue();
        assertThat(OfferFilter.of(Provider.GCP).matches(sku)).isFalse();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5.4x*").matches(sku)).isTrue();
        assertThat(OfferFilter.ALL.withInstanceTypes("*xlarge").matches(sku)).isTrue();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5").matches(sku)).isFalse();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5*4*e").matches(sku)).isTrue();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5.4xlarge*").matches(sku))
                .isTrue();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5.4xl*xlarge").matches(sku))
                .isFalse();
        assertThat(OfferFilter.ALL.withInstanceTypes("*4*4*").matches(sku)).isFalse();
        assertThat(OfferFilter.ALL.withInstanceTypes("*".repeat(10_000)).matches(sku))
                .isTrue();
        assertThat(OfferFilter.ALL.withInstanceTypes("p5?4xlarge").matches(sku)).isFalse();
        assertThat(OfferFilter.ALL.withRegion(Region.of("eu-west-1")).matches(sku))
                .isFalse();
        assertThat(OfferFilter.ALL.withPurchaseOption(PurchaseOption.SPOT).matches(sku))
                .isFalse();
    }

    @Test
    void exclusion_staysInTheCatalogAndSaysWhy() {
        PriceCatalog catalog = LIST.with(PriceOverlay.builder()
                .exclude(OfferFilter.of(Provider.AWS).withInstanceTypes("p5.4xlarge"), "no quota")
                .build());

        assertThat(offer(catalog, "p5.4xlarge").restriction())
                .contains(new Offer.Restriction(Offer.Scope.TYPE, "no quota"));
        assertThat(catalog.size()).isEqualTo(LIST.size());
    }

    @Test
    void ownPrice_takesThePlaceOfTheListFromItsFirstDayOn() {
        PriceRow own = row(
                Provider.AWS, HOME, "p5.48xlarge", "H100 SXM 80GB", "8", "40", Instant.parse("2026-03-01T00:00:00Z"));
        PriceCatalog catalog = LIST.with(PriceOverlay.builder().price(own).build());

        assertThat(offer(catalog, "p5.48xlarge").history().prices())
                .extracting(price -> price.rate().toUsd().stripTrailingZeros().toPlainString())
                .containsExactly("40", "98.32");
        assertThat(offer(catalog, "p5.48xlarge").history().latest().trust()).isEqualTo(Trust.HOST);
        assertThat(offer(catalog, "p5.4xlarge").history().latest().trust()).isEqualTo(Trust.UNRATED);
    }

    /** The list goes on being read: that it still has its own price later is no contradiction. */
    @Test
    void ownPrice_countsFromItsFirstDayThoughTheListWasReadLater() {
        PriceRow seen = row(Provider.AWS, HOME, "p5.4xlarge", "H100 SXM 80GB", "1", "6.88");
        PriceCatalog list = PriceCatalog.of(List.of(PriceRow.seen(
                seen.spec(),
                seen.region(),
                seen.purchaseOption(),
                seen.rate(),
                LocalDate.of(2025, 5, 1),
                LocalDate.of(2026, 9, 29),
                seen.provenance())));
        Instant since = Instant.parse("2026-03-01T00:00:00Z");
        PriceCatalog catalog = list.with(PriceOverlay.builder()
                .price(row(Provider.AWS, HOME, "p5.4xlarge", "H100 SXM 80GB", "1", "4", since))
                .build());

        PriceHistory history = offer(catalog, "p5.4xlarge").history();
        assertThat(history.at(since).rate()).isEqualTo(HourlyRate.usd("4"));
        assertThat(history.at(since.minusSeconds(1)).rate()).isEqualTo(HourlyRate.usd("6.88"));
        assertThat(history.at(since).window()).isEmpty();
        assertThat(history.prices()).hasSize(2);
    }

    @Test
    void privateList_mayHoldWhatNoListHas() {
        Provider own = Provider.of("OUR-DATACENTRE");
        PriceCatalog catalog = LIST.with(PriceOverlay.builder()
                .prices(List.of(row(own, "berlin", "rack-8", "A100 SXM 80GB", "8", "9")))
                .build());

        assertThat(catalog.providers()).contains(own);
        assertThat(catalog.size()).isEqualTo(LIST.size() + 1);
    }

    @Test
    void version_isOfListAndOverlayTogether() {
        PriceOverlay overlay = discount(OfferFilter.ALL, "5").build();

        assertThat(LIST.with(overlay).version())
                .isEqualTo(LIST.with(discount(OfferFilter.ALL, "5.0").build()).version())
                .isNotEqualTo(LIST.version())
                .isNotEqualTo(LIST.with(discount(OfferFilter.ALL, "6").build()).version())
                .matches("[0-9a-f]{32}");
        assertThat(LIST.with(PriceOverlay.NONE)).isSameAs(LIST);
        assertThat(LIST.with(PriceOverlay.builder().build())).isSameAs(LIST);
    }

    @Test
    void overlaidCatalog_isNoListToWriteOrToLayAnotherOver() {
        PriceCatalog catalog = LIST.with(discount(OfferFilter.ALL, "5").build());

        assertThatThrownBy(() -> catalog.write(Path.of("never"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> catalog.with(discount(OfferFilter.ALL, "6").build()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void discount_outOfRange_isRefused() {
        for (String percent : List.of("-1", "100.5", "12.34567")) {
            assertThatThrownBy(() -> discount(OfferFilter.ALL, percent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(percent)
                    .hasMessageContaining("0 to 100 percent with at most 4 decimals");
        }
    }

    @Test
    void cheapestFirst_isByOneGpuLessWhatIsNegotiated() {
        PriceCatalog catalog =
                LIST.with(discount(OfferFilter.of(Provider.GCP), "50").build());

        assertThat(catalog.cheapestFirst("H100 SXM 80GB", PurchaseOption.ON_DEMAND, Instant.MAX))
                .extracting(offer -> offer.sku().instanceType().name())
                .containsExactly("a3-highgpu-1g", "p5.48xlarge", "p5.4xlarge"); // an eighth of 55.04 is 6.88, too
        assertThat(LIST.cheapestFirst("H100 SXM 80GB", PurchaseOption.ON_DEMAND, Prices.START))
                .extracting(offer ->
                        offer.usdPerGpuHour(Prices.START).stripTrailingZeros().toPlainString())
                .containsExactly("6.88", "11.06", "12.29");
        assertThat(LIST.cheapestFirst("T4", PurchaseOption.ON_DEMAND, Instant.MAX))
                .isEmpty();
    }

    @Test
    void changesSince_areWhatTheNewestPricesHaveNotInCommon() {
        PriceCatalog newer = PriceCatalog.of(List.of(
                row(Provider.AWS, HOME, "p5.4xlarge", "H100 SXM 80GB", "1", "5"),
                row(Provider.AWS, HOME, "p5.48xlarge", "H100 SXM 80GB", "8", "55.04"),
                row(Provider.AWS, HOME, "p6.48xlarge", "B200", "8", "113")));

        CatalogDiff diff = newer.changesSince(LIST);

        assertThat(diff.added())
                .extracting(price -> price.sku().instanceType().name())
                .containsExactly("p6.48xlarge");
        assertThat(diff.removed())
                .extracting(price -> price.sku().instanceType().name())
                .containsExactly("a3-highgpu-1g");
        assertThat(diff.changed()).singleElement().satisfies(change -> {
            assertThat(change.before().rate()).isEqualTo(HourlyRate.usd("6.88"));
            assertThat(change.after().rate()).isEqualTo(HourlyRate.usd("5"));
        });
        assertThat(newer.changesSince(newer).isEmpty()).isTrue();
        assertThat(Optional.of(diff).filter(CatalogDiff::isEmpty)).isEmpty();
    }

    /** Two overlays that read alike in words were one to the cache: an account got the prices of another. */
    @Test
    void with_reasonThatReadsLikeARule_isAnotherVersion() {
        OfferFilter p5 = OfferFilter.of(Provider.AWS).withInstanceTypes("p5.*");
        OfferFilter g5 = OfferFilter.of(Provider.AWS).withInstanceTypes("g5.*");
        NegotiatedDiscount half = new NegotiatedDiscount(new BigDecimal("50"), "b");
        PriceOverlay two = PriceOverlay.builder()
                .discount(p5, new BigDecimal("10"), "a")
                .discount(g5, half.percent(), half.reason())
                .build();
        String crafted = two.toString();
        int from = crafted.indexOf("reason=a") + "reason=".length();
        int to = crafted.indexOf("]]], exclusions");
        PriceOverlay one = PriceOverlay.builder()
                .discount(p5, new BigDecimal("10"), crafted.substring(from, to))
                .build();
        PriceCatalog list = PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "g5.xlarge", "A10G", "1", "1")));

        assertThat(one).hasToString(two.toString()).isNotEqualTo(two);
        assertThat(list.with(one).version()).isNotEqualTo(list.with(two).version());
    }
}
