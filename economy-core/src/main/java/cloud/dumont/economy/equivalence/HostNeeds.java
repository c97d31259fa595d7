package cloud.dumont.economy.equivalence;

import cloud.dumont.economy.input.Given;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an instance has beside its GPUs, for baselines that ask for {@link HostMatch#AT_LEAST}.
 *
 * @param vcpus virtual CPUs, 0 or more, at most 100 digits; empty where unknown, and then not asked for
 * @param memoryGib main memory in GiB, 0 or more, at most 100 digits; empty where unknown, and then not asked for
 */
public record HostNeeds(Optional<BigDecimal> vcpus, Optional<BigDecimal> memoryGib) {

    /** Nothing is asked for. */
    public static final HostNeeds NONE = new HostNeeds(Optional.empty(), Optional.empty());

    /**
     * Takes trailing zeros off, so that equal needs are equal.
     *
     * @throws IllegalArgumentException if one is negative or has more than 100 digits
     */
    public HostNeeds {
        vcpus.ifPresent(value -> check("vCPUs", value));
        memoryGib.ifPresent(value -> check("memory in GiB", value));
        vcpus = vcpus.map(BigDecimal::stripTrailingZeros);
        memoryGib = memoryGib.map(BigDecimal::stripTrailingZeros);
    }

    private static void check(String what, BigDecimal value) {
        Given.checkDigits(what, value);
        if (value.signum() < 0) {
            throw new IllegalArgumentException(what + " must be 0 or more, not " + value.toPlainString());
        }
    }

    /** Whether so many machines hold it; what no source tells of a machine it does not have. */
    boolean fit(Optional<Integer> machineVcpus, Optional<BigDecimal> machineGib, long machines) {
        return holds(machineVcpus.map(BigDecimal::valueOf), vcpus, machines) && holds(machineGib, memoryGib, machines);
    }

    private static boolean holds(Optional<BigDecimal> machine, Optional<BigDecimal> needed, long machines) {
        return needed.isEmpty()
                || machine.filter(one ->
                                one.multiply(BigDecimal.valueOf(machines)).compareTo(needed.get()) >= 0)
                        .isPresent();
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("vcpus")
    Optional<String> getVcpus() {
        return vcpus.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("memoryGib")
    Optional<String> getMemoryGib() {
        return memoryGib.map(BigDecimal::toPlainString);
    }

    /** Such as {@code 8 vCPUs and 32 GiB}. */
    @Override
    public String toString() {
        String cpus = vcpus.map(count -> count.toPlainString() + " vCPUs").orElse("");
        String memory = memoryGib.map(gib -> gib.toPlainString() + " GiB").orElse("");
        return cpus + (cpus.isEmpty() || memory.isEmpty() ? "" : " and ") + memory;
    }
}
