package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.input.Given;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
import cloud.dumont.economy.pricing.RegionNames;
import cloud.dumont.economy.pricing.source.PriceCsv.Refused;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads what accounts know better than the price lists from CSV: {@code account_id,rule,provider,instance_type,region,
 * purchase_option,value,gpu_model,gpu_count,as_of,reason}. An account of {@code *} stands for all that have no lines of their own.
 *
 * <ul>
 *   <li>{@code discount}: {@code value} percent off; an instance type may hold {@code *}, what is blank is not asked for
 *   <li>{@code exclude}: not to be compared with; filters as for discounts
 *   <li>{@code price}: {@code value} USD/h of the whole instance, in effect since {@code as_of}; a blank region means all. A type that no
 *       list has needs its GPU and count
 * </ul>
 *
 * <p>A line that is right by itself may still reach nothing: {@link #check} holds the lines against the prices they are laid over.
 *
 * @param overlays by account, or {@code *}
 * @param lines the lines that these were made of, in the file's order
 * @param refused lines that cannot be
 */
public record OverlayCsv(Map<String, PriceOverlay> overlays, List<Line> lines, List<Refused> refused) {

    /** No overlay for anybody. */
    public static final OverlayCsv NONE = new OverlayCsv(Map.of(), List.of(), List.of());

    /**
     * A line: a rule for what is on sale, or a price of the account's own.
     *
     * @param number its number, counted from 1
     * @param account whose, or {@code *}
     * @param which what a discount or an exclusion is for; empty for a price
     * @param price the account's own price; empty for a discount or an exclusion
     */
    public record Line(long number, String account, Optional<OfferFilter> which, Optional<PriceRow> price) {}

    /**
     * What came of holding an overlay against a catalog.
     *
     * @param unmatched lines that reach nothing that is on sale: what they say would count for nobody
     * @param doubtful prices of an account's own that count, and have the shape of a mistake beside the list's
     */
    public record Check(List<Refused> unmatched, List<Refused> doubtful) {

        /** Copies both. */
        public Check {
            unmatched = List.copyOf(unmatched);
            doubtful = List.copyOf(doubtful);
        }
    }

    private static final String EVERYBODY = "*";

    private static final List<String> COLUMNS = List.of(
            "account_id",
            "rule",
            "provider",
            "instance_type",
            "region",
            "purchase_option",
            "value",
            "gpu_model",
            "gpu_count",
            "as_of",
            "reason");

    /** Copies all of them. */
    public OverlayCsv {
        overlays = Map.copyOf(overlays);
        lines = List.copyOf(lines);
        refused = List.copyOf(refused);
    }

    /**
     * Reads a file.
     *
     * @param file a CSV file with the columns above, UTF-8
     * @param gpus the models that GPU names are looked up in
     * @return the overlays and the refused lines
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a column is missing
     */
    public static OverlayCsv read(Path file, GpuCatalog gpus) throws IOException {
        Map<String, PriceOverlay.Builder> builders = new LinkedHashMap<>();
        List<Line> lines = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        CsvLine.read(
                file,
                "overlay",
                COLUMNS,
                line -> {
                    String account = line.optional("account_id")
                            .orElseThrow(() -> new IllegalArgumentException("account_id is blank"));
                    lines.add(add(
                            line,
                            account,
                            builders.computeIfAbsent(account, name -> PriceOverlay.builder()),
                            gpus,
                            file.getFileName().toString()));
                },
                (line, reason) -> refused.add(new Refused(line, reason)));
        Map<String, PriceOverlay> overlays = new HashMap<>();
        builders.forEach((account, builder) -> overlays.put(account, builder.build()));
        return new OverlayCsv(overlays, lines, refused);
    }

    /**
     * What an account knows better.
     *
     * @param account its name
     * @return its own overlay, else everybody's, else one that says nothing
     */
    public PriceOverlay of(String account) {
        return Optional.ofNullable(overlays.get(account))
                .or(() -> Optional.ofNullable(overlays.get(EVERYBODY)))
                .orElse(PriceOverlay.NONE);
    }

    /**
     * Holds the lines against the prices they are laid over.
     *
     * @param list the price list
     * @return the lines that reach nothing, and those that should be looked at
     * @throws IllegalArgumentException if a price of an account's own contradicts the list's description of its type
     */
    public Check check(PriceCatalog list) {
        List<Refused> unmatched = new ArrayList<>();
        List<Refused> doubtful = new ArrayList<>();
        CatalogCheck prices = new CatalogCheck(list, list);
        Map<String, PriceCatalog> laid = new HashMap<>();
        overlays.forEach((account, overlay) -> {
            try {
                laid.put(account, list.with(overlay));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("account " + account + ": " + e.getMessage(), e);
            }
        });
        for (Line line : lines) {
            line.which()
                    .filter(which -> list(laid, line).offers().noneMatch(offer -> which.matches(offer.sku())))
                    .ifPresent(which -> unmatched.add(
                            new Refused(line.number(), list(laid, line).unmatched(which))));
            line.price().ifPresent(price -> {
                Optional<String> nowhere = list.unreachable(price);
                nowhere.ifPresent(reason -> unmatched.add(new Refused(line.number(), reason)));
                if (nowhere.isEmpty()) {
                    prices.besideTheList(price).ifPresent(reason -> doubtful.add(new Refused(line.number(), reason)));
                }
            });
        }
        return new Check(unmatched, doubtful);
    }

    private static PriceCatalog list(Map<String, PriceCatalog> laid, Line line) {
        return Objects.requireNonNull(laid.get(line.account()));
    }

    private static Line add(CsvLine line, String account, PriceOverlay.Builder overlay, GpuCatalog gpus, String file) {
        String rule = line.text("rule");
        switch (rule) {
            case "discount" -> {
                OfferFilter which = filter(line);
                overlay.discount(
                        which,
                        line.decimal("value").orElseThrow(() -> new IllegalArgumentException("value is blank")),
                        line.text("reason"));
                return new Line(line.number(), account, Optional.of(which), Optional.empty());
            }
            case "exclude" -> {
                OfferFilter which = filter(line);
                overlay.exclude(which, line.optional("reason").orElse("excluded by the account"));
                return new Line(line.number(), account, Optional.of(which), Optional.empty());
            }
            case "price" -> {
                PriceRow price = price(line, gpus, file);
                overlay.price(price);
                return new Line(line.number(), account, Optional.empty(), Optional.of(price));
            }
            default ->
                throw new IllegalArgumentException(
                        "unknown rule '" + Given.shown(rule) + "'; known: discount, exclude, price");
        }
    }

    private static OfferFilter filter(CsvLine line) {
        Optional<Provider> provider = line.optional("provider").map(Provider::of);
        return new OfferFilter(
                provider,
                line.optional("instance_type"),
                line.optional("region")
                        .map(name -> provider.map(seller -> RegionNames.of(seller, name))
                                .orElseGet(() -> Region.of(name))),
                line.optional("purchase_option").map(PurchaseOption::parse));
    }

    private static PriceRow price(CsvLine line, GpuCatalog gpus, String file) {
        LocalDate since = line.day("as_of").orElseThrow(() -> new IllegalArgumentException("as_of is blank"));
        Provider provider = Provider.of(line.text("provider"));
        InstanceSpec spec = new InstanceSpec(
                provider,
                InstanceType.of(line.text("instance_type")),
                line.optional("gpu_model").map(name -> model(gpus, name).name()),
                line.optional("gpu_count").map(GpuCount::parse),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new PriceRow(
                spec,
                line.optional("region")
                        .map(name -> RegionNames.of(provider, name))
                        .orElse(Region.GLOBAL),
                PurchaseOption.parse(line.text("purchase_option")),
                PriceCsv.rate(line, "value"),
                since.atStartOfDay(ZoneOffset.UTC).toInstant(),
                new Provenance(line.optional("reason").orElse("the account's own price"), file, "", since));
    }

    private static GpuModel model(GpuCatalog gpus, String name) {
        return gpus.resolve(name)
                .model()
                .orElseThrow(() ->
                        new IllegalArgumentException("gpu_model '" + Given.shown(name) + "' is not one known GPU"));
    }
}
