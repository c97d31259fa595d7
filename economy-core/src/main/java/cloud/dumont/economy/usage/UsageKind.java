package cloud.dumont.economy.usage;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuMemory;
import cloud.dumont.economy.provider.Region;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What many intervals have in common: all that decides what they are compared with, and what they are counted with.
 *
 * @param gpuName the GPU as the host calls it; empty if unknown
 * @param gpuMemory memory of one GPU; empty if unknown
 * @param gpuCount how many
 * @param physicalGpus how many cards those are, where they are shared; empty if that is not told
 * @param vcpus virtual CPUs; empty if unknown
 * @param memoryGib main memory in GiB; empty if unknown
 * @param region the host's own region; empty if unknown
 * @param state what the instance does
 * @param evidence {@link Evidence#OBSERVED} for all evidence that {@linkplain Evidence#vouchesForStart vouches for the start} of an
 *     interval, else what it is: {@link Evidence#SEEN}, {@link Evidence#INFERRED} or {@link Evidence#PROVISIONAL}
 * @param hasKnownRate whether the account's own rate is known
 */
public record UsageKind(
        Optional<String> gpuName,
        Optional<GpuMemory> gpuMemory,
        GpuCount gpuCount,
        Optional<GpuCount> physicalGpus,
        Optional<BigDecimal> vcpus,
        Optional<BigDecimal> memoryGib,
        Optional<Region> region,
        InstanceState state,
        Evidence evidence,
        boolean hasKnownRate) {

    /**
     * A kind of which only the GPUs are known.
     *
     * @param gpuName the GPU as the host calls it; empty if unknown
     * @param gpuCount how many
     * @param region the host's own region; empty if unknown
     * @param state what the instance does
     * @param evidence {@link Evidence#OBSERVED} for all evidence that vouches for the start of an interval, else what it is
     * @param hasKnownRate whether the account's own rate is known
     */
    public UsageKind(
            Optional<String> gpuName,
            GpuCount gpuCount,
            Optional<Region> region,
            InstanceState state,
            Evidence evidence,
            boolean hasKnownRate) {
        this(
                gpuName,
                Optional.empty(),
                gpuCount,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                region,
                state,
                evidence,
                hasKnownRate);
    }

    /**
     * The kind of an interval.
     *
     * @param interval a fact
     * @return its kind
     */
    public static UsageKind of(UsageInterval interval) {
        Instance instance = interval.instance();
        return new UsageKind(
                instance.gpuName(),
                instance.gpuMemory(),
                instance.gpuCount(),
                instance.physicalGpus(),
                instance.vcpus(),
                instance.memoryGib(),
                instance.region(),
                interval.state(),
                interval.evidence().vouchesForStart() ? Evidence.OBSERVED : interval.evidence(),
                instance.rate().isPresent());
    }

    /**
     * How many GPUs are compared, and make GPU hours.
     *
     * @return the cards, where it is told how many there are; else the GPU count
     */
    public GpuCount comparedGpus() {
        return physicalGpus.orElse(gpuCount);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("vcpus")
    Optional<String> getVcpus() {
        return vcpus.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("memoryGib")
    Optional<String> getMemoryGib() {
        return memoryGib.map(BigDecimal::toPlainString);
    }
}
