package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.Instance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes down what a walk visits. */
final class ReceiptWriter implements UsageWalk.Visitor {

    /** Compared time that the next piece may go on with. */
    private record Stretch(PricedUsage usage, long from, long to, ListPrice price) {

        boolean goesOn(PricedUsage next, long nextFrom, ListPrice nextPrice) {
            return usage.equals(next) && to == nextFrom && price.equals(nextPrice);
        }
    }

    private final List<Map<String, String>> lines = new ArrayList<>();
    private @Nullable Stretch stretch;

    @Override
    public void time(PricedUsage usage, long fromSecond, long toSecond) {
        flush();
        if (usage.match().isEmpty()) { // compared time comes piece by piece, with its rates
            Map<String, String> line = start("time", usage, fromSecond, toSecond);
            line.put(
                    "why_not_compared",
                    usage.instance().rate().isEmpty()
                            ? "its rate is unknown"
                            : usage.equivalent().explanation());
            lines.add(Seal.sealed(line));
        }
    }

    @Override
    public void accrue(PricedUsage usage, long fromSecond, long toSecond, long nanoUsdPerHour) {
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
        Equivalent.Match match = usage.match().orElseThrow();
        HourlyRate charged = price.rate().share(match.chargedNumerator(), match.chargedDenominator());
        Map<String, String> line = start(kind, usage, from, to);
        Sku sku = price.sku();
        line.put("tier", usage.equivalent().tier().name());
        line.put("equivalent_provider", sku.provider().id());
        line.put("equivalent_region", sku.region().id());
        line.put("equivalent_instance_type", sku.instanceType().name());
        line.put("equivalent_purchase_option", sku.purchaseOption().name());
        line.put("equivalent_gpu", match.gpu().name());
        line.put("equivalent_gpu_count", match.gpuCount().toString());
        line.put("sizing", match.sizing().name());
        line.put("charged_numerator", Long.toString(match.chargedNumerator()));
        line.put("charged_denominator", Long.toString(match.chargedDenominator()));
        line.put("list_nano_usd_per_hour", rate(price.rate()));
        line.put("price_effective_from", price.effectiveFrom().toString());
        line.put("price_source", price.provenance().toString());
        line.put("price_read_on", price.provenance().readOn().toString());
        line.put("equivalent_nano_usd_per_hour", rate(charged));
        line.put("equivalent_seconds", Long.toString(equivalentSeconds));
        line.put("equivalent_quanta", quanta(charged.forSeconds(equivalentSeconds)));
        lines.add(Seal.sealed(line));
    }

    private static Map<String, String> start(String kind, PricedUsage usage, long from, long to) {
        Instance instance = usage.instance();
        Map<String, String> line = new LinkedHashMap<>();
        line.put("kind", kind);
        line.put("instance", instance.id().value());
        line.put("gpu", instance.gpuName().orElse(""));
        line.put("gpu_count", instance.gpuCount().toString());
        line.put("state", usage.interval().state().name());
        line.put("from", Instant.ofEpochSecond(from).toString());
        line.put("to", Instant.ofEpochSecond(to).toString());
        line.put("seconds", Long.toString(to - from));
        line.put(
                "paid_nano_usd_per_hour",
                instance.rate().map(ReceiptWriter::rate).orElse(""));
        line.put(
                "paid_quanta",
                instance.rate().map(paid -> quanta(paid.forSeconds(to - from))).orElse(""));
        return line;
    }

    private static String rate(HourlyRate rate) {
        return Long.toString(rate.nanoUsdPerHour());
    }

    private static String quanta(Amount amount) {
        return amount.toQuanta().toString();
    }

    Receipt receipt(
            AccountId account,
            String instance,
            Baseline baseline,
            BillingRule billing,
            Instant at,
            String catalogVersion,
            SavingsTotals sums) {
        flush();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("account", account.value());
        facts.put("instance", instance);
        facts.put("at", at.toString());
        facts.put("provider", baseline.provider().id());
        facts.put("region", baseline.region().map(Region::id).orElse("reference"));
        facts.put("purchase_option", baseline.purchaseOption().name());
        facts.put("sizing", baseline.sizing().name());
        facts.put("billing_minimum_seconds", Integer.toString(billing.minimumSeconds()));
        facts.put("billing_increment_seconds", Integer.toString(billing.incrementSeconds()));
        facts.put("billing_source", billing.source());
        facts.put("catalog_version", catalogVersion);
        facts.put("lines", Integer.toString(lines.size()));
        Map<String, String> totals = new LinkedHashMap<>();
        totals.put("billable_seconds", Long.toString(sums.billableSeconds()));
        totals.put("compared_seconds", Long.toString(sums.comparedSeconds()));
        totals.put("paid_quanta", quanta(sums.effectiveCost()));
        totals.put("uncompared_quanta", quanta(sums.uncomparedCost()));
        totals.put("equivalent_quanta", quanta(sums.equivalentCost()));
        totals.put("savings_quanta", quanta(sums.savings()));
        totals.put("savings_usd", sums.savings().toUsd().toPlainString());
        return new Receipt(Seal.sealed(facts), lines, Seal.sealed(totals));
    }
}
