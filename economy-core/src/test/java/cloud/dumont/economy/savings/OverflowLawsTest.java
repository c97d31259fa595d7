package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Fleets at absurd rates over ages: each figure is the exact one, or an error where something does not fit; never a wrapped one.
 *
 * <p>What can really overflow is a rate, 64 bits wide: two machines at 5 billion USD/h, or a million GPUs at 10,000. Time can, after
 * 2^63 seconds of it, which takes 150 machines from Java's first instant to its last. Amounts cannot before time does: 2^127 quanta are
 * the dearest rate for 2^64 seconds.
 */
class OverflowLawsTest {

    private static final int CASES = 1_000;
    private static final AccountId ACME = AccountId.of("acme");
    private static final Provider NEO = Provider.of("neo"); // has no billing rule: every second counts
    private static final Baseline BASELINE = Baseline.onDemand(NEO);
    private static final BigInteger SECONDS_PER_DAY = BigInteger.valueOf(86_400);

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final List<Instant> MOMENTS = List.of(
            Instant.MIN,
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.parse("1970-01-01T00:00:00Z"),
            EARLIEST,
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-02T10:00:00Z"),
            Instant.parse("2126-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59Z"),
            Instant.MAX);

    /** A fleet, and what each figure is without any limit. */
    private static final class Absurd {

        final List<UsageInterval> facts = new ArrayList<>();
        final PriceCatalog catalog;
        private final TreeMap<Long, BigInteger> prices = new TreeMap<>();

        Absurd(Gen gen) {
            List<PriceRow> rows = new ArrayList<>();
            for (int i = gen.between(1, 3); i > 0; i--) {
                Instant since = gen.pick(MOMENTS.subList(1, 8));
                long price = Math.max(1, gen.anyLong() & Long.MAX_VALUE);
                if (prices.putIfAbsent(since.getEpochSecond(), BigInteger.valueOf(price)) == null) {
                    String usd = HourlyRate.ofNanoUsd(price).toUsd().toPlainString();
                    rows.add(Prices.row(NEO, "global", "t4", "T4", "1", usd, since));
                }
            }
            catalog = PriceCatalog.of(rows);
            int instances = gen.oneIn(60) ? 170 : gen.between(1, 6);
            for (int i = 0; i < instances; i++) {
                Instance.Builder instance = Instance.builder(ACME, "vm-" + i)
                        .gpu(
                                gen.oneIn(4) ? "Voodoo 2" : "T4",
                                GpuCount.of(gen.oneIn(5) ? gen.between(1L, 1_000_000L) : 1));
                if (!gen.oneIn(8)) {
                    instance.rate(HourlyRate.ofNanoUsd(gen.anyLong() & Long.MAX_VALUE));
                }
                Instant start = instances > 6 ? EARLIEST : gen.pick(MOMENTS.subList(3, MOMENTS.size()));
                Instant end = gen.pick(MOMENTS);
                facts.add(
                        instances > 6 || gen.oneIn(2) || end.isBefore(start)
                                ? UsageInterval.openFrom(instance.build(), InstanceState.RUNNING, start)
                                : UsageInterval.between(instance.build(), InstanceState.RUNNING, start, end));
            }
        }

        /** What stands for it has a rate under each price, else it is left out. */
        private boolean isCompared(Instance instance) {
            return instance.gpuName().equals(Optional.of("T4"))
                    && instance.rate().isPresent()
                    && prices.values().stream()
                            .allMatch(price -> price.multiply(BigInteger.valueOf(
                                                    instance.gpuCount().numerator()))
                                            .bitLength()
                                    <= 63);
        }

        private static BigInteger rate(Instance instance) {
            return BigInteger.valueOf(instance.rate().orElseThrow().nanoUsdPerHour());
        }

        private BigInteger equivalentRate(Instance instance, long second) {
            Long since = prices.floorKey(second);
            return prices.get(since == null ? prices.firstKey() : since)
                    .multiply(BigInteger.valueOf(instance.gpuCount().numerator()));
        }

