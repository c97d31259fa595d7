package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.Amount;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Figures as they leave this host: plain decimals, rounded once where they are not exact. */
final class Decimals {

    private static final int PLACES = 9;
    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    private Decimals() {}

    static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }

    static BigDecimal hours(long seconds) {
        return BigDecimal.valueOf(seconds).divide(SECONDS_PER_HOUR, PLACES, RoundingMode.HALF_EVEN);
    }

    /** From whole nano-dollars an hour, as a receipt has them. */
    static BigDecimal perHour(String nanoUsdPerHour) {
        return new BigDecimal(nanoUsdPerHour).movePointLeft(PLACES);
    }

    /** From quanta, as a receipt has them. */
    static BigDecimal usd(String quanta) {
        return Amount.ofQuanta(new BigInteger(quanta)).toUsd();
    }

    static BigDecimal gpus(GpuCount count) {
        return BigDecimal.valueOf(count.numerator())
                .divide(BigDecimal.valueOf(count.denominator()), PLACES, RoundingMode.HALF_EVEN);
    }

    static BigDecimal average(BigDecimal sum, long parts) {
        return sum.divide(BigDecimal.valueOf(parts), PLACES, RoundingMode.HALF_EVEN);
    }
}
