package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.money.Amount;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
        spend(usage, fromSecond, toSecond);
    }

    /** The same, without counting its instance. */
    void spend(PricedUsage usage, long fromSecond, long toSecond) {
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
        Map<Tier, TierTotals> tiers = tiers();
        TierTotals all = tiers.values().stream().reduce(TierTotals.ZERO, TierTotals::plus);
        return new SavingsTotals(
                instances,
                unpricedInstances,
                seconds(kind -> true),
                seconds(PricedKind::isCompared),
                seconds(PricedKind::isInferred),
                seconds(PricedKind::isProvisional),
                gpuSeconds(kind -> true).dividedBy(SECONDS_PER_HOUR),
                all.effectiveCost(),
                all.equivalentCost(),
                paid(kind -> !kind.isCompared()),
                kinds.values().stream()
                        .mapToLong(sums -> sums.beforeFirstPriceSeconds)
                        .reduce(0, Math::addExact),
                tiers,
                oldestReadOn(),
                new Waste(seconds(PricedKind::isIdle), paid(PricedKind::isIdle)),
                unitCosts());
    }

    private Stream<Map.Entry<PricedKind, KindSums>> those(Predicate<PricedKind> which) {
        return kinds.entrySet().stream().filter(entry -> which.test(entry.getKey()));
    }

    private long seconds(Predicate<PricedKind> which) {
        return those(which).mapToLong(entry -> entry.getValue().seconds).reduce(0, Math::addExact);
    }

    private Amount paid(Predicate<PricedKind> which) {
        return those(which).map(entry -> entry.getValue().paid.toAmount()).reduce(Amount.ZERO, Amount::plus);
    }

    private ExactSum gpuSeconds(Predicate<PricedKind> which) {
        return gpuSeconds(which, kind -> BigDecimal.ONE);
    }

    private ExactSum gpuSeconds(Predicate<PricedKind> which, Function<PricedKind, BigDecimal> weight) {
        ExactSum sum = new ExactSum();
        those(which)
                .forEach(entry -> entry.getKey().gpus().ifPresent(count -> {
                    BigDecimal time = BigDecimal.valueOf(entry.getValue().seconds);
                    sum.add(time.multiply(weight.apply(entry.getKey())), count.numerator(), count.denominator());
                }));
        return sum;
    }

    private Map<Tier, TierTotals> tiers() {
        Map<Tier, TierTotals> tiers = new EnumMap<>(Tier.class);
        those(PricedKind::isCompared)
                .forEach(entry -> tiers.merge(
                        entry.getKey().equivalent().tier(),
                        new TierTotals(
                                entry.getValue().paid.toAmount(),
                                entry.getValue().equivalent.toAmount()),
                        TierTotals::plus));
        return tiers;
    }

    private Optional<LocalDate> oldestReadOn() {
        List<Optional<LocalDate>> days = those(PricedKind::isCompared)
                .filter(entry -> entry.getValue().seconds > 0)
                .map(entry -> entry.getKey().match().orElseThrow().latestPrice())
                .map(price -> price.provenance().readOn())
                .toList();
        return days.contains(Optional.<LocalDate>empty())
                ? Optional.empty()
                : days.stream().flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    private UnitCosts unitCosts() {
        ExactSum seconds = new ExactSum();
        seconds.add(BigDecimal.valueOf(seconds(PricedKind::hasKnownRate)), 1, 1);
        BigDecimal paid = usdPerHourTimesSeconds(paid(PricedKind::hasKnownRate));
        Predicate<PricedKind> hasGpus =
                kind -> kind.hasKnownRate() && kind.gpus().isPresent();
        Predicate<PricedKind> hasFlops =
                kind -> kind.hasKnownRate() && kind.fp16TensorTflops().isPresent();
        ExactSum teraflopSeconds =
                gpuSeconds(hasFlops, kind -> kind.fp16TensorTflops().orElseThrow());
        return new UnitCosts(
                seconds.dividing(paid),
                gpuSeconds(hasGpus).dividing(usdPerHourTimesSeconds(paid(hasGpus))),
                teraflopSeconds.dividing(usdPerHourTimesSeconds(paid(hasFlops)).movePointRight(3)));
    }

    /** A quantum a second is 1e-9 USD an hour. */
    private static BigDecimal usdPerHourTimesSeconds(Amount amount) {
        return new BigDecimal(amount.toQuanta()).movePointLeft(9);
    }
}
