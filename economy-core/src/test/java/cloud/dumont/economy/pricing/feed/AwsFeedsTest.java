package cloud.dumont.economy.pricing.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.provider.Region;
import de.siegmar.fastcsv.reader.CsvParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's lists, and the prices in them that look like the one that is wanted. */
class AwsFeedsTest {

    private static final Region VIRGINIA = Region.of("us-east-1");

    private static Tally.Kept<FeedPrice> page(String document) throws IOException {
        return AwsPricingPage.parse(Feeds.in(document), VIRGINIA, "US East (N. Virginia)", Feeds.input());
    }

    private static Tally.Kept<FeedPrice> offers(String products, String onDemand, String reserved) throws IOException {
        return AwsOffers.json(Feeds.in(Feeds.offers(products, onDemand, reserved)), VIRGINIA, Feeds.input());
    }

    @Test
    void page_givesWhatHasGpus() throws IOException {
        Tally.Kept<FeedPrice> kept = page(Feeds.page(
                Feeds.pageEntry("p5.48xlarge", "55.0400000000", ",\"vCPU\":\"192\""),
                Feeds.pageEntry("m5.large", "0.096", "").replace("GPU instance", "General purpose"),
                Feeds.pageEntry("p99.48xlarge", "55.04", "")));

        assertThat(Feeds.words(kept.entries())).containsExactly(Map.entry("p5.48xlarge us-east-1 ON_DEMAND", "55.04"));
        assertThat(kept.read()).isEqualTo(3);
        assertThat(kept.dropped())
                .containsOnly(Map.entry("no GPU", 1L), Map.entry("GPU type that the catalog does not know", 1L));
        assertThat(kept.entries().get(0).revision()).isEqualTo("2026-11-27T17:45:21Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"Operating System\":\"Linux\"' | '\"Operating System\":\"Windows\"' | not Linux",
                "'\"Pre Installed S/W\":\"NA\"' | '\"Pre Installed S/W\":\"SQL Web\"' | with software",
                "No License required | Bring your own license | with a licence",
                "'\"Location\":\"US East (N. Virginia)\"' | '\"Location\":\"US East (Ohio)\"' | of another region",
                "'\"price\":\"55.04\"' | '\"price\":\"0.0000000000\"' | price is 0: not offered, or not charged here",
                "'\"price\":\"55.04\"' | '\"price\":\"N/A\"' | price is no number of dollars an hour",
                "'\"price\":\"55.04\"' | '\"price\":\"1E+999999999\"' | price is no number of dollars an hour",
                "'\"vCPU\":\"192\"' | '\"vCPU\":\"96\"' | described otherwise than it is known"
            })
    void page_leavesOutWhatIsSomethingElse(String was, String is, String reason) throws IOException {
        String entry = Feeds.pageEntry("p5.48xlarge", "55.04", ",\"vCPU\":\"192\"");
        assertThat(page(Feeds.page(entry)).entries()).hasSize(1);

        Tally.Kept<FeedPrice> kept = page(Feeds.page(entry.replace(was, is)));

        assertThat(kept.entries()).isEmpty();
        assertThat(kept.dropped()).containsOnly(Map.entry(reason, 1L));
    }

    /** One type with two prices: neither can be trusted. */
    @Test
    void twoPricesForOneType_areNone() throws IOException {
        Tally.Kept<FeedPrice> kept = page(Feeds.page(
                Feeds.pageEntry("p5.48xlarge", "55.04", ""),
                Feeds.pageEntry("p5.48xlarge", "60.54", ",\"a\":\"b\""),
                Feeds.pageEntry("g5.xlarge", "1.006", "")));

        assertThat(kept.entries())
                .extracting(price -> price.spec().instanceType().name())
                .containsExactly("g5.xlarge");
        assertThat(kept.dropped()).containsEntry("two prices for one type", 2L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "{\"regions\":[]}",
                "{\"regions\":{\"a\":1}}",
                "{\"manifest\":{\"currencyCode\":\"EUR\"},\"regions\":{}}",
                "{\"regions\":{},\"regions\":{}}",
                "{\"regions\":{}} {}"
            })
    void page_ofAnotherShape_isNone(String document) {
        assertThatThrownBy(() -> page(document)).isInstanceOfAny(IllegalArgumentException.class, IOException.class);
    }

