package cloud.dumont.economy.examples.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Which time a history speaks of: the last days, today among them, or from one moment up to but not including another. It never
 * reaches past now: nothing is known of the future.
 *
 * @param from its start
 * @param to its end, after the start and not after now
 * @param days how many days were asked for
 */
record HistoryPeriod(Instant from, Instant to, long days) {

    static final int MOST_DAYS = 3660;
    static final int USUAL_DAYS = 30;
    private static final Duration ONE_DAY = Duration.ofDays(1);

    static HistoryPeriod of(Query query, ZoneId zone, Instant now) {
        Optional<Instant> from = query.moment("from", zone);
        Optional<Instant> to = query.moment("to", zone);
        if (from.isEmpty() && to.isEmpty()) {
            return lastDays(query.wholeNumber("days", 1, MOST_DAYS, USUAL_DAYS), zone, now);
        }
        if (query.text("days").isPresent()) {
            throw HttpProblem.badParameter("days is given beside from or to; allowed: days, or from and to");
        }
        Instant start =
                from.orElseThrow(() -> HttpProblem.badParameter("from is missing; allowed: days, or from and to"));
        if (!start.isBefore(now)) {
            throw HttpProblem.badParameter("from", start.toString(), "a moment before now, which is " + now);
        }
        Instant asked = to.orElse(now);
        if (!start.isBefore(asked)) {
            throw HttpProblem.badParameter("to", asked.toString(), "a moment after from, which is " + start);
        }
        Instant end = asked.isBefore(now) ? asked : now;
        Duration length = Duration.between(start, end);
        if (length.compareTo(ONE_DAY.multipliedBy(MOST_DAYS)) > 0) {
            throw HttpProblem.badParameter("from", start.toString(), "at most " + MOST_DAYS + " days before " + end);
        }
        return new HistoryPeriod(start, end, length.plus(ONE_DAY).minusNanos(1).toDays());
    }

    /** The last day is the one that the moment before now lies in: at midnight that is the day just over, not one yet empty. */
    private static HistoryPeriod lastDays(int days, ZoneId zone, Instant now) {
        LocalDate last = now.minusNanos(1).atZone(zone).toLocalDate();
        return new HistoryPeriod(last.minusDays(days - 1L).atStartOfDay(zone).toInstant(), now, days);
    }
}
