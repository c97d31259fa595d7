package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.provider.Sku;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells the price of an instance type, with its source and dates. */
@Command(name = "price", description = "The list price of an instance type.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class PriceCommand implements Callable<Integer> {

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private MarketOptions market;

    @Option(
            names = "--type",
            required = true,
            paramLabel = "T",
            description = "The instance type, such as p5.48xlarge.")
    private String type;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            description = "When, such as 2026-01-01T00:00:00Z; now unless given.")
    private @Nullable Instant at;

    @Override
    public Integer call() {
        PriceCatalog catalog = market.catalog();
        Provider provider = market.provider();
        PurchaseOption option = market.purchaseOption();
        Region where =
                market.region().or(() -> catalog.referenceRegion(provider)).orElse(Region.GLOBAL);
        InstanceType instanceType = InstanceType.of(type);
        Instant moment = at != null ? at : Clock.systemUTC().instant();
        ListPrice price = catalog.price(new Sku(provider, where, instanceType, option), moment);
        InstanceSpec made = catalog.spec(provider, instanceType).orElseThrow();

        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("provider", provider.id());
        answer.put("region", where.id());
        answer.put("instance_type", price.sku().instanceType().name());
        answer.put("purchase_option", option.name());
        answer.put("usd_per_hour", Output.plain(price.rate().toUsd()));
        answer.put("gpu_model", made.gpuModel().orElse(null));
        answer.put("gpu_count", made.gpuCount().map(Output::number).orElse(null));
        answer.put("effective_from", price.effectiveFrom().toString());
        answer.put(
                "effective_until", price.effectiveUntil().map(Instant::toString).orElse(null));
        answer.put("before_first_known_price", moment.isBefore(price.effectiveFrom()));
        answer.put("source", price.provenance().toString());
        answer.put(
                "read_on", price.provenance().readOn().map(LocalDate::toString).orElse(null));
        answer.put("trust", price.trust().name());
        answer.put(
                "changed_between",
                price.window()
                        .map(window ->
                                List.of(window.from().toString(), window.until().toString()))
                        .orElse(null));
        answer.put(
                "composed_of",
                made.composition()
                        .map(parts -> parts.machine() + " and " + parts.count() + " x " + parts.part())
                        .orElse(null));
        cli.output(spec.commandLine().getOut()).print(answer);
        return 0;
    }
}
