package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Azure Retail Prices API, page by page, one chain of pages a region: what machines with GPUs cost on demand, on spot, under savings plans,
 * and reserved. Prices with Windows share every name with those without, but one; those of Batch (low priority), of dedicated hosts and of
 * Cloud Services are no prices of machines; a reservation's price is for its whole term.
 */
final class AzureRetailPrices implements PriceFeed {

    private static final String BASE = "https://prices.azure.com";
    private static final String SOURCE = "prices.azure.com";
    private static final String PATH =
            "/api/retail/prices?api-version=2023-01-01-preview&currencyCode=%27USD%27&$filter=";

    /** A page has up to a thousand prices; all of a region's machines have some tens of thousands. */
    private static final int MOST_PAGES = 200;

    private static final BigDecimal HOURS_A_YEAR = BigDecimal.valueOf(8760);

    /** An end is written a minute before the day it means; the next price begins on that day. */
    private static final Duration END_IS_EARLY_BY = Duration.ofMinutes(1);

    private final FeedHost host;

    AzureRetailPrices() {
        this(FeedHost.of(BASE));
    }

    AzureRetailPrices(FeedHost host) {
        this.host = host;
    }

    /** One price as it is listed, while it is found out which of several counts. */
    private record Listed(FeedPrice price, Instant start, Optional<Instant> end, boolean isPrimary, String meter) {

        boolean isInForce(Instant now) {
            return !start.isAfter(now) && end.map(now::isBefore).orElse(true);
        }
    }

    /** A page: what is wanted of it, and the address of the next one. */
    record Page(List<Entry> entries, long read, Map<String, Long> dropped, Optional<String> next) {}

    /** What is kept of an item, before it is known what is in force at the time. */
    record Entry(Listed listed, List<String> identity) {}

    @Override
    public String name() {
        return "azure";
    }

    @Override
    public List<FeedPart> read(FeedInput input) {
        return FeedInput.parts(input.catalog().regions(Provider.AZURE), Region::id, region -> region(region, input));
    }

