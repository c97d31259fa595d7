package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.HostNeeds;
import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceNotFoundException;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.InstanceTimeline;
import cloud.dumont.economy.usage.UsageInterval;
import cloud.dumont.economy.usage.UsageKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Walks timelines up to a moment, run by run, and tells a visitor what each moment of billable time cost on both sides. The obvious
 * way: interval by interval, cut where a price changes, with the provider's billing rule settled per run.
 *
 * <p>The equivalent cost of a run is told so that no closed bucket changes later: all of a minimum counts at the run's first second, at
 * the prices that will be in effect; if another kind of usage takes over before it is used up, the rest changes hands at that moment.
 * A run whose launch nobody vouches for has no minimum. What rounding takes off is settled in the bucket the run ends in.
 */
final class UsageWalk {

    /** Is told about billable time and what it would have cost. Seconds are seconds since 1970. */
    interface Visitor {

        /** A run that lasts, and what the instance does in it at the moment of the walk. */
        default void lasts(PricedUsage usage) {}

        /** Billable time from a second up to but not including another. */
        void time(PricedUsage usage, long fromSecond, long toSecond);

        /** The equivalent cost of some time, at one rate, where it was spent. */
        void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour);

        /** The equivalent cost of some of a run's first seconds, which the minimum makes count when they began. */
        default void accrueUpFront(
                PricedUsage usage, long atSecond, long fromSecond, long toSecond, long nanoUsdPerHour) {
            settle(usage, atSecond, toSecond - fromSecond, fromSecond, nanoUsdPerHour);
        }

