package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.provider.Sku;
import cloud.dumont.economy.usage.Instance;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of one line of a receipt, in their order. */
final class ReceiptLine {

    private final Map<String, String> fields = new LinkedHashMap<>();

    /** A line that tells what an instance is. */
    ReceiptLine(String kind, PricedUsage usage) {
        Instance instance = usage.instance();
        fields.put("kind", kind);
        fields.put("instance", instance.id().value());
        fields.put("gpu", instance.gpuName().orElse(""));
        instance.gpuMemory().ifPresent(memory -> put("gpu_memory_mib", memory.mib()));
        fields.put("gpu_count", instance.gpuCount().toString());
        instance.physicalGpus().ifPresent(cards -> put("physical_gpus", cards.toString()));
        fields.put("state", usage.interval().state().name());
        fields.put("evidence", usage.interval().evidence().name());
    }

    ReceiptLine put(String name, String value) {
        fields.put(name, value);
        return this;
    }

    ReceiptLine put(String name, long value) {
        return put(name, Long.toString(value));
    }

    ReceiptLine put(String name, HourlyRate rate) {
        return put(name, rate.nanoUsdPerHour());
    }

    ReceiptLine put(String name, Amount amount) {
        return put(name, amount.toQuanta().toString());
    }

    ReceiptLine put(String name, Instant moment) {
        return put(name, moment.toString());
    }

    /** From the price row to the rate that is charged. */
    ReceiptLine price(PricedUsage usage, ListPrice price, Instant from, Instant to) {
        Equivalent.Match match = usage.match().orElseThrow();
        Sku sku = price.sku();
        match.offer().history().unseenChanges(from, to).stream()
                .flatMap(change -> change.window().stream())
                .findFirst()
                .ifPresent(window -> put("price_changed_between", window.from() + "/" + window.until()));
        return put("price_trust", price.trust().name())
                .put("tier", usage.equivalent().tier().name())
                .put("equivalent_provider", sku.provider().id())
                .put("equivalent_region", sku.region().id())
                .put("equivalent_instance_type", sku.instanceType().name())
                .put("equivalent_purchase_option", sku.purchaseOption().name())
                .put("equivalent_gpu", match.gpu().name())
                .put("equivalent_gpu_count", match.gpuCount().toString())
                .put("sizing", match.sizing().name())
                .put("charged_numerator", match.chargedNumerator())
                .put("charged_denominator", match.chargedDenominator())
                .put("list_nano_usd_per_hour", price.rate())
                .put("price_effective_from", price.effectiveFrom())
                .put("price_source", price.provenance().toString())
                .put(
                        "price_read_on",
                        price.provenance().readOn().map(LocalDate::toString).orElse("unknown"))
                .put("equivalent_nano_usd_per_hour", charged(match, price));
    }

    static HourlyRate charged(Equivalent.Match match, ListPrice price) {
        return price.rate().share(match.chargedNumerator(), match.chargedDenominator());
    }

    ReceiptLine notCompared(PricedUsage usage) {
        return put(
                "why_not_compared",
                usage.instance().rate().isEmpty()
                        ? "its rate is unknown"
                        : usage.equivalent().explanation());
    }

    Map<String, String> sealed() {
        return Seal.sealed(fields);
    }
}
