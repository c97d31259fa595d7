package cloud.dumont.economy.pricing;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.testing.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceCatalogTest {

    private static final Sku T4 = sku("us-east-1", "g4dn.xlarge");

    private static Sku sku(String region, String type) {
        return new Sku(Provider.AWS, Region.of(region), InstanceType.of(type), PurchaseOption.ON_DEMAND);
    }

    private static PriceRow t4(String usd, String from) {
        return row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", usd, Instant.parse(from));
    }

    private static PriceRow t4(String usd) {
        return t4(usd, "2026-01-01T00:00:00Z");
    }

    @Nested
    class History {

        private final PriceCatalog catalog = PriceCatalog.of(List.of(
                t4("0.50", "2026-03-01T00:00:00Z"),
                t4("0.40", "2026-01-01T00:00:00Z"),
                t4("0.60", "2026-05-01T00:00:00Z")));

        @ParameterizedTest
        @CsvSource({
            "2020-01-01T00:00:00Z, 0.40", // before the first known price: that first price
            "2025-12-31T23:59:59Z, 0.40",
            "2026-01-01T00:00:00Z, 0.40",
            "2026-02-28T23:59:59Z, 0.40",
            "2026-02-28T23:59:59.999Z, 0.40",
            "2026-03-01T00:00:00Z, 0.50",
            "2026-04-30T23:59:59Z, 0.50",
            "2026-05-01T00:00:00Z, 0.60",
            "2099-01-01T00:00:00Z, 0.60"
        })
        void price_anyMoment_isTheOneInEffectThen(Instant at, String usd) {
            assertThat(catalog.price(T4, at).rate()).isEqualTo(HourlyRate.usd(usd));
        }

        @Test
        void history_prices_areNewestFirstWithoutGaps() {
            PriceHistory history = catalog.history(T4).orElseThrow();

            assertThat(history.prices())
                    .extracting(ListPrice::effectiveFrom)
                    .containsExactly(
                            Instant.parse("2026-05-01T00:00:00Z"),
                            Instant.parse("2026-03-01T00:00:00Z"),
                            Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(history.prices())
                    .extracting(ListPrice::effectiveUntil)
                    .containsExactly(
                            Optional.empty(),
                            Optional.of(Instant.parse("2026-05-01T00:00:00Z")),
                            Optional.of(Instant.parse("2026-03-01T00:00:00Z")));
            assertThat(history.latest().rate()).isEqualTo(HourlyRate.usd("0.60"));
            assertThat(history.first().rate()).isEqualTo(HourlyRate.usd("0.40"));
        }

        @Test
        void history_unknownSku_isAbsent() {
            assertThat(catalog.history(sku("us-east-2", "g4dn.xlarge"))).isEmpty();
            assertThat(catalog.history(sku("us-east-1", "g4dn.metal"))).isEmpty();
            assertThat(catalog.history(
                            new Sku(Provider.of("nobody"), T4.region(), T4.instanceType(), T4.purchaseOption())))
                    .isEmpty();
            assertThat(catalog.history(new Sku(Provider.AWS, T4.region(), T4.instanceType(), PurchaseOption.SPOT)))
                    .isEmpty();
        }

        @Test
        void of_samePriceReadAgain_keepsItsFirstDayAndTakesTheNewerSource() {
            PriceCatalog read = PriceCatalog.of(List.of(
                    Prices.readOn(LocalDate.of(2026, 1, 2), t4("0.40", "2026-01-01T00:00:00Z")),
                    Prices.readOn(LocalDate.of(2026, 3, 2), t4("0.40", "2026-03-01T00:00:00Z")),
                    Prices.readOn(LocalDate.of(2026, 2, 2), t4("0.40", "2026-02-01T00:00:00Z"))));

            assertThat(read.history(T4).orElseThrow().prices()).singleElement().satisfies(price -> {
                assertThat(price.effectiveFrom()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
                assertThat(price.effectiveUntil()).isEmpty();
                assertThat(price.provenance().readOn()).contains(LocalDate.of(2026, 3, 2));
            });
        }

        @Test
        void of_priceThatWentUpAndCameBack_staysThreePrices() {
            PriceCatalog read = PriceCatalog.of(List.of(
                    t4("0.40", "2026-01-01T00:00:00Z"),
                    t4("0.50", "2026-02-01T00:00:00Z"),
                    t4("0.40", "2026-03-01T00:00:00Z")));

            assertThat(read.history(T4).orElseThrow().prices()).hasSize(3);
        }

        @Test
        void of_rowsInAnyOrder_areOneCatalog() {
            PriceCatalog other = PriceCatalog.of(List.of(
                    t4("0.60", "2026-05-01T00:00:00Z"),
                    t4("0.40", "2026-01-01T00:00:00Z"),
                    t4("0.50", "2026-03-01T00:00:00Z"),
                    t4("0.50", "2026-03-01T00:00:00Z")));

            assertThat(other.version()).isEqualTo(catalog.version()).matches("[0-9a-f]{32}");
            assertThat(other.offers())
                    .containsExactlyElementsOf(catalog.offers().toList());
        }

        @Test
        void version_otherFacts_isAnother() {
            assertThat(PriceCatalog.of(List.of(t4("0.40"))).version())
                    .isNotEqualTo(PriceCatalog.of(List.of(t4("0.41"))).version());
        }

        @Test
        void newestReadOn_prices_isTheLatestDay() {
            assertThat(PriceCatalog.of(List.of(
                                    Prices.readOn(LocalDate.of(2026, 1, 2), t4("0.40", "2026-01-01T00:00:00Z")),
                                    Prices.readOn(LocalDate.of(2025, 3, 2), t4("0.50", "2026-03-01T00:00:00Z"))))
                            .newestReadOn())
                    .contains(LocalDate.of(2026, 1, 2));
            assertThat(PriceCatalog.of(List.of()).newestReadOn()).isEmpty();
        }
    }

    @Nested
    class Contradictions {

        @Test
        void of_twoPricesAtOnce_isRefusedAndNamesBoth() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PriceCatalog.of(List.of(t4("0.40"), t4("0.41"))))
                    .withMessageContaining(T4.toString())
                    .withMessageContaining("0.4 USD/h")
                    .withMessageContaining("0.41 USD/h");
        }

        @Test
        void of_twoPricesInOneSecond_isRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PriceCatalog.of(
                            List.of(t4("0.40", "2026-01-01T00:00:00.100Z"), t4("0.41", "2026-01-01T00:00:00.200Z"))))
                    .withMessageContaining(T4.toString());
        }

        @Test
        void of_oneTypeDescribedTwice_isRefusedAndNamesBoth() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PriceCatalog.of(
                            List.of(t4("0.40"), row(Provider.AWS, "us-east-2", "g4dn.xlarge", "T4", "2", "0.40"))))
                    .withMessageContaining("AWS g4dn.xlarge is described twice");
        }

        @Test
        void of_sameSpecWrittenDifferently_isNoContradiction() {
            PriceRow plain = withMemory("320");
            PriceRow decimal = withMemory("320.0");
            PriceRow elsewhere = new PriceRow(
                    decimal.spec(),
                    Region.of("us-east-2"),
                    decimal.purchaseOption(),
                    decimal.rate(),
                    decimal.effectiveFrom(),
                    decimal.provenance());

            assertThat(PriceCatalog.of(List.of(plain, elsewhere)).size()).isEqualTo(2);
        }

        /** To merge new rows into a catalog, its own offers are rows again. */
        @Test
        void of_rowsAndWhatACatalogMadeOfThem_isNoContradiction() {
            PriceRow row = withMemory("320");
            Offer offer = PriceCatalog.of(List.of(row)).offers().findFirst().orElseThrow();
            PriceRow again = new PriceRow(
                    offer.spec(),
                    Region.of("us-east-2"),
                    row.purchaseOption(),
                    row.rate(),
                    row.effectiveFrom(),
                    row.provenance());

            assertThat(PriceCatalog.of(List.of(row, again)).size()).isEqualTo(2);
        }

        private static PriceRow withMemory(String gib) {
            PriceRow row = t4("0.40");
            return new PriceRow(
                    new InstanceSpec(
                            row.spec().provider(),
                            row.spec().instanceType(),
                            row.spec().gpuModel(),
                            row.spec().gpuCount(),
                            Optional.of(new BigDecimal("16")),
                            Optional.of(4),
                            Optional.of(new BigDecimal(gib))),
                    row.region(),
                    row.purchaseOption(),
                    row.rate(),
                    row.effectiveFrom(),
                    row.provenance());
        }

        /** The file keeps thousandths of a GiB; what it cannot keep is refused, by name. */
        @ParameterizedTest
        @ValueSource(strings = {"0.3333", "1e10", "-1"})
        void of_memoryThatTheFileCannotKeep_isRefusedAndNamed(String gib) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PriceCatalog.of(List.of(withMemory(gib))))
                    .withMessageContaining("g4dn.xlarge");
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-0.40"})
        void of_priceNotAboveZero_isRefusedAndNamed(String usd) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PriceCatalog.of(List.of(t4(usd))))
                    .withMessageContaining(T4.toString());
        }

        @Test
        void of_sameFactTwice_isOne() {
            assertThat(PriceCatalog.of(List.of(t4("0.40"), t4("0.40"))).size()).isEqualTo(1);
        }
    }

    @Nested
    class NotFound {

        private final PriceCatalog catalog = PriceCatalog.of(List.of(
                t4("0.40"),
                row(Provider.AWS, "us-west-2", "p4d.24xlarge", "A100 SXM 40GB", "8", "22"),
                row(Provider.GCP, "us-central1", "g2-standard-4", "L4", "1", "0.7")));

        private void assertNotFound(Sku sku, String... named) {
            assertThatThrownBy(() -> catalog.price(sku, Instant.EPOCH))
                    .isInstanceOf(PriceNotFoundException.class)
                    .hasMessageContainingAll(named);
        }

        @Test
        void price_unknownProvider_namesThoseKnown() {
            assertNotFound(
                    new Sku(Provider.of("acme"), T4.region(), T4.instanceType(), T4.purchaseOption()),
                    "unknown provider 'ACME'",
                    "AWS, GCP");
        }

        @Test
        void price_unknownType_namesThoseOfTheProvider() {
            assertNotFound(
                    sku("us-east-1", "g2-standard-4"),
                    "unknown instance type 'g2-standard-4' of AWS",
                    "g4dn.xlarge, p4d.24xlarge");
        }

        @Test
        void price_unknownRegion_namesWhereTheTypeIsKnown() {
            assertNotFound(
                    sku("mars-1", "g4dn.xlarge"),
                    "unknown region 'mars-1' of AWS",
                    "with g4dn.xlarge known: us-east-1");
        }

        /** Ninety names help nobody who has mistyped one. */
        @Test
        void price_unknownTypeOfMany_namesTheFewThatComeNearest() {
            PriceCatalog bundled = PriceSource.bundled().load();

            assertThatThrownBy(() -> bundled.price(sku("us-east-1", "p5.48large"), Instant.MAX))
                    .isInstanceOf(PriceNotFoundException.class)
                    .hasMessageMatching("unknown instance type 'p5.48large' of AWS; nearest of \\d+: p5.48xlarge, .*")
                    .satisfies(e -> assertThat(e.getMessage().split(", ")).hasSize(5));
            assertThatThrownBy(() -> bundled.checkRegion(Provider.AWS, Region.of("us-east-11")))
                    .hasMessageContaining("nearest of")
                    .hasMessageContaining(": us-east-1, ");
        }

        @Test
        void price_notSoldThereOrUnderTheseTerms_namesWhereAndHowItIs() {
            assertNotFound(
                    sku("us-west-2", "g4dn.xlarge"),
                    "no ON_DEMAND price",
                    "g4dn.xlarge in us-west-2",
                    "us-east-1 ON_DEMAND");
            assertNotFound(
                    new Sku(Provider.AWS, T4.region(), T4.instanceType(), PurchaseOption.SPOT),
                    "no SPOT price",
                    "us-east-1 ON_DEMAND");
        }
    }

    @Nested
    class Rules {

        private Optional<Offer.Scope> scope(Provider provider, String region, String type) {
            return PriceCatalog.of(List.of(row(provider, region, type, "H100 SXM 80GB", "8", "50")))
                    .offers(provider)
                    .findFirst()
                    .orElseThrow()
                    .restriction()
                    .map(Offer.Restriction::scope);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "us-gov-west-1",
                    "us-gov-east-1",
                    "cn-north-1",
                    "cn-northwest-1",
                    "us-east-1-bos-1a",
                    "us-west-2-lax-1",
                    "us-west-2-lax-1b",
                    "us-east-1-wl1-atl-wlz-1"
                })
        void restriction_awsRegionsOfTheirOwnKind_areRestrictedRegions(String region) {
            assertThat(scope(Provider.AWS, region, "p5.48xlarge")).contains(Offer.Scope.REGION);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"us-east-1", "ap-southeast-2", "eu-central-1", "me-south-1", "ca-west-1", "il-central-1"})
        void restriction_awsOrdinaryRegions_areOpen(String region) {
            assertThat(scope(Provider.AWS, region, "p5.48xlarge")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"usgovvirginia", "usgovarizona", "usdodeast", "chinaeast2", "chinanorth3"})
        void restriction_azureRegionsOfTheirOwnKind_areRestrictedRegions(String region) {
            assertThat(scope(Provider.AZURE, region, "Standard_ND96isr_H100_v5"))
                    .contains(Offer.Scope.REGION);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Standard_ND96is_H100_v5",
                    "Standard_ND96isf_H100_v5",
                    "Standard_ND96is_flex_H100_v5",
                    "Standard_ND96is_noIB_H100_v5",
                    "Standard_ND96isrf_H100_v5",
                    "Standard_NC128ds_xl_RTXPRO6000BSE_v6"
                })
        void restriction_azureInternalTypes_areRestrictedTypes(String type) {
            assertThat(scope(Provider.AZURE, "eastus", type)).contains(Offer.Scope.TYPE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Standard_ND96isr_H100_v5",
                    "Standard_NC40ads_H100_v5",
                    "Standard_ND96amsr_A100_v4",
                    "Standard_NV36ads_A10_v5"
                })
        void restriction_azureOrdinaryTypes_areOpen(String type) {
            assertThat(scope(Provider.AZURE, "eastus", type)).isEmpty();
        }

        @Test
        void restriction_rulesOfOneProvider_doNotBindAnother() {
            assertThat(scope(Provider.GCP, "us-gov-west-1", "Standard_ND96is_H100_v5"))
                    .isEmpty();
            assertThat(scope(Provider.AWS, "chinaeast2", "Standard_ND96is_H100_v5"))
                    .isEmpty();
        }

        @Test
        void referenceRegion_ofEachCloud_isTheOneItQuotesFirst() {
            PriceCatalog catalog = PriceCatalog.of(List.of(
                    row(Provider.AWS, "eu-west-1", "a", "T4", "1", "1"),
                    row(Provider.GCP, "europe-west1", "a", "T4", "1", "1"),
                    row(Provider.AZURE, "westeurope", "a", "T4", "1", "1"),
                    row(Provider.of("flat"), "global", "a", "T4", "1", "1"),
                    row(Provider.of("small"), "paris", "a", "T4", "1", "1")));

            assertThat(catalog.referenceRegion(Provider.AWS)).contains(Region.of("us-east-1"));
            assertThat(catalog.referenceRegion(Provider.GCP)).contains(Region.of("us-central1"));
            assertThat(catalog.referenceRegion(Provider.AZURE)).contains(Region.of("eastus"));
            assertThat(catalog.referenceRegion(Provider.of("flat"))).contains(Region.GLOBAL);
            assertThat(catalog.referenceRegion(Provider.of("small"))).isEmpty();
            assertThat(catalog.referenceRegion(Provider.of("nobody"))).isEmpty();
        }

        @Test
        void billingRule_ofEachCloud_isAsPublished() {
            PriceCatalog catalog = PriceCatalog.of(List.of(
                    row(Provider.AWS, "eu-west-1", "a", "T4", "1", "1"),
                    row(Provider.GCP, "europe-west1", "a", "T4", "1", "1"),
                    row(Provider.AZURE, "westeurope", "a", "T4", "1", "1"),
                    row(Provider.of("small"), "paris", "a", "T4", "1", "1")));

            assertThat(catalog.billingRule(Provider.AWS))
                    .satisfies(rule -> assertThat(List.of(rule.minimumSeconds(), rule.incrementSeconds()))
                            .containsExactly(60, 1))
                    .satisfies(rule -> assertThat(rule.source()).contains("https://"));
            assertThat(catalog.billingRule(Provider.GCP).minimumSeconds()).isEqualTo(60);
            assertThat(List.of(
                            catalog.billingRule(Provider.AZURE).minimumSeconds(),
                            catalog.billingRule(Provider.AZURE).incrementSeconds()))
                    .containsExactly(0, 60);
            assertThat(catalog.billingRule(Provider.of("small"))).isEqualTo(BillingRule.PER_SECOND);
            assertThat(catalog.billingRule(Provider.of("nobody"))).isEqualTo(BillingRule.PER_SECOND);
        }
    }

    @Test
    void offers_all_areOrderedAndOfTheirProviderOnly() {
        List<PriceRow> rows = new ArrayList<>();
        for (String type : List.of("b", "a")) {
            for (String region : List.of("y", "x")) {
                rows.add(row(Provider.GCP, region, type, "T4", "1", "1"));
                rows.add(row(Provider.AWS, region, type, "T4", "1", "1"));
                rows.add(Prices.under(PurchaseOption.SPOT, row(Provider.AWS, region, type, "T4", "1", "1")));
            }
        }
        PriceCatalog catalog = PriceCatalog.of(rows);

        assertThat(catalog.offers(Provider.GCP).map(offer -> offer.sku().toString()))
                .containsExactly("GCP x a ON_DEMAND", "GCP y a ON_DEMAND", "GCP x b ON_DEMAND", "GCP y b ON_DEMAND");
        assertThat(catalog.offers().map(offer -> offer.sku().toString()))
                .startsWith("AWS x a ON_DEMAND", "AWS x a SPOT");
        assertThat(catalog.offers(Provider.of("nobody"))).isEmpty();
        assertThat(catalog.size()).isEqualTo(12);
        assertThat(catalog.providers()).containsExactly(Provider.AWS, Provider.GCP);
        assertThat(catalog.regions(Provider.AWS)).containsExactly(Region.of("x"), Region.of("y"));
        assertThat(catalog.regions(Provider.of("nobody"))).isEmpty();
        assertThat(catalog.instanceTypes(Provider.AWS)).containsExactly(InstanceType.of("a"), InstanceType.of("b"));
        assertThat(catalog.instanceTypes(Provider.of("nobody"))).isEmpty();
        assertThat(catalog.spec(Provider.AWS, InstanceType.of("a")))
                .contains(Prices.spec(Provider.AWS, "a", "T4", "1"));
        assertThat(catalog.spec(Provider.AWS, InstanceType.of("c"))).isEmpty();
        assertThat(catalog.spec(Provider.of("nobody"), InstanceType.of("a"))).isEmpty();
    }

    @Test
    void of_nothing_isAnEmptyCatalog() {
        PriceCatalog empty = PriceCatalog.of(List.of());

        assertThat(empty.size()).isZero();
        assertThat(empty.providers()).isEmpty();
        assertThat(empty.offers()).isEmpty();
    }
}
