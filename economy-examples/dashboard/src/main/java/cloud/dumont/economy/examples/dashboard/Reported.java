package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.Economy;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.savings.SavingsReport;
import java.time.Duration;
import java.util.Optional;

/**
 * A report on its way into a view.
 *
 * @param report the report
 * @param referenceRegion where its baseline compares, as it names no region itself
 * @param onOwnTerms whether what it is compared with is not the public list alone
 * @param demo whether its fleet is invented
 */
record Reported(SavingsReport report, Optional<Region> referenceRegion, boolean onOwnTerms, boolean demo) {

    /** The oldest price that is not stale. */
    static final Duration FRESH = Duration.ofDays(14);

    String provider() {
        return report.baseline().provider().id();
    }

    String at() {
        return report.at().toString();
    }

    long nextPollSeconds() {
        return Economy.nextPoll(report).toSeconds();
    }
}
