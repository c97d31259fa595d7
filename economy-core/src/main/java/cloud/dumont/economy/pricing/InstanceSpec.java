package cloud.dumont.economy.pricing;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
 * @param composition what it is put together from; empty for a machine that is sold as one
 */
public record InstanceSpec(
        Provider provider,
        InstanceType instanceType,
        Optional<String> gpuModel,
        Optional<GpuCount> gpuCount,
        Optional<BigDecimal> gpuMemoryGib,
        Optional<Integer> vcpus,
        Optional<BigDecimal> memoryGib,
        Optional<Composition> composition) {

    /** Catalogs keep memory in thousandths of a GiB, in 31 bits. */
    private static final BigDecimal MOST_GIB = BigDecimal.valueOf(Integer.MAX_VALUE, 3);

    /**
     * Normalises what is written in several ways, so that equal facts are equal.
     *
     * @throws IllegalArgumentException if a figure is out of range
     */
    public InstanceSpec {
        gpuMemoryGib = normalised(gpuMemoryGib);
        memoryGib = normalised(memoryGib);
        if (vcpus.filter(count -> count < 0).isPresent()) {
            throw new IllegalArgumentException(provider + " " + instanceType + ": vCPUs must be 0 or more");
        }
        for (Optional<BigDecimal> gib : List.of(gpuMemoryGib, memoryGib)) {
            if (gib.filter(value -> value.signum() < 0 || value.scale() > 3 || value.compareTo(MOST_GIB) > 0)
                    .isPresent()) {
                throw new IllegalArgumentException(provider + " " + instanceType + ": memory of " + gib.get()
                        + " GiB is out of range: 0 to " + MOST_GIB + " GiB, with at most three decimals");
            }
        }
    }

    /**
     * A machine that is sold as one.
     *
     * @param provider who sells it
     * @param instanceType its name
     * @param gpuModel canonical name of its GPUs; empty for a machine without
     * @param gpuCount how many, possibly a fraction; empty for a machine without, and where no source tells
     * @param gpuMemoryGib memory of one GPU, or of the slice that the machine sees, in GiB; empty where no source tells
     * @param vcpus virtual CPUs; empty where no source tells
     * @param memoryGib main memory in GiB; empty where no source tells
     * @throws IllegalArgumentException if a figure is out of range
     */
    public InstanceSpec(
            Provider provider,
            InstanceType instanceType,
            Optional<String> gpuModel,
            Optional<GpuCount> gpuCount,
            Optional<BigDecimal> gpuMemoryGib,
            Optional<Integer> vcpus,
            Optional<BigDecimal> memoryGib) {
        this(provider, instanceType, gpuModel, gpuCount, gpuMemoryGib, vcpus, memoryGib, Optional.empty());
    }

    /**
     * What two sources tell of one machine, taken together: what one leaves out the other may give.
     *
     * @throws IllegalArgumentException if they contradict each other; the message names both
     */
    InstanceSpec mergedWith(InstanceSpec other) {
        return new InstanceSpec(
                provider,
                instanceType,
                either(other, "GPU", InstanceSpec::gpuModel),
                either(other, "GPU count", InstanceSpec::gpuCount),
                either(other, "GPU memory in GiB", InstanceSpec::gpuMemoryGib),
                either(other, "vCPUs", InstanceSpec::vcpus),
                either(other, "memory in GiB", InstanceSpec::memoryGib),
                either(other, "parts", InstanceSpec::composition));
    }

    /** This machine, which has no GPU of its own, with parts that are GPUs. */
    InstanceSpec with(InstanceSpec part, Composition parts) {
        return new InstanceSpec(
                provider,
                parts.instanceType(),
                part.gpuModel,
                Optional.of(GpuCount.of(parts.count())),
                part.gpuMemoryGib,
                vcpus,
                memoryGib,
                Optional.of(parts));
    }

    private <T> Optional<T> either(InstanceSpec other, String what, Function<InstanceSpec, Optional<T>> part) {
        Optional<T> mine = part.apply(this);
        Optional<T> theirs = part.apply(other);
        if (mine.isPresent() && theirs.isPresent() && !mine.equals(theirs)) {
            throw new IllegalArgumentException(provider + " " + instanceType + " is described twice: " + what + " "
                    + words(mine.get()) + " and " + words(theirs.get()));
        }
        return mine.isPresent() ? mine : theirs;
    }

    private static String words(Object figure) {
        return figure instanceof BigDecimal number ? number.toPlainString() : figure.toString();
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("gpuMemoryGib")
    Optional<String> getGpuMemoryGib() {
        return gpuMemoryGib.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("memoryGib")
    Optional<String> getMemoryGib() {
        return memoryGib.map(BigDecimal::toPlainString);
    }

    /** The same object where there is nothing to strip: a catalog's types share theirs. */
    private static Optional<BigDecimal> normalised(Optional<BigDecimal> gib) {
        Optional<BigDecimal> stripped = gib.map(BigDecimal::stripTrailingZeros);
        return stripped.equals(gib) ? gib : stripped;
    }
}
