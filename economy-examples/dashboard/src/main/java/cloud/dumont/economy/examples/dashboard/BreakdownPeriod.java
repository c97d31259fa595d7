package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.history.Granularity;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Which time a breakdown speaks of: all, or the calendar period that now lies in, so far. */
enum BreakdownPeriod {
    DAY,
    WEEK,
    MONTH,
    YEAR,
    ALL;

    private static final ZoneId ZONE = ZoneOffset.UTC;

    Optional<Instant> start(Instant now) {
        return switch (this) {
            case DAY -> Optional.of(Granularity.DAY.bucketStart(now, ZONE));
            case WEEK -> Optional.of(Granularity.WEEK.bucketStart(now, ZONE));
            case MONTH -> Optional.of(Granularity.MONTH.bucketStart(now, ZONE));
            case YEAR ->
                Optional.of(now.atZone(ZONE)
                        .toLocalDate()
                        .withDayOfYear(1)
                        .atStartOfDay(ZONE)
                        .toInstant());
            case ALL -> Optional.empty();
        };
    }
}
