package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuResolution;

/**
 * What to find an equivalent for.
 *
 * @param gpu what the instance's GPU name turned out to mean
 * @param count how many of them
 * @param baseline what to compare with
 */
public record EquivalenceQuery(GpuResolution gpu, GpuCount count, Baseline baseline) {}
