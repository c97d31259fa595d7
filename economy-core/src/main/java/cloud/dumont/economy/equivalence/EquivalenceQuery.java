package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuResolution;

/**
 * What to find an equivalent for.
 *
 * @param gpu what the instance's GPU name turned out to mean
 * @param count how many of them
 * @param needs what the instance has beside them; {@link HostNeeds#NONE} where the baseline does not ask for it, so that equal questions
 *     are equal
 * @param baseline what to compare with
 */
public record EquivalenceQuery(GpuResolution gpu, GpuCount count, HostNeeds needs, Baseline baseline) {

    /** Leaves out what the baseline does not ask for. */
    public EquivalenceQuery {
        needs = baseline.hostMatch() == HostMatch.AT_LEAST ? needs : HostNeeds.NONE;
    }

    /**
     * The question for GPUs alone.
     *
     * @param gpu what the instance's GPU name turned out to mean
     * @param count how many of them
     * @param baseline what to compare with
     */
    public EquivalenceQuery(GpuResolution gpu, GpuCount count, Baseline baseline) {
        this(gpu, count, HostNeeds.NONE, baseline);
    }
}
