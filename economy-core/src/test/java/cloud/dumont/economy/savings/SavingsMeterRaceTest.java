package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.testing.Race;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Readers at seconds to and fro while writers append: each reading must be what the calculator says of the batches told by then, all of
 * each batch or nothing of it, of those at least that were in before the reading began.
 */
class SavingsMeterRaceTest {

    private static final int ROUNDS = 40;
    private static final int BATCHES = 25;
    private static final AccountId ACME = AccountId.of("acme");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final EquivalencePolicy POLICY =
            EquivalencePolicy.standard(GpuCatalog.bundled()).cached();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** Prices that change within the hour, and long after it. */
    private static PriceCatalog prices(Gen gen) {
        List<PriceRow> rows = new ArrayList<>();
        for (String type : List.of("t4 T4 1", "a100 A100_SXM_40GB 8")) {
            String[] parts = type.split(" ");
            for (long since = -100; since < 10_000; since += gen.between(1L, 900L)) {
                rows.add(Prices.row(
                        Provider.AWS,
                        "us-east-1",
                        parts[0],
                        parts[1].replace('_', ' '),
                        parts[2],
                        HourlyRate.ofNanoUsd(gen.between(1L, 40_000_000_000L))
                                .toUsd()
                                .toPlainString(),
                        NOON.plusSeconds(since)));
            }
        }
        return PriceCatalog.of(rows);
    }

    /** What one writer tells: each batch moves all of its instances at once, and later batches go on in time. */
    private static final class Writer {

        private final List<List<UsageInterval>> batches = new ArrayList<>();
        private final List<List<Figures>> expected = new ArrayList<>(); // by batches told, then by probe
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();

        Writer(Gen gen, String name, PriceCatalog prices, List<Instant> probes) {
            List<UsageInterval> open = new ArrayList<>();
            long at = gen.between(0L, 100L);
            while (batches.size() < BATCHES) {
                List<UsageInterval> batch = new ArrayList<>();
                for (UsageInterval last : open) {
                    batch.add(last.endedAt(NOON.plusSeconds(at)));
                }
                open.clear();
                for (String id : List.of("1", "2", "3")) {
                    if (!gen.oneIn(5)) {
                        Instance instance = instance(gen, name + id);
                        InstanceState state = gen.oneIn(4) ? InstanceState.HIBERNATED : InstanceState.RUNNING;
                        open.add(UsageInterval.openFrom(instance, state, NOON.plusSeconds(at)));
                    }
                }
                batch.addAll(open);
                batches.add(gen.shuffled(batch));
                at += gen.between(1L, gen.pick(20L, 200L));
            }
            InMemoryHistoryStore store = new InMemoryHistoryStore();
            SavingsCalculator calculator = SavingsCalculator.builder(store, () -> prices)
                    .equivalence(POLICY)
                    .build();
            expected.add(figures(calculator, probes));
            for (List<UsageInterval> batch : batches) {
                store.append(batch);
                expected.add(figures(calculator, probes));
            }
        }

        private static Instance instance(Gen gen, String id) {
            Instance.Builder instance = Instance.builder(ACME, id)
                    .gpu(gen.pick("T4", "A100 40GB", "RTX 4090", "Voodoo 2"), GpuCount.of(gen.between(1, 3)));
            return gen.oneIn(6)
                    ? instance.build()
                    : instance.rate(HourlyRate.ofNanoUsd(gen.between(0L, 9_000_000_000L)))
                            .build();
        }

        private static List<Figures> figures(SavingsCalculator calculator, List<Instant> probes) {
            return probes.stream()
                    .map(at -> Figures.of(calculator.report(ACME, AWS, at)))
                    .toList();
        }

        void run(SavingsMeter meter) {
            for (List<UsageInterval> batch : batches) {
                begun.incrementAndGet();
                meter.append(batch);
                done.incrementAndGet();
            }
        }

        boolean isDone() {
            return done.get() == BATCHES;
        }
    }

