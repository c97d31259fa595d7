package cloud.dumont.economy.equivalence;

/** Whether what an instance has beside its GPUs counts when something is chosen to stand for it. */
public enum HostMatch {
    /** Only the GPUs count. The default. */
    GPUS_ONLY,
    /** Machines with fewer vCPUs or less memory than the instance are left out. */
    AT_LEAST
}
