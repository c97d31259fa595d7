package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What tests of feeds share: documents of the shapes that sellers send, with invented prices. */
final class Feeds {

    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final PriceCatalog BUNDLED = PriceSource.bundled().load();

    /** What one region of AWS and one of Azure sell, and RunPod: enough to judge by, and soon judged. */
    static final PriceCatalog SMALL = PriceCatalog.of(BUNDLED.rows()
            .filter(row -> Set.of("us-east-1", "eastus").contains(row.region().id())
                    || row.spec().provider().id().equals("RUNPOD"))
            .toList());

    private Feeds() {}

    static FeedInput input() {
        return new FeedInput(BUNDLED, GpuCatalog.bundled(), FeedClientTest.client(), NOW);
    }

    static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Prices as {@code type option} and dollars. */
    static Map<String, String> words(Collection<FeedPrice> prices) {
        return prices.stream()
                .collect(Collectors.toMap(
                        price -> price.spec().instanceType() + " " + price.region() + " " + price.option(),
                        price -> price.rate().toUsd().stripTrailingZeros().toPlainString()));
    }

    /** An entry of the data behind AWS's page. */
    static String pageEntry(String type, String price, String more) {
        return "\"" + type.replace('.', ' ') + " US East N. Virginia Linux " + Math.abs(more.hashCode())
                + "\":{\"rateCode\":\"X\",\"price\":\""
                + price
                + "\",\"Location\":\"US East (N. Virginia)\",\"Instance Family\":\"GPU instance\",\"Instance Type\":\""
                + type + "\",\"Operating System\":\"Linux\",\"Pre Installed S/W\":\"NA\","
                + "\"License Model\":\"No License required\"" + more + "}";
    }

    static String page(String... entries) {
        return "{\"manifest\":{\"currencyCode\":\"USD\",\"hawkFilePublicationDate\":\"2026-11-27T17:45:21Z\"},\"sets\":{},"
                + "\"regions\":{\"US East (N. Virginia)\":{" + String.join(",", entries) + "}}}";
    }

    static String product(String sku, String type, Map<String, String> other) {
        Map<String, String> attributes = new java.util.LinkedHashMap<>(Map.of(
                "instanceType", type,
                "regionCode", "us-east-1",
                "locationType", "AWS Region",
                "tenancy", "Shared",
                "operatingSystem", "Linux",
                "preInstalledSw", "NA",
                "capacitystatus", "Used",
                "licenseModel", "No License required",
                "operation", "RunInstances",
                "usagetype", "BoxUsage:" + type));
        attributes.put("marketoption", "OnDemand");
        attributes.put("gpu", "8");
        attributes.put("gpuMemory", "NA");
        attributes.putAll(other);
        return "\"" + sku + "\":{\"sku\":\"" + sku + "\",\"productFamily\":\"Compute Instance\",\"attributes\":{"
                + attributes.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                        .collect(Collectors.joining(","))
                + "}}";
    }

    static String onDemand(String sku, String usd) {
        return "\"" + sku + "\":{\"" + sku + ".T\":{\"offerTermCode\":\"T\",\"sku\":\"" + sku
                + "\",\"effectiveDate\":\"2026-11-01T00:00:00Z\",\"priceDimensions\":{\"" + sku
                + ".T.R\":{\"unit\":\"Hrs\",\"beginRange\":\"0\",\"endRange\":\"Inf\",\"pricePerUnit\":{\"USD\":\""
                + usd
                + "\"},\"appliesTo\":[]}},\"termAttributes\":{}}}";
    }

    static String reservation(String term, String length, String kind, String upfront, String hourly, String fee) {
        String dimensions = "\"a\":{\"unit\":\"Hrs\",\"pricePerUnit\":{\"USD\":\"" + hourly + "\"}}"
                + (fee.isEmpty()
                        ? ""
                        : ",\"b\":{\"unit\":\"Quantity\",\"description\":\"Upfront Fee\",\"pricePerUnit\":{\"USD\":\""
                                + fee + "\"}}");
        return "\"" + term + "\":{\"effectiveDate\":\"2026-11-01T00:00:00Z\",\"priceDimensions\":{" + dimensions
                + "},\"termAttributes\":{\"LeaseContractLength\":\"" + length + "\",\"OfferingClass\":\"" + kind
                + "\",\"PurchaseOption\":\"" + upfront + "\"}}";
    }

    static String offers(String products, String onDemand, String reserved) {
        return "{\"formatVersion\":\"v1.0\",\"version\":\"20261127000000\",\"products\":{" + products
                + "},\"terms\":{\"OnDemand\":{" + onDemand + "},\"Reserved\":{" + reserved
                + "}},\"attributesList\":{}}";
    }

    /** An item of Azure's list; the last argument changes or adds fields, as {@code ,"name":value}. */
    static String item(String type, String region, String usd, String more) {
        return "{\"currencyCode\":\"USD\",\"tierMinimumUnits\":0.0,\"retailPrice\":" + usd + ",\"unitPrice\":" + usd
                + ",\"armRegionName\":\"" + region
                + "\",\"effectiveStartDate\":\"2026-11-01T00:00:00Z\",\"meterId\":\"m"
                + Math.abs((type + region + usd + more).hashCode())
                + "\",\"meterName\":\"N\",\"productName\":\"Virtual Machines N Series\","
                + "\"skuId\":\"s\",\"skuName\":\"N\",\"serviceName\":\"Virtual Machines\",\"unitOfMeasure\":\"1 Hour\","
                + "\"type\":\"Consumption\",\"isPrimaryMeterRegion\":true,\"armSkuName\":\"" + type + "\"}";
    }

    static String items(String... items) {
        return "{\"BillingCurrency\":\"USD\",\"Items\":[" + String.join(",", items)
                + "],\"NextPageLink\":null,\"Count\":" + items.length + "}";
    }
}
