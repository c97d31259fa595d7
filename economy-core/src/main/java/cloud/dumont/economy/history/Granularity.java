package cloud.dumont.economy.history;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

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
            case HOUR -> hourStart(at, zone.getRules());
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
            case HOUR -> hourEnd(at, zone.getRules());
            case DAY -> startOfDay(start.plusDays(1));
            case WEEK -> startOfDay(start.plusWeeks(1));
            case MONTH -> startOfDay(start.plusMonths(1));
        };
    }

    /** A change of the clocks within an hour, as where they change by half an hour, ends it. */
    private static Instant hourStart(Instant at, ZoneRules rules) {
        Instant hour = localHour(at, rules);
        ZoneOffsetTransition change = rules.previousTransition(at.plusNanos(1));
        return change != null && change.getInstant().isAfter(hour) ? change.getInstant() : hour;
    }

    private static Instant hourEnd(Instant at, ZoneRules rules) {
        Instant hour = localHour(at, rules).plus(1, ChronoUnit.HOURS);
        ZoneOffsetTransition change = rules.nextTransition(at);
        return change != null && change.getInstant().isBefore(hour) ? change.getInstant() : hour;
    }

    private static Instant localHour(Instant at, ZoneRules rules) {
        return at.atOffset(rules.getOffset(at)).truncatedTo(ChronoUnit.HOURS).toInstant();
    }

    private static ZonedDateTime midnight(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDate().atStartOfDay(zone);
    }

    private static Instant startOfDay(ZonedDateTime day) {
        return day.toLocalDate().atStartOfDay(day.getZone()).toInstant();
    }
}
