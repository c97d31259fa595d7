package cloud.dumont.economy.savings;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import cloud.dumont.economy.testing.Race;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.ObservedInstance;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageLedger;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reports while facts arrive and prices change: each rests on whole batches and on one catalog. */
class ReportRaceTest {

    private static final int ROUNDS = 30;
    private static final AccountId ACME = AccountId.of("acme");
    private static final AccountId BOLT = AccountId.of("bolt");
    private static final Baseline AWS = Baseline.onDemand(Provider.AWS);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant AT = NOON.plusSeconds(50_000);

    /** Every price times a factor. */
    private static PriceCatalog prices(int factor) {
        return PriceCatalog.of(List.of(
                Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", usd(526, factor)),
                Prices.row(Provider.AWS, "us-east-1", "g4dn", "T4", "1", usd(612, factor), NOON.plusSeconds(3_000)),
                Prices.row(Provider.AWS, "us-east-1", "p4d", "A100 SXM 40GB", "8", usd(21_957, factor)),
                Prices.row(
                        Provider.AWS,
                        "us-east-1",
                        "p4d",
                        "A100 SXM 40GB",
                        "8",
                        usd(32_773, factor),
                        NOON.plusSeconds(7_000))));
    }

    private static String usd(long thousandths, int factor) {
        return HourlyRate.ofNanoUsd(8 * thousandths * factor * 1_000_000)
                .toUsd()
                .toPlainString();
    }

    private static Instance instance(Gen gen, AccountId account, String id) {
        return Instance.builder(account, id)
                .gpu(gen.pick("T4", "A100 40GB", "RTX 4090"), 1)
                .rate(HourlyRate.ofNanoUsd(gen.between(1L, 5_000_000_000L)))
                .build();
    }

    /** What some statements say; those of one moment are to agree. */
    private record Said(Figures report, Amount ofGroups, Amount ofBuckets, String receipt) {

        static Said by(SavingsCalculator calculator) {
            SavingsReport report = calculator.report(ACME, AWS, AT);
            return new Said(Figures.of(report), ofGroups(calculator), ofBuckets(calculator), receipt(calculator));
        }

        static Amount ofGroups(SavingsCalculator calculator) {
            return ofGroups(calculator.breakdown(List.of(ACME), AWS, AT, Dimension.INSTANCE));
        }

        static Amount ofGroups(Breakdown breakdown) {
            Amount sum = breakdown.groups().stream()
                    .map(group -> group.totals().savings())
                    .reduce(Amount.ZERO, Amount::plus);
            assertThat(sum).isEqualTo(breakdown.total().savings());
            return sum;
        }

        static Amount ofBuckets(SavingsCalculator calculator) {
            return ofBuckets(calculator.history(List.of(ACME), AWS, NOON, AT, Granularity.HOUR, ZoneOffset.UTC));
        }

        static Amount ofBuckets(List<HistoryBucket> buckets) {
            return buckets.stream().map(bucket -> bucket.totals().savings()).reduce(Amount.ZERO, Amount::plus);
        }

        static String receipt(SavingsCalculator calculator) {
            Receipt receipt = calculator.receipt(Receipt.Figure.LIFETIME, ACME, Optional.empty(), AWS, AT);
            assertThat(receipt.verify()).isEmpty();
            return receipt.toString();
        }
    }