    /** AWS writes regions of Europe in two ways. */
    @Test
    void page_isAskedForUnderBothNamesOfARegion() {
        try (FeedStub seller = new FeedStub()) {
            String path = "/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel/Europe (Paris)"
                    + "/Linux/index.json";
            seller.answers(
                    path,
                    Feeds.page(Feeds.pageEntry("g4dn.xlarge", "0.615", ""))
                            .replace("US East (N. Virginia)", "Europe (Paris)"));

            List<FeedPart> parts = new AwsPricingPage(seller.host()).read(Feeds.input());

            assertThat(parts)
                    .filteredOn(part -> part.failure().isEmpty())
                    .singleElement()
                    .satisfies(part -> assertThat(Feeds.words(part.prices()))
                            .containsExactly(Map.entry("g4dn.xlarge eu-west-3 ON_DEMAND", "0.615")));
            assertThat(parts).hasSizeGreaterThan(20);
        }
    }

    /** A seller who is not there is not asked for thirty regions. */
    @Test
    void page_ofASellerWhoIsNotThere_isAskedForOnce() {
        try (FeedStub seller = new FeedStub()) {
            List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
            String path = "/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel/Africa (Cape Town)"
                    + "/Linux/index.json";
            seller.on(path, exchange -> {
                asked.add("x");
                FeedStub.send(exchange, 503, new byte[0]);
            });

            List<FeedPart> parts = new AwsPricingPage(seller.host()).read(Feeds.input());

            assertThat(parts).allMatch(part -> part.failure().isPresent());
            assertThat(seller.asked()).hasSize(1);
        }
    }