    private FeedPart region(Region region, FeedInput input) {
        String filter = "serviceName eq 'Virtual Machines' and armRegionName eq '" + region.id()
                + "' and contains(armSkuName,'Standard_N')";
        URI first = host.path(
                PATH + URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20"));
        List<Page> pages = new ArrayList<>();
        Set<URI> asked = new LinkedHashSet<>();
        long bytes = 0;
        boolean unchanged = true;
        for (Optional<URI> next = Optional.of(first); next.isPresent(); ) {
            if (!asked.add(next.get())) {
                throw new FeedException(
                        FeedException.Kind.MALFORMED, "Azure's pages of " + region + " lead back to one before");
            }
            if (asked.size() > MOST_PAGES) {
                throw new FeedException(
                        FeedException.Kind.TOO_LARGE,
                        "Azure gave more than " + MOST_PAGES + " pages for " + region + ": they do not end");
            }
            FeedClient.Answer<Page> answer = input.client()
                    .read(
                            host,
                            FeedRequest.get(next.get(), FeedRequest.SMALL),
                            in -> page(in, Optional.of(region), input));
            pages.add(answer.value());
            bytes += answer.bytes();
            unchanged &= answer.unchanged();
            next = answer.value().next().map(host::link);
        }
        Tally.Kept<FeedPrice> kept = inForce(pages, input.now());
        if (kept.read() == 0) {
            throw new FeedException(
                    FeedException.Kind.MALFORMED,
                    "Azure listed nothing at all in " + region + ": its names may have changed");
        }
        return new FeedPart(
                region.id(), kept.entries(), kept.read(), kept.dropped(), bytes, unchanged, Optional.empty());
    }

    /**
     * Reads a page.
     *
     * @param only the region that was asked for; empty to take any
     */
    static Page page(InputStream in, Optional<Region> only, FeedInput input) throws IOException {
        Tally<Entry> tally = new Tally<>();
        Map<String, JsonNode> fields = FeedJson.list(in, List.of("Items"), item -> {
            tally.read();
            try {
                take(item, only, input, tally);
            } catch (IllegalArgumentException | DateTimeException e) {
                tally.drop("a field is not what it should be");
            }
        });
        Tally.Kept<Entry> kept = tally.done();
        Optional<String> next = Optional.ofNullable(fields.get("NextPageLink"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(link -> !link.isBlank());
        return new Page(kept.entries(), kept.read(), kept.dropped(), next);
    }

    private static void take(JsonNode item, Optional<Region> only, FeedInput input, Tally<Entry> tally) {
        Optional<String> other = isOther(item);
        if (other.isPresent()) {
            tally.drop(other.get());
            return;
        }
        Region region = Region.of(FeedJson.textOf(item, "armRegionName"));
        if (only.isPresent() && !only.get().equals(region)) {
            tally.drop("of another region");
            return;
        }
        String type = FeedJson.textOf(item, "armSkuName");
        Optional<InstanceSpec> spec = input.spec(Provider.AZURE, type)
                .filter(known -> known.gpuModel().isPresent());
        if (spec.isEmpty()) {
            tally.drop(type.startsWith("Standard_N") ? "GPU type that the catalog does not know" : "no GPU");
            return;
        }
        Instant start = FeedJson.text(item, "effectiveStartDate")
                .map(Instant::parse)
                .orElseThrow(() -> new IllegalArgumentException("no effectiveStartDate"));
        Optional<Instant> end =
                FeedJson.text(item, "effectiveEndDate").map(Instant::parse).map(until -> until.plus(END_IS_EARLY_BY));
        if (end.filter(until -> !start.isBefore(until)).isPresent()) {
            tally.drop("ends before it begins");
            return;
        }
        String kind = FeedJson.textOf(item, "type");
        if (kind.equals("Reservation")) {
            reservation(item, spec.get(), region, start, end, tally);
        } else if (kind.equals("Consumption")) {
            consumption(item, spec.get(), region, start, end, tally);
        } else {
            tally.drop("of another kind: dev/test, or unknown");
        }
    }

    /** Why an item is no price that is compared; empty if it may be one. */
    private static Optional<String> isOther(JsonNode item) {
        String product = FeedJson.textOf(item, "productName");
        String names = FeedJson.textOf(item, "skuName") + "|" + FeedJson.textOf(item, "meterName");
        if (!FeedJson.text(item, "serviceName").orElse("Virtual Machines").equals("Virtual Machines")) {
            return Optional.of("no machine");
        }
        if (!FeedJson.text(item, "currencyCode").orElse("USD").equals("USD")) {
            return Optional.of("not in USD");
        }
        if (!FeedJson.textOf(item, "unitOfMeasure").equals("1 Hour")) {
            return Optional.of("not by the hour");
        }
        if (product.contains("Windows") || product.endsWith("Win")) {
            return Optional.of("with Windows");
        }
        if (product.contains("Cloud Services") || product.contains("CloudServices")) {
            return Optional.of("of Cloud Services");
        }
        if (product.contains("Dedicated Host")) {
            return Optional.of("of a dedicated host");
        }
        if (names.contains(" Low Priority")) {
            return Optional.of("low priority: Batch, which is retired");
        }
        return FeedJson.text(item, "tierMinimumUnits")
                        .filter(units -> new BigDecimal(units).signum() != 0)
                        .isPresent()
                ? Optional.of("for more than so many hours")
                : Optional.empty();
    }

    private static void consumption(
            JsonNode item, InstanceSpec spec, Region region, Instant start, Optional<Instant> end, Tally<Entry> tally) {
        boolean isSpot = FeedJson.textOf(item, "skuName").contains(" Spot")
                || FeedJson.textOf(item, "meterName").contains(" Spot");
        tally.rate(FeedJson.textOf(item, "retailPrice"))
                .ifPresent(rate -> keep(
                        item,
                        spec,
                        region,
                        isSpot ? PurchaseOption.SPOT : PurchaseOption.ON_DEMAND,
                        rate,
                        start,
                        end,
                        tally));
        for (JsonNode plan : item.path("savingsPlan")) {
            PurchaseOption option = switch (FeedJson.textOf(plan, "term")) {
                case "1 Year" -> PurchaseOption.SAVINGS_PLAN_1Y;
                case "3 Years" -> PurchaseOption.SAVINGS_PLAN_3Y;
                default -> PurchaseOption.ON_DEMAND;
            };
            if (option != PurchaseOption.ON_DEMAND && !isSpot) {
                tally.rate(FeedJson.textOf(plan, "retailPrice"))
                        .ifPresent(rate -> keep(item, spec, region, option, rate, start, end, tally));
            }
        }
    }

    private static void reservation(
            JsonNode item, InstanceSpec spec, Region region, Instant start, Optional<Instant> end, Tally<Entry> tally) {
        String term = FeedJson.textOf(item, "reservationTerm");
        int years = term.equals("1 Year") ? 1 : term.equals("3 Years") ? 3 : 0;
        if (years == 0) {
            tally.drop("a reservation of another length");
            return;
        }
        // For the whole term, whatever its unit says.
        BigDecimal hourly = new BigDecimal(FeedJson.textOf(item, "retailPrice"))
                .divide(HOURS_A_YEAR.multiply(BigDecimal.valueOf(years)), MathContext.DECIMAL128);
        tally.rate(hourly.toString())
                .ifPresent(rate -> keep(
                        item,
                        spec,
                        region,
                        years == 1 ? PurchaseOption.RESERVED_1Y : PurchaseOption.RESERVED_3Y,
                        rate,
                        start,
                        end,
                        tally));
    }

    private static void keep(
            JsonNode item,
            InstanceSpec spec,
            Region region,
            PurchaseOption option,
            HourlyRate rate,
            Instant start,
            Optional<Instant> end,
            Tally<Entry> tally) {
        String meter = FeedJson.textOf(item, "meterId");
        FeedPrice price = new FeedPrice(
                spec, region, option, rate, Optional.of(start), SOURCE, "api/retail/prices " + region, "");
        tally.keep(new Entry(
                new Listed(price, start, end, item.path("isPrimaryMeterRegion").asBoolean(true), meter),
                List.of(
                        meter,
                        FeedJson.textOf(item, "skuId"),
                        FeedJson.textOf(item, "type"),
                        FeedJson.textOf(item, "reservationTerm"),
                        option.name(),
                        start.toString(),
                        FeedJson.textOf(item, "productName"),
                        rate.toString())));
    }

    /**
     * The price of each thing that is in force. Pages are no snapshot, so an item may be on two of them. Of several that are in force the one
     * that began last counts; of several that began together the one of the primary meter; of several of those the lowest.
     */
    static Tally.Kept<FeedPrice> inForce(List<Page> pages, Instant now) {
        Tally<FeedPrice> tally = new Tally<>();
        Set<List<String>> seen = new HashSet<>();
        Map<Sku, List<Listed>> bySku = new LinkedHashMap<>();
        for (Page page : pages) {
            for (Entry entry : page.entries()) {
                if (seen.add(entry.identity())) {
                    bySku.computeIfAbsent(entry.listed().price().sku(), sku -> new ArrayList<>())
                            .add(entry.listed());
                } else {
                    tally.drop("said twice");
                }
            }
        }
        bySku.values().forEach(listed -> {
            List<Listed> current =
                    listed.stream().filter(each -> each.isInForce(now)).toList();
            listed.stream()
                    .filter(each -> !each.isInForce(now))
                    .forEach(each -> tally.drop(
                            each.start().isAfter(now) ? "announced, not in force yet" : "no longer in force"));
            current.stream()
                    .min(Comparator.comparing(Listed::start, Comparator.reverseOrder())
                            .thenComparing(each -> !each.isPrimary())
                            .thenComparing(each -> each.price().rate())
                            .thenComparing(Listed::meter))
                    .ifPresent(chosen -> tally.keep(chosen.price()));
            for (int i = 1; i < current.size(); i++) {
                tally.drop("beside another that is in force");
            }
        });
        Tally.Kept<FeedPrice> kept = tally.done();
        Map<String, Long> dropped = Stream.concat(
                        Stream.of(kept.dropped()), pages.stream().map(Page::dropped))
                .flatMap(each -> each.entrySet().stream())
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)));
        return new Tally.Kept<>(
                kept.entries(), pages.stream().mapToLong(Page::read).sum(), dropped);
    }
}
