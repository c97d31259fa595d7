package cloud.dumont.economy.pricing;

import cloud.dumont.economy.provider.InstanceType;

/**
 * What a machine is put together from, where the provider sells machine and GPUs apart: its price is the machine's plus that of each
 * GPU.
 *
 * @param machine the machine without GPUs, such as {@code n1-standard-4}
 * @param part one GPU, such as {@code nvidia-tesla-t4}
 * @param count how many of them, 1 or more
 */
public record Composition(InstanceType machine, InstanceType part, int count) {

    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is below one
     */
    public Composition {
        if (count < 1) {
            throw new IllegalArgumentException("a composed machine has 1 GPU or more, not " + count);
        }
    }

    /** The name under which the catalog lists it: {@code n1-standard-4 + 1 x nvidia-tesla-t4}. */
    InstanceType instanceType() {
        return InstanceType.of(machine + " + " + count + " x " + part);
    }
}
