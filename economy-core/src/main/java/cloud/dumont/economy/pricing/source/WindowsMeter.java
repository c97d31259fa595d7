package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.PurchaseOption;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * How a price with Windows is told from the one without. AWS, Azure and Google Cloud charge 0.046 USD/h for each vCPU of a machine with Windows beside the price of the machine. Lists that mix both
 * meters under one name are told apart by that. On spot, AWS charges the same; Azure takes as much off it as off the machine, most often down to
 * 0.1848 of on demand.
 */
final class WindowsMeter {

    private static final long NANO_USD_PER_VCPU = 46_000_000;

    /** Lists round to a tenth of a cent. */
    private static final BigDecimal ROUNDING = BigDecimal.valueOf(1_000_000);

    private static final BigDecimal AZURE_SPOT = new BigDecimal("0.1848");

    private WindowsMeter() {}

    /** Whether one price is the other with Windows on so many vCPUs. */
    static boolean isUplift(long nanoUsdPerHour, long linux, Optional<Integer> vcpus) {
        return isUplift(nanoUsdPerHour, linux, vcpus, BigDecimal.ONE);
    }

    /**
     * Whether one spot price is the other with Windows on so many vCPUs.
     *
     * @param onDemand what the machine costs there on demand, where that is known
     */
    static boolean isSpotUplift(
            long nanoUsdPerHour, long linux, Optional<HourlyRate> onDemand, Optional<Integer> vcpus) {
        return isUplift(nanoUsdPerHour, linux, vcpus)
                || isUplift(nanoUsdPerHour, linux, vcpus, AZURE_SPOT)
                || onDemand.filter(rate -> isUplift(
                                nanoUsdPerHour,
                                linux,
                                vcpus,
                                BigDecimal.valueOf(linux)
                                        .divide(BigDecimal.valueOf(rate.nanoUsdPerHour()), MathContext.DECIMAL64)))
                        .isPresent();
    }

    /** What is charged for Windows, in words. */
    static String words(PurchaseOption option) {
        return option == PurchaseOption.SPOT ? "the spot share of 0.046 USD/h a vCPU" : "0.046 USD/h a vCPU";
    }

    /** Whether a spot price is Azure's usual share of what the machine costs on demand with Windows. */
    static boolean isUsualSpot(long nanoUsdPerHour, HourlyRate onDemand, Optional<Integer> vcpus) {
        return isUplift(
                nanoUsdPerHour,
                AZURE_SPOT
                        .multiply(BigDecimal.valueOf(onDemand.nanoUsdPerHour()))
                        .setScale(0, RoundingMode.HALF_EVEN)
                        .longValueExact(),
                vcpus,
                AZURE_SPOT);
    }

    private static boolean isUplift(long nanoUsdPerHour, long linux, Optional<Integer> vcpus, BigDecimal share) {
        return vcpus.filter(count -> count > 0)
                .map(count -> share.multiply(BigDecimal.valueOf(NANO_USD_PER_VCPU * count)))
                .filter(uplift -> uplift.add(BigDecimal.valueOf(linux - nanoUsdPerHour))
                                .abs()
                                .compareTo(ROUNDING)
                        <= 0)
                .isPresent();
    }
}