    @Test
    void offers_giveOnDemandAndReserved() throws IOException {
        String reserved = "\"A\":{"
                + String.join(
                        ",",
                        Feeds.reservation("1", "1yr", "standard", "All Upfront", "0", "350400"),
                        Feeds.reservation("2", "1yr", "standard", "No Upfront", "41.28", ""),
                        Feeds.reservation("3", "1yr", "convertible", "No Upfront", "45", ""),
                        Feeds.reservation("4", "3yr", "standard", "Partial Upfront", "12.5", "262800"))
                + "}";

        Tally.Kept<FeedPrice> kept =
                offers(Feeds.product("A", "p5.48xlarge", Map.of()), Feeds.onDemand("A", "55.0400000000"), reserved);

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("p5.48xlarge us-east-1 ON_DEMAND", "55.04"),
                        Map.entry("p5.48xlarge us-east-1 RESERVED_1Y", "41.28"),
                        Map.entry("p5.48xlarge us-east-1 RESERVED_3Y", "22.5")); // 12.5 + 262,800 over 26,280 hours
        assertThat(kept.entries())
                .allSatisfy(price -> assertThat(price.revision()).isEqualTo("20261127000000"))
                .allSatisfy(
                        price -> assertThat(price.since()).contains(java.time.Instant.parse("2026-11-01T00:00:00Z")));
    }

    /** The hourly part of it is 0 by right; the sum with its fee is the price. */
    @Test
    void reservationPaidInAdvance_isSpreadOverItsTerm() throws IOException {
        Tally.Kept<FeedPrice> kept = offers(
                Feeds.product("A", "p5.48xlarge", Map.of()),
                "",
                "\"A\":{" + Feeds.reservation("1", "1yr", "standard", "All Upfront", "0.0000000000", "350400") + "}");

        assertThat(Feeds.words(kept.entries())).containsExactly(Map.entry("p5.48xlarge us-east-1 RESERVED_1Y", "40"));
    }

    /** Without its fee, a reservation would look like a gift. */
    @Test
    void reservationWithoutItsFee_isNone() throws IOException {
        Tally.Kept<FeedPrice> kept = offers(
                Feeds.product("A", "p5.48xlarge", Map.of()),
                "",
                "\"A\":{" + Feeds.reservation("1", "1yr", "standard", "Partial Upfront", "20", "") + "}");

        assertThat(kept.entries()).isEmpty();
        assertThat(kept.dropped()).containsEntry("a reservation without one of its parts", 1L);
    }

    /** Everything that shares the type of the price that is wanted, each with another price. */
    @ParameterizedTest
    @CsvSource({
        "operation, RunInstances:CB, of a capacity block",
        "marketoption, CapacityBlock, of a capacity block",
        "capacitystatus, AllocatedCapacityReservation, of a capacity reservation",
        "capacitystatus, UnusedCapacityReservation, of a capacity reservation",
        "usagetype, UnusedBox:p5.48xlarge, of another kind of usage",
        "usagetype, BoxUsage:p5.4xlarge, of another kind of usage",
        "tenancy, Dedicated, not on shared hardware",
        "tenancy, Host, not on shared hardware",
        "licenseModel, Bring your own license, with a licence",
        "preInstalledSw, SQL Ent, with software",
        "operation, RunInstances:0202, with software",
        "operatingSystem, Windows, not Linux",
        "operatingSystem, RHEL, not Linux",
        "operatingSystem, Red Hat Enterprise Linux with HA, not Linux",
        "regionCode, us-east-2, 'of another region, or of a zone outside it'",
        "locationType, AWS Local Zone, 'of another region, or of a zone outside it'",
        "gpu, 4, described otherwise than it is known"
    })
    void offers_leaveOutWhatSharesTheType(String attribute, String value, String reason) throws IOException {
        Tally.Kept<FeedPrice> kept = offers(
                Feeds.product("A", "p5.48xlarge", Map.of()) + ","
                        + Feeds.product("B", "p5.48xlarge", Map.of(attribute, value)),
                Feeds.onDemand("A", "55.04") + "," + Feeds.onDemand("B", "1.23"),
                "");

        assertThat(Feeds.words(kept.entries())).containsExactly(Map.entry("p5.48xlarge us-east-1 ON_DEMAND", "55.04"));
        assertThat(kept.dropped()).containsOnly(Map.entry(reason, 1L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"terms\":{\"OnDemand\":{}},\"products\":{}}",
                "{\"products\":{}}",
                "{\"products\":{},\"products\":{},\"terms\":{}}",
                "{\"products\":[],\"terms\":{}}",
                "[]"
            })
    void offers_ofAnotherShape_areNone(String document) {
        assertThatThrownBy(() -> AwsOffers.json(Feeds.in(document), VIRGINIA, Feeds.input()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static final String HEADER = """
            "FormatVersion","v1.0"
            "Disclaimer","x"
            "Publication Date","2026-11-27T00:00:00Z"
            "Version","20261127000000"
            "OfferCode","AmazonEC2"
            "SKU","OfferTermCode","TermType","EffectiveDate","Unit","PricePerUnit","Currency","LeaseContractLength",\
            "PurchaseOption","OfferingClass","Product Family","Location Type","Instance Type","Tenancy","Operating System",\
            "License Model","usageType","operation","CapacityStatus","GPU","MarketOption","Pre Installed S/W","Region Code"
            """;

    static String csvRow(String term, String unit, String usd, String lease) {
        return "\"A\",\"T\",\"" + term + "\",\"2026-11-01\",\"" + unit + "\",\"" + usd + "\",\"USD\"," + lease
                + ",\"Compute Instance\",\"AWS Region\",\"p5.48xlarge\",\"Shared\",\"Linux\",\"No License required\","
                + "\"BoxUsage:p5.48xlarge\",\"RunInstances\",\"Used\",\"8\",\"OnDemand\",\"NA\",\"us-east-1\"\n";
    }

    /** The two formats say the same; a reservation with a fee is two rows of the CSV file. */
    @Test
    void offersAsCsv_giveTheSame() throws IOException {
        String partial = "\"1yr\",\"Partial Upfront\",\"standard\"";
        String csv = HEADER
                + csvRow("OnDemand", "Hrs", "55.0400000000", ",,")
                + csvRow("Reserved", "Quantity", "175200", partial)
                + csvRow("Reserved", "Hrs", "20.5000000000", partial);

        Tally.Kept<FeedPrice> kept = AwsOffers.csv(Feeds.in(csv), VIRGINIA, Feeds.input());

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("p5.48xlarge us-east-1 ON_DEMAND", "55.04"),
                        Map.entry("p5.48xlarge us-east-1 RESERVED_1Y", "40.5"));
        assertThat(kept.read()).isEqualTo(3);
        assertThat(kept.entries())
                .allSatisfy(price -> assertThat(price.revision()).isEqualTo("20261127000000"));
    }

    @Test
    void offersAsCsv_withoutAColumn_sayWhich() {
        String csv = HEADER.replace("\"Tenancy\"", "\"Tenure\"") + csvRow("OnDemand", "Hrs", "55.04", ",,");

        assertThatThrownBy(() -> AwsOffers.csv(Feeds.in(csv), VIRGINIA, Feeds.input()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Tenancy");
    }

    /** A region is read again only when there is another file. */
    @ParameterizedTest
    @ValueSource(strings = {"JSON", "CSV"})
    void offers_areReadOncePerPublication(PriceFeeds.OfferFormat format) {
        try (FeedStub seller = new FeedStub()) {
            seller.answers("/offers/v1.0/aws/AmazonEC2/current/region_index.json", index("20261127000000"));
            seller.answers(
                    "/offers/v1.0/aws/AmazonEC2/20261127000000/us-east-1/index.json",
                    Feeds.offers(Feeds.product("A", "p5.48xlarge", Map.of()), Feeds.onDemand("A", "55.04"), ""));
            seller.answers(
                    "/offers/v1.0/aws/AmazonEC2/20261127000000/us-east-1/index.csv",
                    HEADER + csvRow("OnDemand", "Hrs", "55.04", ",,"));
            PriceFeed feed = PriceFeeds.awsOffers(seller.base(), Set.of(VIRGINIA), format);
            FeedInput input = Feeds.input();

            feed.read(input);
            List<FeedPart> again = feed.read(input);

            assertThat(again).singleElement().satisfies(part -> {
                assertThat(part.unchanged()).isTrue();
                assertThat(part.prices()).hasSize(1);
            });
            assertThat(seller.asked()).hasSize(3); // the index twice
        }
    }

    private static String index(String version) {
        return "{\"regions\":{\"us-east-1\":{\"regionCode\":\"us-east-1\",\"currentVersionUrl\":\"/offers/v1.0/aws/AmazonEC2/"
                + version + "/us-east-1/index.json\"}}}";
    }

    @Test
    void offersOfARegionThatAwsDoesNotHave_sayWhichThereAre() {
        try (FeedStub seller = new FeedStub()) {
            seller.answers("/offers/v1.0/aws/AmazonEC2/current/region_index.json", index("1"));

            List<FeedPart> parts = PriceFeeds.awsOffers(
                            seller.base(), Set.of(Region.of("us-east-9")), PriceFeeds.OfferFormat.CSV)
                    .read(Feeds.input());

            assertThat(parts)
                    .singleElement()
                    .satisfies(part -> assertThat(part.failure().orElseThrow())
                            .hasMessageContaining("us-east-9")
                            .hasMessageContaining("us-east-1"));
        }
    }

    private static final String PLANS = """
            FormatVersion,v1.0
            Disclaimer,x
            Publication Date,2026-11-27T00:00:00Z
            Version,20261127000000
            OfferCode,AmazonComputeSavingsPlan
            SKU,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedServiceCode,DiscountedUsageType,DiscountedOperation,PurchaseOption,\
            LeaseContractLength,LeaseContractLengthUnit,Product Family,DiscountedRegionCode
            """;

    private static final String PLAN =
            "X,Hrs,2026-11-05T18:51:13Z,33.5,USD,AmazonEC2,BoxUsage:p5.48xlarge,RunInstances,No Upfront,3,year,ComputeSavingsPlans,us-east-1\n";

    private static Tally.Kept<FeedPrice> plans(String rows) throws IOException {
        return AwsSavingsPlans.parse(Feeds.in(PLANS + rows), VIRGINIA, Feeds.input());
    }

    @Test
    void savingsPlans_areByTheHour() throws IOException {
        Tally.Kept<FeedPrice> kept =
                plans(PLAN + PLAN.replace(",3,year", ",1,year").replace("33.5", "44.5"));

        assertThat(Feeds.words(kept.entries()))
                .containsOnly(
                        Map.entry("p5.48xlarge us-east-1 SAVINGS_PLAN_3Y", "33.5"),
                        Map.entry("p5.48xlarge us-east-1 SAVINGS_PLAN_1Y", "44.5"));
        assertThat(kept.entries())
                .allSatisfy(price -> assertThat(price.revision()).isEqualTo("20261127000000"));
    }

    @ParameterizedTest
    @CsvSource({
        "ComputeSavingsPlans, EC2InstanceSavingsPlans, a plan of another kind",
        "No Upfront, All Upfront, a plan of another kind",
        "'RunInstances,', 'RunInstances:0010,', 'not Linux, or with software'",
        "BoxUsage, DedicatedUsage, no machine on shared hardware",
        "AmazonEC2, AmazonECS, no machine on shared hardware",
        "us-east-1, us-east-1-mia-1, 'of another region, or of a zone outside it'",
        "USD, CNY, not in USD by the hour",
        "33.5, 0, 'price is 0: not offered, or not charged here'",
        "p5.48xlarge, m5.large, 'no GPU, or a GPU type that the catalog does not know'"
    })
    void savingsPlans_ofOtherKinds_areLeftOut(String was, String is, String reason) throws IOException {
        assertThat(PLAN).contains(was);

        Tally.Kept<FeedPrice> kept = plans(PLAN.replace(was, is));

        assertThat(kept.entries()).isEmpty();
        assertThat(kept.dropped()).containsOnly(Map.entry(reason, 1L));
    }

    /** Its index is a list, where that of the offers is a map. */
    @Test
    void savingsPlans_areReadByRegion() {
        try (FeedStub seller = new FeedStub()) {
            seller.answers(
                    "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json",
                    "{\"regions\":[{\"regionCode\":\"us-east-1\",\"versionUrl\":\"/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/1/us-east-1/index.json\"}]}");
            seller.answers("/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/1/us-east-1/index.csv", PLANS + PLAN);

            List<FeedPart> parts =
                    PriceFeeds.awsSavingsPlans(seller.base(), Set.of(VIRGINIA)).read(Feeds.input());

            assertThat(parts)
                    .singleElement()
                    .satisfies(part -> assertThat(part.prices()).hasSize(1));
        }
    }

    /** A quotation that never ends, other encodings, and bytes changed by chance. */
    @Test
    void hostileCsv_isRefusedOrRead() {
        String good = HEADER + csvRow("OnDemand", "Hrs", "55.04", ",,");
        assertThatThrownBy(() -> AwsOffers.csv(Feeds.in(good + "\"" + "x".repeat(40_000_000)), VIRGINIA, Feeds.input()))
                .isInstanceOf(CsvParseException.class);
        assertThatThrownBy(() -> AwsOffers.csv(
                        new ByteArrayInputStream((good + "\"\u00DCx\"").getBytes(StandardCharsets.ISO_8859_1)),
                        VIRGINIA,
                        Feeds.input()))
                .hasRootCauseInstanceOf(CharacterCodingException.class);
        long seed = Long.getLong("seed", 20261128);
        Random random = new Random(seed);
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = bytes.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                changed[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                AwsOffers.csv(new ByteArrayInputStream(changed), VIRGINIA, Feeds.input());
            } catch (IOException | IllegalArgumentException | UncheckedIOException | CsvParseException e) {
                continue; // as it should be
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", change " + i, e);
            }
        }
    }
}
