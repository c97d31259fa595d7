package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Tier;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageInterval;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Says what savings must be, second by second, from the facts and the price rows alone, with {@link BigInteger}s. It knows
 * semantics.md and nothing of the calculator.
 */
final class SlowOracle {

    /** What a second of billable time is counted in. */
    static final class Sums {

        final Set<List<Object>> instances = new HashSet<>();
        final Set<List<Object>> unpriced = new HashSet<>();
        final Map<Tier, BigInteger> effective = new EnumMap<>(Tier.class);
        final Map<Tier, BigInteger> equivalent = new EnumMap<>(Tier.class);
        BigInteger uncompared = BigInteger.ZERO;
        BigInteger idleCost = BigInteger.ZERO;
        BigInteger paid = BigInteger.ZERO;
        BigDecimal paidGpuSeconds = BigDecimal.ZERO;
        long paidSeconds;
        long idleSeconds;
        long inferredSeconds;
        BigDecimal gpuSeconds = BigDecimal.ZERO;
        long billableSeconds;
        long comparedSeconds;
        long beforeFirstPrice;
        Optional<LocalDate> oldestReadOn = Optional.empty();

        BigInteger effectiveTotal() {
            return effective.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        }

        BigInteger equivalentTotal() {
            return equivalent.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
        }

        /** What an hour of an instance cost: quanta a second are 1e-9 USD an hour. */
        Optional<BigDecimal> perInstanceHour() {
            return perHour(BigDecimal.valueOf(paidSeconds));
        }

        Optional<BigDecimal> perGpuHour() {
            return perHour(paidGpuSeconds);
        }

        private Optional<BigDecimal> perHour(BigDecimal seconds) {
            return seconds.signum() == 0
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(paid, 9).divide(seconds, 9, RoundingMode.HALF_EVEN));
        }

