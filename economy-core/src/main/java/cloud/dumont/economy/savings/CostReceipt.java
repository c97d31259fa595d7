package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes down what a walk visits: what some time cost, and would have cost. */
final class CostReceipt implements UsageWalk.Visitor {

    /** Compared time that the next piece may go on with. */
    private record Stretch(PricedUsage usage, long from, long to, ListPrice price) {

        boolean goesOn(PricedUsage next, long nextFrom, ListPrice nextPrice) {
            return usage.equals(next) && to == nextFrom && price.equals(nextPrice);
        }
    }

    private final List<Map<String, String>> lines = new ArrayList<>();
    private @Nullable Stretch stretch;

    private final Predicate<PricedUsage> counts;

    /** A receipt over some of the usage that a walk visits. */
    CostReceipt(Predicate<PricedUsage> counts) {
        this.counts = counts;
    }

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        flush();
        if (counts.test(usage) && usage.match().isEmpty()) { // compared time comes piece by piece, with its rates
            lines.add(start("time", usage, fromSecond, toSecond)
                    .notCompared(usage)
                    .sealed());
        }
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
        if (!counts.test(usage)) {
            return;
        }
        ListPrice price = priceAt(usage, fromSecond);
        Stretch last = stretch;
        if (last != null && last.goesOn(usage, fromSecond, price)) {
            stretch = new Stretch(usage, last.from(), toSecond, price);
        } else {
            flush();
            stretch = new Stretch(usage, fromSecond, toSecond, price);
        }
    }

    @Override
    public void accrueUpFront(PricedUsage usage, long atSecond, long fromSecond, long toSecond, long nanoUsdPerHour) {
        accrue(usage, fromSecond, toSecond, nanoUsdPerHour);
    }

    @Override
    public void settle(PricedUsage usage, long atSecond, long seconds, long pricedSecond, long nanoUsdPerHour) {
        flush();
        if (!counts.test(usage)) {
            return;
        }
        add(seconds > 0 ? "minimum" : "rounding", usage, atSecond, atSecond, seconds, priceAt(usage, pricedSecond));
    }

    private static ListPrice priceAt(PricedUsage usage, long second) {
        return usage.match().orElseThrow().offer().history().at(Instant.ofEpochSecond(second));
    }

    private void flush() {
        Stretch done = stretch;
        if (done != null) {
            stretch = null;
            add("time", done.usage(), done.from(), done.to(), done.to() - done.from(), done.price());
        }
    }

    private void add(String kind, PricedUsage usage, long from, long to, long equivalentSeconds, ListPrice price) {
        Amount equivalent =
                ReceiptLine.charged(usage.match().orElseThrow(), price).forSeconds(equivalentSeconds);
        lines.add(start(kind, usage, from, to)
                .price(usage, price, Instant.ofEpochSecond(from), Instant.ofEpochSecond(to))
                .put("equivalent_seconds", equivalentSeconds)
                .put("equivalent_quanta", equivalent)
                .sealed());
    }

    private static ReceiptLine start(String kind, PricedUsage usage, long from, long to) {
        Optional<HourlyRate> paid = usage.instance().rate();
        return new ReceiptLine(kind, usage)
                .put("from", Instant.ofEpochSecond(from))
                .put("to", Instant.ofEpochSecond(to))
                .put("seconds", to - from)
                .put(
                        "paid_nano_usd_per_hour",
                        paid.map(rate -> Long.toString(rate.nanoUsdPerHour())).orElse(""))
                .put(
                        "paid_quanta",
                        paid.map(rate -> rate.forSeconds(to - from).toQuanta().toString())
                                .orElse(""));
    }

    Receipt receipt(ReceiptHeader header, SavingsTotals sums) {
        flush();
        Map<String, String> totals = new LinkedHashMap<>();
        totals.put("billable_seconds", Long.toString(sums.billableSeconds()));
        totals.put("compared_seconds", Long.toString(sums.comparedSeconds()));
        totals.put("inferred_seconds", Long.toString(sums.inferredSeconds()));
        totals.put("provisional_seconds", Long.toString(sums.provisionalSeconds()));
        totals.put("paid_quanta", quanta(sums.effectiveCost()));
        totals.put("uncompared_quanta", quanta(sums.uncomparedCost()));
        totals.put("equivalent_quanta", quanta(sums.equivalentCost()));
        totals.put("savings_quanta", quanta(sums.savings()));
        totals.put("savings_usd", sums.savings().toUsd().toPlainString());
        return header.receipt(lines, totals);
    }

    private static String quanta(Amount amount) {
        return amount.toQuanta().toString();
    }
}
