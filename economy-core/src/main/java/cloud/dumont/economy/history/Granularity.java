package cloud.dumont.economy.history;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** How finely history is cut, in the account's time zone: a local day has 23, 24 or 25 hours. */
public enum Granularity {
    /** Clock hours. */
    HOUR,
    /** Local days. */
    DAY,
    /** Local weeks, Monday to Sunday. */
    WEEK,
    /** Local months. */
    MONTH;

    /**
     * When the bucket that holds a moment begins.
     *
     * @param at the moment
     * @param zone where days begin
     * @return the bucket's first instant
     */
    public Instant bucketStart(Instant at, ZoneId zone) {
        return switch (this) {
            case HOUR -> at.atZone(zone).truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> midnight(at, zone).toInstant();
            case WEEK -> startOfDay(midnight(at, zone).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> startOfDay(midnight(at, zone).withDayOfMonth(1));
        };
    }

    /**
     * When the bucket that holds a moment ends, which is when the next begins.
     *
     * @param at the moment
     * @param zone where days begin
     * @return the next bucket's first instant, after {@code at}
     */
    public Instant bucketEnd(Instant at, ZoneId zone) {
        ZonedDateTime start = bucketStart(at, zone).atZone(zone);
        return switch (this) {
            case HOUR -> start.plusHours(1).toInstant();
            case DAY -> startOfDay(start.plusDays(1));
            case WEEK -> startOfDay(start.plusWeeks(1));
            case MONTH -> startOfDay(start.plusMonths(1));
        };
    }

    private static ZonedDateTime midnight(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDate().atStartOfDay(zone);
    }

    private static Instant startOfDay(ZonedDateTime day) {
        return day.toLocalDate().atStartOfDay(day.getZone()).toInstant();
    }
}
