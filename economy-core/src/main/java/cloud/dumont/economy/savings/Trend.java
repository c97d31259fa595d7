package cloud.dumont.economy.savings;

import cloud.dumont.economy.history.Granularity;
import cloud.dumont.economy.money.Amount;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What the last days say of the next: the mean of daily savings, and how far they scatter. Days without usage count.
 *
 * @param days how many complete local days it rests on, 7 to 30
 * @param meanPerDay mean savings of a day in USD
 * @param deviationPerDay standard deviation of a day's savings in USD, of the sample (n - 1)
 */
public record Trend(int days, BigDecimal meanPerDay, BigDecimal deviationPerDay) {

    static final int FEWEST_DAYS = 7;
    static final int MOST_DAYS = 30;

    /** Student's t, 0.90 quantile, for 6 to 29 degrees of freedom: the two ends of an 80% interval. */
    private static final List<String> T = List.of(
            "1.439756",
            "1.414924",
            "1.396815",
            "1.383029",
            "1.372184",
            "1.363430",
            "1.356217",
            "1.350171",
            "1.345030",
            "1.340606",
            "1.336757",
            "1.333379",
            "1.330391",
            "1.327728",
            "1.325341",
            "1.323188",
            "1.321237",
            "1.319460",
            "1.317836",
            "1.316345",
            "1.314972",
            "1.313703",
            "1.312527",
            "1.311434");

    private static final MathContext PRECISION = MathContext.DECIMAL128;
    private static final int DECIMALS = 9;

    /**
     * What a horizon may bring.
     *
     * @param low lower end of the 80% interval in USD
     * @param expected the horizon at the mean rate, in USD
     * @param high upper end of the 80% interval in USD
     */
    public record Range(BigDecimal low, BigDecimal expected, BigDecimal high) {

        /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
        @JsonProperty("low")
        String getLow() {
            return low.toPlainString();
        }

        /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
        @JsonProperty("expected")
        String getExpected() {
            return expected.toPlainString();
        }

        /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
        @JsonProperty("high")
        String getHigh() {
            return high.toPlainString();
        }
    }

    /** The first of the days that a trend rests on: that of the first usage, or the earliest of the last thirty; empty before any is over. */
    static Optional<Instant> firstDay(Optional<Instant> firstUsage, Instant at, ZoneId zone) {
        Instant today = Granularity.DAY.bucketStart(at, zone);
        Instant earliest = today.atZone(zone).minusDays(MOST_DAYS).toInstant();
        return firstUsage
                .map(first -> Granularity.DAY.bucketStart(first, zone))
                .map(first -> first.isBefore(earliest) ? earliest : first)
                .filter(first -> first.isBefore(today));
    }

    /** The trend of some days, oldest first; empty for fewer than seven: not enough history is no trend. */
    static Optional<Trend> of(List<Amount> savingsPerDay) {
        int n = savingsPerDay.size();
        if (n < FEWEST_DAYS || n > MOST_DAYS) {
            return Optional.empty();
        }
        BigDecimal count = BigDecimal.valueOf(n);
        List<BigDecimal> days = savingsPerDay.stream()
                .map(amount -> amount.toUsd(20, RoundingMode.HALF_EVEN))
                .toList();
        BigDecimal mean = days.stream().reduce(BigDecimal.ZERO, BigDecimal::add).divide(count, PRECISION);
        BigDecimal squares =
                days.stream().map(day -> day.subtract(mean).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal deviation =
                squares.divide(BigDecimal.valueOf(n - 1), PRECISION).sqrt(PRECISION);
        return Optional.of(new Trend(n, mean, deviation));
    }

    /**
     * What some days to come may bring: {@code H*m} and {@code H*m +- t(0.90, n-1) * s * sqrt(H + H*H/n)}.
     *
     * @param horizonDays how many days, 1 or more
     * @return the expected savings and their 80% interval, with nine decimals
     * @throws IllegalArgumentException if the horizon is below one day
     */
    public Range over(int horizonDays) {
        if (horizonDays < 1) {
            throw new IllegalArgumentException("a horizon has 1 day or more, not " + horizonDays);
        }
        BigDecimal horizon = BigDecimal.valueOf(horizonDays);
        BigDecimal expected = meanPerDay.multiply(horizon);
        BigDecimal variance = horizon.add(horizon.pow(2).divide(BigDecimal.valueOf(days), PRECISION));
        BigDecimal margin = new BigDecimal(T.get(days - FEWEST_DAYS))
                .multiply(deviationPerDay)
                .multiply(variance.sqrt(PRECISION));
        return new Range(
                expected.subtract(margin).setScale(DECIMALS, RoundingMode.HALF_EVEN),
                expected.setScale(DECIMALS, RoundingMode.HALF_EVEN),
                expected.add(margin).setScale(DECIMALS, RoundingMode.HALF_EVEN));
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("meanPerDay")
    String getMeanPerDay() {
        return meanPerDay.toPlainString();
    }

    /** As JSON has it: plain digits, in a text that no reader takes for a binary fraction. */
    @JsonProperty("deviationPerDay")
    String getDeviationPerDay() {
        return deviationPerDay.toPlainString();
    }
}
