package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.AmountAccumulator;
import cloud.dumont.economy.usage.Instance;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds up one group of usage into {@link SavingsTotals}. Owned by one thread. */
final class Tally {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    /** The two sides of what rests on one tier. */
    private static final class Sides {
        final AmountAccumulator effective = new AmountAccumulator();
        final AmountAccumulator equivalent = new AmountAccumulator();
    }

    private final Set<PricedUsage.InstanceKey> instances = new HashSet<>();
    private final Set<PricedUsage.InstanceKey> unpriced = new HashSet<>();
    private final Map<GpuCount, Long> secondsByGpuCount = new HashMap<>();
    private final Map<Tier, Sides> tiers = new EnumMap<>(Tier.class);
    private final AmountAccumulator uncompared = new AmountAccumulator();
    private long billableSeconds;
    private long comparedSeconds;
    private long beforeFirstPriceSeconds;
    private @Nullable LocalDate oldestReadOn;

    /** Billable time, with what it really cost. */
    void time(PricedUsage usage, long fromSecond, long toSecond) {
        Instance instance = usage.instance();
        long seconds = toSecond - fromSecond;
        instances.add(usage.key());
        billableSeconds = Math.addExact(billableSeconds, seconds);
        secondsByGpuCount.merge(instance.gpuCount(), seconds, Math::addExact);
        if (usage.match().isEmpty()) {
            unpriced.add(usage.key());
            instance.rate().ifPresent(rate -> uncompared.add(rate.nanoUsdPerHour(), seconds));
            return;
        }
        Equivalent.Match match = usage.match().get();
        comparedSeconds = Math.addExact(comparedSeconds, seconds);
        sides(usage).effective.add(usage.effectiveNanoUsdPerHour(), seconds);
        long known = match.rates().firstKnownSecond();
        beforeFirstPriceSeconds += Math.max(0, Math.min(toSecond, known) - fromSecond);
        LocalDate readOn = match.latestPrice().provenance().readOn();
        if (oldestReadOn == null || readOn.isBefore(oldestReadOn)) {
            oldestReadOn = readOn;
        }
    }

    /** What some time would have cost, or what a provider's billing rule adds to it or takes off. */
    void charge(PricedUsage usage, long nanoUsdPerHour, long seconds) {
        sides(usage).equivalent.add(nanoUsdPerHour, seconds);
    }

    private Sides sides(PricedUsage usage) {
        return tiers.computeIfAbsent(usage.equivalent().tier(), tier -> new Sides());
    }

    SavingsTotals totals() {
        Map<Tier, TierTotals> byTier = new EnumMap<>(Tier.class);
        Amount effective = Amount.ZERO;
        Amount equivalent = Amount.ZERO;
        for (Map.Entry<Tier, Sides> entry : tiers.entrySet()) {
            TierTotals totals = new TierTotals(
                    entry.getValue().effective.toAmount(),
                    entry.getValue().equivalent.toAmount());
            byTier.put(entry.getKey(), totals);
            effective = effective.plus(totals.effectiveCost());
            equivalent = equivalent.plus(totals.equivalentCost());
        }
        return new SavingsTotals(
                instances.size(),
                unpriced.size(),
                billableSeconds,
                comparedSeconds,
                gpuHours(),
                effective,
                equivalent,
                uncompared.toAmount(),
                beforeFirstPriceSeconds,
                byTier,
                Optional.ofNullable(oldestReadOn));
    }

    /** Exact up to the one rounding at the end: thirds of a GPU do not add up in decimals. */
    private BigDecimal gpuHours() {
        BigInteger numerator = BigInteger.ZERO;
        BigInteger denominator = BigInteger.ONE;
        for (Map.Entry<GpuCount, Long> entry : secondsByGpuCount.entrySet()) {
            BigInteger countDenominator = BigInteger.valueOf(entry.getKey().denominator());
            BigInteger gpuSeconds =
                    BigInteger.valueOf(entry.getKey().numerator()).multiply(BigInteger.valueOf(entry.getValue()));
            numerator = numerator.multiply(countDenominator).add(gpuSeconds.multiply(denominator));
            denominator = denominator.multiply(countDenominator);
            BigInteger divisor = numerator.gcd(denominator);
            numerator = numerator.divide(divisor);
            denominator = denominator.divide(divisor);
        }
        return new BigDecimal(numerator)
                .divide(new BigDecimal(denominator).multiply(SECONDS_PER_HOUR), 9, RoundingMode.HALF_EVEN);
    }
}
