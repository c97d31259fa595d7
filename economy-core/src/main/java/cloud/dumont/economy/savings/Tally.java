package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.AmountAccumulator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds up one group of usage into {@link SavingsTotals}: four sums for each kind of usage, from which all else follows. Owned by one
 * thread. Usage of one instance comes together, so that instances are counted as they come.
 */
final class Tally {

    private static final long SECONDS_PER_HOUR = 3600;

    private final Map<PricedKind, KindSums> kinds = new HashMap<>();
    private int instances;
    private int unpricedInstances;
    private PricedUsage.@Nullable InstanceKey instance;
    private boolean isUnpriced;

    /** Billable time, with what it really cost. */
    void time(PricedUsage usage, long fromSecond, long toSecond) {
        count(usage);
        spend(usage, fromSecond, toSecond);
    }

    /** The same, without counting its instance. */
    void spend(PricedUsage usage, long fromSecond, long toSecond) {
        KindSums sums = sums(usage.kind());
        long seconds = toSecond - fromSecond;
        sums.seconds = Math.addExact(sums.seconds, seconds);
        usage.instance().rate().ifPresent(rate -> sums.paid.add(rate.nanoUsdPerHour(), seconds));
        if (usage.match().isPresent()) { // without an object for a number that is nearly always of no consequence
            long known = usage.match().get().rates().firstKnownSecond();
            sums.beforeFirstPriceSeconds += Math.max(0, Math.min(toSecond, known) - fromSecond);
        }
    }

    private void count(PricedUsage usage) {
        PricedUsage.InstanceKey key = usage.key();
        if (!key.equals(instance)) {
            instance = key;
            isUnpriced = false;
            instances++;
        }
        if (usage.match().isEmpty() && !isUnpriced) {
            isUnpriced = true;
            unpricedInstances++;
        }
    }

    /** What some time would have cost, or what a provider's billing rule adds to it or takes off. */
    void charge(PricedUsage usage, long nanoUsdPerHour, long seconds) {
        sums(usage.kind()).equivalent.add(nanoUsdPerHour, seconds);
    }

    /** Sums of a kind that somebody else has added up; what it was is taken over. */
    void add(PricedKind kind, KindSums added) {
        sums(kind).add(added);
    }

    /** More instances, some of them with time that could not be compared. */
    void countInstances(int more, int moreUnpriced) {
        instances = Math.addExact(instances, more);
        unpricedInstances = Math.addExact(unpricedInstances, moreUnpriced);
    }

    /** All of another tally, of the one instance that both are of. */
    void addOfSameInstance(Tally other) {
        other.kinds.forEach(this::add);
        instances = Math.max(instances, other.instances);
        unpricedInstances = Math.max(unpricedInstances, other.unpricedInstances);
    }

    /** Takes off what was added before. Of what nothing is left, nothing was. */
    void subtract(Tally other) {
        other.kinds.forEach((kind, sums) -> {
            KindSums left = sums(kind);
            left.subtract(sums);
            if (left.isZero()) {
                kinds.remove(kind);
            }
        });
        countInstances(-other.instances, -other.unpricedInstances);
    }

    /** All of another tally, of other instances. */
    void add(Tally other) {
        other.kinds.forEach(this::add);
        countInstances(other.instances, other.unpricedInstances);
    }

    void forEachKind(BiConsumer<PricedKind, KindSums> visitor) {
        kinds.forEach(visitor);
    }

    private KindSums sums(PricedKind kind) {
        return kinds.computeIfAbsent(kind, k -> new KindSums());
    }

    SavingsTotals totals() {
        Reckoning all = new Reckoning();
        kinds.forEach(all::add);
        return all.totals(instances, unpricedInstances);
    }

    /** What all kinds come to, in one pass over them. */
    private static final class Reckoning {

        private long seconds;
        private long comparedSeconds;
        private long inferredSeconds;
        private long provisionalSeconds;
        private long idleSeconds;
        private long beforeFirstPriceSeconds;
        private final ExactSum gpuSeconds = new ExactSum();
        private final AmountAccumulator uncompared = new AmountAccumulator();
        private final AmountAccumulator idle = new AmountAccumulator();
        private final Map<Tier, TierTotals> tiers = new EnumMap<>(Tier.class);
        private boolean isUndated;
        private @Nullable LocalDate oldest;

