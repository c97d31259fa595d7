package cloud.dumont.economy.equivalence;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Small price lists, each made to show one step of the search. */
class StandardEquivalencePolicyTest {

    private static final String HOME = "us-east-1";
    private static final GpuCatalog GPUS = GpuCatalog.bundled();
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);

    private static PriceRow aws(String region, String type, String gpu, String count, String usd) {
        return row(Provider.AWS, region, type, gpu, count, usd);
    }

    private static Equivalent decide(List<PriceRow> rows, String gpu, String count, Baseline baseline) {
        return EquivalencePolicy.standard(GPUS)
                .decide(
                        PriceCatalog.of(rows),
                        new EquivalenceQuery(GPUS.resolve(gpu), GpuCount.parse(count), baseline));
    }

    private static Equivalent decide(String gpu, String count, PriceRow... rows) {
        return decide(List.of(rows), gpu, count, AWS);
    }

    private static void assertMatch(Equivalent equivalent, Tier tier, String type, String region, String usd) {
        assertThat(equivalent.tier()).as(equivalent.explanation()).isEqualTo(tier);
        Equivalent.Match match = equivalent.match().orElseThrow();
        assertThat(match.offer().sku().instanceType().name()).isEqualTo(type);
        assertThat(match.offer().sku().region()).isEqualTo(Region.of(region));
        assertThat(match.latestRate()).isEqualTo(HourlyRate.usd(usd));
    }

    @Nested
    class SearchOrder {

        private final PriceRow exactHome = aws(HOME, "exact", "T4", "1", "9");
        private final PriceRow shareHome = aws(HOME, "share", "T4", "8", "40");
        private final PriceRow variantHome = aws(HOME, "variant", "T4G", "1", "4");
        private final PriceRow exactElsewhere = aws("eu-west-1", "exact", "T4", "1", "1");
        private final PriceRow shareElsewhere = aws("eu-west-1", "share", "T4", "8", "4");
        private final PriceRow nearHome = aws(HOME, "near", "A10G", "1", "0.5");
        private final PriceRow nearShareHome = aws(HOME, "near8", "A10G", "8", "0.8");
        private final PriceRow nearElsewhere = aws("eu-west-1", "near", "A10G", "1", "0.1");

        @Test
        void exactCountAtHome_isFirstWhateverItCosts() {
            assertMatch(
                    decide(
                            "T4",
                            "1",
                            exactHome,
                            shareHome,
                            variantHome,
                            exactElsewhere,
                            shareElsewhere,
                            nearHome,
                            nearElsewhere),
                    Tier.LIKE_FOR_LIKE,
                    "exact",
                    HOME,
                    "9");
        }

        @Test
        void sharesAndVariantsAtHome_areSecondAndTheCheapestWins() {
            assertMatch(
                    decide("T4", "1", shareHome, variantHome, exactElsewhere, nearHome),
                    Tier.SAME_GPU,
                    "variant",
                    HOME,
                    "4");
            assertMatch(decide("T4", "1", shareHome, exactElsewhere, nearHome), Tier.SAME_GPU, "share", HOME, "5");
        }

        @Test
        void sameGpuElsewhere_isThirdAndTheRegionIsNamed() {
            Equivalent equivalent = decide("T4", "1", exactElsewhere, shareElsewhere, nearHome);

            assertMatch(equivalent, Tier.LIKE_FOR_LIKE, "exact", "eu-west-1", "1");
            assertThat(equivalent.explanation())
                    .contains("The catalog has no such price in us-east-1; eu-west-1 is the cheapest region.");
            assertMatch(decide("T4", "1", shareElsewhere, nearHome), Tier.SAME_GPU, "share", "eu-west-1", "0.5");
        }

        @Test
        void sameGpuElsewhere_theCheapestRegionWins() {
            assertMatch(
                    decide(
                            "T4",
                            "1",
                            aws("eu-west-1", "exact", "T4", "1", "1"),
                            aws("ap-south-1", "exact", "T4", "1", "0.9"),
                            aws("sa-east-1", "exact", "T4", "1", "1.1")),
                    Tier.LIKE_FOR_LIKE,
                    "exact",
                    "ap-south-1",
                    "0.9");
        }

        @Test
        void nearestAtHome_isFourthAndExactCountsComeBeforeShares() {
            assertMatch(decide("T4", "1", nearHome, nearShareHome, nearElsewhere), Tier.NEAREST, "near", HOME, "0.5");
            assertMatch(decide("T4", "1", nearShareHome, nearElsewhere), Tier.NEAREST, "near8", HOME, "0.1");
        }

        @Test
        void nearestElsewhere_isLast() {
            assertMatch(decide("T4", "1", nearElsewhere), Tier.NEAREST, "near", "eu-west-1", "0.1");
        }

        @Test
        void nothing_isNone() {
            Equivalent equivalent = decide("T4", "1", aws(HOME, "weak", "M60", "1", "0.1"));

            assertThat(equivalent.tier()).isEqualTo(Tier.NONE);
            assertThat(equivalent.match()).isEmpty();
            assertThat(equivalent.explanation())
                    .contains(
                            "The catalog has no price for T4 or a variant of it at AWS on demand",
                            "left out of the comparison");
        }

        @Test
        void namedRegion_isHome() {
            List<PriceRow> rows = List.of(exactHome, exactElsewhere);

            assertMatch(
                    decide(rows, "T4", "1", AWS.withRegion(Region.of("eu-west-1"))),
                    Tier.LIKE_FOR_LIKE,
                    "exact",
                    "eu-west-1",
                    "1");
        }

        @Test
        void otherProviders_areNeverLookedAt() {
            assertThat(decide(
                                    "T4",
                                    "1",
                                    row(Provider.GCP, HOME, "t4", "T4", "1", "1"),
                                    aws(HOME, "m60", "M60", "1", "1"))
                            .tier())
                    .isEqualTo(Tier.NONE);
        }

        @Test
        void otherPurchaseOptions_areNeverLookedAt() {
            List<PriceRow> rows = List.of(
                    Prices.under(PurchaseOption.SPOT, aws(HOME, "spot", "T4", "1", "0.1")),
                    Prices.under(PurchaseOption.CAPACITY_BLOCK, aws(HOME, "block", "T4", "1", "0.2")));

            assertThat(decide(rows, "T4", "1", AWS).tier()).isEqualTo(Tier.NONE);
            assertMatch(
                    decide(rows, "T4", "1", AWS.withPurchaseOption(PurchaseOption.SPOT)),
                    Tier.LIKE_FOR_LIKE,
                    "spot",
                    HOME,
                    "0.1");
        }
    }

    @Nested
    class Ties {

        @Test
        void equalRates_fewerGpusWin() {
            assertMatch(
                    decide("T4", "1", aws(HOME, "a", "T4", "8", "8"), aws(HOME, "b", "T4", "4", "4")),
                    Tier.SAME_GPU,
                    "b",
                    HOME,
                    "1");
        }

        @Test
        void equalRatesAndCounts_theTypesNameDecides() {
            assertMatch(
                    decide("T4", "1", aws(HOME, "b", "T4", "1", "1"), aws(HOME, "a", "T4", "1", "1")),
                    Tier.LIKE_FOR_LIKE,
                    "a",
                    HOME,
                    "1");
        }

        @Test
        void equalRatesCountsAndTypes_theRegionsNameDecides() {
            assertMatch(
                    decide("T4", "1", aws("eu-west-2", "a", "T4", "1", "1"), aws("eu-west-1", "a", "T4", "1", "1")),
                    Tier.LIKE_FOR_LIKE,
                    "a",
                    "eu-west-1",
                    "1");
        }
    }

    @Nested
    class Counts {

        @Test
        void moreThanAnyMachineHolds_severalOfTheLargest() {
            List<PriceRow> rows = List.of(aws(HOME, "one", "T4", "1", "0.1"), aws(HOME, "four", "T4", "4", "4"));

            assertMatch(decide(rows, "T4", "6", AWS), Tier.SAME_GPU, "four", HOME, "6");
            assertMatch(
                    decide(rows, "T4", "6", AWS.withSizing(Sizing.WHOLE_INSTANCE)), Tier.SAME_GPU, "four", HOME, "8");
        }

        @Test
        void smallerMachines_neverStandForABiggerInstance() {
            assertMatch(
                    decide("T4", "2", aws(HOME, "one", "T4", "1", "0.1"), aws(HOME, "four", "T4", "4", "4")),
                    Tier.SAME_GPU,
                    "four",
                    HOME,
                    "2");
        }

        @Test
        void wholeInstances_theCheapestWholeOneWins() {
            List<PriceRow> rows = List.of(aws(HOME, "four", "T4", "4", "4"), aws(HOME, "eight", "T4", "8", "6"));

            assertMatch(decide(rows, "T4", "2", AWS), Tier.SAME_GPU, "eight", HOME, "1.5");
            assertMatch(
                    decide(rows, "T4", "2", AWS.withSizing(Sizing.WHOLE_INSTANCE)), Tier.SAME_GPU, "four", HOME, "4");
        }

        @Test
        void partOfAGpu_comparesWithTheSameSliceLikeForLike() {
            assertMatch(
                    decide(
                            "A10",
                            "0.5",
                            aws(HOME, "slice", "A10", "1/2", "0.9"),
                            aws(HOME, "whole", "A10", "1", "1"),
                            aws(HOME, "third", "A10", "1/3", "0.01")),
                    Tier.LIKE_FOR_LIKE,
                    "slice",
                    HOME,
                    "0.9");
        }

        @Test
        void partOfAGpu_withoutSlices_isAShareOfAWholeOne() {
            for (Sizing sizing : Sizing.values()) {
                Equivalent equivalent =
                        decide(List.of(aws(HOME, "whole", "T4", "1", "1")), "T4", "0.46", AWS.withSizing(sizing));

                assertMatch(equivalent, Tier.SAME_GPU, "whole", HOME, "0.46");
                assertThat(equivalent.match().orElseThrow().sizing()).isEqualTo(Sizing.GPU_SHARE);
            }
        }

        @Test
        void partOfAGpu_onSlicesByWholeInstances_isWholeSlices() {
            assertMatch(
                    decide(
                            List.of(aws(HOME, "slice", "A10", "1/2", "0.9")),
                            "A10",
                            "0.4",
                            AWS.withSizing(Sizing.WHOLE_INSTANCE)),
                    Tier.SAME_GPU,
                    "slice",
                    HOME,
                    "0.9");
        }

        @Test
        void wholeGpu_neverComparesWithSlices() {
            assertThat(decide("A10", "1", aws(HOME, "slice", "A10", "1/2", "0.1"))
                            .tier())
                    .isEqualTo(Tier.NONE);
        }

        @Test
        void share_thatDoesNotDivide_roundsOnceHalfEven() {
            assertMatch(
                    decide("T4", "1", aws(HOME, "three", "T4", "3", "1")), Tier.SAME_GPU, "three", HOME, "0.333333333");
            assertMatch(
                    decide("T4", "2", aws(HOME, "three", "T4", "3", "1")), Tier.SAME_GPU, "three", HOME, "0.666666667");
        }

        @Test
        void machineOfUnknownCount_isNeverAnEquivalent() {
            assertThat(decide("T4", "1", aws(HOME, "unknown", "T4", "", "0.1")).tier())
                    .isEqualTo(Tier.NONE);
        }
    }

    @Nested
    class Nearest {

        @Test
        void anotherVendor_isNeverAnEquivalent() {
            Equivalent equivalent = decide(
                    "RTX 4090", "1", aws(HOME, "amd", "MI300X", "1", "0.01"), aws(HOME, "amd8", "MI300X", "8", "0.01"));

            assertThat(equivalent.tier()).isEqualTo(Tier.NONE);
            assertThat(equivalent.match()).isEmpty();
            assertThat(equivalent.floor()).isEmpty();
            assertThat(equivalent.explanation()).contains("nor for any NVIDIA GPU");
        }

        @Test
        void lessMemoryOrSlower_isOnlyTheFloor() {
            Equivalent equivalent = decide(
                    "RTX 4090",
                    "1",
                    aws(HOME, "slow", "L4", "1", "0.5"), // enough memory, too slow
                    aws(HOME, "small", "T4", "1", "0.1"), // too little memory
                    aws(HOME, "fast", "L40S", "1", "2"));

            assertMatch(equivalent, Tier.NEAREST, "fast", HOME, "2");
            assertThat(equivalent
                            .floor()
                            .orElseThrow()
                            .offer()
                            .sku()
                            .instanceType()
                            .name())
                    .isEqualTo("slow");
            assertThat(equivalent.explanation()).contains("slower, is AWS slow", "0.5 USD/h");
        }

        @Test
        void variantWithLessMemory_isNotTheSameGpu() {
            assertThat(decide("V100 32GB", "1", aws(HOME, "v16", "V100 16GB", "1", "1"))
                            .tier())
                    .isEqualTo(Tier.NONE);
            assertMatch(
                    decide("V100 16GB", "1", aws(HOME, "v32", "V100 32GB", "1", "1")), Tier.SAME_GPU, "v32", HOME, "1");
        }

        /** A floor in a bigger machine could cost more than the match in several smaller ones: it would be no floor. */
        @Test
        void floor_isNeverDearerThanTheMatch() {
            PriceRow small = aws(HOME, "fast2", "L40S", "2", "2");
            Equivalent dear =
                    decide("RTX 4090", "4", small, aws(HOME, "slow8", "L4", "8", "80")); // 4 of 8 at 10 beside 2 x 2
            Equivalent cheap = decide("RTX 4090", "4", small, aws(HOME, "slow8", "L4", "8", "4"));

            assertMatch(dear, Tier.NEAREST, "fast2", HOME, "4");
            assertThat(dear.floor().map(Equivalent.Match::latestRate).orElse(HourlyRate.usd("4")))
                    .isEqualTo(HourlyRate.usd("4"));
            assertThat(dear.explanation()).doesNotContain("slow8");
            assertThat(cheap.floor().orElseThrow().latestRate()).isEqualTo(HourlyRate.usd("2"));
        }

        @Test
        void floorThatIsTheMatch_isNotToldTwice() {
            Equivalent equivalent = decide("RTX 4090", "1", aws(HOME, "fast", "L40S", "1", "2"));

            assertThat(equivalent.explanation()).doesNotContain("slower");
        }

        /** The bounds are looked at exactly, on data-sheet figures, for every pair of models there is. */
        @Test
        void everyPairOfModels_isNearExactlyWhenTheFiguresSaySo() {
            BigDecimal near = new BigDecimal("0.8");
            for (GpuModel wanted : GPUS.models()) {
                for (GpuModel candidate : GPUS.models()) {
                    Optional<Boolean> memory =
                            atLeast(candidate.spec().memoryGib(), wanted.spec().memoryGib(), BigDecimal.ONE);
                    Optional<Boolean> throughput = atLeast(
                                    candidate.spec().fp16TensorTflops(),
                                    wanted.spec().fp16TensorTflops(),
                                    near)
                            .or(() -> atLeast(
                                    candidate.spec().fp32Tflops(), wanted.spec().fp32Tflops(), near));
                    Optional<Boolean> bandwidth = atLeast(
                            candidate.spec().bandwidthGbps(), wanted.spec().bandwidthGbps(), near);
                    boolean expected = memory.orElse(false) && throughput.orElse(false) && bandwidth.orElse(false);
                    assertThat(Ratios.isNear(candidate, wanted))
                            .as("%s for %s", candidate, wanted)
                            .isEqualTo(expected);
                }
            }
        }

        private static Optional<Boolean> atLeast(
                Optional<BigDecimal> candidate, Optional<BigDecimal> wanted, BigDecimal part) {
            return candidate.isEmpty() || wanted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(candidate.get().compareTo(wanted.get().multiply(part)) >= 0);
        }
    }

    @Nested
    class Restrictions {

        @Test
        void restrictedRegion_onlyWhereTheBaselineNamesIt() {
            List<PriceRow> rows = List.of(
                    aws("us-gov-west-1", "t4", "T4", "1", "0.1"),
                    aws("us-west-2-lax-1a", "t4", "T4", "1", "0.2"),
                    aws("cn-north-1", "t4", "T4", "1", "0.3"));

            assertThat(decide(rows, "T4", "1", AWS).tier()).isEqualTo(Tier.NONE);
            for (PriceRow row : rows) {
                assertMatch(
                        decide(rows, "T4", "1", AWS.withRegion(row.region())),
                        Tier.LIKE_FOR_LIKE,
                        "t4",
                        row.region().id(),
                        row.rate().toUsd().toPlainString());
            }
        }

        @Test
        void restrictedRegionThatIsNamed_opensNoOther() {
            assertThat(decide(
                                    List.of(
                                            aws("us-gov-west-1", "t4", "T4", "1", "0.1"),
                                            aws("us-gov-east-1", "other", "A10G", "1", "0.1")),
                                    "T4",
                                    "1",
                                    AWS.withRegion(Region.of("us-gov-east-1")))
                            .match()
                            .orElseThrow()
                            .offer()
                            .sku()
                            .instanceType()
                            .name())
                    .isEqualTo("other");
        }

        @Test
        void restrictedType_neverEvenWhereTheRegionIsNamed() {
            List<PriceRow> rows =
                    List.of(row(Provider.AZURE, "eastus", "Standard_ND96is_H100_v5", "H100 SXM 80GB", "8", "1"));
            Baseline azure = Baseline.onDemand(Provider.AZURE);

            assertThat(decide(rows, "H100", "8", azure).tier()).isEqualTo(Tier.NONE);
            assertThat(decide(rows, "H100", "8", azure.withRegion(Region.of("eastus")))
                            .tier())
                    .isEqualTo(Tier.NONE);
        }
    }

    @Nested
    class Timeline {

        private final RateTimeline rates = decide(
                        List.of(
                                row(Provider.AWS, HOME, "t4", "T4", "2", "1", Instant.ofEpochSecond(1_000)),
                                row(Provider.AWS, HOME, "t4", "T4", "2", "3", Instant.ofEpochSecond(2_000)),
                                row(Provider.AWS, HOME, "t4", "T4", "2", "2", Instant.ofEpochSecond(3_000))),
                        "T4",
                        "1",
                        AWS)
                .match()
                .orElseThrow()
                .rates();

        @Test
        void at_anyMoment_isTheShareOfThePriceThen() {
            assertThat(rates.at(Instant.ofEpochSecond(0))).isEqualTo(HourlyRate.usd("0.5"));
            assertThat(rates.at(Instant.ofEpochSecond(999))).isEqualTo(HourlyRate.usd("0.5"));
            assertThat(rates.at(Instant.ofEpochSecond(1_999))).isEqualTo(HourlyRate.usd("0.5"));
            assertThat(rates.at(Instant.ofEpochSecond(2_000))).isEqualTo(HourlyRate.usd("1.5"));
            assertThat(rates.at(Instant.ofEpochSecond(2_999))).isEqualTo(HourlyRate.usd("1.5"));
            assertThat(rates.at(Instant.ofEpochSecond(3_000))).isEqualTo(HourlyRate.usd("1"));
            assertThat(rates.nanoUsdPerHourAt(2_500)).isEqualTo(1_500_000_000L);
        }

        @Test
        void nextChangeAfter_anyMoment_isTheNextPriceRow() {
            assertThat(rates.nextChangeAfter(0)).isEqualTo(2_000);
            assertThat(rates.nextChangeAfter(1_000)).isEqualTo(2_000);
            assertThat(rates.nextChangeAfter(1_999)).isEqualTo(2_000);
            assertThat(rates.nextChangeAfter(2_000)).isEqualTo(3_000);
            assertThat(rates.nextChangeAfter(3_000)).isEqualTo(Long.MAX_VALUE);
            assertThat(rates.firstKnownSecond()).isEqualTo(1_000);
        }
    }

    @Nested
    class Laws {

        private static final List<String> MODELS =
                List.of("T4", "T4G", "A10", "A10G", "L4", "L40S", "A100 SXM 40GB", "MI300X");
        private static final List<String> WANTED = List.of("T4", "A10", "L4", "A100 SXM 40GB", "RTX 4090", "MI300X");
        private static final List<String> COUNTS = List.of("1", "1", "2", "4", "8", "1/2", "1/3");

        private static List<PriceRow> rows(Gen gen, String... regions) {
            List<PriceRow> rows = new ArrayList<>();
            for (int i = gen.between(1, 12); i > 0; i--) {
                rows.add(aws(
                        gen.pick(regions),
                        "type-" + i,
                        gen.pick(MODELS),
                        gen.pick(COUNTS),
                        Integer.toString(gen.between(1, 9))));
            }
            return rows;
        }

        /** In one region, with fewer rows the tier can only fall, and within a tier the rate can only rise. */
        @Test
        void removingRows_inOneRegion_neverRaisesTheTierNorLowersTheRate() {
            Law.holds(2_000, gen -> {
                List<PriceRow> all = rows(gen, HOME);
                List<PriceRow> fewer = all.stream().filter(row -> !gen.oneIn(3)).toList();
                String gpu = gen.pick(WANTED);
                String count = gen.pick("1", "2", "8", "0.5", "0.46");
                Baseline baseline = AWS.withSizing(gen.pick(Sizing.values()));
                Equivalent before = decide(all, gpu, count, baseline);
                Equivalent after = decide(fewer, gpu, count, baseline);
                assertThat(after.tier()).isGreaterThanOrEqualTo(before.tier());
                if (after.tier() == before.tier() && after.tier() == Tier.LIKE_FOR_LIKE) {
                    assertThat(after.match().orElseThrow().latestRate())
                            .isGreaterThanOrEqualTo(before.match().orElseThrow().latestRate());
                }
            });
        }

        /**
         * Over regions the search looks at shares at home before exact counts elsewhere, so losing the share may find the exact
         * count; but the same GPU never becomes another one's gain: same, nearest, none can only fall.
         */
        @Test
        void removingRows_overRegions_neverTurnsNearestIntoTheSameGpu() {
            Law.holds(3_000, gen -> {
                List<PriceRow> all = rows(gen, HOME, "eu-west-1", "ap-south-1");
                List<PriceRow> fewer = all.stream().filter(row -> !gen.oneIn(3)).toList();
                String gpu = gen.pick(WANTED);
                String count = gen.pick("1", "2", "8", "0.5");
                assertThat(kind(decide(fewer, gpu, count, AWS)))
                        .isGreaterThanOrEqualTo(kind(decide(all, gpu, count, AWS)));
            });
        }

        private static int kind(Equivalent equivalent) {
            return switch (equivalent.tier()) {
                case LIKE_FOR_LIKE, SAME_GPU -> 0;
                case NEAREST -> 1;
                case NONE -> 2;
            };
        }

        /** The search, written once more as one list of steps over plain rows. */
        @Test
        void anyPriceList_theStepsOfTheSpecificationFindTheSame() {
            Law.holds(3_000, gen -> {
                List<PriceRow> rows = rows(gen, HOME, HOME, "eu-west-1", "us-gov-west-1");
                GpuModel wanted = GPUS.model(gen.pick(WANTED)).orElseThrow();
                GpuCount needed = GpuCount.parse(gen.pick("1", "2", "3", "8", "9", "0.5", "0.46"));
                Sizing sizing = gen.pick(Sizing.values());
                Baseline baseline = AWS.withSizing(sizing);
                Equivalent actual = EquivalencePolicy.standard(GPUS)
                        .decide(
                                PriceCatalog.of(rows),
                                new EquivalenceQuery(GPUS.resolve(wanted.name()), needed, baseline));
                Optional<PriceRow> expected = expected(rows, wanted, needed, sizing);
                assertThat(actual.match().map(match -> match.offer().sku())).isEqualTo(expected.map(PriceRow::sku));
                expected.ifPresent(row ->
                        assertThat(actual.match().orElseThrow().latestRate()).isEqualTo(charged(row, needed, sizing)));
            });
        }

        private static Optional<PriceRow> expected(
                List<PriceRow> rows, GpuModel wanted, GpuCount needed, Sizing sizing) {
            List<PriceRow> open = rows.stream()
                    .filter(row -> !row.region().id().startsWith("us-gov"))
                    .filter(row -> needed.isFraction() || !count(row).isFraction())
                    .toList();
            Predicate<PriceRow> home = row -> row.region().id().equals(HOME);
            Predicate<PriceRow> same = row -> model(row).equals(wanted);
            Predicate<PriceRow> chip =
                    same.or(row -> model(row).isVariantOf(wanted) && Ratios.memorySuffices(model(row), wanted));
            Predicate<PriceRow> near =
                    row -> model(row).vendor().equals(wanted.vendor()) && Ratios.isNear(model(row), wanted);
            for (List<Predicate<PriceRow>> kind : List.of(List.of(same, chip), List.of(near, near))) {
                for (Predicate<PriceRow> where : List.of(home, home.negate())) {
                    Optional<PriceRow> found = open.stream()
                            .filter(where.and(kind.get(0)).and(row -> count(row).equals(needed)))
                            .min(cheapest(needed, sizing));
                    if (found.isEmpty()) {
                        List<PriceRow> some =
                                open.stream().filter(where.and(kind.get(1))).toList();
                        List<PriceRow> enough = some.stream()
                                .filter(row -> count(row).compareTo(needed) >= 0)
                                .toList();
                        GpuCount largest = some.stream()
                                .map(row -> count(row))
                                .max(Comparator.naturalOrder())
                                .orElse(GpuCount.ONE);
                        found = (enough.isEmpty()
                                        ? some.stream().filter(row -> count(row).equals(largest))
                                        : enough.stream())
                                .min(cheapest(needed, sizing));
                    }
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        }

        private static Comparator<PriceRow> cheapest(GpuCount needed, Sizing sizing) {
            return Comparator.<PriceRow, HourlyRate>comparing(row -> charged(row, needed, sizing))
                    .thenComparing(row -> count(row))
                    .thenComparing(row -> row.spec().instanceType())
                    .thenComparing(PriceRow::region);
        }

        private static HourlyRate charged(PriceRow row, GpuCount needed, Sizing sizing) {
            GpuCount count = count(row);
            if (sizing == Sizing.WHOLE_INSTANCE && (count.isFraction() || !needed.isFraction())) {
                return row.rate().share(needed.machinesOf(count), 1);
            }
            return row.rate().share(needed.numerator() * count.denominator(), needed.denominator() * count.numerator());
        }

        private static GpuModel model(PriceRow row) {
            return GPUS.model(row.spec().gpuModel().orElseThrow()).orElseThrow();
        }

        private static GpuCount count(PriceRow row) {
            return row.spec().gpuCount().orElseThrow();
        }
    }

    @Nested
    class Cached {

        @Test
        void cached_sameQuestion_isDecidedOnce() {
            AtomicInteger asked = new AtomicInteger();
            EquivalencePolicy policy = (catalog, query) -> {
                asked.incrementAndGet();
                return EquivalencePolicy.standard(GPUS).decide(catalog, query);
            };
            EquivalencePolicy cached = policy.cached();
            EquivalenceQuery query = new EquivalenceQuery(GPUS.resolve("T4"), GpuCount.ONE, AWS);
            PriceCatalog catalog = PriceCatalog.of(List.of(aws(HOME, "a", "T4", "1", "1")));

            assertThat(cached.decide(catalog, query)).isSameAs(cached.decide(catalog, query));
            assertThat(asked).hasValue(1);
            assertThat(cached.cached()).isSameAs(cached);
        }

        @Test
        void cached_otherPricesOrQuestion_isDecidedAnew() {
            EquivalencePolicy cached = EquivalencePolicy.standard(GPUS).cached();
            EquivalenceQuery query = new EquivalenceQuery(GPUS.resolve("T4"), GpuCount.ONE, AWS);
            PriceCatalog cheap = PriceCatalog.of(List.of(aws(HOME, "a", "T4", "1", "1")));
            PriceCatalog dear = PriceCatalog.of(List.of(aws(HOME, "a", "T4", "1", "2")));

            assertMatch(cached.decide(cheap, query), Tier.LIKE_FOR_LIKE, "a", HOME, "1");
            assertMatch(cached.decide(dear, query), Tier.LIKE_FOR_LIKE, "a", HOME, "2");
            assertMatch(
                    cached.decide(cheap, new EquivalenceQuery(GPUS.resolve("T4"), GpuCount.of(2), AWS)),
                    Tier.SAME_GPU,
                    "a",
                    HOME,
                    "2");
        }
    }
}
