package cloud.dumont.economy.equivalence;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.pricing.ListPrice;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.PriceHistory;
import cloud.dumont.economy.pricing.PriceRow;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import cloud.dumont.economy.testing.Prices;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever way a timeline searches, it answers as one who reads the list of prices from its end. */
class RateTimelineTest {

    private static PriceHistory anyHistory(Gen gen) {
        Set<Long> seconds = new HashSet<>();
        for (int periods = gen.pick(1, 2, 3, gen.between(1, 40), gen.between(1, 300)); periods > 0; periods--) {
            seconds.add(gen.pick(gen.between(-50L, 50L), gen.between(-1_000_000L, 4_000_000_000L)));
        }
        List<PriceRow> rows = new ArrayList<>();
        long usd = 0;
        for (long second : seconds) {
            usd++; // no two alike: equal neighbours are one price
            rows.add(Prices.row(Provider.AWS, "r", "t", "T4", "1", Long.toString(usd), Instant.ofEpochSecond(second)));
        }
        return PriceCatalog.of(rows).offers().findFirst().orElseThrow().history();
    }

    private static HourlyRate half(HourlyRate rate) {
        return rate.share(1, 2);
    }

    private static long slowRateAt(PriceHistory history, long second) {
        for (ListPrice price : history.prices()) {
            if (price.effectiveFrom().getEpochSecond() <= second) {
                return half(price.rate()).nanoUsdPerHour();
            }
        }
        return half(history.first().rate()).nanoUsdPerHour();
    }

    /** The first price counts from the beginning of time, so that the day it became known changes nothing. */
    private static long slowNextChangeAfter(PriceHistory history, long second) {
        long next = Long.MAX_VALUE;
        for (ListPrice price : history.prices()) {
            long from = price.effectiveFrom().getEpochSecond();
            if (from > second && !price.equals(history.first())) {
                next = from;
            }
        }
        return next;
    }

    @Test
    void anyMoment_isAnsweredAsByReadingTheListOfPrices() {
        Law.holds(500, gen -> {
            PriceHistory history = anyHistory(gen);
            RateTimeline rates = RateTimeline.of(history, RateTimelineTest::half);
            Set<Long> moments = new HashSet<>(List.of(Long.MIN_VALUE, Long.MAX_VALUE, gen.anyLong()));
            for (ListPrice price : history.prices()) {
                long from = price.effectiveFrom().getEpochSecond();
                moments.addAll(List.of(from - 1, from, from + 1, from + gen.between(0L, 10_000_000L)));
            }
            for (long second : moments) {
                assertThat(rates.nanoUsdPerHourAt(second))
                        .as("at %s of %s", second, history)
                        .isEqualTo(slowRateAt(history, second));
                assertThat(rates.nextChangeAfter(second))
                        .as("after %s of %s", second, history)
                        .isEqualTo(slowNextChangeAfter(history, second));
            }
            assertThat(rates.firstKnownSecond())
                    .isEqualTo(history.first().effectiveFrom().getEpochSecond());
        });
    }
}