        private final ExactSum pricedSeconds = new ExactSum();
        private final AmountAccumulator paid = new AmountAccumulator();
        private final ExactSum pricedGpuSeconds = new ExactSum();
        private final AmountAccumulator paidForGpus = new AmountAccumulator();
        private final ExactSum teraflopSeconds = new ExactSum();
        private final AmountAccumulator paidForTeraflops = new AmountAccumulator();

        void add(PricedKind kind, KindSums sums) {
            Amount cost = sums.paid.toAmount();
            seconds = Math.addExact(seconds, sums.seconds);
            beforeFirstPriceSeconds = Math.addExact(beforeFirstPriceSeconds, sums.beforeFirstPriceSeconds);
            if (kind.isInferred()) {
                inferredSeconds = Math.addExact(inferredSeconds, sums.seconds);
            }
            if (kind.isProvisional()) {
                provisionalSeconds = Math.addExact(provisionalSeconds, sums.seconds);
            }
            if (kind.isIdle()) {
                idleSeconds = Math.addExact(idleSeconds, sums.seconds);
                idle.add(cost);
            }
            kind.gpus().ifPresent(count -> gpuSeconds.add(sums.seconds, count.numerator(), count.denominator()));
            if (kind.isCompared()) {
                comparedSeconds = Math.addExact(comparedSeconds, sums.seconds);
                tiers.merge(
                        kind.equivalent().tier(), new TierTotals(cost, sums.equivalent.toAmount()), TierTotals::plus);
                if (sums.seconds > 0) {
                    addAge(kind.readOn());
                }
            } else {
                uncompared.add(cost);
            }
            if (kind.hasKnownRate()) {
                addPriced(kind, sums.seconds, cost);
            }
        }

        private void addAge(Optional<LocalDate> readOn) {
            isUndated = isUndated || readOn.isEmpty();
            readOn.filter(day -> oldest == null || day.isBefore(oldest)).ifPresent(day -> oldest = day);
        }

        private void addPriced(PricedKind kind, long time, Amount cost) {
            pricedSeconds.add(time, 1, 1);
            paid.add(cost);
            kind.gpus().ifPresent(count -> {
                pricedGpuSeconds.add(time, count.numerator(), count.denominator());
                paidForGpus.add(cost);
            });
            kind.fp16TensorTflops().ifPresent(flops -> {
                kind.gpus().ifPresent(count -> addFlops(time, flops, count));
                paidForTeraflops.add(cost);
            });
        }

        private void addFlops(long time, BigDecimal flops, GpuCount count) {
            BigDecimal whole = flops.setScale(Math.max(0, flops.scale()), RoundingMode.UNNECESSARY);
            long tenths = BigInteger.TEN.pow(whole.scale()).longValueExact();
            teraflopSeconds.add(
                    time,
                    Math.multiplyExact(whole.unscaledValue().longValueExact(), count.numerator()),
                    Math.multiplyExact(tenths, count.denominator()));
        }

        SavingsTotals totals(int instances, int unpricedInstances) {
            TierTotals all = tiers.values().stream().reduce(TierTotals.ZERO, TierTotals::plus);
            return new SavingsTotals(
                    instances,
                    unpricedInstances,
                    seconds,
                    comparedSeconds,
                    inferredSeconds,
                    provisionalSeconds,
                    gpuSeconds.dividedBy(SECONDS_PER_HOUR),
                    all.effectiveCost(),
                    all.equivalentCost(),
                    uncompared.toAmount(),
                    beforeFirstPriceSeconds,
                    tiers,
                    isUndated ? Optional.empty() : Optional.ofNullable(oldest),
                    new Waste(idleSeconds, idle.toAmount()),
                    new UnitCosts(
                            pricedSeconds.dividing(usdPerHourTimesSeconds(paid)),
                            pricedGpuSeconds.dividing(usdPerHourTimesSeconds(paidForGpus)),
                            teraflopSeconds.dividing(
                                    usdPerHourTimesSeconds(paidForTeraflops).movePointRight(3))));
        }

        /** A quantum a second is 1e-9 USD an hour. */
        private static BigDecimal usdPerHourTimesSeconds(AmountAccumulator amount) {
            return new BigDecimal(amount.toAmount().toQuanta(), 9);
        }
    }
}
