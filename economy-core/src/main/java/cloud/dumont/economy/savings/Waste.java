package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import java.math.BigDecimal;

/**
 * Money spent on instances that did nothing: a cost, never savings. It is part of the effective and uncompared cost beside it.
 *
 * @param idleSeconds billable time in which an instance was idle
 * @param cost what that time is known to have cost
 */
public record Waste(long idleSeconds, Amount cost) {

    /**
     * Idle time in hours.
     *
     * @return hours with nine decimals
     */
    public BigDecimal idleHours() {
        return SavingsTotals.hours(idleSeconds);
    }
}
