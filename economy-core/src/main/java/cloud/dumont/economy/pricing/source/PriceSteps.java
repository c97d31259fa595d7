package cloud.dumont.economy.pricing.source;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.InstanceSpec;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.PurchaseOption;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps from one price of a SKU to the next that have the shape of a mistake: a price divided or multiplied by the number of GPUs, one with
 * Windows, one in another unit. List prices have moved by up to 46% (Azure, MI300X, 2025), 44% (AWS, p5, 2025) and 33%; none of these has such a
 * shape.
 */
final class PriceSteps {

    /** No list price has ever moved so far; spot prices of one machine lie up to 3.2 times apart. */
    private static final BigDecimal FARTHEST = BigDecimal.valueOf(4);

    private static final BigDecimal TOLERANCE = new BigDecimal("0.03");
    private static final List<BigDecimal> USUAL_COUNTS =
            List.of(BigDecimal.valueOf(2), BigDecimal.valueOf(4), BigDecimal.valueOf(8), BigDecimal.valueOf(16));

    private PriceSteps() {}

    /**
     * Why the step is not to be believed; empty for one that may be true.
     *
     * @param before the last good price, nano-USD per hour
     * @param onDemand what the machine costs there on demand, where that is known
     */
    static Optional<String> absurd(PriceRow row, InstanceSpec spec, long before, Optional<HourlyRate> onDemand) {
        long after = row.rate().nanoUsdPerHour();
        BigDecimal times = BigDecimal.valueOf(Math.max(before, after))
                .divide(BigDecimal.valueOf(Math.min(before, after)), MathContext.DECIMAL64);
        for (BigDecimal count : counts(spec)) {
            if (times.subtract(count).abs().compareTo(count.multiply(TOLERANCE)) <= 0) {
                return Optional.of((after < before ? "1/" : "")
                        + count.stripTrailingZeros().toPlainString()
                        + (after < before ? " of" : " times") + " the last good price: it looks like the price "
                        + (after < before ? "of one GPU, not of the machine" : "of all GPUs, counted once more"));
            }
        }
        if (times.compareTo(FARTHEST) > 0) {
            return Optional.of(
                    "more than " + FARTHEST + " times away from the last good price: it looks like another unit");
        }
        boolean isWindows = row.purchaseOption() == PurchaseOption.SPOT
                ? WindowsMeter.isSpotUplift(after, before, onDemand, spec.vcpus())
                : WindowsMeter.isUplift(after, before, spec.vcpus());
        return isWindows
                ? Optional.of("the last good price and " + WindowsMeter.words(row.purchaseOption())
                        + ": it looks like the price with Windows")
                : Optional.empty();
    }

    private static List<BigDecimal> counts(InstanceSpec spec) {
        List<BigDecimal> counts = new ArrayList<>(USUAL_COUNTS);
        spec.gpuCount()
                .map(PriceSteps::times)
                .filter(count -> count.compareTo(BigDecimal.valueOf(2)) >= 0)
                .ifPresent(counts::add);
        return counts;
    }

    /** How many GPUs, or how many machines make one. */
    private static BigDecimal times(GpuCount gpus) {
        BigDecimal numerator = BigDecimal.valueOf(gpus.numerator());
        BigDecimal denominator = BigDecimal.valueOf(gpus.denominator());
        return gpus.isFraction()
                ? denominator.divide(numerator, MathContext.DECIMAL64)
                : numerator.divide(denominator, MathContext.DECIMAL64);
    }
}