    @Test
    void everyReading_isThatOfSomeBatchesToldByThen() {
        Law.holds(ROUNDS, gen -> {
            List<Instant> probes = Stream.generate(() -> NOON.plusSeconds(gen.between(-10L, 3_600L)))
                    .limit(7)
                    .toList();
            PriceCatalog prices = prices(gen);
            Writer one = new Writer(gen, "one-", prices, probes);
            Writer two = new Writer(gen, "two-", prices, probes);
            SavingsMeter meter = SavingsMeter.create(prices, GpuCatalog.bundled(), POLICY, AWS);

            Race.run(List.of(
                    () -> one.run(meter),
                    () -> two.run(meter),
                    () -> readAll(meter, probes, 1, one, two),
                    () -> readAll(meter, probes, 3, one, two)));

            for (int probe = 0; probe < probes.size(); probe++) {
                assertThat(Figures.of(meter.at(probes.get(probe))))
                        .isEqualTo(one.expected
                                .get(BATCHES)
                                .get(probe)
                                .plus(two.expected.get(BATCHES).get(probe)));
            }
        });
    }

    private static void readAll(SavingsMeter meter, List<Instant> probes, int step, Writer one, Writer two) {
        boolean last;
        int probe = 0;
        do {
            last = one.isDone() && two.isDone();
            probe = (probe + step) % probes.size();
            readAt(meter, probes.get(probe), probe, one, two);
        } while (!last && !Thread.currentThread().isInterrupted());
    }

    private static void readAt(SavingsMeter meter, Instant at, int probe, Writer one, Writer two) {
        int ofOne = one.done.get();
        int ofTwo = two.done.get();
        Figures live = Figures.of(meter.at(at));
        assertThat(isOfSomeBatches(
                        ofOne,
                        ofTwo,
                        one,
                        two,
                        (a, b) -> one.expected
                                .get(a)
                                .get(probe)
                                .plus(two.expected.get(b).get(probe))
                                .equals(live)))
                .as("all totals at %s after %s and %s batches: %s", at, ofOne, ofTwo, live)
                .isTrue();
        int laterOfOne = one.done.get();
        int laterOfTwo = two.done.get();
        var savings = meter.savings(at);
        assertThat(isOfSomeBatches(
                        laterOfOne,
                        laterOfTwo,
                        one,
                        two,
                        (a, b) -> one.expected
                                .get(a)
                                .get(probe)
                                .savings()
                                .plus(two.expected.get(b).get(probe).savings())
                                .equals(savings)))
                .as("savings at %s after %s and %s batches: %s", at, laterOfOne, laterOfTwo, savings)
                .isTrue();
    }

    /** Asked after the reading, so that no batch begun before its end is missed. */
    private static boolean isOfSomeBatches(
            int fromOne, int fromTwo, Writer one, Writer two, BiPredicate<Integer, Integer> matches) {
        int toOne = one.begun.get();
        int toTwo = two.begun.get();
        for (int a = fromOne; a <= toOne; a++) {
            for (int b = fromTwo; b <= toTwo; b++) {
                if (matches.test(a, b)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Refused batches among those that are taken leave no trace, not even for a moment. */
    @Test
    void refusedBatches_areNeverSeen() {
        Law.holds(ROUNDS, gen -> {
            PriceCatalog prices = prices(gen);
            SavingsMeter meter = SavingsMeter.create(prices, GpuCatalog.bundled(), POLICY, AWS);
            Instance known = Instance.builder(ACME, "known")
                    .gpu("T4", 1)
                    .rate(HourlyRate.usd("0.10"))
                    .build();
            meter.append(List.of(UsageInterval.openFrom(known, InstanceState.RUNNING, NOON)));
            Instant at = NOON.plusSeconds(gen.between(1L, 2_000L));
            LiveTotals expected = meter.at(at);
            List<UsageInterval> refused = gen.shuffled(List.of(
                    UsageInterval.openFrom(known.withRate(HourlyRate.usd("9")), InstanceState.RUNNING, NOON),
                    UsageInterval.openFrom(
                            Instance.builder(ACME, "new")
                                    .gpu("T4", 1)
                                    .rate(HourlyRate.usd("1"))
                                    .build(),
                            InstanceState.RUNNING,
                            NOON)));
            AtomicInteger refusals = new AtomicInteger();
            Race.Task writer = () -> {
                for (int i = 0; i < 20; i++) {
                    assertThatThrownBy(() -> meter.append(refused)).isInstanceOf(UsageConflictException.class);
                    refusals.incrementAndGet();
                }
            };
            Race.run(List.of(writer, writer, () -> {
                while (refusals.get() < 40 && !Thread.currentThread().isInterrupted()) {
                    assertThat(meter.at(at)).isEqualTo(expected);
                    meter.at(NOON.minusSeconds(5)); // there and back
                }
            }));
        });
    }
}
