package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.usage.AccountId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an account saved, as of one moment, against one baseline, under one version of the catalog.
 *
 * @param account whose
 * @param baseline compared with what
 * @param at as of when
 * @param observedUntil up to when all that lasts is vouched for: the oldest sight over the sources that show something that lasts, or
 *     {@code at} where only pushes do. What was counted since is {@linkplain SavingsTotals#provisionalSeconds() provisional}
 * @param catalogVersion version of the price catalog that every figure here rests on
 * @param lifetime totals over everything known of the account, those seconds included that are provisional or inferred
 * @param session totals over the sessions that last
 * @param lines one line per billable instance, in order of ids
 * @param projection the present rate projected; empty where no instance is compared now
 * @param costAvoidance what pauses avoided, beside the savings
 */
public record SavingsReport(
        AccountId account,
        Baseline baseline,
        Instant at,
        Instant observedUntil,
        String catalogVersion,
        SavingsTotals lifetime,
        SavingsTotals session,
        List<SavingsLine> lines,
        Optional<Projection> projection,
        CostAvoidance costAvoidance) {

    /** Copies the lines. */
    public SavingsReport {
        lines = List.copyOf(lines);
    }

    /**
     * Whether anything accrues cost now.
     *
     * @return true if a session lasts
     */
    public boolean hasBillableInstances() {
        return !lines.isEmpty();
    }

    /**
     * What the compared instances really cost per hour now.
     *
     * @return the sum over the fleet
     * @throws ArithmeticException if it is more than 9.2 billion USD/h, which no rate can hold; the lines have their own, and all else in
     *     this report is right
     */
    public HourlyRate effectiveRate() {
        return sum(
                "effective",
                line -> line.equivalentRate()
                        .flatMap(compared -> line.instance().rate()));
    }

    /**
     * What the compared instances would cost per hour now.
     *
     * @return the sum over the fleet
     * @throws ArithmeticException if it is more than 9.2 billion USD/h, which no rate can hold; the lines have their own, and all else in
     *     this report is right
     */
    public HourlyRate equivalentRate() {
        return sum("equivalent", SavingsLine::equivalentRate);
    }

    /**
     * What a live counter adds each hour: the fleet's sum, never an average.
     *
     * @return equivalent minus effective rate
     * @throws ArithmeticException if it is more than 9.2 billion USD/h, which no rate can hold; the lines have their own, and all else in
     *     this report is right
     */
    public HourlyRate savingsPerHour() {
        return sum("savings", SavingsLine::savingsPerHour);
    }

    private HourlyRate sum(String name, Function<SavingsLine, Optional<HourlyRate>> rate) {
        BigInteger sum = exactSum(lines, rate);
        if (sum.bitLength() >= Long.SIZE) {
            throw new ArithmeticException(
                    "the " + name + " rates of " + lines.size() + " instances come to " + new BigDecimal(sum, 9)
                            + " USD/h, which is out of the range of a rate; ask each line for its own");
        }
        return HourlyRate.ofNanoUsd(sum.longValue());
    }

    /** In nano-USD per hour, however much that is. */
    static BigInteger exactSum(List<SavingsLine> lines, Function<SavingsLine, Optional<HourlyRate>> rate) {
        return lines.stream()
                .flatMap(line -> rate.apply(line).stream())
                .map(each -> BigInteger.valueOf(each.nanoUsdPerHour()))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    /**
     * How old the oldest price is that this report rests on.
     *
     * @return whole days since it was read; empty where no price was used, or one that no source dates
     */
    public Optional<Duration> oldestPriceAge() {
        return lifetime.oldestReadOn().map(day -> age(day));
    }

    private Duration age(LocalDate readOn) {
        return Duration.between(readOn.atStartOfDay(ZoneOffset.UTC).toInstant(), at);
    }

    /**
     * Whether the prices are older than a policy allows.
     *
     * @param oldest the greatest age that is not stale
     * @return true if a price used is older, or nobody knows how old it is
     */
    public boolean isStale(Duration oldest) {
        return lifetime.comparedSeconds() > 0
                && oldestPriceAge().map(age -> age.compareTo(oldest) > 0).orElse(true);
    }
}
