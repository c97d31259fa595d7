package cloud.dumont.economy.equivalence;

/** How much of a machine is charged, where a cloud sells a GPU only in bigger ones. */
public enum Sizing {
    /** Price x (GPUs needed / GPUs in the machine). The default. */
    GPU_SHARE,
    /** Whole machines; only a fraction of a GPU on a machine of whole ones is still charged as a share. */
    WHOLE_INSTANCE
}