    /** Each batch ends what three instances did and begins what they do next: half of a batch is like no history that ever was. */
    @Test
    void reports_whileBatchesArrive_seeWholeBatchesOnly() {
        Law.holds(ROUNDS, gen -> {
            PriceCatalog prices = prices(1);
            List<List<UsageInterval>> batches = batches(gen, ACME, 15);
            List<List<UsageInterval>> others = batches(gen, BOLT, 15);
            List<Said> expected = new ArrayList<>();
            InMemoryHistoryStore slow = new InMemoryHistoryStore();
            expected.add(Said.by(SavingsCalculator.of(slow, prices)));
            for (List<UsageInterval> batch : batches) {
                slow.append(batch);
                expected.add(Said.by(SavingsCalculator.of(slow, prices)));
            }

            InMemoryHistoryStore store = new InMemoryHistoryStore();
            SavingsCalculator calculator = SavingsCalculator.of(store, prices);
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            Race.Task reader = () -> {
                boolean last;
                do {
                    last = done.get() == batches.size();
                    int from = done.get();
                    Figures report = Figures.of(calculator.report(ACME, AWS, AT));
                    assertThat(said(expected, from, begun))
                            .extracting(Said::report)
                            .contains(report);
                    from = done.get();
                    Amount groups = Said.ofGroups(calculator);
                    assertThat(said(expected, from, begun))
                            .extracting(Said::ofGroups)
                            .contains(groups);
                    from = done.get();
                    Amount buckets = Said.ofBuckets(calculator);
                    assertThat(said(expected, from, begun))
                            .extracting(Said::ofBuckets)
                            .contains(buckets);
                    from = done.get();
                    String receipt = Said.receipt(calculator);
                    assertThat(said(expected, from, begun))
                            .extracting(Said::receipt)
                            .contains(receipt);
                } while (!last && !Thread.currentThread().isInterrupted());
            };
            SavingsViews views = SavingsViews.create(calculator, () -> AT);
            Race.Task viewer = () -> {
                boolean last;
                do {
                    last = done.get() == batches.size();
                    int from = done.get();
                    Figures report =
                            Figures.of(views.reports(ACME, List.of(AWS), AT).get(0));
                    assertThat(said(expected, from, begun))
                            .extracting(Said::report)
                            .contains(report);
                    from = done.get();
                    Amount groups = Said.ofGroups(views.breakdown(List.of(ACME), AWS, AT, Dimension.INSTANCE));
                    assertThat(said(expected, from, begun))
                            .extracting(Said::ofGroups)
                            .contains(groups);
                    from = done.get();
                    Amount buckets = Said.ofBuckets(
                            views.history(List.of(ACME), AWS, NOON, AT, Granularity.HOUR, ZoneOffset.UTC));
                    assertThat(said(expected, from, begun))
                            .extracting(Said::ofBuckets)
                            .contains(buckets);
                } while (!last && !Thread.currentThread().isInterrupted());
            };
            Race.run(List.of(
                    viewer,
                    viewer,
                    () -> {
                        for (List<UsageInterval> batch : batches) {
                            begun.incrementAndGet();
                            store.append(batch);
                            done.incrementAndGet();
                        }
                    },
                    () -> others.forEach(store::append),
                    reader,
                    reader));
            assertThat(Said.by(calculator)).isEqualTo(expected.get(batches.size()));
        });
    }

    /** What may be said by one who began after so many batches were in: those begun since may be in too. */
    private static List<Said> said(List<Said> expected, int from, AtomicInteger begun) {
        return expected.subList(from, begun.get() + 1);
    }

    private static List<List<UsageInterval>> batches(Gen gen, AccountId account, int count) {
        List<List<UsageInterval>> batches = new ArrayList<>();
        List<UsageInterval> open = List.of();
        long at = 0;
        for (int i = 0; i < count; i++) {
            Instant now = NOON.plusSeconds(at);
            List<UsageInterval> batch = new ArrayList<>();
            open.forEach(last -> batch.add(last.endedAt(now)));
            open = Stream.of("a", "b", "c")
                    .map(id -> UsageInterval.openFrom(instance(gen, account, id), InstanceState.RUNNING, now))
                    .toList();
            batch.addAll(open);
            batches.add(gen.shuffled(batch));
            at += gen.between(1L, 3_000L);
        }
        return batches;
    }

