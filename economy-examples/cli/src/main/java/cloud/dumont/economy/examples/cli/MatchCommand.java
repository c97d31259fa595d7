package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.equivalence.EquivalencePolicy;
import cloud.dumont.economy.equivalence.EquivalenceQuery;
import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.equivalence.HostNeeds;
import cloud.dumont.economy.equivalence.Ratios;
import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.provider.Sku;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells what a GPU is compared with, and why. */
@Command(name = "match", description = "What a GPU is compared with, and why.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class MatchCommand implements Callable<Integer> {

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BaselineOptions options;

    @Option(names = "--gpu", required = true, paramLabel = "NAME", description = "The GPU, by any of its names.")
    private String gpu;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many, such as 8 or 0.5.")
    private String count;

    @Option(names = "--memory-gib", paramLabel = "G", description = "Memory of one GPU, where its name does not tell.")
    private @Nullable BigDecimal memoryGib;

    @Option(names = "--vcpus", paramLabel = "N", description = "vCPUs of the instance, for --host-match at_least.")
    private @Nullable BigDecimal vcpus;

    @Option(
            names = "--host-memory-gib",
            paramLabel = "G",
            description = "Main memory of the instance, for --host-match at_least.")
    private @Nullable BigDecimal hostMemoryGib;

    @Option(names = "--account", paramLabel = "A", defaultValue = "*", description = "Whose overlay.")
    private String account;

    @Override
    public Integer call() throws IOException {
        GpuCatalog gpus = GpuCatalog.bundled();
        GpuResolution resolution =
                memoryGib == null ? gpus.resolve(gpu) : gpus.resolve(gpu, GpuMemory.ofGib(memoryGib));
        GpuCount gpuCount = GpuCount.parse(count);
        HostNeeds needs = new HostNeeds(Optional.ofNullable(vcpus), Optional.ofNullable(hostMemoryGib));
        PriceCatalog catalog = options.catalog();
        Equivalent equivalent = EquivalencePolicy.standard(gpus)
                .decide(
                        catalog.with(
                                options.overlays(catalog, spec.commandLine().getErr())
                                        .of(account)),
                        new EquivalenceQuery(resolution, gpuCount, needs, options.baseline()));

        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("gpu_model", resolution.model().map(GpuModel::name).orElse(null));
        answer.put("gpu_count", Output.number(gpuCount));
        answer.put("tier", equivalent.tier().name());
        answer.put("provider", options.baseline().provider().id());
        answer.putAll(fields(equivalent.match().orElse(null)));
        answer.put("floor", equivalent.floor().map(MatchCommand::fields).orElse(null));
        answer.put("explanation", equivalent.explanation());
        cli.output(spec.commandLine().getOut()).print(answer, out -> out.println(equivalent.explanation()));
        return found(resolution, spec.commandLine().getErr());
    }

    private static Map<String, @Nullable Object> fields(Equivalent.@Nullable Match match) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        Sku sku = match == null ? null : match.offer().sku();
        fields.put("region", sku == null ? null : sku.region().id());
        fields.put("instance_type", sku == null ? null : sku.instanceType().name());
        fields.put("equivalent_gpu_model", match == null ? null : match.gpu().name());
        fields.put("equivalent_gpu_count", match == null ? null : Output.number(match.gpuCount()));
        fields.put("sizing", match == null ? null : match.sizing().name());
        fields.put(
                "usd_per_hour",
                match == null ? null : Output.plain(match.latestRate().toUsd()));
        fields.put("ratios", match == null ? null : ratios(match.ratios()));
        fields.put("price", match == null ? null : price(match));
        return fields;
    }

    /** From the price row to the rate: enough for somebody else to recompute it. */
    private static Map<String, @Nullable Object> price(Equivalent.Match match) {
        ListPrice price = match.latestPrice();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("list_usd_per_hour", Output.plain(price.rate().toUsd()));
        fields.put("charged", match.chargedNumerator() + "/" + match.chargedDenominator());
        fields.put(
                "negotiated_percent",
                match.offer()
                        .negotiated()
                        .map(discount -> Output.plain(discount.percent()))
                        .orElse(null));
        fields.put("effective_from", price.effectiveFrom().toString());
        fields.put(
                "changed_between",
                price.window()
                        .map(window ->
                                List.of(window.from().toString(), window.until().toString()))
                        .orElse(null));
        fields.put(
                "composed_of",
                match.offer()
                        .spec()
                        .composition()
                        .map(parts -> parts.machine() + " and " + parts.count() + " x " + parts.part())
                        .orElse(null));
        fields.put(
                "sustained_use_percent",
                match.offer()
                        .sustainedUse()
                        .map(discount -> Output.plain(discount.fullMonthPercent()))
                        .orElse(null));
        fields.put("source", price.provenance().toString());
        fields.put(
                "read_on", price.provenance().readOn().map(LocalDate::toString).orElse(null));
        fields.put("trust", price.trust().name());
        return fields;
    }

    private static Map<String, @Nullable Object> ratios(Ratios ratios) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("memory", ratios.memory().map(Output::plain).orElse(null));
        fields.put("throughput", ratios.throughput().map(Output::plain).orElse(null));
        fields.put("bandwidth", ratios.bandwidth().map(Output::plain).orElse(null));
        return fields;
    }

    private static int found(GpuResolution resolution, PrintWriter err) {
        if (resolution instanceof GpuResolution.Unknown unknown) {
            err.println("unknown GPU '" + unknown.name() + "': " + unknown.reason());
            return EconomyCli.NOT_FOUND;
        }
        if (resolution instanceof GpuResolution.Ambiguous ambiguous) {
            err.println("ambiguous GPU '" + ambiguous.name() + "': it may be " + ambiguous.choices());
            return EconomyCli.NOT_FOUND;
        }
        if (resolution instanceof GpuResolution.Shared) {
            err.println(
                    "shared GPU '" + resolution.name()
                            + "': it counts replicas, not cards; name the card, without what says that it is shared, and count the cards");
            return EconomyCli.NOT_FOUND;
        }
        return 0;
    }
}
