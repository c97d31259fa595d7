package cloud.dumont.economy.gpu;

import java.util.Locale;

/** What a data sheet says of a GPU that comparisons use. */
public enum GpuFigure {

    /** Memory as advertised, in GiB. */
    MEMORY_GIB,

    /** Memory bandwidth in GB/s. */
    MEMORY_BANDWIDTH_GBPS,

    /** Peak FP32 throughput in TFLOPS, without tensor cores. */
    FP32_TFLOPS,

    /** Peak dense FP16 throughput of the tensor (matrix) cores in TFLOPS, accumulated in FP32; never the sparse figure. */
    FP16_TENSOR_TFLOPS_DENSE;

    /** How the tables call it. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
