package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up one group of usage into {@link SavingsTotals}: four sums for each kind of usage, from which all else follows. Owned by one
 * thread. Usage of one instance comes together, so that instances are counted as they come.
 */
final class Tally {

    private static final BigInteger SECONDS_PER_HOUR = BigInteger.valueOf(3600);

    private final Map<PricedKind, KindSums> kinds = new HashMap<>();
    private int instances;
    private int unpricedInstances;
    private PricedUsage.@Nullable InstanceKey instance;
    private boolean isUnpriced;

    /** Billable time, with what it really cost. */
    void time(PricedUsage usage, long fromSecond, long toSecond) {
        count(usage);
        KindSums sums = sums(usage.kind());
        long seconds = toSecond - fromSecond;
        sums.seconds = Math.addExact(sums.seconds, seconds);
        usage.instance().rate().ifPresent(rate -> sums.paid.add(rate.nanoUsdPerHour(), seconds));
        usage.match()
                .map(match -> match.rates().firstKnownSecond())
                .ifPresent(
                        known -> sums.beforeFirstPriceSeconds += Math.max(0, Math.min(toSecond, known) - fromSecond));
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

    /** All of another tally, of other instances. */
    void add(Tally other) {
        other.kinds.forEach(this::add);
        countInstances(other.instances, other.unpricedInstances);
    }

    private KindSums sums(PricedKind kind) {
        return kinds.computeIfAbsent(kind, k -> new KindSums());
    }

    SavingsTotals totals() {
        Map<Tier, TierTotals> tiers = new EnumMap<>(Tier.class);
        long billable = 0;
        long compared = 0;
        long inferred = 0;
        long beforeFirstPrice = 0;
        ExactSum gpuSeconds = new ExactSum();
        Amount uncompared = Amount.ZERO;
        long idle = 0;
        Amount idleCost = Amount.ZERO;
        Optional<LocalDate> oldestReadOn = Optional.empty();
        for (Map.Entry<PricedKind, KindSums> entry : kinds.entrySet()) {
            PricedKind kind = entry.getKey();
            KindSums sums = entry.getValue();
            Amount paid = sums.paid.toAmount();
            billable = Math.addExact(billable, sums.seconds);
            gpuSeconds.add(
                    BigDecimal.valueOf(sums.seconds),
                    kind.gpuCount().numerator(),
                    kind.gpuCount().denominator());
            if (kind.isInferred()) {
                inferred = Math.addExact(inferred, sums.seconds);
            }
            if (kind.isIdle()) {
                idle = Math.addExact(idle, sums.seconds);
                idleCost = idleCost.plus(paid);
            }
            if (kind.match().isEmpty()) {
                uncompared = uncompared.plus(paid);
                continue;
            }
            compared = Math.addExact(compared, sums.seconds);
            beforeFirstPrice = Math.addExact(beforeFirstPrice, sums.beforeFirstPriceSeconds);
            tiers.merge(kind.equivalent().tier(), new TierTotals(paid, sums.equivalent.toAmount()), TierTotals::plus);
            if (sums.seconds > 0) {
                LocalDate readOn = readOn(kind.match().get());
                oldestReadOn =
                        oldestReadOn.filter(known -> known.isBefore(readOn)).or(() -> Optional.of(readOn));
            }
        }
        TierTotals all = tiers.values().stream().reduce(TierTotals.ZERO, TierTotals::plus);
        return new SavingsTotals(
                instances,
                unpricedInstances,
                billable,
                compared,
                inferred,
                gpuSeconds.dividedBy(SECONDS_PER_HOUR),
                all.effectiveCost(),
                all.equivalentCost(),
                uncompared,
                beforeFirstPrice,
                tiers,
                oldestReadOn,
                new Waste(idle, idleCost),
                unitCosts());
    }

    private static LocalDate readOn(Equivalent.Match match) {
        return match.latestPrice().provenance().readOn();
    }

    private UnitCosts unitCosts() {
        Amount paid = Amount.ZERO;
        Amount paidByFlops = Amount.ZERO;
        ExactSum seconds = new ExactSum();
        ExactSum gpuSeconds = new ExactSum();
        ExactSum teraflopSeconds = new ExactSum();
        for (Map.Entry<PricedKind, KindSums> entry : kinds.entrySet()) {
            PricedKind kind = entry.getKey();
            if (!kind.hasKnownRate()) {
                continue;
            }
            Amount cost = entry.getValue().paid.toAmount();
            BigDecimal time = BigDecimal.valueOf(entry.getValue().seconds);
            long numerator = kind.gpuCount().numerator();
            long denominator = kind.gpuCount().denominator();
            paid = paid.plus(cost);
            seconds.add(time, 1, 1);
            gpuSeconds.add(time, numerator, denominator);
            if (kind.fp16TensorTflops().isPresent()) {
                paidByFlops = paidByFlops.plus(cost);
                teraflopSeconds.add(time.multiply(kind.fp16TensorTflops().get()), numerator, denominator);
            }
        }
        return new UnitCosts(
                seconds.dividing(usdPerHourTimesSeconds(paid)),
                gpuSeconds.dividing(usdPerHourTimesSeconds(paid)),
                teraflopSeconds.dividing(usdPerHourTimesSeconds(paidByFlops).movePointRight(3)));
    }

    /** A quantum a second is 1e-9 USD an hour. */
    private static BigDecimal usdPerHourTimesSeconds(Amount amount) {
        return new BigDecimal(amount.toQuanta()).movePointLeft(9);
    }
}
