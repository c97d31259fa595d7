package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.HostMatch;
import cloud.dumont.economy.equivalence.HostNeeds;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceNotFoundException;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.usage.Run;
import cloud.dumont.economy.usage.UsageKind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Everything that usage is priced with, at one moment: the catalog with the account's overlay, the GPU models, the equivalence policy and the
 * baseline. It decides on each kind of usage once. Thread-safe.
 */
final class PricedSnapshot {

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
    private final Map<Wanted, Equivalent> equivalents = new ConcurrentHashMap<>();
    private final Map<UsageKind, PricedKind> kinds = new ConcurrentHashMap<>();

    /**
     * A snapshot that has decided nothing yet.
     *
     * @throws IllegalArgumentException if the catalog does not know the baseline's provider or region; the message lists those it
     *     knows
     */
    PricedSnapshot(PriceCatalog catalog, GpuCatalog gpus, EquivalencePolicy policy, Baseline baseline) {
        requireKnown(catalog, baseline);
        this.catalog = catalog;
        this.gpus = gpus;
        this.policy = policy;
        this.baseline = baseline;
        this.billing = catalog.billingRule(baseline.provider());
    }

    private static void requireKnown(PriceCatalog catalog, Baseline baseline) {
        Provider provider = baseline.provider();
        if (!catalog.providers().contains(provider)) {
            throw new IllegalArgumentException("unknown provider '" + Given.shown(provider) + "'; known: "
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

    /** Walks usage up to a moment. */
    UsageWalk until(Instant moment) {
        return new UsageWalk(this, moment);
    }

    /** The same with every {@link Tier#NEAREST} match at its floor. */
    PricedSnapshot atFloor() {
        return new PricedSnapshot(catalog, gpus, policy.atFloor(), baseline);
    }

    String catalogVersion() {
        return catalog.version();
    }

    Baseline baseline() {
        return baseline;
    }

    BillingRule billing() {
        return billing;
    }

    /** How a run is charged: what nobody saw launch has no minimum. */
    BillingRule charging(Run run) {
        return run.launchVouched() ? billing : billing.withoutMinimum();
    }

    PricedKind kind(UsageKind of) {
        PricedKind known = kinds.get(of); // without making a lambda for each look-up
        return known != null
                ? known
                : kinds.computeIfAbsent(
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

    /** A shared card is that card where it is known how many cards there are. */
    private GpuResolution meaning(Wanted wanted) {
        String name = wanted.gpuName().orElse("");
        GpuResolution named =
                wanted.gpuMemory().map(memory -> gpus.resolve(name, memory)).orElseGet(() -> gpus.resolve(name));
        return wanted.countsCards() && named instanceof GpuResolution.Shared shared ? shared.card() : named;
    }
}