        /** What the time between two moments came to. */
        Exact exact(long from, long to) {
            Exact exact = new Exact();
            for (UsageInterval fact : facts) {
                long start = Math.max(from, fact.start().getEpochSecond());
                long end = Math.min(to, fact.end().map(Instant::getEpochSecond).orElse(to));
                Instance instance = fact.instance();
                boolean lasts = fact.start().getEpochSecond() <= to
                        && fact.end().map(e -> e.getEpochSecond() > to).orElse(true);
                if (lasts && isCompared(instance)) {
                    exact.effectiveRate = exact.effectiveRate.add(rate(instance));
                    exact.equivalentRate = exact.equivalentRate.add(equivalentRate(instance, to));
                }
                if (start < end) {
                    add(exact, instance, start, end);
                }
            }
            return exact;
        }

        private void add(Exact exact, Instance instance, long start, long end) {
            BigInteger seconds = BigInteger.valueOf(end).subtract(BigInteger.valueOf(start));
            exact.seconds = exact.seconds.add(seconds);
            if (!isCompared(instance)) {
                exact.uncompared = exact.uncompared.add(
                        instance.rate().isPresent() ? rate(instance).multiply(seconds) : BigInteger.ZERO);
                return;
            }
            exact.effective = exact.effective.add(rate(instance).multiply(seconds));
            long at = start;
            while (at < end) {
                Long change = prices.higherKey(at);
                long next = change == null ? end : Math.min(end, change);
                exact.equivalent =
                        exact.equivalent.add(equivalentRate(instance, at).multiply(BigInteger.valueOf(next - at)));
                at = next;
            }
        }

        /** Whether the sum over all machines that ever were fits a rate, on both sides. */
        boolean allRatesFit() {
            BigInteger dearest = prices.values().stream().reduce(BigInteger.ZERO, BigInteger::max);
            BigInteger sum = BigInteger.ZERO;
            for (UsageInterval fact : facts) {
                Instance instance = fact.instance();
                sum = sum.add(
                        dearest.multiply(BigInteger.valueOf(instance.gpuCount().numerator())));
                sum = sum.add(instance.rate().isPresent() ? rate(instance) : BigInteger.ZERO);
            }
            return sum.bitLength() <= 63;
        }
    }

    /** Sums without a limit. */
    private static final class Exact {
        BigInteger effective = BigInteger.ZERO;
        BigInteger equivalent = BigInteger.ZERO;
        BigInteger uncompared = BigInteger.ZERO;
        BigInteger seconds = BigInteger.ZERO;
        BigInteger effectiveRate = BigInteger.ZERO;
        BigInteger equivalentRate = BigInteger.ZERO;

        boolean totalsFit() {
            return effective.bitLength() <= 127
                    && equivalent.bitLength() <= 127
                    && uncompared.bitLength() <= 127
                    && seconds.bitLength() <= 63;
        }

        boolean ratesFit() {
            return effectiveRate.bitLength() <= 63 && equivalentRate.bitLength() <= 63;
        }

        BigInteger savingsRate() {
            return equivalentRate.subtract(effectiveRate);
        }

        List<BigInteger> totals() {
            return List.of(effective, equivalent, equivalent.subtract(effective), uncompared, seconds);
        }
    }

    private static List<BigInteger> totals(SavingsTotals totals) {
        return List.of(
                totals.effectiveCost().toQuanta(),
                totals.equivalentCost().toQuanta(),
                totals.savings().toQuanta(),
                totals.uncomparedCost().toQuanta(),
                BigInteger.valueOf(totals.billableSeconds()));
    }

    private static List<BigInteger> totals(LiveTotals.Sum sum) {
        return List.of(
                sum.effectiveCost().toQuanta(),
                sum.equivalentCost().toQuanta(),
                sum.savings().toQuanta(),
                sum.uncomparedCost().toQuanta(),
                BigInteger.valueOf(sum.billableSeconds()));
    }

    private static BigInteger nano(HourlyRate rate) {
        return BigInteger.valueOf(rate.nanoUsdPerHour());
    }

    /** The exact figures; an error is one too, but only where something does not fit. */
    private static <T> void assertExactOrError(boolean everythingFits, Supplier<T> figures, T expected) {
        T actual;
        try {
            actual = figures.get();
        } catch (ArithmeticException e) {
            if (everythingFits) {
                throw new AssertionError("an error where everything fits", e);
            }
            assertThat(e).hasMessageMatching(".+");
            return;
        }
        assertThat(actual).isEqualTo(expected);
    }

