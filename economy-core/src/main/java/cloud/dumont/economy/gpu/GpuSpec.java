package cloud.dumont.economy.gpu;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a data sheet says of a GPU. A figure that no source gives is empty: nothing is guessed.
 *
 * @param memoryGib memory as advertised, in GiB
 * @param bandwidthGbps memory bandwidth in GB/s
 * @param fp32Tflops peak FP32 throughput in TFLOPS, without tensor cores
 * @param fp16TensorTflops peak dense FP16 tensor throughput in TFLOPS, never the sparse figure
 * @param formFactor how it is built, such as SXM5 or PCIe
 * @param source where these figures were read, in words
 */
public record GpuSpec(
        Optional<BigDecimal> memoryGib,
        Optional<BigDecimal> bandwidthGbps,
        Optional<BigDecimal> fp32Tflops,
        Optional<BigDecimal> fp16TensorTflops,
        Optional<String> formFactor,
        String source) {}
