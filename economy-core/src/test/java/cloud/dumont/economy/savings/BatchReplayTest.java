package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.Sizing;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageColumns;
import cloud.dumont.economy.usage.UsageKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BatchReplayTest {

    private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
    private static final Executor NO_HELP = Runnable::run;
    private static final UsageKind T4 = new UsageKind(
            Optional.of("T4"), GpuCount.ONE, Optional.empty(), InstanceState.RUNNING, Evidence.OBSERVED, true);

    private static UsageColumns columns(InMemoryHistoryStore store) {
        UsageColumns.Builder columns = UsageColumns.builder();
        store.accounts().forEach(account -> store.timelines(account).forEach(columns::add));
        return columns.build();
    }

    private static BatchReplay replay(PriceCatalog catalog, Baseline baseline) {
        return BatchReplay.create(
                catalog, GpuCatalog.bundled(), EquivalencePolicy.standard(GpuCatalog.bundled()), baseline);
    }

    @Test
    void breakdown_anyFleetAtAnyMoment_isThatOfTheCalculator() {
        Law.holds(2_000, gen -> {
            RandomFleet fleet = RandomFleet.of(gen, FROM, gen.pick(150L, 100_000L));
            InMemoryHistoryStore store = fleet.store(gen);
            Baseline baseline = Baseline.onDemand(fleet.provider).withSizing(gen.pick(Sizing.values()));
            Instant at = FROM.plusSeconds(gen.between(-5L, gen.pick(700L, 500_000L)));
            Dimension by = gen.pick(Dimension.values());

            assertThat(replay(fleet.catalog, baseline).breakdown(columns(store), at, by, NO_HELP))
                    .isEqualTo(
                            SavingsCalculator.of(store, fleet.catalog).breakdown(store.accounts(), baseline, at, by));
        });
    }

    /** More rows than one part holds, of several accounts, with runs of several rows. */
    private static UsageColumns manyRows() {
        UsageColumns.Builder columns = UsageColumns.builder();
        int kind = columns.kind(T4);
        int idle = columns.kind(new UsageKind(
                Optional.of("T4"), GpuCount.ONE, Optional.empty(), InstanceState.IDLE, Evidence.OBSERVED, true));
        long start = FROM.getEpochSecond();
        for (int i = 0; i < 60_000; i++) {
            columns.instance(AccountId.of("acct-" + i / 20_000), InstanceId.of(String.format("vm-%06d", i)));
            columns.interval(kind, 100 + i, start + i, start + i + 1_000);
            columns.interval(idle, 50, start + i + 1_000, i % 2 == 0 ? UsageColumns.OPEN : start + i + 1_100);
        }
        return columns.build();
    }

    private static PriceCatalog oneT4() {
        return PriceCatalog.of(List.of(Prices.row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526")));
    }

    @Test
    void breakdown_helpedByThreads_isTheSame() {
        UsageColumns usage = manyRows();
        BatchReplay replay = replay(oneT4(), Baseline.onDemand(Provider.AWS));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (Dimension by : Dimension.values()) {
                assertThat(replay.breakdown(usage, FROM.plusSeconds(50_000), by, threads))
                        .isEqualTo(replay.breakdown(usage, FROM.plusSeconds(50_000), by, NO_HELP));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void breakdown_executorThatNeverRunsAnything_endsAllTheSame() {
        UsageColumns usage = manyRows();
        BatchReplay replay = replay(oneT4(), Baseline.onDemand(Provider.AWS));
        List<Runnable> waiting = new ArrayList<>();

        Breakdown breakdown = replay.breakdown(usage, FROM.plusSeconds(9), Dimension.ACCOUNT, waiting::add);

        waiting.forEach(Runnable::run); // too late to do harm
        assertThat(breakdown).isEqualTo(replay.breakdown(usage, FROM.plusSeconds(9), Dimension.ACCOUNT, NO_HELP));
    }

    @Test
    void breakdown_executorThatRefuses_endsAllTheSame() {
        UsageColumns usage = manyRows();
        BatchReplay replay = replay(oneT4(), Baseline.onDemand(Provider.AWS));
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };

        assertThat(replay.breakdown(usage, FROM.plusSeconds(9), Dimension.GPU, full))
                .isEqualTo(replay.breakdown(usage, FROM.plusSeconds(9), Dimension.GPU, NO_HELP));
    }

    @Test
    void breakdown_unknownProvider_isRefusedWithThoseKnown() {
        BatchReplay replay = replay(oneT4(), Baseline.onDemand(Provider.of("nimbus")));

        assertThatThrownBy(() -> replay.breakdown(manyRows(), FROM, Dimension.GPU, NO_HELP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("NIMBUS", "AWS");
    }

    @Test
    void breakdown_ofNothing_isEmpty() {
        Breakdown breakdown = replay(oneT4(), Baseline.onDemand(Provider.AWS))
                .breakdown(UsageColumns.builder().build(), FROM, Dimension.GPU, NO_HELP);

        assertThat(breakdown.groups()).isEmpty();
        assertThat(breakdown.total().instances()).isZero();
    }
}
