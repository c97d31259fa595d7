package cloud.dumont.economy.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Up to when a source has vouched for what it shows.
 *
 * @param source its name
 * @param version counts the changes of what is stored of its instances: whoever knows an older one has to read again
 * @param stamp when its last complete listing was asked for; empty if there was none
 * @param recent the last stamps in order, at most {@link #MOST_RECENT}; the last one is the stamp
 * @param alive when a host that pushes last said that it lives; empty if it never does
 * @param storedAt when this was last stored, by the store's clock; empty if it never was
 * @param readAt when this was read, by the store's clock
 */
public record SourceClock(
        String source,
        long version,
        Optional<Instant> stamp,
        List<Instant> recent,
        Optional<Instant> alive,
        Optional<Instant> storedAt,
        Instant readAt) {

    /** Two hours of a poll every 30 s: a push that arrives later than that does not see the single sightings any more. */
    public static final int MOST_RECENT = 240;

    /** Copies the stamps. */
    public SourceClock {
        recent = List.copyOf(recent);
    }

    /**
     * The clock of a source that nobody has heard of.
     *
     * @param source its name
     * @param readAt what the store's clock shows
     * @return a clock without a stamp
     */
    public static SourceClock unknown(String source, Instant readAt) {
        return new SourceClock(source, 0, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), readAt);
    }

    /**
     * How long ago this was last stored.
     *
     * @return empty if it never was
     */
    Optional<Duration> age() {
        return storedAt.map(stored -> Duration.between(stored, readAt));
    }

    /** The stamps with one more, which is none before the last one. */
    List<Instant> recentWith(Instant next) {
        if (!recent.isEmpty() && !next.isAfter(recent.get(recent.size() - 1))) {
            return recent;
        }
        List<Instant> all = new ArrayList<>(recent);
        all.add(next);
        return all.subList(Math.max(0, all.size() - MOST_RECENT), all.size());
    }

    /**
     * The first sight after a moment, where single sights are still known; else the moment itself, which no sight is before.
     *
     * @return empty if there was none yet
     */
    Optional<Instant> firstAfter(Instant moment) {
        boolean known = recent.size() < MOST_RECENT || recent.get(0).compareTo(moment) <= 0;
        Optional<Instant> first =
                recent.stream().filter(next -> next.isAfter(moment)).findFirst();
        return known || first.isEmpty() ? first : Optional.of(moment);
    }
}
