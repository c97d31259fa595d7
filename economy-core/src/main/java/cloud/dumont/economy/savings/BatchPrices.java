package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.RateTimeline;
import cloud.dumont.economy.pricing.BillingRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a replay prices with, by the number of each kind of usage. Immutable once made. */
final class BatchPrices {

    final List<PricedKind> kinds;
    final BillingRule billing;
    final long untilSecond;

    /** Whether the account's own rate is known. */
    final boolean[] isPaid;

    /** What stands for the kind costs this over time; null where it is not compared. */
    final @Nullable RateTimeline[] rates;

    /** Since when the rate has been the newest one; from there on nothing has to be cut. */
    final long[] steadySince;

    final long[] steadyNanoUsdPerHour;

    BatchPrices(List<PricedKind> kinds, BillingRule billing, long untilSecond) {
        this.kinds = kinds;
        this.billing = billing;
        this.untilSecond = untilSecond;
        isPaid = new boolean[kinds.size()];
        rates = new RateTimeline[kinds.size()];
        steadySince = new long[kinds.size()];
        steadyNanoUsdPerHour = new long[kinds.size()];
        for (int i = 0; i < kinds.size(); i++) {
            PricedKind kind = kinds.get(i);
            isPaid[i] = kind.hasKnownRate();
            rates[i] = kind.match().map(match -> match.rates()).orElse(null);
            steadySince[i] = Long.MIN_VALUE;
            RateTimeline timeline = rates[i];
            if (timeline != null) {
                steadySince[i] = steadySince(timeline);
                steadyNanoUsdPerHour[i] = timeline.nanoUsdPerHourAt(Long.MAX_VALUE);
            }
        }
    }

    private static long steadySince(RateTimeline timeline) {
        long since = timeline.firstKnownSecond();
        for (long next = since; next != Long.MAX_VALUE; next = timeline.nextChangeAfter(next)) {
            since = next;
        }
        return since;
    }
}