        /**
         * What the billing rule adds at one moment beyond the time spent, at the price of a given second; negative seconds take
         * off.
         */
        void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour);
    }

    private record Wanted(
            Optional<String> gpuName,
            Optional<GpuMemory> gpuMemory,
            GpuCount count,
            boolean countsCards,
            HostNeeds needs) {}

    private final PriceCatalog catalog;
    private final GpuCatalog gpus;
    private final EquivalencePolicy policy;
    private final Baseline baseline;
    private final BillingRule billing;
    private final Instant until;
    private final Map<Wanted, Equivalent> equivalents = new HashMap<>();
    private final Map<UsageKind, PricedKind> kinds = new HashMap<>();

    /**
     * A walk that has visited nothing yet.
     *
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region; the message lists those it
     *     knows
     */
    UsageWalk(PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline, Instant until) {
        requireKnown(catalog, baseline);
        this.catalog = catalog;
        this.gpus = gpus;
        this.policy = policy;
        this.baseline = baseline;
        this.billing = catalog.billingRule(baseline.provider());
        this.until = until;
    }

    private static void requireKnown(PriceCatalog catalog, Baseline baseline) {
        Provider provider = baseline.provider();
        if (!catalog.providers().contains(provider)) {
            throw new IllegalArgumentException("unknown provider '" + provider + "'; known: "
                    + catalog.providers().stream().map(Provider::id).collect(Collectors.joining(", ")));
        }
        baseline.region().ifPresent(region -> {
            try {
                catalog.checkRegion(provider, region);
            } catch (PriceNotFoundException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
    }

    PricedKind kind(UsageKind of) {
        return kinds.computeIfAbsent(
                of, kind -> new PricedKind(kind, equivalents.computeIfAbsent(wanted(kind), this::equivalent)));
    }

    private Wanted wanted(UsageKind kind) {
        return new Wanted(
                kind.gpuName(),
                kind.gpuMemory(),
                kind.comparedGpus(),
                kind.physicalGpus().isPresent(),
                baseline.hostMatch() == HostMatch.AT_LEAST
                        ? new HostNeeds(kind.vcpus(), kind.memoryGib())
                        : HostNeeds.NONE);
    }

    private Equivalent equivalent(Wanted wanted) {
        EquivalenceQuery query = new EquivalenceQuery(meaning(wanted), wanted.count(), wanted.needs(), baseline);
        try {
            return policy.decide(catalog, query);
        } catch (ArithmeticException e) {
            // One instance so large that no rate can hold what it would cost must not take the whole report with it.
            return new Equivalent(
                    query,
                    Tier.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    query.count() + " x " + wanted.gpuName().orElse("unknown GPU") + " is not compared: a "
                            + e.getMessage() + ".");
        }
    }

    /** A shared card is that card where it is told how many cards there are. */
    private GpuResolution meaning(Wanted wanted) {
        String name = wanted.gpuName().orElse("");
        GpuResolution named =
                wanted.gpuMemory().map(memory -> gpus.resolve(name, memory)).orElseGet(() -> gpus.resolve(name));
        return wanted.countsCards() && named instanceof GpuResolution.Shared shared ? shared.card() : named;
    }

    private PricedUsage priced(UsageInterval interval, Optional<Instant> sessionStart) {
        return new PricedUsage(interval, kind(UsageKind.of(interval)), sessionStart);
    }

    void walk(InstanceTimeline timeline, Visitor visitor) {
        for (List<UsageInterval> run : runs(timeline)) {
            if (!run.get(0).start().isAfter(until)) {
                visitRun(run, visitor);
            }
        }
    }

    /** The unbroken billable runs of an instance, oldest first. */
    static List<List<UsageInterval>> runs(InstanceTimeline timeline) {
        List<List<UsageInterval>> runs = new ArrayList<>();
        Optional<Instant> previousEnd = Optional.empty();
        for (UsageInterval interval : timeline.intervals()) {
            if (!interval.state().isBillable()) {
                continue;
            }
            if (!previousEnd.equals(Optional.of(interval.start()))) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(interval);
            previousEnd = interval.end();
        }
        return runs;
    }

    /** How a run is charged: what nobody saw launch has no minimum. */
    static BillingRule charging(BillingRule billing, UsageInterval first) {
        return first.evidence().vouchesForStart() ? billing : billing.withoutMinimum();
    }

    private void visitRun(List<UsageInterval> run, Visitor visitor) {
        boolean lasts =
                run.get(run.size() - 1).end().map(end -> end.isAfter(until)).orElse(true);
        Optional<Instant> sessionStart = lasts ? Optional.of(run.get(0).start()) : Optional.empty();
        if (lasts) {
            run.stream()
                    .filter(interval -> !interval.start().isAfter(until))
                    .reduce((earlier, later) -> later)
                    .ifPresent(now -> visitor.lasts(priced(now, sessionStart)));
        }
        List<PricedUsage> usages = run.stream()
                .filter(interval -> interval.start().isBefore(until))
                .map(interval -> priced(interval, sessionStart))
                .toList();
        if (!usages.isEmpty()) {
            BillingRule charging = charging(billing, run.get(0));
            visitTime(usages, charging, visitor);
            visitRounding(usages, charging, lasts, visitor);
        }
    }

    private void visitTime(List<PricedUsage> run, BillingRule charging, Visitor visitor) {
        long minimumEnd = startSecond(run.get(0)) + charging.minimumSeconds();
        long end = endSecond(run.get(run.size() - 1));
        for (PricedUsage usage : run) {
            long from = startSecond(usage);
            long to = endSecond(usage);
            visitor.time(usage, from, to);
            long upFront = Math.max(from, Math.min(to, minimumEnd));
            pieces(usage, from, upFront, (a, b, rate) -> visitor.accrueUpFront(usage, from, a, b, rate));
            pieces(usage, upFront, to, (a, b, rate) -> visitor.accrue(usage, a, b, rate));
            // The minute is charged in advance at what is known then; where something else takes over, what is left is
            // given back.
            pieces(usage, upFront, minimumEnd, (a, b, rate) -> visitor.settle(usage, from, b - a, a, rate));
            if (to < end) {
                pieces(usage, to, minimumEnd, (a, b, rate) -> visitor.settle(usage, to, a - b, a, rate));
            }
        }
    }

    /** What rounding takes off is taken off where the run ends. */
    private void visitRounding(List<PricedUsage> run, BillingRule charging, boolean lasts, Visitor visitor) {
        long start = startSecond(run.get(0));
        long end = endSecond(run.get(run.size() - 1));
        long length = end - start;
        long tail = start + (lasts ? charging.accruedSeconds(length) : charging.chargedSeconds(length));
        for (PricedUsage usage : run) {
            long from = Math.max(tail, startSecond(usage));
            pieces(usage, from, endSecond(usage), (a, b, rate) -> visitor.settle(usage, end - 1, a - b, a, rate));
        }
    }

    private static long startSecond(PricedUsage usage) {
        return usage.interval().start().getEpochSecond();
    }

    private long endSecond(PricedUsage usage) {
        return usage.interval()
                .end()
                .filter(end -> end.isBefore(until))
                .orElse(until)
                .getEpochSecond();
    }

    interface Piece {
        void at(long fromSecond, long toSecond, long nanoUsdPerHour);
    }

    /** Cuts compared time where the equivalent's price changes. */
    static void pieces(PricedUsage usage, long fromSecond, long toSecond, Piece piece) {
        if (usage.match().isEmpty()) {
            return;
        }
        RateTimeline rates = usage.match().get().rates();
        long at = fromSecond;
        while (at < toSecond) {
            long next = Math.min(toSecond, rates.nextChangeAfter(at));
            piece.at(at, next, rates.nanoUsdPerHourAt(at));
            at = next;
        }
    }
}
