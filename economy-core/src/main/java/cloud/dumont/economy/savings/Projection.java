package cloud.dumont.economy.savings;

import cloud.dumont.economy.money.Amount;
import java.math.BigInteger;

/**
 * What the present savings rate would come to if the compared instances ran on without a break. Negative when the rate is.
 *
 * @param daily over 24 h
 * @param weekly over 168 h
 * @param monthly over 730 h
 * @param yearly over 8,760 h
 */
public record Projection(Amount daily, Amount weekly, Amount monthly, Amount yearly) {

    /** Of a fleet's rate in nano-USD per hour, which may be more than a rate of one instance can be. */
    static Projection runRate(BigInteger savingsPerHour) {
        return new Projection(
                overHours(savingsPerHour, 24),
                overHours(savingsPerHour, 168),
                overHours(savingsPerHour, 730),
                overHours(savingsPerHour, 8_760));
    }

    private static Amount overHours(BigInteger rate, long hours) {
        return Amount.ofQuanta(rate.multiply(BigInteger.valueOf(hours * 3_600)));
    }
}
