package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down the savings rate of the moment, instance by instance, and what it comes to if it goes on. */
final class ProjectionReceipt {

    private final Instant at;
    private final List<Map<String, String>> lines = new ArrayList<>();
    private BigInteger paid = BigInteger.ZERO;
    private BigInteger equivalent = BigInteger.ZERO;
    private int compared;

    ProjectionReceipt(Instant at) {
        this.at = at;
    }

    /** An instance that is billable now. */
    void add(PricedUsage usage) {
        ReceiptLine line = new ReceiptLine("rate", usage)
                .put("session_start", usage.sessionStart().orElseThrow())
                .put(
                        "paid_nano_usd_per_hour",
                        usage.instance()
                                .rate()
                                .map(rate -> Long.toString(rate.nanoUsdPerHour()))
                                .orElse(""));
        if (usage.match().isEmpty()) {
            lines.add(line.notCompared(usage).sealed());
            return;
        }
        ListPrice price = usage.match().get().offer().history().at(at);
        HourlyRate charged = ReceiptLine.charged(usage.match().get(), price);
        HourlyRate own = usage.instance().rate().orElseThrow();
        lines.add(line.price(usage, price, at, at)
                .put("savings_nano_usd_per_hour", charged.minus(own))
                .sealed());
        paid = paid.add(BigInteger.valueOf(own.nanoUsdPerHour()));
        equivalent = equivalent.add(BigInteger.valueOf(charged.nanoUsdPerHour()));
        compared++;
    }

    Receipt receipt(ReceiptHeader header) {
        return header.receipt(lines, totals(lines.size(), compared, paid, equivalent));
    }

    /** What the totals of a projection say. A fleet's rates may come to more than one instance's can. */
    static Map<String, String> totals(int billable, int compared, BigInteger paid, BigInteger equivalent) {
        BigInteger perHour = equivalent.subtract(paid);
        Projection projection = Projection.runRate(perHour);
        Map<String, String> totals = new LinkedHashMap<>();
        totals.put("billable_instances", Integer.toString(billable));
        totals.put("compared_instances", Integer.toString(compared));
        totals.put("paid_nano_usd_per_hour", paid.toString());
        totals.put("equivalent_nano_usd_per_hour", equivalent.toString());
        totals.put("savings_nano_usd_per_hour", perHour.toString());
        put(totals, "daily", 24, projection.daily());
        put(totals, "weekly", 168, projection.weekly());
        put(totals, "monthly", 730, projection.monthly());
        put(totals, "yearly", 8_760, projection.yearly());
        return totals;
    }

    private static void put(Map<String, String> totals, String name, long hours, Amount amount) {
        totals.put(name + "_hours", Long.toString(hours));
        totals.put(name + "_quanta", amount.toQuanta().toString());
        totals.put(name + "_usd", amount.toUsd().toPlainString());
    }
}
