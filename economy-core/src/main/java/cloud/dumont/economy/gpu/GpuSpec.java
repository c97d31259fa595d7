package cloud.dumont.economy.gpu;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What data sheets say of a GPU, each figure with the place it was read. A figure that no source gives is absent: nothing is
 * guessed.
 *
 * @param figures the known figures and where each comes from; immutable
 * @param formFactor how it is built, such as SXM5 or PCIe
 */
public record GpuSpec(Map<GpuFigure, Sourced> figures, Optional<String> formFactor) {

    /**
     * A figure and its source.
     *
     * @param value the figure in the unit its {@link GpuFigure} names, above 0
     * @param source where it was read, in words: the document, and what was done to the printed figure ("halved"), if anything
     */
    public record Sourced(BigDecimal value, String source) {

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if the value is not above 0, has more than 100 digits, or the source is blank
         */
        public Sourced {
            Given.checkDigits("a figure", value);
            if (value.signum() <= 0) {
                throw new IllegalArgumentException("a figure must be above 0, not " + value.toPlainString());
            }
            if (source.isBlank()) {
                throw new IllegalArgumentException("the figure " + value.toPlainString() + " has no source");
            }
        }

        /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
        @JsonProperty("value")
        String getValue() {
            return value.toPlainString();
        }
    }

    /** Copies the figures. */
    public GpuSpec {
        Map<GpuFigure, Sourced> copy = new EnumMap<>(GpuFigure.class);
        copy.putAll(figures);
        figures = Collections.unmodifiableMap(copy);
    }

    /**
     * A figure with its source.
     *
     * @param figure which one
     * @return the figure, or empty where no source gives it
     */
    public Optional<Sourced> figure(GpuFigure figure) {
        return Optional.ofNullable(figures.get(figure));
    }

    /**
     * Memory as advertised.
     *
     * @return GiB, or empty
     */
    public Optional<BigDecimal> memoryGib() {
        return value(GpuFigure.MEMORY_GIB);
    }

    /**
     * Memory bandwidth.
     *
     * @return GB/s, or empty
     */
    public Optional<BigDecimal> bandwidthGbps() {
        return value(GpuFigure.MEMORY_BANDWIDTH_GBPS);
    }

    /**
     * Peak FP32 throughput, without tensor cores.
     *
     * @return TFLOPS, or empty
     */
    public Optional<BigDecimal> fp32Tflops() {
        return value(GpuFigure.FP32_TFLOPS);
    }

    /**
     * Peak dense FP16 tensor throughput, never the sparse figure.
     *
     * @return TFLOPS, or empty
     */
    public Optional<BigDecimal> fp16TensorTflops() {
        return value(GpuFigure.FP16_TENSOR_TFLOPS_DENSE);
    }

    private Optional<BigDecimal> value(GpuFigure figure) {
        return figure(figure).map(Sourced::value);
    }
}
