package cloud.dumont.economy.equivalence;

/** How good a match is, best first. It goes with every figure built on it. */
public enum Tier {
    /** The same GPU, memory and form factor, in a machine with exactly the instance's GPU count. */
    LIKE_FOR_LIKE,
    /** The same GPU as a share of a bigger machine, or a variant of the chip with at least the memory. */
    SAME_GPU,
    /** Another GPU of the vendor with at least the memory and at least 0.8 of throughput and of memory bandwidth. */
    NEAREST,
    /** Nothing qualifies, or the GPU is unknown or ambiguous: left out of the comparison on both sides. */
    NONE
}
