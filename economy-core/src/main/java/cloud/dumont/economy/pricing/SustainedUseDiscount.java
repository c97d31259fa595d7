package cloud.dumont.economy.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a provider takes off by itself the longer a machine runs within a month. A list price does not hold it: who compares a whole
 * month with the list price overstates the provider's price by as much.
 *
 * @param quarterPercents what is charged of the list price in each quarter of the month, in percent, such as 100, 80, 60, 40
 * @param source where this was read
 */
public record SustainedUseDiscount(List<Integer> quarterPercents, String source) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if there are not four quarters, or one is not 0 to 100 percent
     */
    public SustainedUseDiscount {
        quarterPercents = List.copyOf(quarterPercents);
        if (quarterPercents.size() != 4 || quarterPercents.stream().anyMatch(percent -> percent < 0 || percent > 100)) {
            throw new IllegalArgumentException(
                    "a sustained use discount has four quarters of 0 to 100 percent, not " + quarterPercents);
        }
    }

    /**
     * What is taken off over a whole month.
     *
     * @return percent of the list price, 0 to 100, at most two decimals
     */
    public BigDecimal fullMonthPercent() {
        int charged = quarterPercents.stream().mapToInt(Integer::intValue).sum();
        return BigDecimal.valueOf(400L - charged)
                .divide(BigDecimal.valueOf(4), 2, RoundingMode.UNNECESSARY)
                .stripTrailingZeros();
    }
}
