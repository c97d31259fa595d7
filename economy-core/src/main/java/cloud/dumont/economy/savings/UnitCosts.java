package cloud.dumont.economy.savings;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What an hour of something really cost, over all billable time whose rate is known, compared or not. In USD with nine decimals, half
 * to even.
 *
 * @param perInstanceHour cost of an hour of an instance; empty where no such time is known
 * @param perGpuHour cost of an hour of one GPU, over the time of those instances whose number of cards is known; empty where there is
 *     none
 * @param perPflopHour cost of an hour of a PFLOPS, dense FP16 tensor operations by the data sheet, over the time of those GPUs whose
 *     data sheet gives the figure; empty where there is none
 */
public record UnitCosts(
        Optional<BigDecimal> perInstanceHour, Optional<BigDecimal> perGpuHour, Optional<BigDecimal> perPflopHour) {

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("perInstanceHour")
    Optional<String> getPerInstanceHour() {
        return perInstanceHour.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("perGpuHour")
    Optional<String> getPerGpuHour() {
        return perGpuHour.map(BigDecimal::toPlainString);
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("perPflopHour")
    Optional<String> getPerPflopHour() {
        return perPflopHour.map(BigDecimal::toPlainString);
    }
}