    /** Two catalogs of which each price is three times the other's: a figure of both is a figure of neither. */
    @Test
    void reports_whilePricesAreRefreshed_restOnOneCatalog() {
        List<PriceCatalog> catalogs = List.of(prices(1), prices(3));
        Law.holds(ROUNDS / 3, gen -> {
            InMemoryHistoryStore store = new InMemoryHistoryStore();
            batches(gen, ACME, 8).forEach(store::append);
            Map<String, Said> expected = catalogs.stream()
                    .collect(Collectors.toMap(
                            PriceCatalog::version, prices -> Said.by(SavingsCalculator.of(store, prices))));
            Amount once = equivalentCost(SavingsCalculator.of(store, catalogs.get(0)));
            assertThat(equivalentCost(SavingsCalculator.of(store, catalogs.get(1))))
                    .isEqualTo(once.plus(once).plus(once));

            AtomicInteger loads = new AtomicInteger();
            AtomicBoolean refreshed = new AtomicBoolean();
            Economy economy = Economy.builder()
                    .history(store)
                    .prices(() -> catalogs.get(loads.getAndIncrement() % 2))
                    .time(InstantSource.fixed(AT))
                    .build();
            try (economy) {
                economy.start();
                SavingsCalculator calculator = economy.calculator();
                Race.Task reader = () -> {
                    boolean last;
                    do {
                        last = refreshed.get();
                        SavingsReport report = economy.report(ACME, AWS);
                        assertThat(Figures.of(report))
                                .isEqualTo(expected.get(report.catalogVersion()).report());
                        assertThat(report.projection())
                                .contains(Projection.runRate(BigInteger.valueOf(
                                        report.savingsPerHour().nanoUsdPerHour())));
                        assertThat(expected.values()).extracting(Said::ofGroups).contains(Said.ofGroups(calculator));
                        assertThat(expected.values())
                                .extracting(Said::ofBuckets)
                                .contains(Said.ofBuckets(calculator));
                        assertThat(expected.values()).extracting(Said::receipt).contains(Said.receipt(calculator));
                        assertThat(expected.values())
                                .extracting(Said::ofGroups)
                                .contains(Said.ofGroups(economy.breakdown(List.of(ACME), AWS, AT, Dimension.INSTANCE)));
                        assertThat(expected.values())
                                .extracting(Said::ofBuckets)
                                .contains(Said.ofBuckets(economy.history(
                                        List.of(ACME), AWS, NOON, AT, Granularity.HOUR, ZoneOffset.UTC)));
                    } while (!last && !Thread.currentThread().isInterrupted());
                };
                Race.run(List.of(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                economy.refreshPrices();
                                Thread.yield();
                            }
                            refreshed.set(true);
                        },
                        reader,
                        reader));
            }
        });
    }

    private static Amount equivalentCost(SavingsCalculator calculator) {
        return calculator.report(ACME, AWS, AT).lifetime().equivalentCost();
    }

    /** One call to a ledger. */
    @FunctionalInterface
    private interface Told {
        void to(UsageLedger ledger);
    }

    /** Each thread speaks of its own instances; what is stored is what they would have said one after the other. */
    @Test
    void ledger_usedByManyThreads_losesNothing() {
        Law.holds(10 * ROUNDS, gen -> {
            List<List<Told>> threads =
                    List.of(pushes(gen, "push-a"), pushes(gen, "push-b"), pushes(gen, "push-c"), observations(gen));
            InMemoryHistoryStore expected = new InMemoryHistoryStore();
            UsageLedger alone = UsageLedger.of(expected);
            threads.forEach(calls -> calls.forEach(call -> call.to(alone)));

            InMemoryHistoryStore store = new InMemoryHistoryStore();
            UsageLedger shared = UsageLedger.of(store);
            Race.run(threads.stream()
                    .<Race.Task>map(calls -> () -> calls.forEach(call -> call.to(shared)))
                    .toList());

            assertThat(store.timelines(ACME)).isEqualTo(expected.timelines(ACME));
        });
    }

    private static List<Told> pushes(Gen gen, String name) {
        List<Told> calls = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < 30; i++) {
            Instance instance = instance(gen, ACME, name + gen.between(1, 2));
            Instant now = NOON.plusSeconds(at);
            InstanceState state = gen.pick(InstanceState.values());
            calls.add(
                    gen.oneIn(4)
                            ? ledger -> ledger.ended(ACME, instance.id(), now)
                            : ledger -> ledger.changed(instance, state, now));
            at += gen.between(1L, 30L); // two for one second would contradict each other
        }
        return calls;
    }

    private static List<Told> observations(Gen gen) {
        List<Told> calls = new ArrayList<>();
        List<ObservedInstance> fleet = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Instant now = NOON.plusSeconds(60L * i);
            if (!fleet.isEmpty() && gen.oneIn(3)) {
                fleet.remove(0);
            }
            if (gen.oneIn(2)) {
                fleet.add(new ObservedInstance(
                        instance(gen, ACME, "seen-" + i), gen.pick(InstanceState.values()), now.minusSeconds(7)));
            }
            List<ObservedInstance> seen = List.copyOf(fleet);
            calls.add(ledger -> ledger.observe(seen, now));
        }
        return calls;
    }
}
