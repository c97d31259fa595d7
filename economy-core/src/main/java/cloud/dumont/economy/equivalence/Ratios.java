package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.gpu.GpuModel;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An equivalent's GPU against the instance's, figure by figure: 2 means twice as much. A ratio is empty where a data sheet
 * lacks the figure on either side.
 *
 * @param memory memory of one GPU, four decimals
 * @param throughput dense FP16 tensor throughput, or FP32 on both sides where either lacks a tensor figure; four decimals
 * @param bandwidth memory bandwidth, four decimals
 */
public record Ratios(Optional<BigDecimal> memory, Optional<BigDecimal> throughput, Optional<BigDecimal> bandwidth) {

    private static final BigDecimal NEAR_ENOUGH = new BigDecimal("0.8");

    static Ratios of(GpuModel candidate, GpuModel wanted) {
        return new Ratios(
                memory(candidate, wanted).map(Fraction::rounded),
                throughput(candidate, wanted).map(Fraction::rounded),
                bandwidth(candidate, wanted).map(Fraction::rounded));
    }

    /** Whether the candidate has at least the memory; an unknown size never qualifies. */
    static boolean memorySuffices(GpuModel candidate, GpuModel wanted) {
        return memory(candidate, wanted)
                .filter(ratio -> ratio.atLeast(BigDecimal.ONE))
                .isPresent();
    }

    /** Whether the candidate comes near enough to stand for the wanted one: decided on exact figures, not rounded ratios. */
    static boolean isNear(GpuModel candidate, GpuModel wanted) {
        return memorySuffices(candidate, wanted)
                && throughput(candidate, wanted)
                        .filter(ratio -> ratio.atLeast(NEAR_ENOUGH))
                        .isPresent()
                && bandwidth(candidate, wanted)
                        .filter(ratio -> ratio.atLeast(NEAR_ENOUGH))
                        .isPresent();
    }

    /** Whether the candidate may come near enough, but a figure is missing on either side, so that nobody can tell. */
    static boolean mayBeNear(GpuModel candidate, GpuModel wanted) {
        List<Optional<Boolean>> enough = List.of(
                memory(candidate, wanted).map(ratio -> ratio.atLeast(BigDecimal.ONE)),
                throughput(candidate, wanted).map(ratio -> ratio.atLeast(NEAR_ENOUGH)),
                bandwidth(candidate, wanted).map(ratio -> ratio.atLeast(NEAR_ENOUGH)));
        return enough.contains(Optional.<Boolean>empty()) && !enough.contains(Optional.of(false));
    }

    /** The figures that {@link #isNear} needs and that one of both lacks, in words; of a GPU and itself, those that it lacks. */
    static List<String> missing(GpuModel candidate, GpuModel wanted) {
        List<String> missing = new ArrayList<>();
        if (memory(candidate, wanted).isEmpty()) {
            missing.add("memory");
        }
        if (throughput(candidate, wanted).isEmpty()) {
            missing.add("throughput");
        }
        if (bandwidth(candidate, wanted).isEmpty()) {
            missing.add("memory bandwidth");
        }
        return missing;
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("memory")
    Optional<String> getMemory() {
        return memory.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("throughput")
    Optional<String> getThroughput() {
        return throughput.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("bandwidth")
    Optional<String> getBandwidth() {
        return bandwidth.map(BigDecimal::toPlainString);
    }

    private static Optional<Fraction> memory(GpuModel candidate, GpuModel wanted) {
        return fraction(candidate.spec().memoryGib(), wanted.spec().memoryGib());
    }

    private static Optional<Fraction> throughput(GpuModel candidate, GpuModel wanted) {
        return fraction(candidate.spec().fp16TensorTflops(), wanted.spec().fp16TensorTflops())
                .or(() -> fraction(candidate.spec().fp32Tflops(), wanted.spec().fp32Tflops()));
    }

    private static Optional<Fraction> bandwidth(GpuModel candidate, GpuModel wanted) {
        return fraction(candidate.spec().bandwidthGbps(), wanted.spec().bandwidthGbps());
    }

    private static Optional<Fraction> fraction(Optional<BigDecimal> candidate, Optional<BigDecimal> wanted) {
        return candidate.flatMap(mine -> wanted.map(theirs -> new Fraction(mine, theirs)));
    }

    private record Fraction(BigDecimal numerator, BigDecimal denominator) {

        boolean atLeast(BigDecimal bound) {
            return numerator.compareTo(denominator.multiply(bound)) >= 0;
        }

        BigDecimal rounded() {
            return numerator.divide(denominator, 4, RoundingMode.HALF_EVEN);
        }
    }
}