    private static SavingsCalculator calculator(Absurd absurd) {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        store.append(absurd.facts);
        return SavingsCalculator.of(store, absurd.catalog);
    }

    @Test
    void report_ofAbsurdFleets_isExactOrAnError() {
        Law.holds(CASES, gen -> {
            Absurd absurd = new Absurd(gen);
            SavingsCalculator calculator = calculator(absurd);
            Instant at = gen.pick(MOMENTS);
            Exact exact = absurd.exact(Instant.MIN.getEpochSecond(), at.getEpochSecond());
            boolean fits = exact.totalsFit();
            Supplier<SavingsReport> report = () -> calculator.report(ACME, BASELINE, at);
            assertExactOrError(fits, () -> totals(report.get().lifetime()), exact.totals());
            // Rates that do not fit together are an error of that figure alone.
            assertExactOrError(
                    fits && exact.effectiveRate.bitLength() <= 63,
                    () -> nano(report.get().effectiveRate()),
                    exact.effectiveRate);
            assertExactOrError(
                    fits && exact.equivalentRate.bitLength() <= 63,
                    () -> nano(report.get().equivalentRate()),
                    exact.equivalentRate);
            assertExactOrError(
                    fits && exact.savingsRate().bitLength() <= 63,
                    () -> nano(report.get().savingsPerHour()),
                    exact.savingsRate());
            assertExactOrError(
                    fits,
                    () -> report.get()
                            .projection()
                            .map(it -> it.daily().toQuanta())
                            .orElse(BigInteger.ZERO),
                    exact.savingsRate().multiply(SECONDS_PER_DAY));
            assertExactOrError(
                    true,
                    () -> calculator
                            .receipt(Receipt.Figure.PROJECTION, ACME, Optional.empty(), BASELINE, at)
                            .verify(),
                    List.of());
            assertExactOrError(
                    fits,
                    () -> totals(calculator
                            .breakdown(List.of(ACME), BASELINE, at, Dimension.INSTANCE)
                            .total()),
                    exact.totals());
            assertExactOrError(
                    fits,
                    () -> calculator
                            .receipt(Receipt.Figure.LIFETIME, ACME, Optional.empty(), BASELINE, at)
                            .verify(),
                    List.of());
        });
    }

    @Test
    void history_ofAbsurdFleets_isExactOrAnError() {
        Law.holds(CASES, gen -> {
            Absurd absurd = new Absurd(gen);
            Instant from = gen.pick(MOMENTS.subList(1, MOMENTS.size() - 1));
            Instant to = from.plusSeconds(gen.between(1L, 40_000_000L));
            List<HistoryBucket> buckets =
                    calculator(absurd).history(List.of(ACME), BASELINE, from, to, Granularity.MONTH, ZoneOffset.UTC);
            for (HistoryBucket bucket : buckets) {
                long end = Math.min(bucket.end().getEpochSecond(), to.getEpochSecond());
                assertThat(totals(bucket.totals()))
                        .isEqualTo(absurd.exact(bucket.start().getEpochSecond(), end)
                                .totals());
            }
        });
    }

    @Test
    void meter_ofAbsurdFleets_isExactOrAnError() {
        Law.holds(CASES, gen -> {
            Absurd absurd = new Absurd(gen);
            Instant at = gen.pick(MOMENTS);
            Exact exact = absurd.exact(Instant.MIN.getEpochSecond(), at.getEpochSecond());
            // It keeps sums of rates over all machines that ran at once, and each rate times its start.
            boolean fits = exact.totalsFit() && exact.ratesFit() && absurd.allRatesFit();
            List<UsageInterval> facts = gen.shuffled(absurd.facts);
            Supplier<SavingsMeter> meter = () -> {
                SavingsMeter told = SavingsMeter.create(
                        absurd.catalog,
                        GpuCatalog.bundled(),
                        EquivalencePolicy.standard(GpuCatalog.bundled()),
                        BASELINE);
                facts.forEach(fact -> told.append(List.of(fact)));
                return told;
            };
            assertExactOrError(fits, () -> totals(meter.get().at(at).lifetime()), exact.totals());
            assertExactOrError(
                    fits,
                    () -> {
                        LiveTotals live = meter.get().at(at);
                        return List.of(nano(live.effectiveRate()), nano(live.equivalentRate()));
                    },
                    List.of(exact.effectiveRate, exact.equivalentRate));
            assertExactOrError(
                    fits, () -> meter.get().savings(at).toQuanta(), exact.equivalent.subtract(exact.effective));
        });
    }

