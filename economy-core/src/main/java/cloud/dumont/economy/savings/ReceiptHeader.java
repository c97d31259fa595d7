package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Baseline;
import cloud.dumont.economy.pricing.BillingRule;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which figure of whom, and what it rests on. */
record ReceiptHeader(
        Receipt.Figure figure,
        AccountId account,
        Optional<InstanceId> instance,
        Baseline baseline,
        BillingRule billing,
        Instant at,
        Instant observedUntil,
        String catalogVersion) {

    Receipt receipt(List<Map<String, String>> lines, Map<String, String> totals) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("figure", figure.name());
        facts.put("account", account.value());
        facts.put("instance", instance.map(InstanceId::value).orElse("all"));
        facts.put("at", at.toString());
        facts.put("observed_until", observedUntil.toString());
        facts.put("provider", baseline.provider().id());
        facts.put("region", baseline.region().map(Region::id).orElse("reference"));
        facts.put("purchase_option", baseline.purchaseOption().name());
        facts.put("sizing", baseline.sizing().name());
        facts.put("discount_percent", baseline.discountPercent().toPlainString());
        facts.put("billing_minimum_seconds", Integer.toString(billing.minimumSeconds()));
        facts.put("billing_increment_seconds", Integer.toString(billing.incrementSeconds()));
        facts.put("billing_source", billing.source());
        facts.put("catalog_version", catalogVersion);
        facts.put("lines", Integer.toString(lines.size()));
        return new Receipt(Seal.sealed(facts), lines, Seal.sealed(totals));
    }
}
