package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.gpu.GpuResolution;
import cloud.dumont.economy.usage.Evidence;
import cloud.dumont.economy.usage.InstanceState;
import cloud.dumont.economy.usage.UsageKind;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A kind of usage with what stands for it. Made once per walk, so that two of them are the same kind exactly where they are the same
 * object: equality is identity, on purpose, as equivalents are deep.
 */
final class PricedKind {

    private final UsageKind kind;
    private final Equivalent equivalent;
    private final Optional<Equivalent.Match> match;
    private final Optional<GpuCount> gpus;
    private final Optional<BigDecimal> fp16TensorTflops;
    private final Optional<LocalDate> readOn;

    PricedKind(UsageKind kind, Equivalent equivalent) {
        this.kind = kind;
        this.equivalent = equivalent;
        match = kind.hasKnownRate() ? equivalent.match() : Optional.empty();
        gpus = equivalent.query().gpu() instanceof GpuResolution.Shared
                ? Optional.empty()
                : Optional.of(kind.comparedGpus());
        fp16TensorTflops =
                equivalent.query().gpu().model().map(GpuModel::spec).flatMap(spec -> spec.fp16TensorTflops());
        readOn = match.flatMap(found -> found.latestPrice().provenance().readOn());
    }

    Equivalent equivalent() {
        return equivalent;
    }

    /** How many GPUs make its GPU hours; empty where only replicas of shared cards are counted. */
    Optional<GpuCount> gpus() {
        return gpus;
    }

    boolean isIdle() {
        return kind.state() == InstanceState.IDLE;
    }

    boolean isInferred() {
        return kind.evidence() == Evidence.INFERRED;
    }

    boolean isProvisional() {
        return kind.evidence() == Evidence.PROVISIONAL;
    }

    /** Whether somebody vouches for the launch of a run that begins with it. */
    boolean vouchesForStart() {
        return kind.evidence().vouchesForStart();
    }

    boolean hasKnownRate() {
        return kind.hasKnownRate();
    }

    /** What it is compared with; empty where either side has no price, for then both sides leave it out. */
    Optional<Equivalent.Match> match() {
        return match;
    }

    boolean isCompared() {
        return match.isPresent();
    }

    /** Dense FP16 tensor TFLOPS of one of its GPUs, where the data sheet gives them. */
    Optional<BigDecimal> fp16TensorTflops() {
        return fp16TensorTflops;
    }

    /** The day that the newest price of what it is compared with was read; empty where it is not compared, or no source dates it. */
    Optional<LocalDate> readOn() {
        return readOn;
    }

    /** The canonical GPU model, or the name as it was told where it means none. */
    String gpuName() {
        return equivalent
                .query()
                .gpu()
                .model()
                .map(GpuModel::name)
                .or(kind::gpuName)
                .orElse("unknown");
    }

    String regionName() {
        return kind.region().map(region -> region.id()).orElse("unknown");
    }
}