    @Test
    void rates_ofTwoMachinesBeyond64Bits_areAnErrorOfThatFigureAlone_andAllElseIsExact() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        Instant start = MOMENTS.get(3);
        HourlyRate most = HourlyRate.ofNanoUsd(Long.MAX_VALUE);
        for (String id : List.of("one", "two")) {
            store.append(List.of(UsageInterval.openFrom(
                    Instance.builder(ACME, id).gpu("T4", 1).rate(most).build(), InstanceState.RUNNING, start)));
        }
        SavingsCalculator calculator = SavingsCalculator.of(
                store, PriceCatalog.of(List.of(Prices.row(NEO, "global", "t4", "T4", "1", "1", start))));

        assertThat(calculator
                        .breakdown(List.of(ACME), BASELINE, start.plusSeconds(10), Dimension.ACCOUNT)
                        .total()
                        .effectiveCost()
                        .toQuanta())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(20)));
        SavingsReport report = calculator.report(ACME, BASELINE, start.plusSeconds(10));
        assertThat(report.lines()).hasSize(2).allSatisfy(line -> {
            assertThat(line.savingsPerHour()).contains(HourlyRate.usd("1").minus(most));
            assertThat(line.explain()).contains("It costs 9223372036.854775807 USD/h");
        });
        assertThat(report.lifetime().effectiveCost().toQuanta())
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(20)));
        assertThat(report.equivalentRate()).isEqualTo(HourlyRate.usd("2"));
        assertThat(report.projection().orElseThrow().daily().toUsd()).isEqualTo("-442721857721.029238736");
        assertThatThrownBy(report::effectiveRate)
                .isInstanceOf(ArithmeticException.class)
                .hasMessage(
                        "the effective rates of 2 instances come to 18446744073.709551614 USD/h, which is out of the range"
                                + " of a rate; ask each line for its own");
        assertThatThrownBy(report::savingsPerHour)
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("-18446744071.709551614 USD/h");
        assertThat(calculator
                        .receipt(Receipt.Figure.PROJECTION, ACME, Optional.empty(), BASELINE, start.plusSeconds(10))
                        .verify())
                .isEmpty();
    }

    @Test
    void equivalent_thatNoRateCanHold_leavesThatInstanceOutAndSaysWhy() {
        InMemoryHistoryStore store = new InMemoryHistoryStore();
        Instant start = MOMENTS.get(3);
        Instance other = Instance.builder(ACME, "other")
                .gpu("T4", 1)
                .rate(HourlyRate.usd("1"))
                .build();
        store.append(List.of(UsageInterval.openFrom(other, InstanceState.RUNNING, start)));
        store.append(List.of(UsageInterval.openFrom(
                Instance.builder(ACME, "vm")
                        .gpu("T4", 1_000_000)
                        .rate(HourlyRate.usd("1"))
                        .build(),
                InstanceState.RUNNING,
                start)));
        SavingsCalculator calculator = SavingsCalculator.of(
                store, PriceCatalog.of(List.of(Prices.row(NEO, "global", "t4", "T4", "1", "10000", start))));

        SavingsReport report = calculator.report(ACME, BASELINE, start.plusSeconds(10));
        assertThat(report.lines().get(1).equivalentRate()).isEmpty();
        assertThat(report.lines().get(1).explain())
                .endsWith("1000000 x T4 is not compared: a rate of 10000000000.000000000 USD/h is out of range.");
        assertThat(report.lifetime().unpricedInstances()).isEqualTo(1);
        assertThat(report.savingsPerHour()).isEqualTo(HourlyRate.usd("9999"));
    }
}
