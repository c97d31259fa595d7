package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A closed stretch of time of which something else is known now than was told then.
 *
 * @param start when it begins
 * @param end when the next begins
 * @param told its totals by the facts that were told then
 * @param known its totals by the facts that are known now
 */
public record Restatement(Instant start, Instant end, SavingsTotals told, SavingsTotals known) {

    /**
     * By how much the savings differ from what was told.
     *
     * @return known minus told
     */
    public Amount change() {
        return known.savings().minus(told.savings());
    }

    /** Those of the same buckets that differ. */
    static List<Restatement> between(List<HistoryBucket> told, List<HistoryBucket> known) {
        return IntStream.range(0, told.size())
                .mapToObj(i -> new Restatement(
                        told.get(i).start(),
                        told.get(i).end(),
                        told.get(i).totals(),
                        known.get(i).totals()))
                .filter(bucket -> !bucket.told().equals(bucket.known()))
                .toList();
    }
}
