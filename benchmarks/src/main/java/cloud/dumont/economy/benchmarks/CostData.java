package cloud.dumont.economy.benchmarks;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.source.PriceSource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.decimal4j.api.DecimalArithmetic;
import org.decimal4j.scale.Scale9f;
import org.javamoney.moneta.FastMoney;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;

/**
 * 1,024 costs to compute, from a fixed seed, and how each library computes one.
 *
 * @param usdPerHour list prices of the bundled catalog, as printed there
 * @param seconds durations of 1 s to 90 days
 */
record CostData(List<BigDecimal> usdPerHour, List<Long> seconds) {

    static final int SIZE = 1_024;
    static final long SECONDS = 3600;
    static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(SECONDS);
    static final CurrencyUnit USD = CurrencyUnit.USD;

    /** decimal4j on a long that counts nano-dollars; leaving 64 bits is an error, as it is with all others here. */
    static final DecimalArithmetic NINE_DECIMALS = Scale9f.INSTANCE.getCheckedArithmetic(RoundingMode.HALF_EVEN);

    static CostData draw() {
        List<BigDecimal> prices = PriceSource.bundled()
                .load()
                .offers()
                .map(offer -> offer.history().latest().rate().toUsd().stripTrailingZeros())
                .toList();
        SplittableRandom random = new SplittableRandom(42);
        List<BigDecimal> usdPerHour = new ArrayList<>();
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            usdPerHour.add(prices.get(random.nextInt(prices.size())));
            seconds.add(random.nextLong(1, 90L * 24 * 3600));
        }
        return new CostData(List.copyOf(usdPerHour), List.copyOf(seconds));
    }

    static BigMoney jodaRate(BigDecimal usd) {
        return BigMoney.ofScale(USD, usd, 9, RoundingMode.HALF_EVEN);
    }

    static BigMoney jodaCost(BigMoney rate, long seconds) {
        return rate.multipliedBy(seconds).dividedBy(SECONDS, RoundingMode.HALF_EVEN);
    }

    /** FastMoney refuses more than five decimals. */
    static FastMoney fastRate(BigDecimal usd) {
        return FastMoney.of(usd.setScale(5, RoundingMode.HALF_EVEN), "USD");
    }

    static FastMoney fastCost(FastMoney rate, long seconds) {
        return rate.multiply(seconds).divide(SECONDS);
    }

    /** One way to compute a cost, in USD. */
    private record Way(String name, int decimals, IntFunction<BigDecimal> cost) {}

    /**
     * Counts for each way how many of the costs it gets wrong: what it says, against the exact cost rounded once, half to even.
     *
     * @return ways and counts, ours first
     */
    static Map<String, Integer> wrong() {
        CostData data = draw();
        IntFunction<BigDecimal> fastMoney =
                i -> fastCost(fastRate(data.usd(i)), data.time(i)).getNumber().numberValueExact(BigDecimal.class);
        List<Way> ways = List.of(
                new Way("economy", 9, i -> nano(HourlyRate.usd(data.usd(i)).nanoUsdForSeconds(data.time(i)))),
                new Way("BigDecimal, one rounding", 9, i -> data.roundedOnce(i, 9)),
                new Way(
                        "BigDecimal, hours first",
                        9,
                        i -> BigDecimal.valueOf(data.time(i))
                                .divide(SECONDS_PER_HOUR, 9, RoundingMode.HALF_EVEN)
                                .multiply(data.usd(i))),
                new Way(
                        "joda-money",
                        9,
                        i -> jodaCost(jodaRate(data.usd(i)), data.time(i)).getAmount()),
                new Way("Moneta FastMoney", 9, fastMoney),
                new Way("Moneta FastMoney, asked for its five decimals only", 5, fastMoney),
                new Way(
                        "decimal4j",
                        9,
                        i -> nano(NINE_DECIMALS.divideByLong(
                                NINE_DECIMALS.multiplyByLong(
                                        HourlyRate.usd(data.usd(i)).nanoUsdPerHour(), data.time(i)),
                                SECONDS))),
                new Way("double", 9, i -> new BigDecimal(data.usd(i).doubleValue() * data.time(i) / SECONDS)));
        Map<String, Integer> wrong = new LinkedHashMap<>();
        for (Way way : ways) {
            int count = 0;
            for (int i = 0; i < SIZE; i++) {
                BigDecimal said = way.cost().apply(i).setScale(way.decimals(), RoundingMode.HALF_EVEN);
                count += said.compareTo(data.roundedOnce(i, way.decimals())) == 0 ? 0 : 1;
            }
            wrong.put(way.name(), count);
        }
        return wrong;
    }

    private static BigDecimal nano(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, 9);
    }

    private BigDecimal roundedOnce(int i, int decimals) {
        return usd(i).multiply(BigDecimal.valueOf(time(i))).divide(SECONDS_PER_HOUR, decimals, RoundingMode.HALF_EVEN);
    }

    private BigDecimal usd(int i) {
        return usdPerHour.get(i);
    }

    private long time(int i) {
        return seconds.get(i);
    }
}