        BigDecimal gpuHours() {
            return gpuSeconds.divide(BigDecimal.valueOf(3600), 9, RoundingMode.HALF_EVEN);
        }
    }

    /** An instance that is billable at the moment of the report. */
    record Line(UsageInterval now, long sessionStart, Optional<BigInteger> equivalentRate, Sums session) {}

    private final RandomFleet fleet;
    private final long until;
    private final BillingRule billing;
    private final Map<String, TreeMap<Long, BigInteger>> rates = new HashMap<>();

    private final Map<List<Object>, List<Sums>> remembered = new HashMap<>();

    final Map<List<Object>, List<UsageInterval>> byInstance = new LinkedHashMap<>();
    final Map<AccountId, Sums> lifetime = new HashMap<>();
    final Map<AccountId, Sums> session = new HashMap<>();
    final Map<AccountId, List<Line>> lines = new HashMap<>();
    final Map<AccountId, Long> pausedSeconds = new HashMap<>();
    final Map<AccountId, BigInteger> avoided = new HashMap<>();

    /** Groups of any kind, by their names: {@code GPU T4}, {@code ACCOUNT acme}, {@code BUCKET ...}. */
    final Map<String, Sums> groups = new TreeMap<>();

    /**
     * Counts everything up to a moment.
     *
     * @param bucket names the bucket of time that a second falls into
     */
    SlowOracle(RandomFleet fleet, long until, LongFunction<String> bucket) {
        this.fleet = fleet;
        this.until = until;
        this.billing = fleet.catalog.billingRule(fleet.provider);
        for (UsageInterval fact : fleet.facts) {
            byInstance
                    .computeIfAbsent(
                            List.of(fact.instance().account(), fact.instance().id()), key -> new ArrayList<>())
                    .add(fact);
        }
        Map<Long, String> buckets = new HashMap<>();
        LongFunction<String> names = second -> buckets.computeIfAbsent(second, bucket::apply);
        byInstance.values().forEach(facts -> facts.sort(Comparator.comparing(UsageInterval::start)));
        byInstance.forEach((key, facts) -> {
            countRuns((AccountId) key.get(0), (InstanceId) key.get(1), facts, names);
            countPauses((AccountId) key.get(0), facts);
        });
    }

    private static Optional<UsageInterval> at(List<UsageInterval> facts, long second) {
        for (UsageInterval fact : facts) {
            if (fact.start().getEpochSecond() <= second
                    && (fact.end().isEmpty() || second < fact.end().get().getEpochSecond())) {
                return Optional.of(fact);
            }
        }
        return Optional.empty();
    }

    private static boolean isBillable(Optional<UsageInterval> fact) {
        return fact.filter(f -> f.state() == InstanceState.RUNNING || f.state() == InstanceState.IDLE)
                .isPresent();
    }

    private void countRuns(AccountId account, InstanceId id, List<UsageInterval> facts, LongFunction<String> bucket) {
        long second = facts.get(0).start().getEpochSecond();
        while (second <= until) {
            if (!isBillable(at(facts, second))) {
                second++;
                continue;
            }
            long start = second;
            List<UsageInterval> seconds = new ArrayList<>();
            while (second < until && isBillable(at(facts, second))) {
                seconds.add(at(facts, second).orElseThrow());
                second++;
            }
            boolean lasts = second == until && isBillable(at(facts, second));
            countRun(account, id, facts, start, seconds, lasts, bucket);
            second++;
        }
    }

    private void countRun(
            AccountId account,
            InstanceId id,
            List<UsageInterval> facts,
            long start,
            List<UsageInterval> seconds,
            boolean lasts,
            LongFunction<String> bucket) {
        remembered.clear();
        Sums ofLine = new Sums();
        List<Sums> always = new ArrayList<>(List.of(of(lifetime, account)));
        if (lasts) {
            always.addAll(List.of(of(session, account), ofLine));
            UsageInterval now = at(facts, until).orElseThrow();
            lines.computeIfAbsent(account, a -> new ArrayList<>())
                    .add(new Line(now, start, rateAt(now.instance(), until), ofLine));
        }
        long length = seconds.size();
        for (int i = 0; i < length; i++) {
            long second = start + i;
            UsageInterval fact = seconds.get(i);
            for (Sums sums : sums(always, fact.instance(), bucket.apply(second))) {
                countTime(sums, List.of(account, id), fact, second);
            }
        }
        if (length == 0) {
            return;
        }
        // Whole increments are settled when the run ends.
        long charged = lasts ? length : length - length % billing.incrementSeconds();
        // A minimum is for a launch that somebody vouches for; a run that begins with a mere sight, or a guess, has
        // none.
        Evidence launch = seconds.get(0).evidence();
        boolean isVouchedFor = launch == Evidence.OBSERVED
                || launch == Evidence.PUSHED
                || launch == Evidence.PUSHED_AND_SEEN
                || launch == Evidence.SEEN_SINCE;
        int minimum = isVouchedFor ? billing.minimumSeconds() : 0;
        for (long i = minimum; i < length; i++) {
            Instance instance = seconds.get((int) i).instance();
            Optional<BigInteger> rate = rateAt(instance, start + i);
            if (rate.isPresent()) {
                book(always, instance, bucket.apply(start + i), rate.get());
                if (i >= charged) {
                    book(
                            always,
                            instance,
                            bucket.apply(start + length - 1),
                            rate.get().negate());
                }
            }
        }
        // All of the minimum counts at once, as what runs then, until something else runs.
        for (int from = 0; from < Math.min(length, minimum); from++) {
            UsageInterval now = seconds.get(from);
            UsageInterval before = from == 0 ? now : seconds.get(from - 1);
            if (from == 0 || !before.equals(now)) {
                String when = bucket.apply(start + from);
                bookMinimum(always, now.instance(), when, start + from, start + minimum, 1);
                if (from > 0) {
                    bookMinimum(always, before.instance(), when, start + from, start + minimum, -1);
                }
            }
        }
    }

    private void bookMinimum(List<Sums> always, Instance instance, String when, long from, long to, long sign) {
        for (long second = from; second < to; second++) {
            rateAt(instance, second)
                    .ifPresent(rate -> book(always, instance, when, rate.multiply(BigInteger.valueOf(sign))));
        }
    }

    private void book(List<Sums> always, Instance instance, String bucket, BigInteger quanta) {
        for (Sums sums : sums(always, instance, bucket)) {
            add(sums.equivalent, instance, quanta);
        }
    }

    /** All that a second of an instance counts in; remembered, as neighbouring seconds count in the same. */
    private List<Sums> sums(List<Sums> always, Instance instance, String bucket) {
        return remembered.computeIfAbsent(List.of(instance, bucket), key -> {
            List<Sums> sums = new ArrayList<>(always);
            sums.add(of(groups, "ACCOUNT " + instance.account()));
            sums.add(of(groups, "INSTANCE " + instance.id()));
            sums.add(of(groups, "GPU " + fleet.kind(instance).group()));
            sums.add(of(
                    groups, "REGION " + instance.region().map(Object::toString).orElse("unknown")));
            sums.add(of(groups, "BUCKET " + bucket));
            return sums;
        });
    }

    private static <K> Sums of(Map<K, Sums> sums, K key) {
        return sums.computeIfAbsent(key, k -> new Sums());
    }

    private void countTime(Sums sums, List<Object> key, UsageInterval fact, long second) {
        Instance instance = fact.instance();
        BigDecimal gpus = new BigDecimal(fleet.kind(instance).count());
        sums.instances.add(key);
        sums.billableSeconds++;
        sums.gpuSeconds = sums.gpuSeconds.add(gpus);
        BigInteger paid = instance.rate()
                .map(rate -> BigInteger.valueOf(rate.nanoUsdPerHour()))
                .orElse(BigInteger.ZERO);
        if (instance.rate().isPresent()) {
            sums.paid = sums.paid.add(paid);
            sums.paidSeconds++;
            sums.paidGpuSeconds = sums.paidGpuSeconds.add(gpus);
        }
        if (fact.evidence() == Evidence.INFERRED) {
            sums.inferredSeconds++;
        }
        if (fact.state() == InstanceState.IDLE) {
            sums.idleSeconds++;
            sums.idleCost = sums.idleCost.add(paid);
        }
        if (rateAt(instance, second).isEmpty()) {
            sums.unpriced.add(key);
            sums.uncompared = sums.uncompared.add(paid);
            return;
        }
        sums.comparedSeconds++;
        add(sums.effective, instance, paid);
        String sku = fleet.kind(instance).sku();
        if (second < pricesOf(instance).firstKey()) {
            sums.beforeFirstPrice++;
        }
        LocalDate readOn = fleet.newestReadOn(sku);
        sums.oldestReadOn = Optional.of(
                sums.oldestReadOn.filter(known -> known.isBefore(readOn)).orElse(readOn));
    }

    private void add(Map<Tier, BigInteger> tiers, Instance instance, BigInteger quanta) {
        tiers.merge(fleet.kind(instance).tier(), quanta, BigInteger::add);
    }

    /** What stands for the instance costs so many nano-dollars an hour then; empty where one side has no price. */
    private Optional<BigInteger> rateAt(Instance instance, long second) {
        if (instance.rate().isEmpty() || fleet.kind(instance).tier() == Tier.NONE) {
            return Optional.empty();
        }
        TreeMap<Long, BigInteger> prices = pricesOf(instance);
        Map.Entry<Long, BigInteger> then = prices.floorEntry(second);
        return Optional.of((then == null ? prices.firstEntry() : then).getValue());
    }

    private TreeMap<Long, BigInteger> pricesOf(Instance instance) {
        RandomFleet.Kind kind = fleet.kind(instance);
        return rates.computeIfAbsent(kind.sku() + kind.numerator() + "/" + kind.denominator(), key -> {
            TreeMap<Long, BigInteger> prices = new TreeMap<>();
            for (PriceRow row : fleet.pricesOf(kind.sku())) {
                prices.put(
                        row.effectiveFrom().getEpochSecond(),
                        BigDecimal.valueOf(row.rate().nanoUsdPerHour())
                                .multiply(BigDecimal.valueOf(kind.numerator()))
                                .divide(BigDecimal.valueOf(kind.denominator()), 0, RoundingMode.HALF_EVEN)
                                .toBigIntegerExact());
            }
            return prices;
        });
    }

    private void countPauses(AccountId account, List<UsageInterval> facts) {
        Optional<BigInteger> paid = Optional.empty();
        for (long second = facts.get(0).start().getEpochSecond(); second < until; second++) {
            Optional<UsageInterval> fact = at(facts, second);
            if (isBillable(fact)) {
                paid = fact.orElseThrow().instance().rate().map(rate -> BigInteger.valueOf(rate.nanoUsdPerHour()));
            } else if (paid.isPresent()
                    && fact.filter(f -> f.state() == InstanceState.HIBERNATED || f.state() == InstanceState.STOPPED)
                            .isPresent()) {
                long storage = fact.orElseThrow()
                        .instance()
                        .storageRate()
                        .map(rate -> rate.nanoUsdPerHour())
                        .orElse(0L);
                pausedSeconds.merge(account, 1L, Long::sum);
                avoided.merge(account, paid.get().subtract(BigInteger.valueOf(storage)), BigInteger::add);
            }
        }
    }
}
