package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.csv.CsvLine;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.pricing.Provenance;
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
 * @param overlays by account, or {@code *}
 * @param refused lines that cannot be
 */
public record OverlayCsv(Map<String, PriceOverlay> overlays, List<Refused> refused) {

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

    /** Copies both. */
    public OverlayCsv {
        overlays = Map.copyOf(overlays);
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
        List<Refused> refused = new ArrayList<>();
        CsvLine.read(
                file,
                "overlay",
                COLUMNS,
                line -> {
                    String account = line.optional("account_id")
                            .orElseThrow(() -> new IllegalArgumentException("account_id is blank"));
                    add(
                            line,
                            builders.computeIfAbsent(account, name -> PriceOverlay.builder()),
                            gpus,
                            file.getFileName().toString());
                },
                (line, reason) -> refused.add(new Refused(line, reason)));
        Map<String, PriceOverlay> overlays = new HashMap<>();
        builders.forEach((account, builder) -> overlays.put(account, builder.build()));
        return new OverlayCsv(overlays, refused);
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

    private static void add(CsvLine line, PriceOverlay.Builder overlay, GpuCatalog gpus, String file) {
        String rule = line.text("rule");
        switch (rule) {
            case "discount" ->
                overlay.discount(
                        filter(line),
                        line.decimal("value").orElseThrow(() -> new IllegalArgumentException("value is blank")),
                        line.text("reason"));
            case "exclude" ->
                overlay.exclude(filter(line), line.optional("reason").orElse("excluded by the account"));
            case "price" -> overlay.price(price(line, gpus, file));
            default ->
                throw new IllegalArgumentException("unknown rule '" + rule + "'; known: discount, exclude, price");
        }
    }

    private static OfferFilter filter(CsvLine line) {
        return new OfferFilter(
                line.optional("provider").map(Provider::of),
                line.optional("instance_type"),
                line.optional("region").map(Region::of),
                line.optional("purchase_option").map(PurchaseOption::parse));
    }

    private static PriceRow price(CsvLine line, GpuCatalog gpus, String file) {
        LocalDate since = line.day("as_of").orElseThrow(() -> new IllegalArgumentException("as_of is blank"));
        InstanceSpec spec = new InstanceSpec(
                Provider.of(line.text("provider")),
                InstanceType.of(line.text("instance_type")),
                line.optional("gpu_model").map(name -> model(gpus, name).name()),
                line.optional("gpu_count").map(GpuCount::parse),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new PriceRow(
                spec,
                line.optional("region").map(Region::of).orElse(Region.GLOBAL),
                PurchaseOption.parse(line.text("purchase_option")),
                PriceCsv.rate(line, "value"),
                since.atStartOfDay(ZoneOffset.UTC).toInstant(),
                new Provenance(line.optional("reason").orElse("the account's own price"), file, "", since));
    }

    private static GpuModel model(GpuCatalog gpus, String name) {
        return gpus.resolve(name)
                .model()
                .orElseThrow(() -> new IllegalArgumentException("gpu_model '" + name + "' is not one known GPU"));
    }
}
