package cloud.dumont.economy.pricing.source;

import java.util.Optional;

/**
 * AWS, Azure and Google Cloud charge 0.046 USD/h for each vCPU of a machine with Windows beside the price of the machine. Lists that mix both
 * meters under one name are told apart by that.
 */
final class WindowsMeter {

    private static final long NANO_USD_PER_VCPU = 46_000_000;

    /** Lists round to a tenth of a cent. */
    private static final long ROUNDING = 1_000_000;

    private WindowsMeter() {}

    /** Whether one price is the other with Windows on so many vCPUs. */
    static boolean isUplift(long nanoUsdPerHour, long linux, Optional<Integer> vcpus) {
        return vcpus.filter(
                        count -> count > 0 && Math.abs(nanoUsdPerHour - linux - count * NANO_USD_PER_VCPU) <= ROUNDING)
                .isPresent();
    }
}
