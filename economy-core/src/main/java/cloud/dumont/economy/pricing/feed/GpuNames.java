package cloud.dumont.economy.pricing.feed;

import cloud.dumont.economy.gpu.GpuCatalog;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sellers of single GPUs name the GPU, not a machine: what is sold is described by that name. */
final class GpuNames {

    private static final Pattern NO_LETTERS = Pattern.compile("[^a-z0-9]+");

    private GpuNames() {}

    /** The one model that a name and a memory mean; empty where it is unknown, or could be several. */
    static Optional<GpuModel> model(GpuCatalog gpus, String name, Optional<GpuMemory> memory) {
        GpuResolution resolution = gpus.resolve(name);
        if (resolution instanceof GpuResolution.Ambiguous && memory.isPresent()) {
            resolution = gpus.resolve(name, memory.get());
        }
        return resolution instanceof GpuResolution.Known known ? Optional.of(known.gpu()) : Optional.empty();
    }

    /** Memory in GiB as a seller gives it; empty for what no GPU has. */
    static Optional<GpuMemory> memoryGib(Optional<String> gib) {
        try {
            return gib.map(BigDecimal::new).map(GpuMemory::ofGib);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A machine as the catalog has it, or else one of so many GPUs. */
    static InstanceSpec spec(FeedInput input, Provider provider, String type, GpuModel gpu, int count) {
        return input.spec(provider, type)
                .orElseGet(() -> new InstanceSpec(
                        provider,
                        InstanceType.of(type),
                        Optional.of(gpu.name()),
                        Optional.of(GpuCount.of(count)),
                        gpu.spec().memoryGib(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** A name as types are named: {@code rtx-4090}. */
    static String slug(String name) {
        String slug = NO_LETTERS.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("-");
        return slug.startsWith("-") ? slug.substring(1) : slug;
    }
}
