package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.savings.SavingsLine;
import cloud.dumont.economy.savings.SavingsReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A report on its way into a view.
 *
 * @param report the report
 * @param referenceRegion where its baseline compares, as it names no region itself
 * @param onOwnTerms whether what it is compared with is not the public list alone
 * @param demo whether its fleet is invented
 */
record Reported(SavingsReport report, Optional<Region> referenceRegion, boolean onOwnTerms, boolean demo) {

    static Reported of(SavingsReport report, ApiRequest request) {
        return new Reported(
                report,
                request.catalog().referenceRegion(report.baseline().provider()),
                request.prices().onOwnTerms().contains(report.baseline().provider()),
                request.demo());
    }

    /** The oldest price that is not stale. */
    static final Duration FRESH = Duration.ofDays(14);

    String provider() {
        return report.baseline().provider().id();
    }

    BaselineView baseline() {
        return BaselineView.of(report.baseline(), referenceRegion);
    }

    String at() {
        return report.at().toString();
    }

    String observedUntil() {
        return report.observedUntil().toString();
    }

    /** The sum over the compared instances, exact also where it is more than one rate can hold. */
    BigDecimal dumontRate() {
        return sum(line ->
                line.equivalentRate().flatMap(compared -> line.instance().rate()));
    }

    BigDecimal providerRate() {
        return sum(SavingsLine::equivalentRate);
    }

    BigDecimal savingsPerHour() {
        return providerRate().subtract(dumontRate());
    }

    private BigDecimal sum(Function<SavingsLine, Optional<HourlyRate>> rate) {
        return report.lines().stream()
                .flatMap(line -> rate.apply(line).stream())
                .map(HourlyRate::toUsd)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    long nextPollSeconds() {
        return Economy.nextPoll(report).toSeconds();
    }
}
