package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.pricing.BillingRule;
import java.util.List;
import java.util.Optional;

/** What a replay prices with, by the number of each kind of usage. Immutable once made. */
final class BatchPrices {

    final List<PricedKind> kinds;
    final long untilSecond;
    final boolean[] isCompared;

    /** Since when the price has been the newest one; from there on nothing has to be cut. */
    final long[] steadySince;

    final long[] steadyNanoUsdPerHour;

    /** The least that a run is charged for which begins with that kind. */
    final long[] minimumSeconds;

    final boolean chargesByTheSecond;

    private final BillingRule billing;
    private final List<Optional<RateTimeline>> rates;

    BatchPrices(List<PricedKind> kinds, BillingRule billing, long untilSecond) {
        this.kinds = kinds;
        this.billing = billing;
        this.untilSecond = untilSecond;
        this.rates = kinds.stream()
                .map(kind -> kind.match().map(match -> match.rates()))
                .toList();
        chargesByTheSecond = billing.incrementSeconds() == 1;
        minimumSeconds = new long[kinds.size()];
        isCompared = new boolean[kinds.size()];
        steadySince = new long[kinds.size()];
        steadyNanoUsdPerHour = new long[kinds.size()];
        for (int i = 0; i < kinds.size(); i++) {
            minimumSeconds[i] = charging(i).minimumSeconds();
            isCompared[i] = rates.get(i).isPresent();
            steadySince[i] = rates.get(i).map(BatchPrices::steadySince).orElse(Long.MIN_VALUE);
            steadyNanoUsdPerHour[i] = rates.get(i)
                    .map(timeline -> timeline.nanoUsdPerHourAt(Long.MAX_VALUE))
                    .orElse(0L);
        }
    }

    private static long steadySince(RateTimeline timeline) {
        long since = timeline.firstKnownSecond();
        for (long next = since; next != Long.MAX_VALUE; next = timeline.nextChangeAfter(next)) {
            since = next;
        }
        return since;
    }

    /** Only for a kind that is compared. */
    RateTimeline rates(int kind) {
        return rates.get(kind).orElseThrow();
    }

    private BillingRule charging(int firstKind) {
        return kinds.get(firstKind).vouchesForStart() ? billing : billing.withoutMinimum();
    }

    /** What a run is charged for that begins with a kind. */
    long chargedSeconds(int firstKind, long length, boolean lasts) {
        BillingRule charging = charging(firstKind);
        return lasts ? charging.accruedSeconds(length) : charging.chargedSeconds(length);
    }
}
