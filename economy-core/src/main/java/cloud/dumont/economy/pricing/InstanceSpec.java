package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an instance type is made of.
 *
 * @param provider who sells it
 * @param instanceType its name
 * @param gpuModel canonical name of its GPUs; empty for a machine without
 * @param gpuCount how many, possibly a fraction; empty for a machine without, and where no source tells
 * @param gpuMemoryGib memory of one GPU, or of the slice that the machine sees, in GiB; empty where no source tells
 * @param vcpus virtual CPUs; empty where no source tells
 * @param memoryGib main memory in GiB; empty where no source tells
 */
public record InstanceSpec(
        Provider provider,
        InstanceType instanceType,
        Optional<String> gpuModel,
        Optional<GpuCount> gpuCount,
        Optional<BigDecimal> gpuMemoryGib,
        Optional<Integer> vcpus,
        Optional<BigDecimal> memoryGib) {

    /**
     * Normalises what is written in several ways, so that equal facts are equal.
     *
     * @throws IllegalArgumentException if a figure is negative
     */
    public InstanceSpec {
        gpuMemoryGib = gpuMemoryGib.map(BigDecimal::stripTrailingZeros);
        memoryGib = memoryGib.map(BigDecimal::stripTrailingZeros);
        if (gpuMemoryGib.filter(gib -> gib.signum() < 0).isPresent()
                || memoryGib.filter(gib -> gib.signum() < 0).isPresent()
                || vcpus.filter(count -> count < 0).isPresent()) {
            throw new IllegalArgumentException(provider + " " + instanceType + ": vCPUs and memory must be 0 or more");
        }
    }
}
