package cloud.dumont.economy.savings;

import cloud.dumont.economy.equivalence.Equivalent;
import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.gpu.GpuModel;
import cloud.dumont.economy.usage.Instance;
import cloud.dumont.economy.usage.InstanceState;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What usage has in common that is counted in one sum: the GPUs, what stands for them, the state, and whether the account's own rate is
 * known. Made once per walk, so that two of them are the same kind exactly where they are the same object.
 */
final class UsageKind {

    private final Equivalent equivalent;
    private final GpuCount gpuCount;
    private final InstanceState state;
    private final boolean hasKnownRate;

    UsageKind(Equivalent equivalent, Instance instance, InstanceState state) {
        this.equivalent = equivalent;
        this.gpuCount = instance.gpuCount();
        this.state = state;
        this.hasKnownRate = instance.rate().isPresent();
    }

    Equivalent equivalent() {
        return equivalent;
    }

    GpuCount gpuCount() {
        return gpuCount;
    }

    boolean isIdle() {
        return state == InstanceState.IDLE;
    }

    boolean hasKnownRate() {
        return hasKnownRate;
    }

    /** What it is compared with; empty where either side has no price, for then both sides leave it out. */
    Optional<Equivalent.Match> match() {
        return hasKnownRate ? equivalent.match() : Optional.empty();
    }

    /** Dense FP16 tensor TFLOPS of one of its GPUs, where the data sheet gives them. */
    Optional<BigDecimal> fp16TensorTflops() {
        return equivalent.query().gpu().model().map(GpuModel::spec).flatMap(spec -> spec.fp16TensorTflops());
    }
}
