package cloud.dumont.economy.usage;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.provider.Region;
import java.util.Optional;

/**
 * What many intervals have in common: all that decides what stands for them, and what they are counted with.
 *
 * @param gpuName the GPU as the host calls it; empty if unknown
 * @param gpuCount how many
 * @param region the host's own region; empty if unknown
 * @param state what the instance does
 * @param evidence what it rests on
 * @param hasKnownRate whether the account's own rate is known
 */
public record UsageKind(
        Optional<String> gpuName,
        GpuCount gpuCount,
        Optional<Region> region,
        InstanceState state,
        Evidence evidence,
        boolean hasKnownRate) {

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
                instance.gpuCount(),
                instance.region(),
                interval.state(),
                interval.evidence(),
                instance.rate().isPresent());
    }
}
