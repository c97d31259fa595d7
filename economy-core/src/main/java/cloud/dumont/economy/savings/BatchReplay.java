package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.usage.UsageColumns;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Prices the columns of millions of intervals: the same totals as {@link SavingsCalculator#breakdown}, to the quantum, at the speed of
 * the machine's memory. For replays and recomputations.
 *
 * <p>Thread-safe; a replay keeps nothing.
 */
public final class BatchReplay {

    /** Enough rows for a piece of work to outweigh handing it over, few enough to share the work evenly. */
    private static final int ROWS_A_PART = 1 << 15;

    private final PriceCatalog catalog;
    private final GpuCatalog gpus;
    private final EquivalencePolicy policy;
    private final Baseline baseline;

    private BatchReplay(PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline) {
        this.catalog = catalog;
        this.gpus = gpus;
        this.policy = policy;
        this.baseline = baseline;
    }

    /**
     * A replay against one baseline.
     *
     * @param catalog the prices that every total rests on
     * @param gpus the models that GPU names are looked up in
     * @param policy what decides on equivalents
     * @param baseline compared with what
     * @return the replay
     */
    public static BatchReplay create(
            PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline) {
        return new BatchReplay(
                Objects.requireNonNull(catalog, "catalog"),
                Objects.requireNonNull(gpus, "gpus"),
                Objects.requireNonNull(policy, "policy"),
                Objects.requireNonNull(baseline, "baseline"));
    }

    /**
     * Totals by group. The caller's thread works too, so that a replay ends even where the executor never gets to it.
     *
     * @param usage what ran
     * @param at as of when; later usage is left out. Cut to whole seconds
     * @param by what to group by
     * @param executor the host's, for as much help as the machine has processors; {@code Runnable::run} for none
     * @return groups with any billable time, and their total
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region; the message lists those it
     *     knows
     * @throws ArithmeticException if a sum overflows
     */
    public Breakdown breakdown(UsageColumns usage, Instant at, Dimension by, Executor executor) {
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(executor, "executor");
        PricedSnapshot snapshot = new PricedSnapshot(catalog, gpus, policy, baseline);
        BatchPrices prices = new BatchPrices(
                usage.kinds().stream().map(snapshot::kind).toList(), snapshot.billing(), at.getEpochSecond());
        Queue<Part> parts = new ConcurrentLinkedQueue<>(parts(usage));
        int helping = Math.min(Runtime.getRuntime().availableProcessors(), parts.size()) - 1;
        List<Assistance> assistance = Stream.generate(() -> new Assistance(new BatchWorker(usage, prices, by), parts))
                .limit(Math.max(0, helping))
                .toList();
        assistance.forEach(one -> one.startOn(executor));
        Map<String, Tally> groups = new TreeMap<>();
        Tally total = new Tally();
        try {
            BatchWorker own = new BatchWorker(usage, prices, by);
            work(own, parts);
            own.addTo(groups, total);
        } finally {
            parts.clear(); // so that helpers end soon where this thread has failed
        }
        assistance.forEach(one -> one.result().ifPresent(worker -> worker.addTo(groups, total)));
        return new Breakdown(
                groups.entrySet().stream()
                        .map(group -> new Breakdown.Group(
                                group.getKey(), group.getValue().totals()))
                        .toList(),
                total.totals(),
                at.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Some instances that one worker prices in one go. */
    private record Part(int fromInstance, int toInstance) {}

    private static List<Part> parts(UsageColumns usage) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int instance = 1; instance <= usage.instanceCount(); instance++) {
            if (instance == usage.instanceCount() || usage.firstRow(instance) - usage.firstRow(from) >= ROWS_A_PART) {
                parts.add(new Part(from, instance));
                from = instance;
            }
        }
        return parts;
    }

    private static void work(BatchWorker worker, Queue<Part> parts) {
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            worker.price(part.fromInstance(), part.toInstance());
        }
    }

    /** Works on the executor, if that gets to it before all is done. */
    private static final class Assistance implements Runnable {

        private final BatchWorker worker;
        private final Queue<Part> parts;
        private final AtomicBoolean isTaken = new AtomicBoolean();
        private final CompletableFuture<BatchWorker> done = new CompletableFuture<>();

        Assistance(BatchWorker worker, Queue<Part> parts) {
            this.worker = worker;
            this.parts = parts;
        }

        void startOn(Executor executor) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException e) {
                isTaken.set(true); // an executor that is full or closed gives no help
                done.completeExceptionally(e);
            }
        }

        @Override
        public void run() {
            if (isTaken.compareAndSet(false, true)) {
                try {
                    work(worker, parts);
                    done.complete(worker);
                } catch (RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            }
        }

        /** What it did; empty where it has not begun, and will not any more. */
        Optional<BatchWorker> result() {
            if (isTaken.compareAndSet(false, true)) {
                return Optional.empty();
            }
            try {
                return Optional.of(done.join());
            } catch (CompletionException e) {
                if (e.getCause() instanceof RejectedExecutionException) {
                    return Optional.empty();
                }
                throw e;
            }
        }
    }
}
