package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageConflictException;
import cloud.dumont.economy.usage.UsageInterval;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SavingsMeterTest {

    private static final AccountId ACCOUNT = AccountId.of("acme");
    static final long NOON = Instant.parse("2026-03-01T12:00:00Z").getEpochSecond();
    private static final int FLEETS = 400;

    /** Rerun one case with -Dseed=N. */
    static LongStream seeds() {
        String seed = System.getProperty("seed");
        return seed != null ? LongStream.of(Long.parseLong(seed)) : LongStream.range(0, FLEETS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void meter_equalsTheCalculator_toTheQuantum(long seed) {
        Random random = new Random(seed);
        PriceCatalog catalog = catalog(random);
        Baseline baseline = Baseline.onDemand(random.nextBoolean() ? Provider.AWS : Provider.AZURE);
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        SavingsCalculator calculator = SavingsCalculator.of(history, catalog);
        SavingsMeter meter = meter(catalog, baseline);

        for (List<UsageInterval> batch : batches(random)) {
            history.append(batch);
            meter.append(batch);
            for (int i = 0; i < 4; i++) { // time jumps to and fro
                Instant at = Instant.ofEpochSecond(NOON + random.nextInt(-50, 1_200));
                assertSame(meter.at(at), calculator.report(ACCOUNT, baseline, at));
                assertThat(meter.savings(at)).isEqualTo(meter.at(at).lifetime().savings());
            }
        }
    }

    private static void assertSame(LiveTotals live, SavingsReport report) {
        assertSame(live.lifetime(), report.lifetime());
        assertSame(live.session(), report.session());
    }

    private static void assertSame(LiveTotals.Sum live, SavingsTotals slow) {
        for (Tier tier : List.of(Tier.LIKE_FOR_LIKE, Tier.SAME_GPU, Tier.NEAREST)) {
            assertThat(live.tiers().get(tier)).as(tier.name()).isEqualTo(slow.tier(tier));
        }
        assertThat(live.savings()).isEqualTo(slow.savings());
        assertThat(live.effectiveCost()).isEqualTo(slow.effectiveCost());
        assertThat(live.equivalentCost()).isEqualTo(slow.equivalentCost());
        assertThat(live.uncomparedCost()).isEqualTo(slow.uncomparedCost());
        assertThat(live.comparedSeconds()).isEqualTo(slow.comparedSeconds());
        assertThat(live.billableSeconds()).isEqualTo(slow.billableSeconds());
    }

    @Test
    void rates_areTheFleetsSumsNow() {
        PriceCatalog catalog = catalog(new Random(1));
        SavingsMeter meter = meter(catalog, Baseline.onDemand(Provider.AWS));
        InMemoryHistoryStore history = new InMemoryHistoryStore();
        List<UsageInterval> fleet = Stream.of("T4", "A10", "Z9", "Tesla T4")
                .map(gpu -> UsageInterval.openFrom(
                        instance("i-" + gpu, gpu, "0.10"), InstanceState.RUNNING, Instant.ofEpochSecond(NOON)))
                .toList();
        meter.append(fleet);
        history.append(fleet);

        Instant at = Instant.ofEpochSecond(NOON + 1_000);
        SavingsReport report =
                SavingsCalculator.of(history, catalog).report(ACCOUNT, Baseline.onDemand(Provider.AWS), at);
        LiveTotals live = meter.at(at);
        assertThat(live.billableInstances()).isEqualTo(4);
        assertThat(live.effectiveRate()).isEqualTo(report.effectiveRate()).isEqualTo(HourlyRate.usd("0.30"));
        assertThat(live.equivalentRate()).isEqualTo(report.equivalentRate());
        assertThat(live.savingsPerHour()).isEqualTo(report.savingsPerHour());
    }

    @Test
    void append_ofAContradiction_changesNothing() {
        SavingsMeter meter = meter(catalog(new Random(1)), Baseline.onDemand(Provider.AWS));
        Instant start = Instant.ofEpochSecond(NOON);
        meter.append(List.of(UsageInterval.openFrom(instance("i-1", "T4", "0.10"), InstanceState.RUNNING, start)));
        LiveTotals before = meter.at(start.plusSeconds(500));

        assertThatThrownBy(() -> meter.append(List.of(
                        UsageInterval.openFrom(instance("i-2", "T4", "0.10"), InstanceState.RUNNING, start),
                        UsageInterval.openFrom(instance("i-1", "T4", "0.90"), InstanceState.RUNNING, start))))
                .isInstanceOf(UsageConflictException.class);

        assertThat(meter.at(start.plusSeconds(500))).isEqualTo(before);
    }

    @Test
    void readersAndWriters_meetWithoutTornTotals() throws Exception {
        PriceCatalog catalog = catalog(new Random(7));
        Baseline baseline = Baseline.onDemand(Provider.AWS);
        SavingsMeter meter = meter(catalog, baseline);
        int writers = 3;
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(writers + 1);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int first = writer * 1_000;
                done.add(threads.submit(() -> {
                    gate.await();
                    for (int i = first; i < first + 200; i++) {
                        meter.append(List.of(UsageInterval.openFrom(
                                instance("i-" + i, "T4", "0.10"), InstanceState.RUNNING, Instant.ofEpochSecond(NOON))));
                    }
                    return null;
                }));
            }
            done.add(threads.submit(() -> {
                gate.await();
                for (int i = 0; i < 2_000; i++) {
                    LiveTotals live = meter.at(Instant.ofEpochSecond(NOON + 100 + i % 7 * 100));
                    // each instance is the same and began with the others: every total is a multiple of the first's
                    assertThat(live.lifetime().billableSeconds()
                                    % live.at().minusSeconds(NOON).getEpochSecond())
                            .isZero();
                    assertThat(live.lifetime()).isEqualTo(live.session());
                }
                return null;
            }));
            gate.countDown();
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(meter.at(Instant.ofEpochSecond(NOON + 100)).lifetime().billableSeconds())
                .isEqualTo(writers * 200 * 100L);
    }

    private static SavingsMeter meter(PriceCatalog catalog, Baseline baseline) {
        GpuCatalog gpus = GpuCatalog.bundled();
        return SavingsMeter.create(catalog, gpus, EquivalencePolicy.standard(gpus), baseline);
    }

    private static Instance instance(String id, String gpu, String rate) {
        return Instance.builder(ACCOUNT, id)
                .gpu(gpu, 1)
                .rate(HourlyRate.usd(rate))
                .build();
    }

    /** A T4 like for like, an A10G (for A10s) and an L40S (the nearest to an RTX 4090), with prices that change in mid-flight. */
    static PriceCatalog catalog(Random random) {
        List<PriceRow> rows = new ArrayList<>();
        for (Provider provider : List.of(Provider.AWS, Provider.AZURE)) {
            Region region = provider.equals(Provider.AWS) ? Region.of("us-east-1") : Region.of("eastus");
            for (String gpu : List.of("T4", "A10G", "L40S")) {
                InstanceSpec spec = new InstanceSpec(
                        provider,
                        InstanceType.of("m-" + gpu),
                        Optional.of(gpu),
                        Optional.of(GpuCount.ONE),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                long from = NOON - 100;
                for (int change = 0; change < 4; change++) {
                    rows.add(new PriceRow(
                            spec,
                            region,
                            PurchaseOption.ON_DEMAND,
                            HourlyRate.ofNanoUsd(random.nextLong(1, 5_000_000_000L)),
                            Instant.ofEpochSecond(from),
                            new Provenance("test", "", "", LocalDate.of(2026, 1, 1))));
                    from += random.nextInt(1, 250);
                }
            }
        }
        return PriceCatalog.of(rows);
    }

    /** A few instances, each told state by state: the open interval first, its end together with what follows. */
    static List<List<UsageInterval>> batches(Random random) {
        List<List<UsageInterval>> batches = new ArrayList<>();
        int instances = random.nextInt(1, 5);
        for (int i = 0; i < instances; i++) {
            long at = NOON + random.nextInt(0, 200);
            UsageInterval open = null;
            int states = random.nextInt(1, 7);
            for (int state = 0; state < states; state++) {
                UsageInterval next = UsageInterval.openFrom(
                        randomInstance(random, "i-" + i), randomState(random), Instant.ofEpochSecond(at));
                List<UsageInterval> batch = new ArrayList<>();
                if (open != null) {
                    batch.add(open.endedAt(next.start()));
                }
                batch.add(next);
                Collections.shuffle(batch, random);
                batches.add(batch);
                open = next;
                at += random.nextInt(1, random.nextBoolean() ? 40 : 300);
            }
            if (random.nextBoolean()) {
                batches.add(List.of(open.endedAt(Instant.ofEpochSecond(at))));
            }
        }
        return batches;
    }

    private static Instance randomInstance(Random random, String id) {
        Instance.Builder builder = Instance.builder(ACCOUNT, id);
        switch (random.nextInt(6)) {
            case 0, 1 -> builder.gpu("T4", GpuCount.parse(random.nextBoolean() ? "1" : "0.46"));
            case 2 -> builder.gpu("A10", 1);
            case 3 -> builder.gpu("RTX 4090", random.nextInt(1, 4));
            case 4 -> builder.gpu("Z9", 1);
            default -> builder.gpuCount(GpuCount.ONE);
        }
        if (random.nextInt(6) > 0) {
            builder.rate(HourlyRate.ofNanoUsd(random.nextLong(0, 3_000_000_000L)));
        }
        return builder.build();
    }

    private static InstanceState randomState(Random random) {
        InstanceState[] states = InstanceState.values();
        return random.nextInt(3) == 0 ? states[random.nextInt(states.length)] : InstanceState.RUNNING;
    }
}
