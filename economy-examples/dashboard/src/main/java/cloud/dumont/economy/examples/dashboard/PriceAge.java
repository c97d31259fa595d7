package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.pricing.ListPrice;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How old the prices of an answer are: as old as the oldest. Of one that no source dates nobody knows the age, and so of all.
 *
 * @param asOf the day the oldest was read; null where that is unknown, or there is none
 * @param stale whether one is too old, or may be
 */
record PriceAge(@Nullable String asOf, boolean stale) {

    static PriceAge of(Collection<ListPrice> prices, Instant now) {
        boolean dated =
                prices.stream().allMatch(price -> price.provenance().readOn().isPresent());
        Optional<LocalDate> oldest = prices.stream()
                .flatMap(price -> price.provenance().readOn().stream())
                .min(Comparator.naturalOrder())
                .filter(day -> dated);
        return new PriceAge(
                oldest.map(LocalDate::toString).orElse(null),
                !prices.isEmpty() && oldest.map(day -> isStale(day, now)).orElse(true));
    }

    private static boolean isStale(LocalDate day, Instant now) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(Reported.FRESH).isBefore(now);
    }
}
